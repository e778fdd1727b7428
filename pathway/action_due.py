"""What falls due for an action by itself: its owner asked and reminded, the lead told, back on the agenda."""

from dataclasses import replace
from datetime import datetime

from pathway.action import OPEN, Action, Next, State
from pathway.definition_plan import PlanDef
from pathway.hours import Hours

_ORDER = {each: at for at, each in enumerate(Next)}


def moments(action: Action, spans: PlanDef, hours: Hours) -> tuple[tuple[datetime, Next], ...]:
    """All that falls due by itself for an action as it stands, in order."""
    if action.state not in OPEN:
        return ()
    due = action.due_at
    if action.state is State.BLOCKED:
        return ((due, Next.LEAD),)
    told = hours.deadline(due, spans.lead_minutes, working=True)
    found = [(due, Next.OVERDUE), (told, Next.LEAD)]
    found.append((hours.deadline(told, spans.agenda_minutes, working=True), Next.AGENDA))
    if spans.remind_days:
        found.append((hours.opening_before(due, spans.remind_days), Next.REMIND))
    if action.state is State.PROPOSED and action.asked_at is not None:
        late = hours.deadline(action.asked_at, spans.answer_minutes, working=True)
        found.append((hours.deadline(late, spans.answer_minutes, working=True), Next.UNCONFIRMED))
        if action.owner:
            found += [(action.asked_at, Next.ASK), (late, Next.CONFIRM)]
    return tuple(sorted(found, key=_in_order))


def _in_order(moment: tuple[datetime, Next]) -> tuple[datetime, int]:
    return moment[0], _ORDER[moment[1]]


def schedule(action: Action, spans: PlanDef, hours: Hours, now: datetime) -> Action:
    """The action after somebody changed it, with the next moment after now at which something happens.

    One that should have been back on the agenda by now comes back to it at once.
    """
    found = moments(action, spans, hours)
    back = any(at <= now for at, then in found if then is Next.AGENDA)
    if back and action.agenda_at is None:
        return replace(action, next=Next.AGENDA, next_at=now)
    return _with(action, next((each for each in found if each[0] > now), None))


def fall_due(action: Action, spans: PlanDef, hours: Hours, now: datetime) -> tuple[Action, Next]:
    """What becomes of an action whose `next_at` has come, however late that was noticed, and what happened.

    One call does one thing and sets the moment after it, which may be past too. Before it, nothing happens.
    """
    if action.next_at is None or action.next_at > now:
        return action, Next.NOTHING
    was = _in_order((action.next_at, action.next))
    later = (each for each in moments(action, spans, hours) if _in_order(each) > was)
    after = _with(action, next(later, None))
    return (replace(after, agenda_at=now) if action.next is Next.AGENDA else after), action.next


def _with(action: Action, moment: tuple[datetime, Next] | None) -> Action:
    at, then = moment or (None, Next.NOTHING)
    return replace(action, next=then, next_at=at)
