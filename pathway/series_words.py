"""When a team meets, as people type it, and as it is said back.

"MSK conference every Tuesday 12:30-13:30 Europe/London from 1 Dec", "weekdays at 8 for 15 min",
"first tuesday of the month 9-10", and once: "Extra conference tomorrow 14:00-15:00".
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pathway.recurrence_words import begins_rule, read_words, say_rule
from pathway.series import Series, first_date
from pathway.slot_words import cut, cut_times, cut_zone, say_span_of, say_zone
from pathway.when import PAST, BadWhen, read_day, say_day

EXAMPLE = "MSK conference every Tuesday 12:30-13:30 from 1 Dec"
NO_TIME = f"Say at what time, like 12:30-13:30: {EXAMPLE}."
NO_DAY = f"Say when, once or again and again: {EXAMPLE}, or Extra conference tomorrow 14:00-15:00."
NO_CHANGE = "Say what is new, like every wednesday, 13:00-14:00, or both; and from when, like from 5 Jan."
TITLE = "Case conference"
MINUTES = 60
LONGEST_TITLE = 80
MOST_WORDS = 6

_UNTIL = re.compile(r"\b(?:until|till|through)\s+(.+)$", re.I)
_FROM = re.compile(r"\b(?:from|starting|beginning)\s+(.+)$", re.I)


@dataclass(frozen=True)
class Planned:
    """What was understood: a `rule` counted from `day` (until the date `until`), or `rule` "" for once."""

    title: str
    zone: str
    day: date
    at: time
    minutes: int
    rule: str = ""
    until: date | None = None

    @property
    def starts(self) -> datetime:
        """When the first one starts, by the wall clock of its zone."""
        return datetime.combine(self.day, self.at, ZoneInfo(self.zone))


def read_planned(text: str, zone: str, now: datetime) -> Planned:
    """What somebody in `zone` means by a whole line. Raises BadWhen with what to type."""
    rest, named = cut_zone(" ".join(text.split()))
    zone = named or zone
    rest, at, minutes = cut_times(rest)
    if at is None:
        raise BadWhen(NO_TIME)
    minutes = MINUTES if minutes is None else minutes
    title, rest = begins_rule(rest)
    if title is None:
        return _once(rest, at, minutes, zone, now)
    rest, until = cut(_UNTIL, rest)
    rest, start = cut(_FROM, rest)
    rule = read_words(rest).rrule
    begins = read_day(start, zone, now) if start else now.astimezone(ZoneInfo(zone)).date()
    planned = Planned(_title(title), zone, first_date(rule, begins), at, minutes, rule)
    if planned.starts <= now:  # today's is over
        planned = replace(planned, day=first_date(rule, begins + timedelta(days=1)))
    last = read_day(until, zone, now) if until else None
    if last is not None and last < planned.day:
        raise BadWhen("That ends before it begins: type `until` and a later day.")
    return replace(planned, until=last)


def _once(text: str, at: time, minutes: int, zone: str, now: datetime) -> Planned:
    """One conference: its day is what the text ends with, its title what stands before."""
    words = text.split()
    for count in range(min(len(words), MOST_WORDS), 0, -1):
        try:
            day = read_day(" ".join(words[-count:]), zone, now)
        except BadWhen as error:
            if str(error) == PAST:
                raise
            continue
        planned = Planned(_title(" ".join(words[:-count])), zone, day, at, minutes)
        if planned.starts <= now:
            raise BadWhen(PAST)
        return planned
    raise BadWhen(NO_DAY)


def _title(text: str) -> str:
    title = text.strip(" ,:;-–\"'“”").removeprefix("the ").strip()
    if len(title) > LONGEST_TITLE:
        raise BadWhen(f"A title can be {LONGEST_TITLE} characters long.")
    return title or TITLE


def read_changed(text: str, series: Series, now: datetime) -> tuple[Series, date]:
    """The series as it is to be, and from which of its dates on: what the text doesn't say stays as it was.

    "every wednesday from 5 jan", "13:00-14:00 from next week's tuesday". Raises BadWhen.
    """
    rest, zone = cut_zone(" ".join(text.split()))
    zone = zone or series.zone
    rest, at, minutes = cut_times(rest)
    before, rest = begins_rule(rest)
    rest, until = cut(_UNTIL, rest)
    rest, start = cut(_FROM, rest)
    _, earlier = cut(_FROM, before or "")  # "from 5 jan every wednesday" says it first
    words = rest if before is not None else ""
    said = any((words, at, minutes, until, zone != series.zone))
    if not said or (before is None and rest.strip(" ,")):
        raise BadWhen(NO_CHANGE)
    day = start or earlier
    since = read_day(day, zone, now) if day else now.astimezone(ZoneInfo(zone)).date()
    rule = read_words(words).rrule if words else series.rule
    last = read_day(until, zone, now) if until else series.until
    changed = replace(
        series, zone=zone, at=at or series.at, minutes=minutes or series.minutes, rule=rule, until=last
    )
    # where only the time changes, every second week stays the same one
    begins = first_date(rule, since) if words else next(series.dates(since), None)
    if begins is None or (last is not None and last < begins):
        raise BadWhen("It would have ended by then: type an earlier `from`, or a later `until`.")
    return replace(changed, begins=begins), since


def say_series(series: Series, today: date) -> str:
    """When it is, in words: "every Tuesday 12:30-13:30 (London time), from Tue 1 Dec"."""
    said = f"{say_rule(series.rule)} {say_span_of(series.at, series.minutes)} ({say_zone(series.zone)})"
    if series.begins > today:
        said += f", from {say_day(series.begins, today)}"
    return f"{said}, until {say_day(series.until, today)}" if series.until else said
