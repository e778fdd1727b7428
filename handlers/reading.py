"""What reading a value depends on, and how it says that a value can't be used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz, process, utils

from cards.form import Field
from handlers.request import Caller
from storage.clinic import Clinic

NEAR = 70
"""How much alike (0 to 100) a near miss and a name must sound for the name to be offered."""


class Wrong(Exception):
    """A value that can't be used: one sentence for the person, and what they may have meant instead.

    `field` names the one that is wrong where an argument class has looked at several together.
    """

    def __init__(self, sentence: str, meant: tuple[str, ...] = (), field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.meant = meant
        self.field = field


@dataclass(frozen=True)
class Reading:
    """What a reading may depend on: who types, what the clinic knows, and the time.

    `known` is what was read already, by field and text: a word is tried before it is taken.
    """

    by: Caller
    clinic: Clinic
    now: datetime
    known: dict[tuple[Field, str], Any] = field(default_factory=dict, compare=False)


def closest(text: str, known: Mapping[str, str], most: int = 2) -> tuple[str, ...]:
    """What a near miss probably meant: the values of the names that sound most like it."""
    found = process.extract(
        text, list(known), scorer=fuzz.WRatio, processor=utils.default_process, limit=most, score_cutoff=NEAR
    )
    return tuple(dict.fromkeys(known[name] for name, _, _ in found))


def short(text: str) -> str:
    """What was typed, no longer than a sentence can hold."""
    return text if len(text) <= 40 else f"{text[:39]}…"
