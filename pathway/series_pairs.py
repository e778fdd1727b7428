"""Which conference becomes which when a series is changed: that of its date, week or month."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo


def pairs(old: Sequence[datetime], new: Sequence[datetime], zone: str) -> dict[datetime, datetime]:
    """For moments of the old series those of the new one that take their places, each used once.

    Those on one local date belong together; of what is left those in one week, in their order; then those
    in one month. What finds none is no part of the new series.
    """
    local = {each: each.astimezone(ZoneInfo(zone)).date() for each in (*old, *new)}
    found: dict[datetime, datetime] = {}
    for circle in (_date, _week, _month):
        free: dict[Hashable, list[datetime]] = defaultdict(list)
        for each in sorted(set(new) - set(found.values()), reverse=True):
            free[circle(local[each])].append(each)
        for each in sorted(set(old) - set(found)):
            if waiting := free[circle(local[each])]:
                found[each] = waiting.pop()
    return found


def _date(day: date) -> Hashable:
    return day


def _week(day: date) -> Hashable:
    return day.isocalendar()[:2]


def _month(day: date) -> Hashable:
    return day.year, day.month
