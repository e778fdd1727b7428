"""When a team works and when its people want quiet; deadlines that pass only in working hours.

Local times are a wall clock in the team's zone; what passes between them is counted in real minutes,
so a working night on which the clocks change is an hour longer or shorter. A local time that a spring
change skips stands for the moment as much later; one that an autumn change repeats, for its first.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Days by their number: Monday is 0, as in `date.weekday`."""

_SEVERAL = {"daily": range(7), "weekdays": range(5), "weekends": range(5, 7)}
_TIME = r"(\d{1,2})(?:[:.h]?([0-5]\d))?\s*(am|pm)?"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|to|until)\s*{_TIME}")


class BadHours(ValueError):
    """Working or quiet hours that cannot be read. Its str is one sentence saying what to type."""


@dataclass(frozen=True)
class Span:
    """A stretch of a day in local time; one that does not end after it starts ends on the next day."""

    start: time
    end: time

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its beginning and end (UTC) when it starts on `day`."""
        last = day if self.start < self.end else day + timedelta(days=1)
        return _utc(day, self.start, zone), _utc(last, self.end, zone)

    def holds(self, at: time) -> bool:
        """Whether it is this time of day at some moment of it; its end is none."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True)
class Hours:
    """A team's working hours and quiet hours. `zone` is an IANA name; `days` are numbers, Monday is 0.

    On a holiday (a local date) no work starts; quiet hours are the same every day. Raises BadHours if
    there is no such zone, no working day, or no moment that is not quiet.
    """

    zone: str
    days: frozenset[int]
    work: Span
    quiet: Span | None = None
    holidays: Container[date] = frozenset()

    def __post_init__(self) -> None:
        if not is_zone(self.zone):
            raise BadHours("There is no such time zone: type one like Europe/London.")
        if not self.days or not self.days <= set(range(7)):
            raise BadHours("Say on which days the team works, like Mon-Fri 08:30-17:00.")
        if self.quiet and self.quiet.start == self.quiet.end:
            raise BadHours("Quiet hours cannot last all day: type them like 22:00-07:00, or none.")

    def deadline(self, start: datetime, minutes: int, working: bool) -> datetime:
        """The moment (UTC) when `minutes` have passed since `start`: working ones only, or all of them.

        Working minutes that run out as work ends are over then, not on the next morning.
        """
        left = timedelta(minutes=minutes)
        now = aware_utc(start)
        if left < timedelta(0):
            raise ValueError("a deadline cannot lie before its start")
        if not working:
            return now + left
        for opens, closes in self._working(now):
            now = max(now, opens)
            if now + left <= closes:
                return now + left
            left -= max(closes - now, timedelta(0))
            now = max(now, closes)
        raise AssertionError("working days never end")

    def open_at(self, moment: datetime) -> bool:
        """Whether the team works at this moment; it does when work starts, and not when it ends."""
        return self.next_open(moment) == aware_utc(moment)

    def next_open(self, moment: datetime) -> datetime:
        """The first moment (UTC) from `moment` on at which the team works."""
        now = aware_utc(moment)
        return next(max(now, opens) for opens, closes in self._working(now) if max(now, opens) < closes)

    def next_opening(self, moment: datetime) -> datetime:
        """The first moment (UTC) after `moment` at which work starts."""
        now = aware_utc(moment)
        return next(opens for opens, closes in self._working(now) if now < opens < closes)

    def closes(self, moment: datetime) -> datetime:
        """When work that goes on at `moment`, or starts next, ends (UTC)."""
        now = aware_utc(moment)
        return next(closes for opens, closes in self._working(now) if max(now, opens) < closes)

    def end_of_next_day(self, moment: datetime) -> datetime:
        """When work ends (UTC) on the working day after the present one, or after the one that comes next."""
        now = aware_utc(moment)
        ends = (closes for opens, closes in self._working(now) if max(now, opens) < closes)
        return next(islice(ends, 1, None))

    def end_of_day(self, day: date) -> datetime:
        """When work ends (UTC) on this local date, or on the last working day before it."""
        return self.work.on(day if self.works_on(day) else self.days_before(day, 1), ZoneInfo(self.zone))[1]

    def opening_before(self, moment: datetime, days: int) -> datetime:
        """When work starts (UTC), so many working days before that of this moment or the last before it."""
        today = self.today(moment)
        begun = self.works_on(today) and self.work.on(today, ZoneInfo(self.zone))[0] < moment
        return self.at(self.days_before(today, days if begun else days + 1), self.work.start)

    def works_on(self, day: date) -> bool:
        """Whether work starts on this local date."""
        return day.weekday() in self.days and day not in self.holidays

    def days_before(self, day: date, count: int) -> date:
        """The working day that lies so many working days before a local date; with none, that date itself."""
        for _ in range(count):
            day -= timedelta(days=1)
            while not self.works_on(day):
                day -= timedelta(days=1)
        return day

    def today(self, moment: datetime) -> date:
        """The local date of a moment."""
        return aware_utc(moment).astimezone(ZoneInfo(self.zone)).date()

    def days_after(self, day: date, count: int) -> date:
        """The working day that comes so many working days after a local date; with none, that date itself."""
        for _ in range(count):
            day += timedelta(days=1)
            while not self.works_on(day):
                day += timedelta(days=1)
        return day

    def at(self, day: date, local: time) -> datetime:
        """The moment (UTC) of a local time on a local date."""
        return _utc(day, local, ZoneInfo(self.zone))

    def edges(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every moment (UTC) in between at which work starts or ends, in order."""
        for opens, closes in self._working(aware_utc(start)):
            if opens >= end:
                return
            yield from (moment for moment in (opens, closes) if start < moment < end)

    def quiet_at(self, moment: datetime) -> bool:
        """Whether this moment lies in quiet hours; their end does not."""
        return self.quiet_until(moment) != aware_utc(moment)

    def quiet_until(self, moment: datetime) -> datetime:
        """The first moment (UTC) from `moment` on that is not in quiet hours."""
        now = aware_utc(moment)
        if self.quiet is None:
            return now
        for day in self._dates(now):
            starts, ends = self.quiet.on(day, ZoneInfo(self.zone))
            if starts > now:
                break
            now = max(now, ends)
        return now

    def _working(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working stretches (UTC) in order, from the first that may hold `now`."""
        for day in self._dates(now):
            if self.works_on(day):
                yield self.work.on(day, ZoneInfo(self.zone))

    def _dates(self, now: datetime) -> Iterator[date]:
        """Local dates, from the day before `now`: what started then may last past midnight."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        return (today + timedelta(days=days) for days in count(-1))


def is_zone(name: str) -> bool:
    """Whether this is an IANA time zone that is known here."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def read_hours(zone: str, working: str, quiet: str, holidays: Container[date] = frozenset()) -> Hours:
    """Hours as people type them: "Mon-Fri 08:30-17:00", "mon,wed,fri 9-17", "daily 8am-8pm".

    `quiet` is like "22-7", and "" or "none" for no quiet hours. Raises BadHours.
    """
    days, *times = re.split(r"(?=\d)", working.lower(), maxsplit=1)
    rest = None if quiet.strip().lower() in ("", "none", "off", "-") else _span(quiet, "22:00-07:00")
    return Hours(zone, _days(days), _span("".join(times), "Mon-Fri 08:30-17:00"), rest, holidays)


def say_working(hours: Hours) -> str:
    """The working hours as `read_hours` reads them, like "Mon-Wed,Fri 08:30-17:00"."""
    runs: list[list[int]] = []
    for day in sorted(hours.days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = ["-".join(DAYS[day][:3].title() for day in sorted({run[0], run[-1]})) for run in runs]
    return f"{','.join(named)} {hours.work}"


def say_quiet(hours: Hours) -> str:
    """The quiet hours as `read_hours` reads them, like "22:00-07:00" or "none"."""
    return str(hours.quiet) if hours.quiet else "none"


def _days(text: str) -> frozenset[int]:
    """Days out of "mon-wed and fri", "weekdays" or "sat to mon"; none if it says none."""
    joined = re.sub(r"\s*(?:-|–|\bto\b)\s*", "-", text.replace("every day", "daily").strip(" -–"))
    found: set[int] = set()
    for part in re.split(r"(?:[\s,;:&]|\band\b)+", joined):
        if part in _SEVERAL:
            found.update(_SEVERAL[part])
        elif part:
            first, _, last = part.partition("-")
            start = _day(first)
            found.update((start + more) % 7 for more in range((_day(last or first) - start) % 7 + 1))
    return frozenset(found)


def _day(word: str) -> int:
    stem = word.removesuffix("s")
    if len(stem) >= 2:
        for number, name in enumerate(DAYS):
            if name.startswith(stem):
                return number
    raise BadHours("Type working days like Mon-Fri or Mon,Wed,Fri, and then the hours.")


def _span(text: str, example: str) -> Span:
    found = _SPAN.fullmatch(text.strip().lower())
    if not found:
        raise BadHours(f"Type hours like {example}.")
    first, last = found.groups()[:3], found.groups()[3:]
    span = Span(_time(example, *first), _time(example, *last))
    # "9-5" is not 9 to 5 at night; "22-7" and "10:00-05:00" are on the 24-hour clock
    guessed = int(first[0]) in range(1, 13) and not (last[2] or (len(last[0]) == 2 and last[1]))
    if bool(first[2]) != bool(last[2]) or (span.end <= span.start and guessed):
        raise BadHours(f"Type hours on the 24-hour clock, or with am and pm for both, like {example}.")
    return span


def _time(example: str, hour: str, minute: str | None, half: str | None) -> time:
    """A time of day; 24:00 is midnight."""
    hours = int(hour)
    if half and hours in range(1, 13):
        hours = hours % 12 + (12 if half == "pm" else 0)
    elif half or hours > 24 or (hours == 24 and int(minute or 0)):
        raise BadHours(f"There is no such time of day: type hours like {example}.")
    return time(hours % 24, int(minute or 0))


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def aware_utc(moment: datetime) -> datetime:
    """The moment in UTC; raises ValueError if it does not say its time zone."""
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its time zone: this datetime is naive")
    return moment.astimezone(UTC)
