"""Duty as people type it ("mon-fri 9-17 every 2 weeks from monday"), and as it is said back."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pathway.duty import Shift
from pathway.hours import BadHours, Hours, read_hours, say_working
from pathway.when import BadWhen, read_day, read_when, say_day, say_when

WEEKLY = "Type days and hours like mon-fri 9-17, or a stretch like from fri 18:00 until mon 8:00."
STRETCH = "Type a day like friday, or a stretch like from fri 18:00 until mon 8:00."
BACKWARDS = "That ends before it starts: type a stretch like from fri 18:00 until mon 8:00."

_STRETCH = re.compile(r"from\s+(.+?)\s+(?:until|till|to)\s+(.+)", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:today|tonight|tomorrow|tmrw)\b", re.IGNORECASE)
_EVERY = re.compile(r"\bevery\s+(?:(\d|other|second|two|three|four)\s+weeks?|week)\b", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till)\s+(\D*\b\d{1,2}\b.*|[^\d]+)$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|starting)\s+(.+)$", re.IGNORECASE)
_NUMBERS = {"other": 2, "second": 2, "two": 2, "three": 3, "four": 4}
MOST_WEEKS = 9


def read_shift(text: str, member: str, hours: Hours, now: datetime) -> Shift:
    """The weekly duty that `text` means: days and hours, `every 2 weeks`, `from` and `until` a day.

    What it leaves out is the team's: its working days, its working hours. Raises BadHours or BadWhen.
    """
    rest, every = _cut(_EVERY, text)
    rest, until = _cut(_UNTIL, rest)
    rest, start = _cut(_FROM, rest)
    zone = hours.zone
    first = read_day(start, zone, now) if start else now.astimezone(ZoneInfo(zone)).date()
    last = read_day(until, zone, now) if until else None
    if last is not None and last < first:
        raise BadWhen(BACKWARDS)
    read = _weekly(rest, hours)
    return Shift(member, read.days, read.work, first, last, _weeks(every) if every else 1)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The text without what the pattern finds, and that ("" if nothing)."""
    found = pattern.search(text)
    if found is None:
        return text, ""
    return f"{text[: found.start()]} {text[found.end() :]}".strip(), found[1] or "1"


def _weeks(word: str) -> int:
    weeks = _NUMBERS.get(word.lower()) or int(word)
    if not 1 <= weeks <= MOST_WEEKS:
        raise BadHours("A rota can turn every week or every 2 to 9 weeks.")
    return weeks


def _weekly(text: str, hours: Hours) -> Hours:
    """Days and hours, of which either may be the team's own."""
    words = text.strip(" ,")
    days, *times = re.split(r"(?=\d)", words, maxsplit=1)
    if not words:
        raise BadHours(WEEKLY)
    if not times:
        words = f"{words} {hours.work}"
    elif not days.strip():
        words = f"{say_working(hours).split()[0]} {words}"
    try:
        return read_hours(hours.zone, words, "")
    except BadHours as error:
        raise BadHours(WEEKLY) from error


def is_stretch(text: str) -> bool:
    """Whether this is said of one stretch of time, and not of every week."""
    return _STRETCH.fullmatch(text.strip()) is not None


def read_stretch(text: str, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """From when until when (UTC) "from fri 18:00 until mon 8:00" or "friday", the whole day, lasts.

    It may have begun already, but not be over. Raises BadWhen.
    """
    found = _STRETCH.fullmatch(text.strip())
    if found is None:
        return _whole_day(text, zone, now)
    starts = read_when(found[1], zone, now)
    # Of days that come again the first behind the start is meant; "tomorrow" is the one of whoever types.
    ends = read_when(found[2], zone, now if _RELATIVE.search(found[2]) else max(starts, now))
    if ends <= starts:
        raise BadWhen(BACKWARDS)
    return starts, ends


def _whole_day(text: str, zone: str, now: datetime) -> tuple[datetime, datetime]:
    try:
        day = read_day(text, zone, now)
    except BadWhen as error:
        raise BadWhen(STRETCH) from error
    midnight = datetime.combine(day, time(), ZoneInfo(zone))
    return midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)


def say_shift(shift: Shift, hours: Hours, now: datetime) -> str:
    """A shift in words: "Mon-Fri 09:00-17:00, every 2 weeks, from Mon 1 Dec"."""
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    said = say_working(replace(hours, days=shift.days, work=shift.span))
    if shift.every > 1:
        said += f", every {shift.every} weeks"
    if shift.first > today:
        said += f", from {say_day(shift.first, today)}"
    elif shift.every > 1:
        said += f", counted from {say_day(shift.first, today)}"
    return f"{said}, until {say_day(shift.last, today)}" if shift.last else said


def say_stretch(starts: datetime, ends: datetime, zone: str, now: datetime) -> str:
    """A stretch in words: "tomorrow 09:00 to 17:00", "Fri 4 Dec 18:00 to Mon 7 Dec 08:00"."""
    local = [moment.astimezone(ZoneInfo(zone)).date() for moment in (starts, ends)]
    until = say_when(ends, zone, now)
    return f"{say_when(starts, zone, now)} to {until.rpartition(' ')[2] if local[0] == local[1] else until}"
