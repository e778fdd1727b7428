"""Once a month: which rules raised flags that were mostly not needed, told to those who keep the pathway."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cards.card import Card, Choice, Items, Text, Tone
from handlers.fallen_due import FallenDue, of_kind
from handlers.flags.digest import BEGUN
from handlers.flags.lists import MOST_BUTTONS
from pathway.flag import State
from pathway.people import Roster
from storage.clinic import Clinic
from storage.rounds import Kind, Round

FEWEST = 5
"""Of fewer closed flags nothing is said about a rule. [ours]"""
SHARE = 0.5
"""From this share of flags that were not needed on, a rule is named. [ours]"""


@dataclass(frozen=True)
class Noise:
    """How many flags of a rule were closed by people, and how many of them as not needed."""

    rule: str
    closed: int
    not_needed: int


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next team whose rules are to be looked at and is not `left`, locked, and what to do."""
    due = clinic.rounds.due(Kind.RULES, now, of_kind(left, "rules:"))
    return FallenDue(f"rules:{due.team}", due.next_at, lambda: _look(due, clinic, now)) if due else None


def _look(due: Round, clinic: Clinic, now: datetime) -> None:
    roster = clinic.people.roster(due.team)
    zone = roster.team.hours.zone
    following = roster.team.hours.next_opening(_month(zone, now, 1) - timedelta(minutes=1))
    clinic.rounds.put(Kind.RULES, due.team, following, (BEGUN,))
    if BEGUN in due.told:
        noisy = noisy_rules(due.team, _month(zone, now, -1), _month(zone, now, 0), clinic)
        _tell(noisy, roster, clinic, now)


def noisy_rules(team: str, since: datetime, until: datetime, clinic: Clinic) -> list[Noise]:
    """Rules of whose flags, closed by people from `since` up to `until`, at least half were not needed."""
    closed: dict[str, int] = defaultdict(int)
    not_needed: dict[str, int] = defaultdict(int)
    for rule, state, count in clinic.flags.closed_by_people(team, since, until):
        closed[rule] += count
        not_needed[rule] += count if state == State.NOT_NEEDED else 0
    found = [Noise(rule, closed[rule], not_needed[rule]) for rule in closed]
    loud = [each for each in found if each.closed >= FEWEST and each.not_needed >= SHARE * each.closed]
    return sorted(loud, key=lambda each: (-each.not_needed / each.closed, each.rule))


def _tell(noisy: list[Noise], roster: Roster, clinic: Clinic, now: datetime) -> None:
    if not noisy:
        return
    lines = tuple(f"{each.rule}: {each.not_needed} of {each.closed} not needed" for each in noisy)
    says = "Change a threshold with `pathway propose`; `pathway simulate` shows first what that would do."
    card = Card(
        f"Rules whose flags were mostly not needed in {roster.team.name} last month",
        (Items(lines), Text(says, Tone.QUIET)),
        tuple(Choice(f"Show {each.rule}", f"pathway show {each.rule}") for each in noisy[:MOST_BUTTONS]),
    )
    clinic.outbox.tell(_keepers(roster, clinic), card, now, send_after=roster.team.hours.quiet_until(now))


def _keepers(roster: Roster, clinic: Clinic) -> tuple[str, ...]:
    """Who of the team may change the pathway, and the lead."""
    keepers = (each for each in clinic.steering.members() if roster.member(each))
    return tuple(dict.fromkeys((*keepers, *roster.leads())))


def _month(zone: str, now: datetime, further: int) -> datetime:
    """When the month of `now` began, or one so many months further (UTC)."""
    today = now.astimezone(ZoneInfo(zone)).date()
    months = today.year * 12 + today.month - 1 + further
    first = today.replace(year=months // 12, month=months % 12 + 1, day=1)
    return datetime.combine(first, time(), ZoneInfo(zone)).astimezone(UTC)
