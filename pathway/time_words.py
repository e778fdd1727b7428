"""The words in which people say days, times of day and spans of time; `pathway.when` makes moments of them.

Dates with a month in words are left to `dateparser`, in English only and with all three of day, month
and year, so that it never guesses and never looks at a clock. What people type most, weekdays and
relative days, it reads otherwise than a clinic means it ("next tue"), so that grammar is here.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import cache

from dateparser.date import DateDataParser  # type: ignore[import-untyped]  # it ships no types

from pathway.clock_words import Ambiguous, as_clock
from pathway.hours import DAYS

WHEN = "Type a time like tomorrow 9am, fri 14:00, in 2 h or 3 Dec 09:30."
ORDER = "Write the month as a word, like 3 Dec 2026, because people write days and months in both orders."

_NAMED_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1, "tmrw": 1, "day after tomorrow": 2}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
YEARS = range(1900, 2200)

_FILLERS = re.compile(r"[,\s]+|\b(?:until|till|by|from|on|at|of|the)\b")
_NAMED_TIMES = {"noon": 12, "midday": 12, "end day": 17, "eod": 17}
_TIME = re.compile(
    r"(?<![\w:/.-])(?:(\d{1,2})(?:[:.]([0-5]\d))? ?([ap])m|(\d{1,2}):([0-5]\d)"
    rf"|({'|'.join(_NAMED_TIMES)}))(?![\w:/.-])"
)
_WEEKDAY = re.compile(
    r"(?<!\w)(?:(this|next|last) )?(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?(?!\w)"
)
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
NUMBERS |= {"eight": 8, "nine": 9, "ten": 10}
_UNITS = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60, "f": 14 * 24 * 60}
_MEASURE = re.compile(
    rf"(\d{{1,4}}(?:\.\d)?|{'|'.join(NUMBERS)}) ?"
    r"(m|h|d|w|(?:min|minute|hr|hour|day|wk|week|fortnight)s?)(?![a-z])(?: ?and)? ?"
)


class BadWhen(ValueError):
    """A date, time or span that cannot be read. Its str is one sentence that says what to type."""


class PastWhen(BadWhen):
    """A moment that is over, where one to come is asked for."""


def part(text: str, *, day: bool = False) -> tuple[str, time | None]:
    """The words of a text in lower case and without fillers, and apart from them a time of day.

    "end of day" is 17:00. Where a `day` is asked for, "15.11" is one. Raises BadWhen if there is no such
    time, or it may be two.
    """
    plain = re.sub(r"(?<=\d)t(?=\d)", " ", text.strip(" \"'`.").lower())
    try:
        words = " ".join(_FILLERS.sub(" ", as_clock(" ".join(plain.split()), day=day)).split())
    except Ambiguous as error:
        raise BadWhen(str(error)) from error
    found = _TIME.search(words)
    if not found:
        return words, None
    hour12, minute12, half, hour24, minute24, name = found.groups()
    hour = _NAMED_TIMES[name] if name else int(hour12 or hour24)
    if half and hour in range(1, 13):
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half or hour > 23:
        raise BadWhen(WHEN)
    rest = f"{words[: found.start()]} {words[found.end() :]}"
    return " ".join(rest.split()), time(hour, int(minute12 or minute24 or 0))


def measure(words: str) -> tuple[int, timedelta] | None:
    """How long "1 h 30 min" or "two weeks" is, as whole days and the rest; None if it is no span."""
    words = re.sub(r"^(\d+) ?h ?(\d{1,2})$", r"\1 h \2 min", words.replace("half an hour", "30 min"))
    if not re.fullmatch(f"(?:{_MEASURE.pattern})+", words):
        return None
    days, rest = 0, timedelta()
    for count, unit in _MEASURE.findall(words):
        minutes = round((NUMBERS.get(count) or float(count)) * _UNITS[unit[0]])
        if unit[0] in "dwf" and minutes % _UNITS["d"] == 0:
            days += minutes // _UNITS["d"]
        else:
            rest += timedelta(minutes=minutes)
    return days, rest


def ahead(words: str) -> tuple[int, timedelta] | None:
    """What "in 2 h", "2 h" or "3 days ago" adds to now: whole days and the rest; None if it is neither."""
    ago = words.endswith(" ago")
    measured = measure(words.removeprefix("in ").removesuffix(" ago").removesuffix(" now"))
    return (-measured[0], -measured[1]) if measured and ago else measured


def days_meant(words: str, today: date, step: int) -> list[date]:
    """The days that `words` can mean, the likeliest first; none if they mean no day.

    What does not name its week or year is looked for from `today` on (`step` 1) or back (-1); no words
    at all are today, or the day after it in that direction. Raises BadWhen where two readings differ.
    """
    if not words:
        return [today, today + timedelta(days=step)]
    if words in _NAMED_DAYS:
        return [today + timedelta(days=_NAMED_DAYS[words])]
    if (moved := ahead(words)) and not moved[1]:
        return [today + timedelta(days=moved[0])]
    named = _WEEKDAY.search(words)
    if not named:
        return _calendar(words, today, step)
    weekday = [day[:3] for day in DAYS].index(named[2])
    rest = " ".join(f"{words[: named.start()]} {words[named.end() :]}".split())
    if not rest:
        return _weekdays(named[1], weekday, today, step)
    days = [] if named[1] else _calendar(rest, today, step)
    if days and days[0].weekday() != weekday:
        day = f"{days[0].day} {MONTHS[days[0].month - 1]} {days[0].year}"
        raise BadWhen(f"{day} is a {DAYS[days[0].weekday()].title()}: type the date or the weekday again.")
    return days


def _weekdays(which: str | None, weekday: int, today: date, step: int) -> list[date]:
    """Days of that name: in this week or the next, Monday to Sunday; the last before today; the nearest."""
    monday = today - timedelta(days=today.weekday())
    match which:
        case "this":
            return [monday + timedelta(days=weekday)]
        case "next":
            return [monday + timedelta(days=weekday + 7)]
        case "last":
            return [today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)]
        case _:
            near = [today + timedelta(days=step * days) for days in range(8)]
            return [day for day in near if day.weekday() == weekday]


def _calendar(words: str, today: date, step: int) -> list[date]:
    """Dates such as "3 dec", "dec 3rd 2026", "2026-12-03" and "25/12"; without a year, the nearest ones."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words)
    if iso and int(iso[2]) in range(1, 13):
        words = f"{iso[3]} {MONTHS[int(iso[2]) - 1]} {iso[1]}"
    numbers = re.fullmatch(r"(\d{1,2})(?:[/.](\d{1,2})|([/.-])(\d{1,2})\3(\d{2}|\d{4}))", words)
    if numbers:
        first, second, year = int(numbers[1]), int(numbers[2] or numbers[4]), numbers[5] or ""
        day, month = (first, second) if second <= 12 else (second, first)
        if month not in range(1, 13) or (day <= 12 and day != month) or len(year) == 2:
            raise BadWhen(ORDER)
        words = f"{day} {MONTHS[month - 1]} {year}".strip()
    if re.search(r"(?<!\d)\d{4}(?!\d)", words):
        dated = _dated(words)
        return [dated] if dated else []
    years = (_dated(f"{words} {today.year + step * more}") for more in range(9))  # 29 Feb may be 8 years off
    return [day for day in years if day and (day - today).days * step >= 0]


def _dated(words: str) -> date | None:
    """A date with its month in words and its year; None if there is no such date."""
    if not re.search(r"[a-z]{3}", words.lower()):
        return None
    found: datetime | None = _months().get_date_data(words).date_obj
    return found.date() if found and found.year in YEARS and found.time() == time() else None


@cache
def _months() -> DateDataParser:
    # made at the first use, not on import: that reads its English tables, which takes 0.1 s
    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "DMY",
        "PREFER_LOCALE_DATE_ORDER": False,
        "RETURN_AS_TIMEZONE_AWARE": False,
        "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001  # dateparser's own, and unused: all is given
    }
    return DateDataParser(languages=["en"], settings=settings)
