"""What should be measured of a patient, and when: baselines and reassessments by the definition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from pathway.definition_measures import ScheduleDef
from pathway.measure import History


@dataclass(frozen=True)
class DueMeasure:
    """An instrument that is to be entered by `at`, and is overdue from `overdue_at` on. Week 0: baseline."""

    instrument: str
    week: int
    at: datetime
    overdue_at: datetime

    @property
    def reminders(self) -> tuple[datetime, datetime]:
        """When people are told of it."""
        return self.at, self.overdue_at


def dues(schedules: Iterable[ScheduleDef], history: History) -> tuple[DueMeasure, ...]:
    """The next date of each instrument, the earliest first; what has no more dates is left out."""
    found: dict[str, DueMeasure] = {}
    for schedule in schedules:
        for code in schedule.instruments:
            due = _due(schedule, code, history)
            if due is not None and (code not in found or due.at < found[code].at):
                found[code] = due
    return tuple(sorted(found.values(), key=lambda due: (due.at, due.instrument)))


def _due(schedule: ScheduleDef, code: str, history: History) -> DueMeasure | None:
    grace = timedelta(days=schedule.grace_days)
    first, last = history.baseline(code), history.latest(code)
    if first is None or last is None:
        at = history.since + timedelta(days=schedule.baseline_days)
        return DueMeasure(code, 0, at, at + grace)
    for week in _weeks(schedule):
        at = first.taken_at + timedelta(weeks=week)
        if last.taken_at < at - grace:
            return DueMeasure(code, week, at, at + grace)
    return None


def _weeks(schedule: ScheduleDef) -> Iterable[int]:
    yield from schedule.reassess_weeks
    if schedule.then_every_weeks:
        start = schedule.reassess_weeks[-1] if schedule.reassess_weeks else 0
        yield from count(start + schedule.then_every_weeks, schedule.then_every_weeks)


def to_tell(due: Sequence[DueMeasure], told_until: datetime, now: datetime) -> tuple[DueMeasure, ...]:
    """Those of which people are to be told now: one of their moments has come since they were told last."""
    return tuple(each for each in due if any(told_until < at <= now for at in each.reminders))


def next_moment(due: Sequence[DueMeasure], now: datetime, look_days: int) -> datetime:
    """When to look at the patient again: at the next reminder, and in so many days at the latest."""
    moments = [at for each in due for at in each.reminders if at > now]
    return min([*moments, now + timedelta(days=look_days)])
