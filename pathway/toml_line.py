"""Finds the line on which something stands in a TOML text, so that a refusal can point at it.

`tomllib` keeps no positions. The place is found with the parser itself: the value stands where the
shortest beginning of the text that is TOML and holds it ends. That reads the text a few dozen times.
"""

import re
import tomllib
from collections.abc import Sequence
from typing import Any, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""Where something stands: keys and zero-based positions, as in `("roles", 2, "label")`."""

_CLOSERS = ("", "]", "]]", "]}")
"""What completes a text cut inside an array that runs over several lines."""


def line_of(text: str, place: Place) -> int:
    """The line, counted from 1, on which the value at `place` begins; for a table, its header.

    `text` must be TOML. If nothing stands at `place` (a setting is missing), it is the line of the
    nearest table or array around it, and 1 if that is the whole text.
    """
    whole = tomllib.loads(text)
    while not _holds(whole, place):
        place = place[:-1]
    lines = text.split("\n")
    before = _without(lines, place)
    begins = before + 1
    for end in range(before + 1, len(lines) + 1):
        found = _beginning("\n".join(lines[:end]))
        if found is not None:
            if _holds(found, place):
                break
            begins = end + 1
    return begins


def syntax_line(text: str, error: tomllib.TOMLDecodeError) -> int:
    """The line, counted from 1, at which `text` stops being TOML."""
    told = re.search(r"at line (\d+)", str(error))  # error.lineno comes only with Python 3.14
    return int(told[1]) if told else text.rstrip().count("\n") + 1


def _holds(value: Any, place: Place) -> bool:
    for step in place:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return False
    return True


def _without(lines: Sequence[str], place: Place, near: int = 8) -> int:
    """How many of the first lines are TOML that does not hold the place yet: nearly as many as there are."""
    low, high = 0, len(lines)
    while high - low > near:
        middle = (low + high) // 2
        ends = ((end, _beginning("\n".join(lines[:end]))) for end in range(middle, high))
        end, found = next(((end, found) for end, found in ends if found is not None), (high, None))
        if found is None:  # nothing from the middle on is whole before its end
            return low
        low, high = (low, middle) if _holds(found, place) else (end, high)
    return low


def _beginning(text: str) -> dict[str, Any] | None:
    for closer in _CLOSERS:
        try:
            return tomllib.loads(f"{text}\n{closer}")
        except tomllib.TOMLDecodeError:
            continue
    return None
