"""Triage rules: which of a definition's rules hold for a patient, and the values that made them hold.

Rules are a small declarative form in the TOML definition (`pathway.definition_rules`), not an expression
language like CEL. A steering group reads it without learning a language; a wrong one is refused with its
line by what refuses the rest of the definition; and every condition yields its value and its threshold as
Evidence, where an expression yields only true or false.

Everything here is pure: the same history at the same moment gives the same findings, in whatever order its
entries come. A history holds no corrected entries, so what only a corrected entry made true is gone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathway.definition import Definition
from pathway.definition_rules import Condition, RuleDef
from pathway.finding import Evidence, Finding
from pathway.instruments import band
from pathway.measure import History, Measure
from pathway.triage_words import say_change, say_limit, say_value

__all__ = ["Facts", "RuleDef", "evaluate", "finding"]


class Facts:
    """What is known of one patient at a moment: the entries of each instrument, the oldest first."""

    def __init__(self, since: datetime, now: datetime, measures: Iterable[Measure] = ()) -> None:
        if now.tzinfo is None:
            raise ValueError("rules need an aware datetime")
        self.since = since
        self.now = now
        self._of: dict[str, list[Measure]] = {}
        for measure in measures:
            self._of.setdefault(measure.instrument, []).append(measure)
        for entries in self._of.values():
            entries.sort(key=_in_time)

    def add(self, measure: Measure) -> None:
        """One more entry."""
        entries = self._of.setdefault(measure.instrument, [])
        entries.append(measure)
        entries.sort(key=_in_time)

    def of(self, code: str) -> list[Measure]:
        """The entries of an instrument, the oldest first."""
        return self._of.get(code, [])

    def fresh(self, measure: Measure, within_days: int | None) -> bool:
        """Whether it was entered within the last days; anything is without such a limit."""
        return within_days is None or measure.entered_at >= self.now - timedelta(days=within_days)

    def newest(self, condition: Condition) -> Measure | None:
        """The newest entry of the condition's instrument, if it is not too old for it."""
        entries = self.of(condition.code)
        return entries[-1] if entries and self.fresh(entries[-1], condition.within_days) else None


@dataclass(frozen=True)
class Look:
    """What a condition saw: whether it holds, and the values by which."""

    holds: bool
    evidence: tuple[Evidence, ...] = ()


def evaluate(definition: Definition, history: History, now: datetime) -> tuple[Finding, ...]:
    """What the definition's rules find of a patient now (aware), in the order of the rules."""
    facts = Facts(history.since, now, history.measures)
    found = (finding(rule, facts) for rule in definition.rules if rule.enabled)
    return tuple(each for each in found if each is not None)


def finding(rule: RuleDef, facts: Facts) -> Finding | None:
    """What this rule finds, or None where it does not hold."""
    look = _look(rule.when, facts)
    if not look.holds:
        return None
    return Finding(
        rule.id, rule.version, rule.label, rule.severity, rule.roles, rule.service, rule.says,
        look.evidence, rule.private,
    )  # fmt: skip


def _look(condition: Condition, facts: Facts) -> Look:
    return _KINDS[condition.kind](condition, facts)


NOTHING = Look(False)


def _score(condition: Condition, facts: Facts) -> Look:
    entry = facts.newest(condition)
    return _within(condition, entry.score, entry, condition.code) if entry else NOTHING


def _answer(condition: Condition, facts: Facts) -> Look:
    """By the newest entry in which the item was answered: a later total alone says nothing of it."""
    at = condition.at
    for entry in reversed(facts.of(condition.code)):
        value = entry.answers[at] if at < len(entry.answers) else None
        if value is not None:
            fresh = facts.fresh(entry, condition.within_days)
            return _within(condition, value, entry, condition.answer or "") if fresh else NOTHING
    return NOTHING


def _within(condition: Condition, value: float, entry: Measure, what: str) -> Look:
    holds = (
        (condition.at_least is None or value >= condition.at_least)
        and (condition.at_most is None or value <= condition.at_most)
        and (condition.below is None or value < condition.below)
        and (condition.number is None or value == condition.number)
    )
    shown = Evidence(what, say_value(value, condition), say_limit(condition), entry.taken_at, entry.id)
    return Look(holds, (shown,))


def _band(condition: Condition, facts: Facts) -> Look:
    entry = facts.newest(condition)
    if entry is None:
        return NOTHING
    found = band(condition.instrument, entry)
    value = f"{found} ({entry.score:g})" if found else f"{entry.score:g}"
    shown = Evidence(condition.code, value, say_limit(condition), entry.taken_at, entry.id)
    return Look(found == condition.exactly, (shown,))


def _change(condition: Condition, facts: Facts) -> Look:
    """Of the newest entry since the baseline or the one before it; no change is known from one entry."""
    entries = facts.of(condition.code)
    if len(entries) < 2:
        return NOTHING
    newest = entries[-1]
    before = entries[-2] if condition.since == "last" else _baseline(entries)
    if newest is before or not facts.fresh(newest, condition.within_days):
        return NOTHING
    worse = (newest.score - before.score) * (1 if condition.instrument.higher_is_worse else -1)
    worse = round(worse, 9)  # a mean of three leaves crumbs, which must not decide
    percent = round(100 * worse / abs(before.score), 6) if before.score else None
    long_enough = newest.taken_at - before.taken_at >= timedelta(weeks=condition.after_weeks or 0)
    value, threshold = say_change(condition, before.score, newest.score, worse, percent)
    shown = Evidence(condition.code, value, threshold, newest.taken_at, newest.id)
    return Look(long_enough and _changed(condition, worse, percent), (shown,))


def _changed(condition: Condition, worse: float, percent: float | None) -> bool:
    if condition.worse_by is not None:
        return worse >= condition.worse_by
    if percent is None:  # from nothing there is no part of it: only the raw change counts
        return False
    if condition.worse_by_percent is not None:
        return percent >= condition.worse_by_percent
    return -percent < (condition.better_by_less_than_percent or 0)


def _baseline(entries: list[Measure]) -> Measure:
    """The entry that changes count from: the newest one marked so, else the oldest."""
    return next((each for each in reversed(entries) if each.baseline), entries[0])


def _missing(condition: Condition, facts: Facts) -> Look:
    entries = facts.of(condition.code)
    last = entries[-1].taken_at if entries else facts.since
    days = (facts.now - last).days
    value = f"none for {days} days" if entries else f"never, in {days} days"
    shown = Evidence(condition.code, value, f"none for {condition.for_days} days", last)
    return Look(days >= (condition.for_days or 0), (shown,))


def _count(condition: Condition, facts: Facts) -> Look:
    entries = _counted(condition, facts)
    return _amount(condition, len(entries), "entries", entries)


def _sum(condition: Condition, facts: Facts) -> Look:
    entries = _counted(condition, facts)
    return _amount(condition, sum(each.score for each in entries), "in all", entries)


def _counted(condition: Condition, facts: Facts) -> list[Measure]:
    return [each for each in facts.of(condition.code) if facts.fresh(each, condition.within_days)]


def _amount(condition: Condition, amount: float, unit: str, entries: list[Measure]) -> Look:
    if not entries:
        return NOTHING
    newest = entries[-1]
    shown = Evidence(condition.code, f"{amount:g} {unit}", say_limit(condition), newest.taken_at, newest.id)
    return Look(amount >= (condition.at_least or 0), (shown,))


def _weeks(condition: Condition, facts: Facts) -> Look:
    weeks = (facts.now - facts.since).days // 7
    wanted = condition.weeks_in_pathway or 0
    shown = Evidence("time in the pathway", f"{weeks} weeks", f"at least {wanted} weeks", facts.since)
    return Look(weeks >= wanted, (shown,))


def _all(condition: Condition, facts: Facts) -> Look:
    looks: list[Look] = []
    for part in condition.parts:
        looks.append(_look(part, facts))
        if not looks[-1].holds:
            return Look(False, _together(looks))
    return Look(True, _together(looks))


def _any(condition: Condition, facts: Facts) -> Look:
    """Shows what holds only; inside of `none` nothing does, and so all that was looked at."""
    looks = [_look(part, facts) for part in condition.parts]
    holding = [each for each in looks if each.holds]
    return Look(bool(holding), _together(holding or looks))


def _none(condition: Condition, facts: Facts) -> Look:
    """Shows the values that stayed short of what would have ruled it out."""
    looks = [_look(part, facts) for part in condition.parts]
    short = (Evidence(e.what, e.value, f"not {e.threshold}", e.at, e.measure) for e in _together(looks))
    return Look(not any(each.holds for each in looks), tuple(short))


def _together(looks: Iterable[Look]) -> tuple[Evidence, ...]:
    """All their evidence, each piece once."""
    return tuple(dict.fromkeys(piece for look in looks for piece in look.evidence))


def _in_time(measure: Measure) -> tuple[datetime, datetime, str]:
    return measure.taken_at, measure.entered_at, measure.id


_KINDS: Mapping[str, Callable[[Condition, Facts], Look]] = {
    "score": _score,
    "answer": _answer,
    "band": _band,
    "change": _change,
    "missing": _missing,
    "count": _count,
    "sum": _sum,
    "weeks_in_pathway": _weeks,
    "all": _all,
    "any": _any,
    "none": _none,
}
