"""What a team settles for its agendas: when they are posted, and which disciplines a conference needs."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Text
from cards.form import Kind, ask
from handlers.agenda import due as agenda_due
from handlers.reading import Wrong
from handlers.request import Caller
from pathway.conference import Deadline
from pathway.handoff import Refused
from pathway.time_words import part
from pathway.when import BadWhen, say_when
from storage.clinic import Clinic

MOST_DAYS = 20


@dataclass(frozen=True)
class Posting:
    """When agendas are posted."""

    days: str = ask(
        "How many working days before", Kind.WORD, example="2", hint="0 is the day of the conference itself."
    )
    at: str = ask("At what time", default="", example="9:00", word=True, hint="When work starts, if empty.")
    series: str = ask("Of which series", Kind.WORD, default="", example="S-1", word=True)

    def __post_init__(self) -> None:
        if not (self.days.isdecimal() and len(self.days) < 3 and int(self.days) <= MOST_DAYS):
            raise Wrong(f"Type a number of working days, from 0 to {MOST_DAYS}.", field="days")
        try:
            rest, local = part(self.at)
        except BadWhen as error:
            raise Wrong(str(error), field="at") from error
        if self.at and (rest or local is None):
            raise Wrong("Type a time of day like 9:00 or 4pm.", field="at")


@dataclass(frozen=True)
class Needed:
    """Which disciplines must have accepted."""

    disciplines: tuple[str, ...] = ask(
        "Disciplines of which somebody must come", Kind.DISCIPLINES, example="psychology and physiotherapy",
        hint="none, if it doesn't matter.",
    )  # fmt: skip
    series: str = ask("Of which series", Kind.WORD, default="", example="S-1", word=True)


def posting(asked: Posting, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Sets how many working days before a conference, and when, its agenda is posted."""
    team, series = by.roster.team, _series(asked.series, by, clinic)
    _, at = part(asked.at)
    was = clinic.agendas.own_habits(team.id, series)
    clinic.agendas.put_habits(team.id, series, replace(was, days=int(asked.days), at=at), now, by.id)
    agenda_due.schedule_all(team.id, clinic, now)
    days = "on the day" if asked.days == "0" else f"{asked.days} working days before"
    days = "one working day before" if asked.days == "1" else days
    hour = f"at {at or team.hours.work.start:%H:%M}"
    return Card(f"Agendas are posted {days}, {hour}.", _next(by, clinic, now), _SHOWS)


def quorum(asked: Needed, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Sets which disciplines a conference needs; who could come is asked ahead if nobody has accepted."""
    team, series = by.roster.team, _series(asked.series, by, clinic)
    was = clinic.agendas.own_habits(team.id, series)
    clinic.agendas.put_habits(team.id, series, replace(was, quorum=asked.disciplines), now, by.id)
    agenda_due.schedule_all(team.id, clinic, now)
    if not asked.disciplines:
        return Card("No discipline has to be there.", (), _SHOWS)
    return Card(f"Somebody of each must be there: {', '.join(asked.disciplines)}.", (), _SHOWS)


_SHOWS = (Choice("Show the agenda", "agenda"),)


def _next(by: Caller, clinic: Clinic, now: datetime) -> tuple[Text, ...]:
    """When that is for the next conference."""
    conference = clinic.conferences.next_of(by.roster.team.id, now)
    due = clinic.conferences.deadline(conference.number, Deadline.AGENDA) if conference else None
    if conference is None or due is None:
        return ()
    return (Text(f"That of {conference.ref} is posted {say_when(due, by.zone, now)}."),)


def _series(ref: str, by: Caller, clinic: Clinic) -> int:
    """The number of a series of the caller's team, 0 for none. Raises Refused if there is none."""
    if not ref:
        return 0
    found = clinic.series.find(ref)
    if found is None or found.team != by.roster.team.id:
        raise Refused(f"There is no series {ref}: `conference list` shows yours.")
    return found.number
