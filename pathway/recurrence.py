"""How often something recurs, in the few ways in which a team meets, written as an RRULE of RFC 5545.

Only dates are counted here, on the calendar of whoever meets; the time of day is `pathway.series`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # it ships no types

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""RFC 5545's names of the days, by their number: Monday is 0."""
LAST = -1
SAFE_DAYS = range(1, 29)
"""Days that every month has."""
STEPS = range(1, 13)


class Unit(StrEnum):
    """What is counted."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"


@dataclass(frozen=True)
class Rule:
    """Every `step`th day, week or month.

    In a week on these `days`; in a month on the `nth` of one weekday (LAST for the last) or the `monthday`.
    """

    unit: Unit
    step: int = 1
    days: tuple[int, ...] = ()
    nth: int = 0
    monthday: int = 0

    def __post_init__(self) -> None:
        if self.step not in STEPS:
            raise ValueError("a rule repeats every 1 to 12 days, weeks or months")
        if self.days != tuple(sorted(set(self.days))) or not set(self.days) <= set(range(7)):
            raise ValueError("the days of a rule are numbers in order, each once")
        by_weekday = self.nth in (1, 2, 3, 4, LAST) and len(self.days) == 1 and not self.monthday
        by_date = self.monthday in SAFE_DAYS and not self.nth and not self.days
        fits = {
            Unit.DAY: not (self.days or self.nth or self.monthday),
            Unit.WEEK: bool(self.days) and not (self.nth or self.monthday),
            Unit.MONTH: by_weekday or by_date,
        }
        if not fits[self.unit]:
            raise ValueError(f"a {self.unit.lower()} rule can't be so")

    @property
    def rrule(self) -> str:
        """It as RFC 5545 writes it, without DTSTART and UNTIL."""
        parts = [f"FREQ={self.unit}"]
        if self.step > 1:
            parts.append(f"INTERVAL={self.step}")
        if self.days:
            nth = str(self.nth) if self.nth else ""
            parts.append("BYDAY=" + ",".join(f"{nth}{CODES[day]}" for day in self.days))
        if self.monthday:
            parts.append(f"BYMONTHDAY={self.monthday}")
        return ";".join(parts)


def read_rule(rrule: str) -> Rule:
    """The rule that `Rule.rrule` wrote. Raises ValueError for any other text."""
    said = dict(part.partition("=")[::2] for part in rrule.split(";"))
    days = said.get("BYDAY", "").split(",") if "BYDAY" in said else []
    try:
        rule = Rule(
            Unit(said.get("FREQ", "")),
            int(said.get("INTERVAL", "1")),
            tuple(CODES.index(each[-2:]) for each in days),
            int(days[0][:-2] or 0) if days else 0,
            int(said.get("BYMONTHDAY", "0")),
        )
    except ValueError as error:
        raise ValueError(f"no rule of ours: {rrule!r}") from error
    if rule.rrule != rrule:
        raise ValueError(f"no rule of ours: {rrule!r}")
    return rule


def dates(rrule: str, begins: date, since: date) -> Iterator[date]:
    """The dates on which it recurs from `since` on, none before `begins`; steps are counted from that."""
    # What it is given and gives is a calendar's midnight, in no zone: only the date is used.
    ruled = rrulestr(rrule, dtstart=datetime.combine(begins, time()))
    for found in ruled.xafter(datetime.combine(max(begins, since), time()), inc=True):
        yield found.date()
