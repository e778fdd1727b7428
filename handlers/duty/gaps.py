"""When nobody will be on duty: looked for a working day ahead, so that there is time to find somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pathway.duty import Gap, Rota, gaps
from pathway.duty_words import say_stretch
from pathway.people import Roster
from storage.clinic import Clinic


@dataclass(frozen=True)
class Missing:
    """A stretch in which nobody is on duty for a role."""

    role: str
    gap: Gap


def ahead(
    roster: Roster, clinic: Clinic, now: datetime, rotas: Mapping[str, Rota] | None = None
) -> tuple[Missing, ...]:
    """What is missing until the end of the next working day, by role and time."""
    known = clinic.duty.rotas(roster.team, now) if rotas is None else rotas
    until = roster.team.hours.end_of_next_day(now)
    return tuple(Missing(role, gap) for role, rota in known.items() for gap in gaps(rota, roster, now, until))


def key(missing: Missing, roster: Roster) -> str:
    """What makes two the same, so that it is told once.

    Where the rota names somebody it is that day and those people; where it names nobody it is the same in
    every week, and its end is what does not move while it lasts.
    """
    zone = ZoneInfo(roster.team.hours.zone)
    starts, ends = missing.gap.starts.astimezone(zone), missing.gap.ends.astimezone(zone)
    if missing.gap.planned:
        return f"{missing.role} {starts:%Y-%m-%d} {' '.join(missing.gap.planned)}"
    return f"{missing.role} {ends:%a %H:%M}"


def say_gap(missing: Missing, roster: Roster, clinic: Clinic, now: datetime) -> str:
    """It in words: "Psychologist: tomorrow 09:00 to 17:00 (Bo Lindqvist can't)"."""
    role = clinic.definition.role(missing.role)
    stretch = say_stretch(missing.gap.starts, missing.gap.ends, roster.team.hours.zone, now)
    planned = ", ".join(roster.name(each) for each in missing.gap.planned)
    why = f"{planned} can't, and nobody covers" if planned else "the rota names nobody"
    return f"{role.label if role else missing.role}: {stretch} ({why})"
