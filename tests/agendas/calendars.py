"""Calendar programs of the tests: one that takes what we send, and readers that are not ours."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import recurring_ical_events  # type: ignore[import-untyped]  # it ships no types
import vobject  # type: ignore[import-untyped]  # it ships no types
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

Times = list[tuple[datetime, datetime]]


@dataclass
class Program:
    """A calendar program that does what RFC 5546 says with what comes, and refuses what it takes for old."""

    event: Any = None
    days: dict[datetime, Any] = field(default_factory=dict)
    zones: list[Any] = field(default_factory=list)
    sequence: int = -1
    uid: str = ""

    def take(self, text: str) -> None:
        """A message has come."""
        calendar = Calendar.from_ical(text)
        events = calendar.walk("VEVENT")
        sequence = int(str(events[0]["SEQUENCE"]))
        assert sequence > self.sequence, "it would be taken for old"
        assert self.uid in ("", str(events[0]["UID"])), "it would be another event"
        self.sequence, self.uid = sequence, str(events[0]["UID"])
        self.zones = calendar.walk("VTIMEZONE") or self.zones
        take = self._cancel if calendar["METHOD"] == "CANCEL" else self._request
        take(events)

    def _request(self, events: list[Any]) -> None:
        whole = [each for each in events if "RECURRENCE-ID" not in each]
        if whole:
            (self.event,) = whole
            self.days = {}
        for each in events:
            if "RECURRENCE-ID" in each:
                assert self.event is not None, "a day of nothing"
                self.days[_utc(each["RECURRENCE-ID"].dt)] = each

    def _cancel(self, events: list[Any]) -> None:
        (event,) = events
        if "RECURRENCE-ID" not in event:
            self.event, self.days = None, {}
            return
        assert self.event is not None, "a day of nothing"
        self.days.pop(_utc(event["RECURRENCE-ID"].dt), None)
        self.event.add("exdate", event["RECURRENCE-ID"].dt)

    def between(self, since: datetime, until: datetime) -> Times:
        """What is in it, as recurring-ical-events reads it."""
        return read_by_recurring(self.text(), since, until) if self.event is not None else []

    def text(self) -> str:
        """What it keeps, as a file."""
        calendar = Calendar()
        for each in [*self.zones, *([self.event] if self.event else []), *self.days.values()]:
            calendar.add_component(each)
        return str(calendar.to_ical().decode())


def read_by_recurring(text: str, since: datetime, until: datetime) -> Times:
    """The times of a calendar as recurring-ical-events reads them."""
    found = recurring_ical_events.of(Calendar.from_ical(text)).between(since, until)
    return sorted((_utc(each["DTSTART"].dt), _utc(each["DTEND"].dt)) for each in found)


def read_by_ical(text: str, since: datetime, until: datetime) -> Times:
    """The times of a calendar as ical reads them, which Home Assistant reads calendars with."""
    timeline = IcsCalendarStream.calendar_from_ics(text).timeline_tz(UTC)
    return sorted((_utc(each.start), _utc(each.end)) for each in timeline.overlapping(since, until))


def states(text: str) -> list[tuple[str, str]]:
    """Who is asked and what they have answered, for each event, as each of the readers has it: once, if all
    agree.
    """
    by_icalendar = [
        (str(each["ATTENDEE"]), each["ATTENDEE"].params["PARTSTAT"])
        for each in Calendar.from_ical(text).walk("VEVENT")
    ]
    by_vobject = [
        (each.attendee.value, each.attendee.params["PARTSTAT"][0])
        for each in vobject.readOne(text).vevent_list
    ]
    by_ical = [
        (str(asked.uri), str(asked.status))
        for each in IcsCalendarStream.calendar_from_ics(text).events
        for asked in each.attendees
    ]
    assert by_icalendar == by_vobject == by_ical
    return by_icalendar


def read_by_vobject(text: str, until: datetime) -> list[datetime]:
    """The beginnings as vobject reads them: it leaves out days that differ."""
    (event,) = [each for each in vobject.readOne(text).vevent_list if not hasattr(each, "recurrence_id")]
    found: list[datetime] = []
    for each in event.getrruleset(addRDate=True):
        if _utc(each) >= until:
            break
        found.append(_utc(each))
    return found


def _utc(moment: date) -> datetime:
    assert isinstance(moment, datetime) and moment.tzinfo is not None, "a time in no zone"
    return moment.astimezone(UTC)
