"""What falls due by itself, as every kind of it tells the tick."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from storage.clinic import Clinic


@dataclass(frozen=True)
class FallenDue:
    """One thing whose moment `at` (aware UTC) has come, by its subject, and what is done about it.

    A `subject` names one row to be looked at: `H-12`, `duty:north`.
    """

    subject: str
    at: datetime
    do: Callable[[], None]


NextDue = Callable[[Clinic, datetime, Collection[str]], FallenDue | None]
"""Finds what of its kind has been due longest at a moment and is not among the subjects left; locks it."""


def of_kind(subjects: Collection[str], prefix: str) -> list[str]:
    """Those of these subjects that begin with a prefix, without it."""
    return [each.removeprefix(prefix) for each in subjects if each.startswith(prefix)]
