"""What the lead wants of an agenda: pinned, moved, given other minutes, deferred, brought in, let go again.

Each is answered with what it changed. Of two people who wish at once the later one holds, and is told what
the other wished.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agendas.rank import Case
from agendas.wish import Ask, Wish
from cards.card import Card
from cards.form import Kind, ask
from handlers.agenda.wished import wanted
from handlers.patients import access
from handlers.reading import Wrong
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.issue import Rank
from pathway.when import say_when
from storage.agendas import THIS_ONE
from storage.clinic import Clinic

MOST_MINUTES = 240
MOST_PLACE = 99


def _whom() -> Any:
    """The question whom it is about."""
    return ask("Patient", Kind.PATIENT, example="P-7K3K")


def _of() -> Any:
    """The question for which conference it is."""
    return ask("Conference, if not the next", Kind.CONFERENCE, default="", example="C-12", word=True)


@dataclass(frozen=True)
class Named:
    """Somebody for whom something is outstanding."""

    patient: str = _whom()
    conference: str = _of()


@dataclass(frozen=True)
class Placed:
    """Whose place on the agenda, and which."""

    patient: str = _whom()
    place: str = ask("Place, from 1", Kind.WORD, example="1")
    conference: str = _of()

    def __post_init__(self) -> None:
        _number(self.place, "place", MOST_PLACE)


@dataclass(frozen=True)
class Timed:
    """Whose item, and how long it takes."""

    patient: str = _whom()
    minutes: str = ask("Minutes", Kind.WORD, example="15")
    conference: str = _of()

    def __post_init__(self) -> None:
        _number(self.minutes, "minutes", MOST_MINUTES)


@dataclass(frozen=True)
class Deferred:
    """Who waits, until when and why."""

    patient: str = _whom()
    until: datetime | None = ask(
        "Until when", Kind.WHEN, default="", example="next monday", word=True,
        hint="If it is left out: off this conference, and on the next.",
    )  # fmt: skip
    because: str = ask("Why", Kind.LONG, default="", example="waits for the scan", word=True)
    conference: str = _of()


@dataclass(frozen=True)
class Brought:
    """Whom to discuss, and what is asked of the conference."""

    patient: str = _whom()
    question: str = ask("What is asked of the conference?", Kind.LONG, example="New to us: who starts?")
    conference: str = _of()


def pin(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Keeps somebody on, whatever the ranking says."""
    this = wanted(asked.patient, asked.conference, by, clinic, now)
    return this.wish(Wish(at=now, ask=Ask.PIN, patient=asked.patient, by=this.by.id), "is kept on")


def move(asked: Placed, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Gives somebody a place on the agenda."""
    this = wanted(asked.patient, asked.conference, by, clinic, now)
    place = int(asked.place)
    wish = Wish(at=now, ask=Ask.MOVE, patient=asked.patient, by=by.id, place=place)
    return this.wish(wish, f"is to be at place {place}")


def retime(asked: Timed, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Gives somebody's item other minutes."""
    this = wanted(asked.patient, asked.conference, by, clinic, now)
    minutes = int(asked.minutes)
    wish = Wish(at=now, ask=Ask.RETIME, patient=asked.patient, by=by.id, minutes=minutes)
    return this.wish(wish, f"has {minutes} min")


def defer(asked: Deferred, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes somebody off, until a day or for this conference alone. Safety needs a reason."""
    this = wanted(asked.patient, asked.conference, by, clinic, now)
    starts = this.conference.starts
    if asked.until and asked.until <= starts:
        when = say_when(starts, by.zone, now)
        raise Refused(f"{this.conference.ref} is {when}: name a later day, or none for the next conference.")
    if _unsafe(this.case) and not asked.because:
        raise Refused(
            f"{asked.patient} is on for safety. Say why it can wait: "
            f"`agenda defer {asked.patient} because <reason>`."
        )
    until = asked.until or starts + THIS_ONE
    wish = Wish(at=now, ask=Ask.DEFER, patient=asked.patient, by=by.id, until=until, text=asked.because)
    says = f"is deferred until {say_when(until, by.zone, now)}" if asked.until else "is off this conference"
    return this.wish(wish, says, lasting=bool(asked.until))


def bring(asked: Brought, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts somebody on with a question, whether or not anything is outstanding for them."""
    patient = access.patient(asked.patient, by, clinic, now)
    this = wanted(asked.patient, asked.conference, by, clinic, now, outstanding=False)
    if patient.team != this.conference.team:
        raise Refused(f"{patient.code} is looked after by another team than {this.by.roster.team.name}.")
    wish = Wish(at=now, ask=Ask.BRING, patient=asked.patient, by=by.id, text=asked.question)
    return this.wish(wish, "is brought in")


def release(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes back what was wished for somebody: the ranking decides again."""
    this = wanted(asked.patient, asked.conference, by, clinic, now, outstanding=False)
    if not this.standing.wishes:
        raise Refused(f"Nothing was wished for {asked.patient} on {this.conference.ref}.")
    wish = Wish(at=now, ask=Ask.RELEASE, patient=asked.patient, by=by.id)
    return this.wish(wish, "is where the ranking puts it")


def _unsafe(case: Case | None) -> bool:
    return case is not None and case.rank is Rank.SAFETY


def _number(text: str, field: str, most: int) -> None:
    """Raises Wrong for what is no whole number from 1 to the most."""
    if not (text.isdecimal() and len(text) < 4 and 1 <= int(text) <= most):
        raise Wrong(f"Type a number from 1 to {most}.", field=field)
