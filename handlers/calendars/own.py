"""What somebody's own calendar holds: conferences that they are invited to, their items, their actions."""

from datetime import datetime, timedelta
from hashlib import sha256

from agendas.feed import Entry
from pathway.action import OPEN
from pathway.conference import Conference, State
from pathway.invitee import member_key
from storage.clinic import Clinic
from storage.feeds import FeedLink

PAST = timedelta(days=30)
MOST = 500


def entries(link: FeedLink, clinic: Clinic, now: datetime) -> tuple[Entry, ...]:
    """All that is in it, in order; as it was some weeks ago, and as far ahead as it is planned."""
    mark = sha256(link.token.encode()).hexdigest()[:12]
    found: list[Entry] = []
    for conference in _conferences(link.member, clinic, now):
        title = f"Case conference {conference.ref}"
        found.append(Entry(_uid(conference.ref, mark), title, conference.starts, conference.minutes))
        found += _items(conference, title, link.member, mark, clinic)
    for action in clinic.actions.of_owner(link.member):
        if action.state in OPEN:
            found.append(Entry(_uid(action.ref, mark), f"Action {action.ref}", action.due_at, task=True))
    return tuple(sorted(found, key=lambda each: (each.starts, each.uid)))


def _conferences(member: str, clinic: Clinic, now: datetime) -> list[Conference]:
    series, alone, left_out = clinic.invitees.invited_to(member_key(member))
    teams = clinic.people.teams_of(member)
    planned = [each for team in teams for each in clinic.conferences.upcoming(team, now - PAST, limit=MOST)]
    past = [each for team in teams for each in clinic.conferences.past(team) if each.starts > now - PAST]
    running = [each for team in teams if (each := clinic.conferences.running(team))]
    return [
        each
        for each in (*planned, *past, *running)
        if each.state is not State.CANCELLED
        and (each.ref in alone or (each.series in series and each.ref not in left_out))
    ]


def _items(conference: Conference, title: str, member: str, mark: str, clinic: Clinic) -> list[Entry]:
    """The items of the posted agenda for which something is theirs to do, by their places alone."""
    shown = clinic.agendas.shown(conference.number)
    agenda = shown.told if shown else None
    if agenda is None:
        return []
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
