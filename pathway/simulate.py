"""Replays the past under two definitions: which flags each would have raised, and who would have answered.

Every patient's entries come again one by one, at the moment when they were entered; the rules that time
alone can make true are also looked at once a week. A flag is raised when a rule begins to hold. What people
did about a flag is not replayed: each time a rule begins to hold again counts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from pathway.definition import Definition
from pathway.definition_rules import RuleDef
from pathway.measure import History, Measure
from pathway.triage import Facts, finding

WEEK = timedelta(weeks=1)


@dataclass
class Simulation:
    """What came of a replay. Flags are counted by rule, and by the role that must answer first.

    `raised` are those that only the new definition raises, `dropped` those that only the old one does.
    `begins` and `until` bound the time that was replayed.
    """

    until: datetime
    begins: datetime | None = None
    patients: int = 0
    entries: int = 0
    old: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    raised: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    old_by_role: Counter[str] = field(default_factory=Counter)
    new_by_role: Counter[str] = field(default_factory=Counter)

    @property
    def weeks(self) -> float:
        """How long the time was that was replayed; at least one week."""
        return max((self.until - self.begins) / WEEK, 1.0) if self.begins else 1.0

    def count(self, pair: "_Pair", old: bool, new: bool) -> None:
        """One moment at which a rule began to hold under either definition."""
        if old and pair.old:
            self.old[pair.id] += 1
            self.old_by_role[pair.old.roles[0]] += 1
        if new and pair.new:
            self.new[pair.id] += 1
            self.new_by_role[pair.new.roles[0]] += 1
        if old != new:
            (self.raised if new else self.dropped)[pair.id] += 1


def simulate(
    old: Definition, new: Definition, histories: Iterable[History], since: datetime, until: datetime
) -> Simulation:
    """Replays what was entered from `since` to `until` (aware), with one patient in memory at a time."""
    result = Simulation(until)
    pairs = _pairs(old, new)
    for history in histories:
        result.patients += 1
        _replay(history, pairs, result, since)
    return result


@dataclass(frozen=True)
class _Pair:
    """A rule in both definitions; None where it is not there or off."""

    id: str
    old: RuleDef | None
    new: RuleDef | None
    same: bool
    instruments: frozenset[str]
    by_time: bool

    def holds(self, facts: Facts) -> tuple[bool, bool]:
        """Whether it holds under the old and under the new definition."""
        old = self.old is not None and finding(self.old, facts) is not None
        return old, old if self.same else self.new is not None and finding(self.new, facts) is not None


def _pairs(old: Definition, new: Definition) -> tuple[_Pair, ...]:
    before = {rule.id: rule for rule in old.rules if rule.enabled}
    after = {rule.id: rule for rule in new.rules if rule.enabled}
    return tuple(_pair(id, before.get(id), after.get(id)) for id in dict.fromkeys([*before, *after]))


def _pair(id: str, old: RuleDef | None, new: RuleDef | None) -> _Pair:
    there = [rule for rule in (old, new) if rule is not None]
    same = old is not None and new is not None and old.when == new.when
    looks_at = frozenset[str]().union(*(rule.instruments for rule in there))
    return _Pair(id, old, new, same, looks_at, any(rule.by_time for rule in there))


def _replay(history: History, pairs: tuple[_Pair, ...], result: Simulation, since: datetime) -> None:
    facts = Facts(history.since, history.since)
    timed = [pair for pair in pairs if pair.by_time]
    held = {pair.id: (False, False) for pair in pairs}
    for moment, entries in _moments(history, bool(timed), since, result.until):
        facts.now = moment
        counts = moment >= since
        codes = {entry.instrument for entry in entries}
        touched = [pair for pair in pairs if pair.instruments & codes] if entries else timed
        if counts:  # what time has ended since the last entry begins anew with this one
            held.update({pair.id: pair.holds(facts) for pair in touched if not pair.by_time})
        for entry in entries:
            facts.add(entry)
        if not counts:
            continue
        if entries:
            result.entries += len(entries)
            result.begins = min(result.begins or moment, moment)
        held_before = not entries and moment == since > history.since
        for pair in touched:
            was, now = held[pair.id], pair.holds(facts)
            held[pair.id] = now
            began = now[0] and not was[0], now[1] and not was[1]
            if any(began) and not held_before:
                result.count(pair, *began)


def _moments(
    history: History, weekly: bool, since: datetime, until: datetime
) -> Iterator[tuple[datetime, tuple[Measure, ...]]]:
    """The entries of every moment, in order, and between them the weeks of the time that counts."""
    week = max(history.since, since)
    by_moment = sorted(history.measures, key=lambda each: each.entered_at)
    for moment, entries in groupby(by_moment, key=lambda each: each.entered_at):
        if moment > until:
            break
        while weekly and week <= moment:
            yield week, ()
            week += WEEK
        yield moment, tuple(entries)
    while weekly and week <= until:
        yield week, ()
        week += WEEK
