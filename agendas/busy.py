"""When somebody is busy, out of a calendar that they share (RFC 5545): intervals, and nothing else of it.

Whoever made the calendar is not trusted. Its size is bounded here, its time by whoever calls this: a rule
can be written so that looking for its next day takes for ever.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]  # it ships no types
from icalendar import Calendar, Event

from pathway.find_time import Interval

MOST_EVENTS = 20_000
MOST_OCCURRENCES = 5_000
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
"""No appointment of a person recurs so often."""


class NotACalendar(ValueError):
    """What came is no calendar that can be used. Its str is one sentence that quotes nothing of it."""


def read_busy(text: bytes, zone: str, since: datetime, until: datetime) -> tuple[Interval, ...]:
    """When it says, between two moments, that its owner in `zone` is busy; in order, none meet.

    Whole days count unless they are marked as free; a time that names no zone is the owner's. Raises
    NotACalendar.
    """
    try:
        calendar = Calendar.from_ical(text)
    except ValueError as error:
        raise NotACalendar("That address gives no calendar.") from error
    if not isinstance(calendar, Calendar):
        raise NotACalendar("That address gives no calendar.")
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise NotACalendar(f"That calendar has more than {MOST_EVENTS} entries.")
    for each in [each for each in calendar.subcomponents if isinstance(each, Event) and _odd(each)]:
        calendar.subcomponents.remove(each)
    found: list[Interval] = []
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    for count, event in enumerate(query.between(since, until)):
        if count >= MOST_OCCURRENCES:
            raise NotACalendar(f"That calendar has more than {MOST_OCCURRENCES} entries in two months.")
        if interval := _interval(event, ZoneInfo(zone)):
            found.append((max(interval[0], since), min(interval[1], until)))
    return joined(found)


def _odd(event: Event) -> bool:
    """Whether an event says nothing of being busy, or recurs more often than anybody's would."""
    free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    off = str(event.get("STATUS", "")).upper() == "CANCELLED"
    rules = event.get("RRULE") or []
    ruled = rules if isinstance(rules, list) else [rules]
    return (
        free or off or any(str(each).upper() in TOO_OFTEN for rule in ruled for each in rule.get("FREQ", []))
    )


def _interval(event: Event, zone: ZoneInfo) -> Interval | None:
    starts, ends = _moment(event.start, zone), _moment(event.end, zone)
    return (starts, ends) if starts < ends else None


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone).astimezone(UTC)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time in as few intervals as can be, in order."""
    found: list[Interval] = []
    for starts, ends in sorted(each for each in intervals if each[1] - each[0] > timedelta()):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((starts, ends))
    return tuple(found)
