"""A series of conferences: the rule by which a team meets, and the moments at which it does.

The rule is a wall clock's, in the zone of the series: over a clock change the hour of the day stays. A time
that a spring change skips stands for the moment as much later, one that an autumn change repeats, for its
first (`pathway.hours`). Public holidays are left out, unless the team keeps that day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pathway.hours import aware_utc, is_zone
from pathway.public_holidays import holiday
from pathway.recurrence import dates, read_rule

EVERYBODY = "*"
"""In `whom`: the whole team."""
MOST_MINUTES = 8 * 60


@dataclass(frozen=True)
class Series:
    """A series of a team's conferences. `zone` is an IANA name.

    It is at `at` (local) for so many `minutes`, by the `rule` (`pathway.recurrence`) counted from the date
    `begins`, until the date `until` or for ever. `holidays` are those of a country or region ("" for none),
    but for the dates that the team `keeps`. `whom` of the team it asks: EVERYBODY, or disciplines. One that
    goes on another from a date on `follows` it (its number). `sequence` is iCalendar's SEQUENCE.
    """

    number: int
    team: str
    title: str
    zone: str
    begins: date
    at: time
    minutes: int
    rule: str
    until: date | None = None
    holidays: str = ""
    keeps: tuple[date, ...] = ()
    where: str = ""
    whom: tuple[str, ...] = (EVERYBODY,)
    follows: int = 0
    sequence: int = 0

    def __post_init__(self) -> None:
        if not is_zone(self.zone):
            raise ValueError("a series needs a time zone")
        if self.at.tzinfo is not None or self.at.second or self.at.microsecond:
            raise ValueError("a series is at a minute of the local day")
        if not 1 <= self.minutes <= MOST_MINUTES:
            raise ValueError("a series has 1 minute to 8 hours")
        read_rule(self.rule)

    @property
    def ref(self) -> str:
        """How people name it: `S-3`."""
        return f"S-{self.number}"

    def starts_on(self, day: date) -> datetime:
        """When it starts (UTC) on a local date."""
        return datetime.combine(day, self.at, ZoneInfo(self.zone)).astimezone(UTC)

    def midnight(self, day: date) -> datetime:
        """The moment (UTC) at which a local date begins."""
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)

    def dates(self, since: date) -> Iterator[date]:
        """The dates of its rule from `since` on, holidays too."""
        for day in dates(self.rule, self.begins, since):
            if self.until is not None and day > self.until:
                return
            yield day

    def goes_on(self, now: datetime) -> bool:
        """Whether anything of it may still be to come."""
        return self.until is None or self.until >= self.day_of(now)

    def day_of(self, moment: datetime) -> date:
        """The local date of a moment."""
        return aware_utc(moment).astimezone(ZoneInfo(self.zone)).date()


def occurrences(series: Series, since: datetime, until: datetime) -> tuple[datetime, ...]:
    """The moments (UTC) at which it starts, from `since` on and before `until`, in order."""
    first, end = aware_utc(since), aware_utc(until)
    found: list[datetime] = []
    for day in series.dates(series.day_of(first) - timedelta(days=1)):
        starts = series.starts_on(day)
        if starts >= end:
            break
        # a zone that leaves out a whole day has that day's time on the next: both are one
        if starts >= first and starts not in found[-1:] and not missed(series, day):
            found.append(starts)
    return tuple(found)


def missed(series: Series, day: date) -> str:
    """The public holiday for which it is not held on a local date, "" if it is held."""
    return "" if day in series.keeps else holiday(series.holidays, day)


def left_out(series: Series, since: date, until: date) -> tuple[tuple[date, str], ...]:
    """The dates from `since` on and before `until` that it leaves out, with the holiday kept on each."""
    found: list[tuple[date, str]] = []
    for day in series.dates(since):
        if day >= until:
            break
        if name := missed(series, day):
            found.append((day, name))
    return tuple(found)


def first_date(rule: str, begins: date) -> date:
    """The first date from `begins` on that suits a rule; every second week or month is counted from it."""
    each = replace(read_rule(rule), step=1).rrule
    return next(dates(each, begins, begins))
