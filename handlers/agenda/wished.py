"""A wish for an agenda as it is made: what was so before, what it changes, and who wished otherwise."""

from dataclasses import dataclass
from datetime import datetime

from agendas.agenda import Agenda
from agendas.rank import Case
from agendas.render import waiting_line
from agendas.wish import NOTHING, Ask, Standing, Wish, standing
from cards.card import Card, Choice, Part, Text
from handlers.agenda import live as agenda_live
from handlers.agenda.card import change_lines, changed_parts, own_words
from handlers.agenda.draft import draft
from handlers.agenda.shown import current, planned
from handlers.request import Caller
from pathway.conference import Conference
from pathway.handoff import Refused
from pathway.when import say_when
from storage.clinic import Clinic

_DID = {
    Ask.PIN: "kept it on",
    Ask.MOVE: "given it a place",
    Ask.RETIME: "given it other minutes",
    Ask.DEFER: "deferred it",
    Ask.BRING: "brought it in",
}


@dataclass(frozen=True)
class Wanted:
    """Somebody of whom something is wished, by whom, and how things stand before it."""

    patient: str
    conference: Conference
    by: Caller
    before: Agenda
    standing: Standing
    case: Case | None
    clinic: Clinic
    now: datetime

    def wish(self, wish: Wish, says: str, *, lasting: bool = False) -> Card:
        """Notes the wish; the answer says where it leads, what it changes, and what it undoes of others."""
        self.clinic.agendas.add_wish(wish, self.conference, lasting=lasting)
        agenda_live.refresh(self.conference.team, self.clinic, self.now)
        after = draft(self.conference, self.clinic, self.now)
        undone = self._undone()
        self._tell(undone)
        words = own_words(self.by, self.clinic, self.now)
        parts: list[Part] = [Text(_where(self.patient, after, self))]
        parts += [Text(self._otherwise(each)) for each in undone]
        parts += changed_parts(change_lines(self.before, after, words), "What this changes")
        shows = Choice("Show the agenda", f"agenda {self.conference.ref}")
        back = Choice("Take it back", f"agenda release {self.patient} conference {self.conference.ref}")
        choices = (shows,) if wish.ask is Ask.RELEASE else (shows, back)
        return Card(f"{self.conference.ref}: {self.patient} {says}", tuple(parts), choices)

    def _undone(self) -> list[Wish]:
        """What others wished that holds no more."""
        held = standing(self.clinic.agendas.wishes(self.conference)).get(self.patient, NOTHING).wishes
        return [each for each in self.standing.wishes if each not in held and each.by != self.by.id]

    def _otherwise(self, wish: Wish) -> str:
        name, when = self.by.roster.name(wish.by), say_when(wish.at, self.by.zone, self.now)
        return f"{name} had {_DID[wish.ask]}, {when}; they are told."

    def _tell(self, undone: list[Wish]) -> None:
        """Tells others that what they wished holds no more, after quiet hours."""
        at = self.by.roster.team.hours.quiet_until(self.now)
        shows = (Choice("Show the agenda", f"agenda {self.conference.ref}"),)
        for wish in undone:
            says = f"{self.by.member.name} wished otherwise for {self.patient} on {self.conference.ref}"
            told = Card(says, (Text(f"You had {_DID[wish.ask]}."),), shows)
            self.clinic.outbox.tell([wish.by], told, self.now, send_after=at)


def wanted(
    patient: str, ref: str, by: Caller, clinic: Clinic, now: datetime, *, outstanding: bool = True
) -> Wanted:
    """How things stand for somebody of whom something is wished.

    Raises Refused for who may not change agendas, and, where something must be `outstanding`, for a patient
    of whom nothing is: in the same words whether there is such a patient or not.
    """
    conference, by = planned(ref, by, clinic, now)
    before = current(conference, clinic, now)
    cases = (*(each.case for each in before.items), *(each.case for each in before.waiting))
    case = next((each for each in cases if each.patient == patient), None)
    if case is None and outstanding:
        raise Refused(
            f"Nothing is outstanding for {patient} in {by.roster.team.name}: "
            f"`agenda bring {patient} <question>` brings in a patient of yours."
        )
    held = standing(clinic.agendas.wishes(conference)).get(patient, NOTHING)
    return Wanted(patient, conference, by, before, held, case, clinic, now)


def _where(patient: str, after: Agenda, this: Wanted) -> str:
    """Where the item is now."""
    words = own_words(this.by, this.clinic, this.now)
    for item in after.items:
        if item.patient == patient:
            when = words.when(after.starts(item))
            return f"Place {item.place} of {len(after.items)}, {when}, {item.case.minutes} min."
    for each in after.waiting:
        if each.patient == patient:
            return f"Not on: {waiting_line(each, after, words)}"
    return "Nothing is outstanding for them now."
