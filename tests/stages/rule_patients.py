"""The cases of every shipped rule, shared out over as few patients as they fit on, as people type them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pathway.definition import shipped
from pathway.instruments import Instrument, instrument
from pathway.measure import history
from pathway.triage import evaluate
from tests.pathway.rule_cases import ALSO, CASES, NOW, Told, measure

Values = float | Mapping[str, float]
OFF = frozenset(each.id for each in shipped().rules if not each.enabled)


@dataclass
class RulePatient:
    """Somebody whose entries just meet some rules (`at`), and stay just short of others (`short`)."""

    entries: dict[tuple[str, float], Values] = field(default_factory=dict)
    at: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)

    def raised(self) -> set[str]:
        """The rules that hold for somebody of whom nothing else is known, and who came today."""
        entries = (measure(code, days, values) for (code, days), values in self.entries.items())
        today = (replace(each, entered_at=NOW) for each in entries)
        return {each.rule for each in evaluate(shipped(), history("P-7K3K", NOW, today), NOW)}

    def add(self, rule: str, told: Told, *, meets: bool) -> bool:
        """Takes the case on if it goes together with what is there, and leaves each rule on its side."""
        before = dict(self.entries)
        if not self._enter(told):
            return False
        at, short = self.at | ({rule} if meets else set()), self.short | (set() if meets else {rule})
        raised = self.raised()
        if at - OFF <= raised and not short & raised and not at & short:
            self.at, self.short = at, short
            return True
        self.entries = before
        return False

    def _enter(self, told: Told) -> bool:
        days_of = {code: {day for each, day, _ in told if each == code} for code, _, _ in told}
        if any(code in days_of and day not in days_of[code] for code, day in self.entries):
            return False
        both = {
            (code, day): _together(instrument(code), self.entries.get((code, day)), values)
            for code, day, values in told
        }
        if None in both.values():
            return False
        self.entries |= {key: values for key, values in both.items() if values is not None}
        return True

    def lines(self, code: str) -> Iterator[str]:
        """What is typed to enter it all, the oldest first."""
        by_day: dict[float, list[str]] = defaultdict(list)
        for (name, days), values in self.entries.items():
            by_day[days].append(_typed(instrument(name), values))
        for days in sorted(by_day, reverse=True):
            when = f" taken '{days * 24:g} hours ago'" if days else ""
            yield f"assess {code} {', '.join(by_day[days])}{when}"


def _together(known: Instrument, before: Values | None, values: Values) -> Values | None:
    """Both as one entry; None if they can't be one."""
    if before is None or before == values:
        return values
    if isinstance(before, Mapping) and isinstance(values, Mapping) and known.checklist:
        clash = any(before.get(item, value) != value for item, value in values.items())
        return None if clash else {**before, **values}
    return None


def _typed(known: Instrument, values: Values) -> str:
    if not isinstance(values, Mapping):
        return f"{known.code} total {values:g}"
    if known.checklist:
        return f"{known.code} {' '.join(item for item, value in values.items() if value) or 'none'}"
    items = " ".join(f"item {item} {value:g}" for item, value in values.items())
    return f"{known.code} total {sum(values.values()):g} {items}"


def rule_patients() -> list[RulePatient]:
    """As few as the cases fit on, each on its side of the threshold; what needs a past is left out."""
    patients: list[RulePatient] = []
    for at, (rule, case) in enumerate([*CASES.items(), *ALSO.items()]):
        sides = [(told, meets) for told, meets in zip(case, (True, False), strict=True)]
        for told, meets in sides if at % 2 else reversed(sides):
            fresh = RulePatient()
            if any(each.add(rule, told, meets=meets) for each in patients):
                continue
            if fresh.add(rule, told, meets=meets):
                patients.append(fresh)
    return patients
