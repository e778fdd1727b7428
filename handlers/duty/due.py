"""When nobody will be on duty the lead is told before it matters: every working day, and after changes."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from cards.card import Card, Choice, Items, Text, Tone
from handlers.duty.gaps import Missing, ahead, key, say_gap
from handlers.fallen_due import FallenDue, of_kind
from pathway.people import Roster
from storage.clinic import Clinic
from storage.rounds import Kind, Round

_INSTEAD = "Until somebody is found, everybody who holds the role is asked."


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next team whose rota is to be looked at and is not `left`, locked, and what to do."""
    due = clinic.rounds.due(Kind.DUTY, now, of_kind(left, "duty:"))
    return FallenDue(f"duty:{due.team}", due.next_at, lambda: _look(due, clinic, now)) if due else None


def _look(due: Round, clinic: Clinic, now: datetime) -> None:
    roster = clinic.people.roster(due.team)
    missing = ahead(roster, clinic, now)
    fresh = [each for each in missing if key(each, roster) not in due.told]
    _tell_lead(fresh, roster, clinic, now)
    told = (*_kept(due.told, roster, now), *(key(each, roster) for each in fresh))
    clinic.rounds.put(Kind.DUTY, due.team, roster.team.hours.next_opening(now), told)


def _kept(told: tuple[str, ...], roster: Roster, now: datetime) -> tuple[str, ...]:
    """What may come again: what is so every week, and what was told of a day that is not over."""
    today = now.astimezone(ZoneInfo(roster.team.hours.zone)).date().isoformat()
    return tuple(each for each in told if not each.split()[1][0].isdecimal() or each.split()[1] >= today)


def _tell_lead(missing: list[Missing], roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Not at night, unless it begins before the night is over."""
    if not missing:
        return
    lines = tuple(say_gap(each, roster, clinic, now) for each in missing)
    card = Card(
        f"Nobody is on duty in {roster.team.name}",
        (Items(lines), Text(_INSTEAD, Tone.QUIET)),
        (Choice("Set duty", "duty set"), Choice("Who is on duty?", "duty")),
    )
    morning = roster.team.hours.quiet_until(now)
    at_once = min(each.gap.starts for each in missing) < morning
    leads = roster.leading(now)
    clinic.outbox.tell(leads, card, now, send_after=now if at_once else morning)
