"""A time zone as calendars are told it: two rules, each for every year; none where a zone has no such rules.

The rules are the zone's own (the last line of its file in the time zone database). Calendar programs read
nothing else of a VTIMEZONE, so a zone that can't be said so is not said at all: what happens there is told in
UTC.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

YEARS = 6
"""So many years from an event on a zone's rules are compared with what the database says of each day."""
FIRST_YEAR = 1970
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_NAME = r"(?:<[^>]+>|[A-Za-z]{3,})"
_TIME = r"[+-]?\d{1,3}(?::\d{2}(?::\d{2})?)?"
_CHANGE = rf"M(\d{{1,2}})\.(\d)\.(\d)(?:/({_TIME}))?"
_FOOTER = re.compile(rf"{_NAME}({_TIME})(?:{_NAME}({_TIME})?,{_CHANGE},{_CHANGE})?")


@dataclass(frozen=True)
class Change:
    """When clocks change every year: on the `week`th (5: last) such `day` (0: Sunday) of a month, at `at`."""

    month: int
    week: int
    day: int
    at: time

    def wall(self, year: int) -> datetime:
        """The moment in a year, on the clock as it was until then."""
        first = date(year, self.month, 1)
        found = first + timedelta((self.day - first.isoweekday()) % 7 + 7 * (self.week - 1))
        while found.month != self.month:
            found -= timedelta(7)
        return datetime.combine(found, self.at)

    @property
    def rrule(self) -> vRecur:
        """It as a rule of iCalendar."""
        nth = -1 if self.week == 5 else self.week
        return vRecur(freq="YEARLY", bymonth=self.month, byday=f"{nth}{_DAYS[self.day]}")


@dataclass(frozen=True)
class Rules:
    """The offsets of a zone from UTC: one, or a second one between two changes of every year."""

    standard: timedelta
    other: timedelta | None = None
    begins: Change | None = None
    ends: Change | None = None

    def offset(self, moment: datetime) -> timedelta:
        """The offset at a moment (aware UTC)."""
        if self.other is None or self.begins is None or self.ends is None:
            return self.standard
        year = (moment + self.standard).year
        begins = self.begins.wall(year) - self.standard
        ends = self.ends.wall(year) - self.other
        plain = moment.replace(tzinfo=None)
        between = begins <= plain < ends if begins < ends else not ends <= plain < begins
        return self.other if between else self.standard


def vtimezone(zone: str, since: datetime) -> Timezone | None:
    """How calendars are told this zone for what happens from `since` on; None if it has no yearly rules."""
    rules = _rules(zone)
    if rules is None or not _holds(zone, since.year):
        return None
    made = Timezone()
    made.add("tzid", zone)
    if rules.other is None or rules.begins is None or rules.ends is None:
        made.add_component(_part(rules.standard, rules.standard, rules.standard, None))
        return made
    made.add_component(_part(rules.other, rules.standard, rules.standard, rules.ends))
    made.add_component(_part(rules.standard, rules.other, rules.standard, rules.begins))
    return made


def is_regular(zone: str, since: datetime) -> bool:
    """Whether calendars can be told of this zone, and so of a series on its wall clock."""
    return _rules(zone) is not None and _holds(zone, since.year)


def _part(
    before: timedelta, after: timedelta, standard: timedelta, change: Change | None
) -> TimezoneStandard | TimezoneDaylight:
    # The larger offset is summer's, also in Dublin, whose law calls winter the exception.
    part = TimezoneDaylight() if after > before else TimezoneStandard()
    part.add("dtstart", change.wall(FIRST_YEAR) if change else datetime(FIRST_YEAR, 1, 1))  # noqa: DTZ001
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    if change:
        part.add("rrule", change.rrule)
    return part


@cache
def _rules(zone: str) -> Rules | None:
    """The rules of a zone's last line; None if they are not of this kind."""
    found = _FOOTER.fullmatch(_footer(zone))
    if found is None:
        return None
    standard = -_seconds(found[1])
    if found[3] is None:
        return Rules(standard)
    other = -_seconds(found[2]) if found[2] else standard + timedelta(hours=1)
    begins, ends = _change(found.groups()[2:6]), _change(found.groups()[6:10])
    return Rules(standard, other, begins, ends) if begins and ends else None


def _change(said: tuple[str | None, ...]) -> Change | None:
    month, week, day = (int(each or 0) for each in said[:3])
    at = _seconds(said[3]) if said[3] else timedelta(hours=2)
    if not timedelta(0) <= at < timedelta(days=1):
        return None  # of the day before or after: no weekday of a month, in iCalendar's words
    hours, seconds = divmod(int(at.total_seconds()), 3600)
    return Change(month, week, day, time(hours, seconds // 60, seconds % 60))


def _seconds(said: str) -> timedelta:
    hours, minutes, seconds = (*said.lstrip("+-").split(":"), "0", "0")[:3]
    length = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -length if said.startswith("-") else length


@cache
def _holds(zone: str, year: int) -> bool:
    """Whether the rules give what the database gives, at every change and on every day of some years."""
    rules, there = _rules(zone), ZoneInfo(zone)
    if rules is None:
        return False
    start = datetime(year, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(days=day) for day in range(366 * YEARS)]
    for each in range(year, year + YEARS):
        for change, before in ((rules.begins, rules.standard), (rules.ends, rules.other)):
            if change is not None and before is not None:
                at = (change.wall(each) - before).replace(tzinfo=UTC)
                moments += [at - timedelta(seconds=1), at]
    return all(rules.offset(each) == each.astimezone(there).utcoffset() for each in moments)


def _footer(zone: str) -> str:
    """The last line of a zone's file, "" if it has none."""
    ZoneInfo(zone)  # refuses what is no name of a zone, such as a path
    content = next((each for each in map(_read, _places(zone)) if each), b"")
    return content.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")


def _places(zone: str) -> list[Path]:
    """Where its file may be, in the order in which Python looks."""
    folders = [*map(Path, TZPATH), Path(str(files("tzdata"))) / "zoneinfo"]
    return [folder / zone for folder in folders]


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
