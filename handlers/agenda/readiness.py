"""What must be known before an item can be decided: who could see to it is asked, while there is time.

What is still missing when the agenda is posted is offered to the lead to be deferred, before the meeting and
not in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agendas.agenda import Agenda, Because, Item
from agendas.rank import Lack
from agendas.render import MOST_BUTTONS
from cards.card import Card, Choice, Items, Text, Tone
from handlers.conferences.expected import discipline
from pathway.conference import Conference
from pathway.people import Roster
from pathway.when import say_when
from storage.agendas import Shown
from storage.clinic import Clinic
from storage.outbox import Kind


@dataclass(frozen=True)
class Missing:
    """What one item lacks, and the members who could see to it."""

    item: Item
    lack: Lack
    whom: tuple[str, ...]

    @property
    def says(self) -> str:
        """In a line, for who is asked."""
        return f"{self.item.patient}: {self.lack.says}"

    @property
    def choice(self) -> Choice | None:
        """What can be done about it with a button."""
        code = self.item.patient
        if self.lack.measure:
            return Choice(f"Enter {self.lack.measure} for {code}", f"assess {code} {self.lack.measure}")
        if self.lack.report:
            return Choice(f"The report of {code} is there", f"report arrived {code} {self.lack.report}")
        return None

    def key(self, conference: Conference) -> str:
        """What it is remembered by, so that nobody is asked twice for one conference on one day."""
        return f"{conference.starts.isoformat()} {self.says}"


def ask(agenda: Agenda, conference: Conference, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Asks for what is missing and was not asked for: each person once for all of it, after quiet hours."""
    about = f"ready:{conference.ref}"
    missing = _missing(agenda, roster, clinic, now)
    if not missing:
        clinic.outbox.hush(about)
    known = clinic.agendas.shown(conference.number) or Shown(conference.number, conference.team)
    fresh = [each for each in missing if each.key(conference) not in known.asked]
    if not fresh:
        return
    of: dict[str, list[Missing]] = defaultdict(list)
    for each in fresh:
        for member in each.whom:
            of[member].append(each)
    at = roster.team.hours.quiet_until(now)
    for member, theirs in of.items():
        card = _card(theirs, conference, roster, now)
        clinic.outbox.tell([member], card, now, subject=about, send_after=at, kind=Kind.ASK)
    asked = known.asked | {each.key(conference) for each in fresh}
    clinic.agendas.put_shown(replace(known, asked=asked))


def offer_deferral(
    agenda: Agenda, conference: Conference, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Tells the lead what can't be decided as things stand, with a button to defer it; not what is safety."""
    unready = [each for each in agenda.items if not each.case.ready]
    if not unready:
        return
    lines = tuple(f"{e.patient}: {'; '.join(lack.outside for lack in e.case.lacks)}" for e in unready)
    offered = [each.patient for each in unready if each.because is not Because.SAFETY][:MOST_BUTTONS]
    choices = tuple(Choice(f"Defer {e}", f"agenda defer {e} conference {conference.ref}") for e in offered)
    more = Text("What is safety stays on. Who could see to the rest has been asked.", Tone.QUIET)
    card = Card(f"{conference.ref}: not ready to be decided", (Items(lines), more), choices)
    leads = roster.leading(now)
    clinic.outbox.tell(leads, card, now, send_after=roster.team.hours.quiet_until(now))


def _missing(agenda: Agenda, roster: Roster, clinic: Clinic, now: datetime) -> list[Missing]:
    return [
        Missing(item, lack, _whom(item.patient, lack, roster, clinic, now))
        for item in agenda.items
        for lack in item.case.lacks
    ]


def _whom(code: str, lack: Lack, roster: Roster, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Who could see to it: of the discipline, or of the care team; the lead if that is nobody here."""
    if lack.discipline:
        could = [each.member.id for each in roster.places]
        could = [e for e in could if discipline(e, roster, clinic.definition) == lack.discipline]
    else:
        could = clinic.patients.care_team(code)
        if lack.measure:
            could = [each for each in could if _enters(each, roster, clinic)]
    return roster.standing_in(could, now) or roster.leading(now)


def _enters(member: str, roster: Roster, clinic: Clinic) -> bool:
    role = clinic.definition.role(roster.role(member))
    return role is not None and "measures" in role.may


def _card(theirs: Sequence[Missing], conference: Conference, roster: Roster, now: datetime) -> Card:
    """What one person is asked for: codes, instruments, disciplines and times only."""
    when = say_when(conference.starts, roster.team.hours.zone, now)
    shows = Choice("Show the agenda", f"agenda {conference.ref}")
    return Card(
        f"{conference.ref}, {when}: something is missing",
        (Items(_lines(theirs)), Text("Without it these can't be decided. Can you see to it?")),
        (*_choices(theirs), shows),
    )


def _lines(theirs: Iterable[Missing]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.says for each in theirs))


def _choices(theirs: Iterable[Missing]) -> tuple[Choice, ...]:
    found = dict.fromkeys(each.choice for each in theirs)
    return tuple(each for each in found if each is not None)[: MOST_BUTTONS - 1]
