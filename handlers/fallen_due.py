"""What falls due by itself, as every kind of it tells the tick."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from storage.clinic import Clinic

NumberDue = Callable[[datetime, Collection[int]], tuple[int, datetime] | None]
"""What of numbered things has been due longest, but for some: its number, and since when."""


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


def next_numbered(
    prefix: str, due: NumberDue, now: datetime, left: Collection[str], do: Callable[[str], None]
) -> FallenDue | None:
    """The next of what is called by a prefix and a number (`H-12`) that is not left; `do` is given its name.

    It is read only when it is done, so that one which can't be opened holds up none of the others.
    """
    found = due(now, [int(each) for each in of_kind(left, prefix)])
    if found is None:
        return None
    ref = f"{prefix}{found[0]}"
    return FallenDue(ref, found[1], lambda: do(ref))
