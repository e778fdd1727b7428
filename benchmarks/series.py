"""Timings side by side: each subject in turn, round after round, so that noise falls on all alike."""

import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """Timings of one subject, in milliseconds."""

    millis: tuple[float, ...]

    def at(self, percent: float) -> float:
        """The percentile, by nearest rank."""
        ranked = sorted(self.millis)
        return ranked[max(math.ceil(len(ranked) * percent / 100) - 1, 0)]

    @property
    def p50(self) -> float:
        """The median."""
        return self.at(50)

    @property
    def p95(self) -> float:
        """What one in twenty exceeds."""
        return self.at(95)

    @property
    def p99(self) -> float:
        """What one in a hundred exceeds."""
        return self.at(99)


def in_turn(
    subjects: Mapping[str, Callable[[], float]], rounds: int, rest: float, warm_up: int = 5
) -> dict[str, Series]:
    """Every subject once a round, each round in another order; a subject returns its seconds.

    After each there is a rest of so many seconds, for what it set going in the background to end before
    the next is timed.
    """
    dice = random.Random(rounds)
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for round_number in range(-warm_up, rounds):
        for name in dice.sample(list(subjects), len(subjects)):
            seconds = subjects[name]()
            time.sleep(rest)
            if round_number >= 0:
                taken[name].append(seconds * 1000)
    return {name: Series(tuple(millis)) for name, millis in taken.items()}


@dataclass(frozen=True)
class Table:
    """One table of the report. `says` stands above it."""

    title: str
    says: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """The table as it stands in the README."""
        lines = [self.head, ("---",) * len(self.head), *self.rows]
        drawn = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        return f"### {self.title}\n\n{self.says}\n\n{drawn}\n"


def millis(value: float) -> str:
    """A timing for a cell."""
    return f"{value:.1f} ms"


def times(value: float, against: float) -> str:
    """A ratio for a cell."""
    return f"{value / against:.2f} ×"


def met(fine: bool) -> str:
    """Whether an aim was met, for a cell."""
    return "met" if fine else "**missed**"
