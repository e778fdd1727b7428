"""Actions that have fallen due: the owner asked or reminded, the lead told, back on the agenda."""

from collections.abc import Collection
from datetime import datetime, timedelta

from handlers.actions.post import ask_later, remind, show
from handlers.fallen_due import FallenDue, next_numbered
from pathway.action import Action, Next
from pathway.action_due import fall_due
from pathway.people import Roster
from pathway.when import say_when
from storage.clinic import Clinic

LATE = timedelta(minutes=2)


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next action for which something has fallen due and is not `left`, locked, and what to do then."""
    return next_numbered("A-", clinic.actions.due, now, left, lambda ref: _fall_due(ref, clinic, now))


def _fall_due(ref: str, clinic: Clinic, now: datetime) -> None:
    before = clinic.actions.find(ref)
    if before is None:
        return
    roster = clinic.people.roster(before.team)
    after, happened = fall_due(before, clinic.definition.plan, roster.team.hours, now)
    if before.next_at is None or happened is Next.NOTHING:
        return
    if happened is Next.ASK:
        ask_later(after, roster, clinic, now)
        return
    clinic.actions.put_told(after, happened, now)
    show(after, roster, clinic, now)
    zone = roster.team.hours.zone
    late = f"Late: this was due {say_when(before.next_at, zone, now)}. "
    says = _says(after, happened, roster, now)
    if says:
        said = f"{late if now - before.next_at > LATE else ''}{says}"
        remind(after, _whom(after, happened, roster), said, roster, clinic, now)


def _whom(action: Action, happened: Next, roster: Roster) -> tuple[str, ...]:
    """The owner first; the lead when that was not enough, or nobody has it."""
    to_lead = happened in (Next.UNCONFIRMED, Next.LEAD) or not action.owner
    return roster.leads() if to_lead else (action.owner,)


def _says(action: Action, happened: Next, roster: Roster, now: datetime) -> str:
    """What is told, in words without anything of the patient; "" where the agenda alone is told."""
    owner = roster.name(action.owner) if action.owner else "nobody"
    match happened:
        case Next.CONFIRM:
            return f"{action.ref} waits for you to confirm it"
        case Next.UNCONFIRMED if not action.owner:
            return f"{action.ref} still has no owner"
        case Next.UNCONFIRMED:
            return f"{action.ref} is not confirmed by {owner} yet"
        case Next.REMIND if not action.overdue(now):
            return f"{action.ref} is due soon"
        case Next.OVERDUE:
            return f"{action.ref} is overdue"
        case Next.LEAD:
            return f"{action.ref} is overdue, and {owner} has not said what came of it"
        case _:
            return ""
