"""Every instrument that can be entered: its items and range, how it is scored, its bands, what a change is.

The instruments are data, in `instruments.toml`, one paragraph each with its sources, so that a person can
check them. What the fact sheet does not give as verified is left out there, or named in `unverified` and
never used for triage. Item texts stand only where the licence lets them; for the others Baton takes values.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pathway.instrument import Answers, Band, ChangeRef, Instrument, Item, Scoring
from pathway.scoring import band, called, check, check_total, completed, say, score

__all__ = [
    "Answers", "Band", "ChangeRef", "Instrument", "Item", "Scoring", "band", "called", "check",
    "check_total", "completed", "instrument", "instruments", "say", "score",
]  # fmt: skip


@cache
def instruments() -> tuple[Instrument, ...]:
    """All instruments, in the order in which they are offered."""
    text = files("pathway").joinpath("instruments.toml").read_text("utf-8")
    return tuple(_instrument(each) for each in tomllib.loads(text)["instruments"])


def _instrument(told: dict[str, Any]) -> Instrument:
    """An instrument out of its paragraph, where `count` stands for so many items with the range `each`."""
    low, high = told.pop("each", (None, None))
    numbered = [{"id": str(at)} for at in range(1, told.pop("count", 0) + 1)]
    items = [{"low": low, "high": high, **each} for each in [*numbered, *told.pop("item", [])]]
    return Instrument.model_validate({**told, "items": items})


@cache
def _by_code() -> dict[str, Instrument]:
    return {each.code: each for each in instruments()}


def instrument(code: str) -> Instrument:
    """The instrument with this code, in any case. Raises KeyError if there is none."""
    return _by_code()[code.upper()]
