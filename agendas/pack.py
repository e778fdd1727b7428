"""Which items fit into a conference's minutes, and in which order those stand that the lead has moved.

Nobody is left off for somebody less urgent who takes as long. So the items are gone through in the order of
their urgency, and each is taken that still fits; a shorter one may follow where a longer one did not. The
subset with the highest total of scores would be another one: it prefers many short cases to the hard one,
which is what conferences do wrong already (MDT-OARS, BMC Cancer 12:202).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Load:
    """An item as it is packed. What is `held` is on, however many minutes there are."""

    key: str
    minutes: int
    held: bool = False


@dataclass(frozen=True)
class Packed:
    """The keys that are on, in the order given; for each that is not, the minutes that were left for it."""

    on: tuple[str, ...]
    left: Mapping[str, int]


def pack(loads: Sequence[Load], minutes: int) -> Packed:
    """Packs items, the most urgent first, into so many minutes. What is held is counted before all others."""
    free = minutes - sum(each.minutes for each in loads if each.held)
    on: list[str] = []
    left: dict[str, int] = {}
    for each in loads:
        if each.held:
            on.append(each.key)
        elif each.minutes <= free:
            on.append(each.key)
            free -= each.minutes
        else:
            left[each.key] = max(free, 0)
    return Packed(tuple(on), left)


def ahead(loads: Sequence[Load], sittings: Sequence[int], first: Mapping[str, int]) -> dict[str, int]:
    """In which of the next conferences each item comes as things stand; not those that come in none.

    `sittings` are their minutes; `first` is the earliest one for an item (0 where it says nothing).
    """
    comes: dict[str, int] = {}
    waiting = list(loads)
    for at, minutes in enumerate(sittings):
        if not waiting:
            break
        packed = pack([each for each in waiting if first.get(each.key, 0) <= at], minutes)
        comes |= dict.fromkeys(packed.on, at)
        waiting = [each for each in waiting if each.key not in comes]
    return comes


def arrange(order: Sequence[T], places: Sequence[tuple[int, T]]) -> tuple[T, ...]:
    """The items in order, with each of `places` (from 1) at its place, or at the end if that is beyond it.

    `places` is in the order in which they were asked for: of two for one place, the later one gets it, and
    the other stands after it.
    """
    moved = {item for _, item in places}
    arranged = [item for item in order if item not in moved]
    for place, item in sorted(places, key=lambda each: each[0]):
        arranged.insert(min(place - 1, len(arranged)), item)
    return tuple(arranged)
