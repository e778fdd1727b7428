"""One person's own calendar, as their calendar program fetches it: conferences, their items, their actions.

It says when, and what by its reference. Nothing of a patient is in it, as it lies with whoever runs that
program. The same entries make the same bytes, whoever makes them and when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Todo

from agendas.invite import PRODUCT

TASK_MINUTES = 15
REFRESH = timedelta(minutes=30)
_STAMP = datetime(2026, 1, 1, tzinfo=UTC)
"""DTSTAMP must be there; one that told when somebody fetched would make every fetch another calendar."""


@dataclass(frozen=True)
class Entry:
    """Something in it. `uid` is the same for ever; `task` is a thing to be done by `starts`."""

    uid: str
    summary: str
    starts: datetime
    minutes: int = TASK_MINUTES
    task: bool = False

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None:
            raise ValueError("an entry needs an aware datetime")


def feed(entries: Iterable[Entry], tasks: bool) -> bytes:
    """The calendar; with `tasks` what is to be done are tasks, else events: some programs show no tasks."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("x-wr-calname", "Baton")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    for each in entries:
        calendar.add_component(_todo(each) if each.task and tasks else _event(each))
    content: bytes = calendar.to_ical()
    return content


def _todo(entry: Entry) -> Todo:
    made = Todo()
    made.add("uid", entry.uid)
    made.add("dtstamp", _STAMP)
    made.add("summary", entry.summary)
    made.add("due", entry.starts.astimezone(UTC))
    made.add("status", "NEEDS-ACTION")
    made.add("class", "PRIVATE")
    return made


def _event(entry: Entry) -> Event:
    made = Event()
    made.add("uid", entry.uid)
    made.add("dtstamp", _STAMP)
    made.add("summary", entry.summary)
    made.add("dtstart", entry.starts.astimezone(UTC))
    made.add("dtend", entry.starts.astimezone(UTC) + timedelta(minutes=entry.minutes))
    made.add("class", "PRIVATE")
    made.add("transp", "TRANSPARENT" if entry.task else "OPAQUE")
    return made
