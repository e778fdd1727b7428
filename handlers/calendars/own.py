"""What somebody's own calendar holds: conferences that they are invited to, their items, their actions.

A calendar program asks again and again, mostly for what it has: so what a calendar is made of is read first,
in a few columns of which nothing need be unsealed, and says by its tag whether anything is new.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from agendas.agenda import Agenda
from agendas.feed import Entry
from pathway.invitee import member_key
from storage.actions import Due
from storage.clinic import Clinic
from storage.conferences import Planned
from storage.feeds import FeedLink

PAST = timedelta(days=30)
MOST = 500
SHAPE = 1
"""To be raised whenever a calendar is made otherwise of the same: every program then fetches it again."""


@dataclass(frozen=True)
class Sources:
    """What somebody's calendar is made of. `agendas` are the versions of those shown, by conference."""

    link: FeedLink
    conferences: tuple[Planned, ...]
    agendas: Mapping[int, int]
    actions: tuple[Due, ...]

    @property
    def tag(self) -> str:
        """Its ETag: another one whenever anything that it is made of is another."""
        said = repr((SHAPE, self.link, self.conferences, sorted(self.agendas.items()), self.actions))
        return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def sources(link: FeedLink, clinic: Clinic, now: datetime) -> Sources:
    """What a calendar is made of now: as it was some weeks ago, and as far ahead as it is planned."""
    series, alone, left_out = clinic.invitees.invited_to(member_key(link.member))
    planned = clinic.conferences.planned(clinic.people.teams_of(link.member), now - PAST, MOST)
    conferences = tuple(
        each for each in planned if each.ref in alone or (each.series in series and each.ref not in left_out)
    )
    versions = clinic.agendas.versions([each.number for each in conferences])
    return Sources(link, conferences, versions, clinic.actions.dues_of_owner(link.member))


def entries(made_of: Sources, clinic: Clinic) -> tuple[Entry, ...]:
    """All that is in a calendar, in order."""
    member, mark = made_of.link.member, sha256(made_of.link.token.encode()).hexdigest()[:12]
    found: list[Entry] = []
    agendas = clinic.agendas.told(list(made_of.agendas))
    for conference in made_of.conferences:
        title = f"Case conference {conference.ref}"
        found.append(Entry(_uid(conference.ref, mark), title, conference.starts, conference.minutes))
        if agenda := agendas.get(conference.number):
            found += _items(agenda, conference, title, member, mark)
    for action in made_of.actions:
        found.append(Entry(_uid(action.ref, mark), f"Action {action.ref}", action.due_at, task=True))
    return tuple(sorted(found, key=lambda each: (each.starts, each.uid)))


def _items(agenda: Agenda, conference: Planned, title: str, member: str, mark: str) -> list[Entry]:
    """The items of the posted agenda for which something is theirs to do, by their places alone."""
    return [
        Entry(
            _uid(f"{conference.ref}-{item.place}", mark), f"{title}: your item {item.place}",
            conference.starts + timedelta(minutes=item.after), item.case.minutes,
        )
        for item in agenda.items
        if any(issue.owner == member for issue in item.case.issues)
    ]  # fmt: skip


def _uid(ref: str, mark: str) -> str:
    return f"{ref.lower()}-{mark}"
