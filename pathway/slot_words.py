"""Times of day with their length as people type them ("12:30-13:30", "at 8 for 15 min"), and zones by name.

What is looked for is taken out of a line, and the rest of the line given back with it.
"""

import re
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from pathway.conference import Conference
from pathway.hours import BadHours, read_hours
from pathway.series import MOST_MINUTES
from pathway.when import PAST, BadWhen, read_day, read_span

EARLIEST = 7
"""An hour before this one, said without am, pm or minutes, may be meant in the afternoon."""
MOVED = "Type the new time like thu 14:00, tomorrow 14:00-15:00, or 14:00 for the same day."

_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc"
_ZONE = re.compile(rf"(?<![\w/])((?:{_AREAS})/[A-Za-z_/+-]+|UTC)(?![\w/])", re.I)
_NOT_WITHIN = r"(?<![\w:/.-])"
_CLOCK = r"\d{1,2}(?:[:.h][0-5]\d)?\s*(?:am|pm)?"
_SPAN = re.compile(
    rf"{_NOT_WITHIN}(?:at |from )?({_CLOCK}\s*(?:-|–|to|until|till)\s*{_CLOCK})(?![\w:/.-])", re.I
)
_HALVED = re.compile(
    r"(\d{1,2})([:.h]\d\d)?(\s*(?:-|–|to|until|till)\s*(\d{1,2})(?:[:.h]\d\d)?\s*(am|pm))", re.I
)
_ONE_TIME = re.compile(
    rf"{_NOT_WITHIN}(?:at (\d{{1,2}})(?:[:.h]([0-5]\d))? ?([ap]m)?|(\d{{1,2}})(?:[:.h]([0-5]\d))? ?([ap]m)"
    r"|(\d{1,2}):([0-5]\d)|(noon|midday))(?![\w:/.-])",
    re.I,
)
_FOR = re.compile(r"\bfor ((?:\d|an?\b|half)[\w\s.]*?(?:m|min|mins|minutes?|h|hours?|hour))\b", re.I)


def read_moved(text: str, conference: Conference, now: datetime) -> tuple[datetime, int]:
    """When a conference is to start, and its minutes: a day, a time or both; the rest stays as it was.

    Local time is that of the conference's zone, unless one is named. Raises BadWhen.
    """
    rest, zone = cut_zone(" ".join(text.split()))
    zone = zone or conference.zone
    local = conference.starts.astimezone(ZoneInfo(zone))
    rest, at, minutes = cut_times(rest)
    day = local.date()
    if rest.strip(" ,"):
        try:
            day = read_day(rest, zone, now)
        except BadWhen as error:
            raise error if str(error) == PAST else BadWhen(MOVED) from error
    elif at is None:
        raise BadWhen(MOVED)
    starts = datetime.combine(day, at or local.time(), ZoneInfo(zone))
    return starts, conference.minutes if minutes is None else minutes


def cut_zone(text: str) -> tuple[str, str]:
    """The text without the time zone that it names, and that. Raises BadWhen for one that there is not."""
    rest, named = cut(_ZONE, text)
    if named and named.casefold() not in _zones():
        raise BadWhen(f"There is no time zone {named}: type one like Europe/London.")
    return rest, _zones()[named.casefold()] if named else ""


@cache
def _zones() -> dict[str, str]:
    return {each.casefold(): each for each in available_timezones()}


def cut_times(text: str) -> tuple[str, time | None, int | None]:
    """The text without its time of day, that, and how many minutes it says; None for what it doesn't say."""
    rest, lasting = cut(_FOR, text)
    minutes = read_span(lasting) // timedelta(minutes=1) if lasting else None
    rest, said = cut(_SPAN, rest)
    at = None
    if said:
        at, minutes = _span(said)
    elif found := _ONE_TIME.search(rest):
        rest, at = f"{rest[: found.start()]} {rest[found.end() :]}".strip(), _one(*found.groups())
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise BadWhen("A conference lasts up to 8 hours: type a time like 12:30-13:30.")
    return rest, at, minutes


def _span(said: str) -> tuple[time, int]:
    halved = _HALVED.fullmatch(said)
    if halved and int(halved[1]) in range(1, 13):  # "9-10am", "11-1pm": the end says which half is meant
        same = int(halved[1]) % 12 < int(halved[4]) % 12
        half = halved[5] if same else {"am": "pm", "pm": "am"}[halved[5].lower()]
        said = f"{halved[1]}{halved[2] or ''}{half}{halved[3]}"
    try:
        span = read_hours("UTC", f"daily {said}", "").work
    except BadHours as error:
        raise BadWhen("Type times on the 24-hour clock, or with am and pm, like 12:30-13:30.") from error
    minutes = (span.end.hour - span.start.hour) * 60 + span.end.minute - span.start.minute
    return span.start, minutes if minutes > 0 else minutes + 24 * 60


def _one(*said: str | None) -> time:
    hour = next((each for each in (said[0], said[3], said[6]) if each), "12")
    minute = next((each for each in (said[1], said[4], said[7]) if each), "")
    half = (said[2] or said[5] or "").lower()
    if not (half or minute or said[8]) and int(hour) < EARLIEST:
        raise BadWhen(
            f"Is that {int(hour):02}:00 or {int(hour) + 12}:00? Type the time so, or with am or pm."
        )
    hours = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
    if hours > 23 or (half and int(hour) not in range(1, 13)):
        raise BadWhen("There is no such time of day: type one like 12:30-13:30.")
    return time(hours, int(minute or 0))


def cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The text without what the pattern finds, and that ("" if nothing)."""
    found = pattern.search(text)
    if found is None:
        return text, ""
    return f"{text[: found.start()]} {text[found.end() :]}".strip(), found[1]


def say_span_of(at: time, minutes: int) -> str:
    """A time of day with its end: "12:30-13:30"."""
    ends = (at.hour * 60 + at.minute + minutes) % (24 * 60)
    return f"{at:%H:%M}-{ends // 60:02}:{ends % 60:02}"


def say_zone(zone: str) -> str:
    """A zone as people say it: "London time", "UTC"."""
    return zone if "/" not in zone else f"{zone.rpartition('/')[2].replace('_', ' ')} time"
