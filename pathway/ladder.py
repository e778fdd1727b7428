"""What handoffs and flags share: a thing asked of people, rung by rung, until somebody answers.

A rung with nobody in it is skipped at once; after the last, the whole channel, there is no further one.
Minutes come from the pathway definition and run on the clock that it names (`working` or `always`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TypeVar

from pathway.definition import Definition
from pathway.definition_parts import Clocked
from pathway.people import Roster


class Refused(Exception):
    """A move that can't be made now. The text is one sentence for the person who asked for it."""


class Rung(IntEnum):
    """How far something has been asked: each is tried when the one before stayed silent or said no."""

    RECEIVER = 0
    COVER = 1
    ROLE = 2
    LEAD = 3
    CHANNEL = 4


class Due(StrEnum):
    """What happens when `due_at` comes."""

    NOTHING = ""
    REMIND = "remind"
    ESCALATE = "escalate"
    INTRODUCE = "introduce"
    COMPLETE = "complete"
    LAPSE = "lapse"
    WAKE = "wake"
    REPEAT = "repeat"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Something that is asked of people. Members are ids; all times are aware UTC.

    `asked` are all who may answer so far, `declined` those who said no or gave it back. The present rung
    was asked at `asked_at` and runs out at `answer_by`, which once somebody holds the thing is when they have
    to be done; `due_at` is the next moment at which something happens by itself (`due` says what), and
    `nagged` counts the reminders that the present wait has had.
    """

    rung: Rung = Rung.RECEIVER
    asked: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    asked_at: datetime | None = None
    answer_by: datetime | None = None
    due: Due = Due.NOTHING
    due_at: datetime | None = None
    nagged: int = 0


A = TypeVar("A", bound=Asked)


def able(roster: Roster, definition: Definition, what: str) -> Roster:
    """The team without those who can't answer: who neither lead nor have a role that may do `what`."""
    leads = roster.leads()
    may = {role.id for role in definition.roles if what in role.may}
    places = tuple(each for each in roster.places if each.role in may or each.member.id in leads)
    return replace(roster, places=places)


def climb(
    thing: A,
    rung: Rung,
    newly: Callable[[Rung], tuple[str, ...]],
    roster: Roster,
    spans: Clocked,
    now: datetime,
) -> A:
    """The thing asked of the first rung from `rung` on that has somebody in it; `newly` says who that is.

    On the last rung it keeps waiting for whoever is left.
    """
    while rung < Rung.CHANNEL and not newly(rung):
        rung = Rung(rung + 1)
    return wait(replace(thing, rung=rung, asked=(*thing.asked, *newly(rung))), roster, spans, now)


def next_rung(thing: Asked) -> Rung:
    """The rung after the present one; on the last rung that one."""
    return Rung(min(thing.rung + 1, Rung.CHANNEL))


def still_asked(thing: Asked, roster: Roster, now: datetime) -> tuple[str, ...]:
    """Who has been asked, is here, and has not said no."""
    return tuple(each for each in roster.present(thing.asked, now) if each not in thing.declined)


def wait(thing: A, roster: Roster, spans: Clocked, now: datetime) -> A:
    """The same thing with the clock of its present rung started now."""
    return give_time(thing, rung_minutes(thing, spans), Due.ESCALATE, roster, spans, now)


def rung_minutes(thing: Asked, spans: Clocked) -> int:
    """How long those on the present rung have."""
    if thing.rung is Rung.RECEIVER:
        return spans.answer_minutes
    return spans.expire_minutes if thing.rung is Rung.CHANNEL else spans.rung_minutes


def give_time(thing: A, minutes: int, then: Due, roster: Roster, spans: Clocked, now: datetime) -> A:
    """The same thing with so many minutes from now on, reminders within them, and `then` at their end."""
    started = replace(thing, asked_at=now, nagged=0, answer_by=after(now, minutes, roster, spans))
    return next_due(started, minutes, then, roster, spans, now)


def after(start: datetime, minutes: float, roster: Roster, spans: Clocked) -> datetime:
    """The moment when so many minutes have passed on the clock that the definition names."""
    return roster.team.hours.deadline(start, round(minutes), spans.clock == "working")


def next_due(thing: A, minutes: int, then: Due, roster: Roster, spans: Clocked, now: datetime) -> A:
    """The same thing with the next reminder of its present wait, or `then` when no reminder is left."""
    asked_at = thing.asked_at or now
    for turn, fraction in enumerate(spans.remind_at):
        at = after(asked_at, minutes * fraction, roster, spans)
        if turn >= thing.nagged and at > now and at != thing.answer_by:
            return replace(thing, due=Due.REMIND, due_at=at, nagged=turn)
    return replace(thing, due=then, due_at=thing.answer_by)


def reminded(thing: A, minutes: int, then: Due, roster: Roster, spans: Clocked, now: datetime) -> A | None:
    """The thing after one reminder more; None if what fell due is the end of the wait, and no reminder."""
    if thing.due is not Due.REMIND or thing.answer_by is None or now >= thing.answer_by:
        return None
    return next_due(replace(thing, nagged=thing.nagged + 1), minutes, then, roster, spans, now)
