"""Flags that have fallen due: reminded of, asked of the next, lapsed, woken, expired."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from cards.card import Card
from handlers.fallen_due import FallenDue, next_numbered
from handlers.flags.card import flag_card
from handlers.flags.post import (
    answerers,
    ask_further,
    call_all,
    duty_of,
    inform,
    let_asked_see,
    remind,
    save,
    severity_of,
)
from handlers.people.tell import may_disturb_at
from pathway.flag import Flag
from pathway.flag_asking import Happened, fall_due
from pathway.ladder import Rung, still_asked
from pathway.people import Roster
from pathway.when import say_when
from storage.clinic import Clinic

LATE = timedelta(minutes=2)


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next flag that has fallen due and is not `left`, locked, and what to do about it."""
    return next_numbered("F-", clinic.flags.due, now, left, lambda ref: _fall_due(ref, clinic, now))


def _fall_due(ref: str, clinic: Clinic, now: datetime) -> None:
    before = clinic.flags.find(ref)
    if before is None:
        return
    roster = clinic.people.roster(before.team)
    able = answerers(roster, clinic)
    after, happened = fall_due(
        before, able, duty_of(before, roster, clinic, now), severity_of(before, clinic), now
    )
    if happened is None or before.due_at is None:
        return
    late = ""
    if now - before.due_at > LATE:
        late = f"Late: this was due {say_when(before.due_at, roster.team.hours.zone, now)}. "
    save(after, str(happened), roster, clinic, now)
    _TELL[happened](before, after, late, roster, clinic, now)


Tell = Callable[[Flag, Flag, str, Roster, Clinic, datetime], None]


def _reminded(before: Flag, after: Flag, late: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    at = may_disturb_at(severity_of(after, clinic), roster, now)
    until = f", until {say_when(after.answer_by, roster.team.hours.zone, at)}" if after.answer_by else ""
    open_for = [each for each in after.asked if each not in after.declined]
    remind(after, open_for, f"{late}{after.ref} still waits for your answer{until}", roster, clinic, now)


def _widened(before: Flag, after: Flag, late: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    ask_further(before, after, roster, clinic, now, late)


def _expired(before: Flag, after: Flag, late: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    says = f"{late}Nobody took {after.ref} ({after.patient})"
    call_all(after, says, roster, clinic, now)
    card = flag_card(after, roster, clinic.definition, now)
    inform(after, roster.leads(), Card(says, card.parts, card.choices), roster, clinic, now)


def _holder_reminded(
    before: Flag, after: Flag, late: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    says = f"{late}{after.ref} waits for you to say what was done"
    remind(after, [after.holder], says, roster, clinic, now)


def _asked_again(before: Flag, after: Flag, late: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """The time of who held it, or put it off, is over: all who were asked hear of it, and the next."""
    holder = roster.name(before.holder)
    says = f"{late}{after.ref} is asked again: {holder} had it and has not said what was done"
    if before.snoozed_until is not None:
        says = f"{late}{after.ref} is asked again: {holder} had put it off until now"
    again = [each for each in still_asked(after, answerers(roster, clinic), now) if each in before.asked]
    others = {before.holder} - set(after.asked)
    let_asked_see(after, again, clinic, now)
    remind(after, [*again, *sorted(others)], says, roster, clinic, now)
    ask_further(before, after, roster, clinic, now, late)
    if before.rung is Rung.CHANNEL:
        call_all(after, says, roster, clinic, now)


_TELL: dict[Happened, Tell] = {
    Happened.REMINDED: _reminded,
    Happened.WIDENED: _widened,
    Happened.EXPIRED: _expired,
    Happened.REPEATED: _expired,
    Happened.HOLDER_REMINDED: _holder_reminded,
    Happened.LAPSED: _asked_again,
    Happened.WOKEN: _asked_again,
}
