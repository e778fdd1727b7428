"""What became of decisions: done, not done, still open, or never given to anybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pathway.action import OPEN, State


class Fate(StrEnum):
    """What became of a decision, by its actions."""

    DONE = "done"
    NOT_DONE = "not done"
    OPEN = "still open"
    NO_ACTION = "without an action"


def fate(states: Sequence[State]) -> Fate:
    """Done when all of its actions are; open while one of them is; not done when one was not, or dropped."""
    if not states:
        return Fate.NO_ACTION
    if any(each in OPEN for each in states):
        return Fate.OPEN
    return Fate.DONE if all(each is State.DONE for each in states) else Fate.NOT_DONE


@dataclass(frozen=True)
class Tally:
    """How many decisions had which fate."""

    counts: Mapping[Fate, int]

    @property
    def all(self) -> int:
        """How many there were."""
        return sum(self.counts.values())

    @property
    def rate(self) -> float | None:
        """Of those whose time is over, the part that was done; None while there are none."""
        over = self.counts[Fate.DONE] + self.counts[Fate.NOT_DONE]
        return self.counts[Fate.DONE] / over if over else None


def tally(fates: Iterable[Fate]) -> Tally:
    """The fates counted, those that no decision had too."""
    found = list(fates)
    return Tally({each: found.count(each) for each in Fate})
