"""Handoffs that have fallen due: reminded of, asked of the next, expired, overdue."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from cards.card import Card, Text
from handlers.fallen_due import FallenDue, next_numbered
from handlers.handoffs.card import handoff_card, reply
from handlers.handoffs.post import (
    about,
    ask_further,
    ask_in_private,
    inform,
    remind,
    ring_channel,
    save,
    urgency_of,
)
from handlers.people.tell import may_disturb_at
from pathway.asking import Happened, answering, fall_due
from pathway.handoff import Handoff, State
from pathway.people import Roster
from pathway.when import say_when
from storage.clinic import Clinic

LATE = timedelta(minutes=2)


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next handoff that has fallen due and is not `left`, locked, and what to do about it."""
    return next_numbered("H-", clinic.handoffs.due, now, left, lambda ref: _fall_due(ref, clinic, now))


def _fall_due(ref: str, clinic: Clinic, now: datetime) -> None:
    before = clinic.handoffs.find(ref)
    if before is None:
        return
    roster = clinic.people.roster(before.team)
    able = answering(roster, clinic.definition)
    after, happened = fall_due(before, able, urgency_of(before, clinic), now)
    if happened is None or before.due_at is None:
        return
    late = ""
    if now - before.due_at > LATE:
        late = f"Late: this was due {say_when(before.due_at, roster.team.hours.zone, now)}. "
    save(after, str(happened), roster, clinic, now)
    _TELL[happened](before, after, late, roster, clinic, now)


Tell = Callable[[Handoff, Handoff, str, Roster, Clinic, datetime], None]


def _reminded(
    before: Handoff, after: Handoff, late: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    open_for = [each for each in after.asked if each not in after.declined]
    at = may_disturb_at(urgency_of(after, clinic), roster, now)
    until = f", until {say_when(after.answer_by, roster.team.hours.zone, at)}" if after.answer_by else ""
    if after.talk.unanswered:
        _remind_sender(after, late, until, roster, clinic, now)
        # Who has asked waits for the reply, too; all others who were asked owe an answer all the same.
        open_for = [each for each in open_for if each != after.asker]
    remind(after, open_for, f"{late}{after.ref} still waits for your answer{until}", roster, clinic, now)


def _remind_sender(
    after: Handoff, late: str, until: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    says = f"{late}{after.ref} waits for your reply to {roster.name(after.asker)}{until}"
    told = Card(says, (Text(about(after, roster, clinic)),), reply(after), notice=says)
    ask_in_private(after, [after.sender], told, roster, clinic, now)


def _widened(
    before: Handoff, after: Handoff, late: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    fresh = after.asked[len(before.asked) :]
    ask_further(before, after, roster, clinic, now, late)
    now_asked = ", ".join(roster.name(each) for each in fresh) or "the whole channel"
    told = Card(f"{late}{after.ref} was not answered in time", (Text(f"Asked now: {now_asked}."),))
    inform(after, [after.sender], told, roster, clinic, now)


def _expired(
    before: Handoff, after: Handoff, late: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    says = f"{late}Nobody took {after.ref} ({after.patient})"
    ring_channel(after, says, roster, clinic, now)
    card = handoff_card(after, roster, clinic.definition, now)
    told = Card(says, card.parts, card.choices)
    ask_in_private(after, [after.sender, *roster.leads()], told, roster, clinic, now)


def _nagged(
    before: Handoff, after: Handoff, late: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    here = roster.standing_in([after.receiver], now) or roster.leads()
    remind(after, here, f"{late}{after.ref} waits for you to {_duty(after)}", roster, clinic, now)


def _lead_told(
    before: Handoff, after: Handoff, late: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    says = f"{late}{roster.name(after.receiver)} holds {after.ref} and it is overdue to {_duty(after)}"
    remind(after, [*roster.leads(), after.receiver], says, roster, clinic, now)


def _channel_told(
    before: Handoff, after: Handoff, late: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    says = f"{late}{after.ref} ({after.patient}) is overdue: nobody has managed to {_duty(after)}"
    ring_channel(after, says, roster, clinic, now)


def _duty(handoff: Handoff) -> str:
    return "introduce the patient" if handoff.state is State.ACCEPTED else "complete it"


_TELL: dict[Happened, Tell] = {
    Happened.REMINDED: _reminded,
    Happened.WIDENED: _widened,
    Happened.EXPIRED: _expired,
    Happened.NAGGED: _nagged,
    Happened.LEAD_TOLD: _lead_told,
    Happened.CHANNEL_TOLD: _channel_told,
}
