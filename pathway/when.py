"""Dates, times and spans as people type them, and as they are said back.

Local time that a spring change skips is read as the moment as much later; local time that an autumn
change repeats, as its first. What was understood should always be said back, with `say_when`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pathway.hours import DAYS, Hours, aware_utc
from pathway.time_words import MONTHS, NUMBERS, WHEN, BadWhen, PastWhen, ahead, days_meant, measure, part

__all__ = ["BadWhen", "PastWhen", "read_day", "read_due", "read_span", "read_when"]
__all__ += ["say_day", "say_span", "say_standing", "say_when"]

DAY = "Type a day like tomorrow, friday, next tue or 3 Dec 2026."
SPAN = "Type how long, like 15 min, 2 h, 3 days or 1 h 30 min."
DUE = "Type until when, like friday, 3 Dec, 3 working days or tomorrow 14:00."
PAST = "That is already past: type a later one, like tomorrow 9am or next tue."


def read_when(text: str, zone: str, now: datetime, *, future: bool = True, alone: time = time(9)) -> datetime:
    """The moment (UTC, to the minute) that a person in `zone` (IANA) means by `text` at `now`.

    With `future` the past is refused, and what does not name its week or year is the next one from now
    on; without, it is the last one up to now. "next tue" is the Tuesday of next week, from Monday on;
    "end of day" is 17:00; a day with no time means `alone`. Raises BadWhen; ValueError if `now` is naive.
    """
    local = aware_utc(now).astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
    words, at = part(text)
    if at is None and words == "now":
        return local.astimezone(UTC)
    if at is None and (passed := ahead(words)):
        # days keep the wall clock's time over a clock change, hours are real ones
        moments = [(local + timedelta(days=passed[0])).astimezone(UTC) + passed[1]]
    elif at is None and not words:
        raise BadWhen(WHEN)
    else:
        days = _days(words, local.date(), 1 if future else -1)
        times = [datetime.combine(day, alone if at is None else at, local.tzinfo) for day in days]
        moments = [each.astimezone(UTC) for each in times]
    return _kept(moments, local.astimezone(UTC), future)


def _days(words: str, today: date, step: int) -> list[date]:
    """The days that are meant. "next week" begins on a day, and is none: a duty of that week is longer."""
    if words == "next week":
        return [today + timedelta(days=7 - today.weekday())]
    return days_meant(words, today, step)


def _kept(moments: list[datetime], now: datetime, future: bool) -> datetime:
    """The first moment on the wanted side of `now`; a past one that was wanted may also lie ahead."""
    if not moments:
        raise BadWhen(WHEN)
    kept = [moment for moment in moments if moment == now or (moment > now) == future]
    if future and not kept:
        raise PastWhen(PAST)
    return (kept or moments)[0]


def read_day(text: str, zone: str, now: datetime, *, future: bool = True) -> date:
    """The local date that a person in `zone` means by `text` at `now`, understood as in `read_when`.

    With `future`, today is the earliest. Raises BadWhen; ValueError if `now` is naive.
    """
    today = aware_utc(now).astimezone(ZoneInfo(zone)).date()
    words, at = part(text, day=True)
    days = days_meant(words, today, 1 if future else -1) if words and at is None else []
    if not days:
        raise BadWhen(DAY)
    if future and days[0] < today:
        raise PastWhen(PAST)
    return days[0]


_WORKING_DAYS = re.compile(r"(?:in )?(\w+) (?:working|work|business) ?days?")


def read_due(text: str, zone: str, hours: Hours, now: datetime) -> datetime:
    """Until when (UTC) something is to be done, as a person in `zone` says it at `now`.

    A day means the end of the team's work on it, or on the working day before one that is none; if that is
    over already, on the next. "3 working days" counts from the team's today. Raises BadWhen.
    """
    words, at = part(text)
    if at is None and (counted := _WORKING_DAYS.fullmatch(words)):
        days = NUMBERS.get(counted[1]) or (int(counted[1]) if counted[1].isdecimal() else 0)
        if days not in range(1, 261):
            raise BadWhen(DUE)
        return hours.end_of_day(hours.days_after(hours.today(now), days))
    if at is not None or ((moved := ahead(words)) and moved[1]):
        return read_when(text, zone, now)
    try:
        day = read_day(text, zone, now)
    except PastWhen:
        raise
    except BadWhen as error:
        raise BadWhen(DUE if str(error) == DAY else str(error)) from error
    ends = hours.end_of_day(day)
    return ends if ends > now else hours.end_of_day(hours.days_after(hours.today(now), 1))


def read_span(text: str) -> timedelta:
    """How long "15 min", "2 h", "1h30", "an hour" or "3 days" is, never nothing; raises BadWhen."""
    measured = measure(part(text)[0])
    if measured is None or not any(measured):
        raise BadWhen(SPAN)
    return timedelta(days=measured[0]) + measured[1]


def say_when(moment: datetime, zone: str, now: datetime, *, zone_name: bool = False) -> str:
    """A moment for people in `zone`: "today 14:05", "tomorrow 09:00", "Fri 4 Dec 09:00".

    With `zone_name`, "today 14:05 London time". Of the two hours that an autumn change makes alike it
    does not say which. Raises ValueError if a moment is naive.
    """
    return _said(moment, zone, now, {-1: "yesterday", 0: "today", 1: "tomorrow"}, zone_name)


def say_standing(moment: datetime, zone: str, now: datetime, *, zone_name: bool = False) -> str:
    """A moment on what stands for days or is printed, where "tomorrow" would soon mean a day too late.

    "today 14:05", else "Fri 4 Dec 09:00"; the rest as in `say_when`.
    """
    return _said(moment, zone, now, {0: "today"}, zone_name)


def _said(moment: datetime, zone: str, now: datetime, named: Mapping[int, str], zone_name: bool) -> str:
    """A moment in local time; `named` are the days that have a name, by how many they are from today."""
    local = aware_utc(moment).astimezone(ZoneInfo(zone))
    today = aware_utc(now).astimezone(ZoneInfo(zone)).date()
    day = named.get((local.date() - today).days) or say_day(local.date(), today)
    place = f" {zone.rpartition('/')[2].replace('_', ' ')} time" if zone_name else ""
    return f"{day} {local:%H:%M}{place}"


def say_day(day: date, today: date) -> str:
    """A date such as "Fri 4 Dec", with its year if that is not the year of `today`."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{DAYS[day.weekday()][:3].title()} {day.day} {MONTHS[day.month - 1]}{year}"


def say_span(delta: timedelta) -> str:
    """How long it is, whichever way: "15 min", "1 h 30 min", "2 days 4 h"; from a week on, whole days."""
    minutes = abs(delta) // timedelta(minutes=1)
    days, hours = minutes // 1440, minutes % 1440 // 60
    counts = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes % 60, "min")]
    said = counts[:1] if days >= 7 else counts[:2] if days else counts[1:]
    return " ".join(f"{count} {unit}" for count, unit in said if count) or "0 min"
