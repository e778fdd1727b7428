"""What must be true of a calendar before it leaves: icalendar writes wrong ones without a word.

Each check stands for something that a calendar program was seen to get wrong or to refuse.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Component

METHODS = frozenset({"REQUEST", "CANCEL"})
PARTSTATS = frozenset({"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"})
_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID")


class BadCalendar(ValueError):
    """A calendar is not as it must be. Its str says what, and holds nothing of it."""


def checked(text: str) -> str:
    """The text, if it is as it must be. Raises BadCalendar."""
    faults = list(_faults(Calendar.from_ical(text)))
    if any(ord(letter) < 32 and letter not in "\r\n" for letter in text):
        faults.append("it holds a control character")
    if faults:
        raise BadCalendar("; ".join(dict.fromkeys(faults)))
    return text


def _faults(calendar: Component) -> Iterator[str]:
    events = calendar.walk("VEVENT")
    method = str(calendar.get("METHOD", ""))
    if method not in METHODS:
        yield "its METHOD is missing or unknown"
    if not events:
        yield "it has no event"
    for name in ("UID", "SEQUENCE"):
        if len({str(each.get(name, "")) for each in events}) > 1 or any(name not in each for each in events):
            yield f"its events have not one {name}"
    zones = {str(each.get("TZID")) for each in calendar.walk("VTIMEZONE")}
    for event in events:
        yield from _event_faults(event, method)
        yield from _time_faults(event, zones)


def _event_faults(event: Component, method: str) -> Iterator[str]:
    if event.errors:
        yield "it can't be read back"
    attendees = _all(event, "ATTENDEE")
    if len(attendees) != 1 or any(name not in event for name in ("ORGANIZER", "DTSTAMP")):
        yield "it needs one attendee, an organizer and a stamp"
    if any(each.params.get("PARTSTAT", "NEEDS-ACTION") not in PARTSTATS for each in attendees):
        yield "an answer is none of iCalendar's"
    status = str(event.get("STATUS", ""))
    if status not in (("CONFIRMED",) if method == "REQUEST" else ("CANCELLED", "")):
        yield "its STATUS does not go with its METHOD"
    if "RDATE" in event:
        yield "it has an RDATE, which programs leave out"


def _time_faults(event: Component, zones: set[str]) -> Iterator[str]:
    if any(name not in event for name in ("DTSTART", "DTEND")):
        yield "it has no beginning or no end"
        return
    times = [each for name in (*_TIMES, "EXDATE") for each in _all(event, name)]
    moments = [each for time in times for each in _moments(time)]
    if any(not isinstance(each, datetime) or each.tzinfo is None for each in moments):
        yield "a time is in no zone"
        return
    named = {str(each.params.get("TZID", "")) for each in times}
    if named - zones - {""}:
        yield "a zone has no VTIMEZONE"
    if len(named) > 1:
        yield "its times are in several zones"
    starts, ends = _moments(event["DTSTART"]), _moments(event["DTEND"])
    if not starts < ends:
        yield "it ends before it starts"
    ends_of_rules = [each for rule in _all(event, "RRULE") for each in rule.get("UNTIL", ())]
    if any(not isinstance(each, datetime) or each.utcoffset() != timedelta(0) for each in ends_of_rules):
        yield "its UNTIL is not in UTC"


def _moments(time: Any) -> list[Any]:
    return [each.dt for each in time.dts] if hasattr(time, "dts") else [time.dt]


def _all(event: Component, name: str) -> list[Any]:
    found: Any = event.get(name, [])
    return found if isinstance(found, list) else [found]
