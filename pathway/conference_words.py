"""When a conference is, as it is said: always with the zone named, as people sit in several."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pathway.conference import Conference
from pathway.hours import aware_utc
from pathway.slot_words import say_zone
from pathway.when import say_when

Say = Callable[[datetime, str, datetime], str]
"""Says a moment for people in a zone, at another moment."""


def say_slot(starts: datetime, minutes: int, zone: str, now: datetime, *, say: Say = say_when) -> str:
    """From when until when for people in `zone`: "Tue 1 Dec 12:30-13:30 London time".

    `say` says the start: `say_when`, or `say_standing` for what stands for days.
    """
    ends = aware_utc(starts + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    return f"{say(starts, zone, now)}-{ends:%H:%M} {say_zone(zone)}"


def say_conference(conference: Conference, zone: str, now: datetime) -> str:
    """When a conference is for people in `zone`."""
    return say_slot(conference.starts, conference.minutes, zone, now)


def say_elsewhere(starts: datetime, zone: str, zones: Iterable[str]) -> str:
    """The same start in the other zones whose clocks show another time: "13:30 Berlin time, 07:30 UTC"."""
    here = aware_utc(starts).astimezone(ZoneInfo(zone))
    said: dict[datetime, str] = {}
    for other in zones:
        there = here.astimezone(ZoneInfo(other))
        wall = there.replace(tzinfo=None)
        if wall != here.replace(tzinfo=None):
            day = "" if there.date() == here.date() else f"{there:%a} "
            said.setdefault(wall, f"{day}{there:%H:%M} {say_zone(other)}")
    return ", ".join(said[wall] for wall in sorted(said))
