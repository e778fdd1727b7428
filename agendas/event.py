"""What the calendar of somebody who is invited should hold, what it was told, and what it has to be told now.

One event has one UID for ever: a meeting, or a series with its exceptions. What is told is what differs from
what was told last, in one message: of a single day by its RECURRENCE-ID, else all of it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pathway.recurrence import dates


@dataclass(frozen=True)
class Time:
    """When something starts (aware UTC), for how long, and a mark of where: another mark, another place."""

    starts: datetime
    minutes: int
    place: str = ""

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.starts.utcoffset() != timedelta(0):
            raise ValueError("an event starts at a moment in UTC")
        if self.minutes < 1:
            raise ValueError("an event has at least one minute")

    @property
    def ends(self) -> datetime:
        """When it is over."""
        return self.starts + timedelta(minutes=self.minutes)


NONE: Mapping[datetime, Time | None] = MappingProxyType({})


@dataclass(frozen=True)
class Event:
    """One event. `zone` is the wall clock on which it was planned.

    `rule` is the RRULE of a series, without UNTIL, and `until` its last moment (None: for ever). `exceptions`
    are the days that differ, by the moment at which the rule has them: another time, or None for not at all.
    """

    time: Time
    zone: str
    rule: str = ""
    until: datetime | None = None
    exceptions: Mapping[datetime, Time | None] = field(default_factory=lambda: NONE)

    def __post_init__(self) -> None:
        if self.exceptions and not self.rule:
            raise ValueError("only a series has exceptions")

    def recurrence_id(self, recurs_at: datetime) -> datetime:
        """The local time by which calendars know a day of the series."""
        # A time that does not exist on that day is still called by it.
        there = ZoneInfo(self.zone)
        wall = self.time.starts.astimezone(there).timetz().replace(tzinfo=None)
        return datetime.combine(recurs_at.astimezone(there).date(), wall, there)

    def on(self, recurs_at: datetime) -> Time | None:
        """When it is on a day of the series; None if it is not."""
        as_ruled = replace(self.time, starts=recurs_at)
        return self.exceptions.get(recurs_at, as_ruled)

    def days(self, since: datetime, count: int) -> list[Time]:
        """The next times at which it is, from a moment on, in order; of no series the one there is."""
        if not self.rule:
            return [self.time] if self.time.ends > since else []
        there = ZoneInfo(self.zone)
        wall = self.time.starts.astimezone(there)
        found: list[Time] = []
        # Far more than the exceptions that can lie between, so that a rule without end comes to one.
        looked = islice(dates(self.rule, wall.date(), _day_before(since, there)), count + _MOST_LOOKED)
        for day in looked:
            recurs_at = datetime.combine(day, wall.timetz().replace(tzinfo=None), there).astimezone(UTC)
            if len(found) == count or (self.until is not None and recurs_at > self.until):
                break
            time = self.on(recurs_at)
            if time is not None and time.ends > since:
                found.append(time)
        return sorted(found, key=lambda each: each.starts)

    def after(self, now: datetime) -> "Event":
        """The event without exceptions that are over."""
        kept = {at: time for at, time in self.exceptions.items() if max(at, time.ends if time else at) > now}
        return replace(self, exceptions=kept)

    @property
    def is_never(self) -> bool:
        """Whether its series ended before it began."""
        return self.until is not None and self.until < self.time.starts

    def is_over(self, now: datetime) -> bool:
        """Whether all of it lies in the past."""
        if self.rule:
            return self.until is not None and self.until + timedelta(minutes=self.time.minutes) <= now
        return self.time.ends <= now


_MOST_LOOKED = 100


def _day_before(moment: datetime, there: ZoneInfo) -> date:
    return moment.astimezone(there).date() - timedelta(days=1)


@dataclass(frozen=True)
class Manner:
    """How somebody is written to: their language and zone ("" for those of the team), and of what.

    `own_item`: of their own item only, so that they are not told of a conference.
    """

    language: str = ""
    zone: str = ""
    own_item: bool = False


@dataclass(frozen=True)
class Told:
    """What somebody's calendar was told last, under which SEQUENCE. `gone`: that it is not in it any more.

    `whole` is the SEQUENCE under which all of it was told last, `days` those of single days told after that:
    who answers under a lower one has not seen what changed. Who is invited no more is still written to in
    the `manner` in which they were.
    """

    event: Event
    sequence: int
    gone: bool = False
    whole: int = 0
    days: Mapping[datetime, int] = field(default_factory=dict)
    manner: Manner = Manner()

    def asked_under(self, day: datetime | None = None) -> int:
        """The SEQUENCE of the invitation that stands, for a day of a series or for all of it."""
        return self.days.get(day, self.whole) if day is not None else self.whole

    def further(self, told: "News", sequence: int) -> "Told":
        """What it has been told after these news."""
        gone = told.what in (What.CANCELLED, What.REMOVED)
        if told.day is None:
            return Told(told.event, sequence, gone, sequence, manner=self.manner)
        days = {**self.days, told.day: sequence}
        return replace(self, event=told.event, sequence=sequence, gone=gone, days=days)


class What(StrEnum):
    """What is told."""

    INVITED = "invited"
    CHANGED = "changed"
    DAY_CHANGED = "day changed"
    DAY_OFF = "day off"
    DAY_WITHOUT = "day without"
    """It takes place on that day, without the one who is told."""
    CANCELLED = "cancelled"
    REMOVED = "removed"


@dataclass(frozen=True)
class News:
    """What has to be told of an event as it is now; of a day off or a changed one `day` says which."""

    what: What
    event: Event
    day: datetime | None = None

    @property
    def is_cancel(self) -> bool:
        """Whether its METHOD is CANCEL."""
        return self.what in (What.DAY_OFF, What.DAY_WITHOUT, What.CANCELLED, What.REMOVED)

    @property
    def takes_place(self) -> bool:
        """Whether what is told of takes place, if without the one who is told."""
        return self.what not in (What.DAY_OFF, What.CANCELLED)


def news(
    told: Told | None,
    wanted: Event | None,
    now: datetime,
    *,
    cancelled: bool = True,
    without: Collection[datetime] = (),
) -> News | None:
    """What somebody has to be told; None for nothing. Of what is over nothing is told.

    `wanted` is None for who is not to come: because it is `cancelled`, or because they are asked no more.
    Of its exceptions those in `without` take place without them.
    """
    if wanted is not None and wanted.is_never:
        wanted, cancelled = None, True
    if wanted is None:
        if told is None or told.gone or told.event.is_over(now):
            return None
        return News(What.CANCELLED if cancelled else What.REMOVED, told.event.after(now))
    if wanted.is_over(now):
        return _ended(told, wanted, now)
    wanted = wanted.after(now)
    if told is None or told.gone:
        return News(What.INVITED, wanted)
    before = told.event.after(now)
    if replace(before, exceptions=NONE) != replace(wanted, exceptions=NONE):
        return News(What.CHANGED, wanted)
    return _of_days(before, wanted, now, without)


def _ended(told: Told | None, wanted: Event, now: datetime) -> News | None:
    """What is told of a series that has ended before it was meant to."""
    if told is None or told.gone or not wanted.rule or wanted.until is None or told.event.is_over(now):
        return None
    return News(What.CHANGED, wanted.after(now))


def _of_days(before: Event, wanted: Event, now: datetime, without: Collection[datetime]) -> News | None:
    """What is told of two states that differ in exceptions only."""
    days = sorted({*before.exceptions, *wanted.exceptions})
    changed = [day for day in days if before.on(day) != wanted.on(day)]
    changed = [day for day in changed if _matters(before.on(day), wanted.on(day), day, now)]
    if not changed:
        return None
    # Calendars know no way to tell of several days but all of it, and none to bring back a day that was off.
    if len(changed) > 1 or before.on(changed[0]) is None:
        return News(What.CHANGED, wanted)
    (day,) = changed
    if wanted.on(day) is not None:
        return News(What.DAY_CHANGED, wanted, day)
    return News(What.DAY_WITHOUT if day in without else What.DAY_OFF, wanted, day)


def _matters(was: Time | None, becomes: Time | None, day: datetime, now: datetime) -> bool:
    """Whether a day that differs is not over both as it was and as it is."""
    return max(day, was.ends if was else day, becomes.ends if becomes else day) > now


def told_text(told: Told) -> str:
    """What was told, as it is stored."""
    event = told.event
    record = {
        "time": _time_record(event.time),
        "zone": event.zone,
        "rule": event.rule,
        "until": event.until.isoformat() if event.until else "",
        "exceptions": [
            [at.isoformat(), _time_record(time) if time else None] for at, time in event.exceptions.items()
        ],
        "sequence": told.sequence,
        "gone": told.gone,
        "whole": told.whole,
        "days": [[day.isoformat(), under] for day, under in told.days.items()],
        "manner": asdict(told.manner),
    }
    return json.dumps(record, separators=(",", ":"))


def read_told(text: str) -> Told:
    """What `told_text` wrote."""
    record = json.loads(text)
    exceptions = {
        datetime.fromisoformat(at): _time(time) if time else None for at, time in record["exceptions"]
    }
    until = datetime.fromisoformat(record["until"]) if record["until"] else None
    event = Event(_time(record["time"]), record["zone"], record["rule"], until, exceptions)
    days = {datetime.fromisoformat(day): under for day, under in record["days"]}
    manner = Manner(**record.get("manner", {}))
    return Told(event, record["sequence"], record["gone"], record["whole"], days, manner)


def _time_record(time: Time) -> list[object]:
    return [time.starts.isoformat(), time.minutes, time.place]


def _time(record: list[object]) -> Time:
    starts, minutes, place = record
    return Time(datetime.fromisoformat(str(starts)), int(str(minutes)), str(place))
