"""What was measured of a patient, and when: the facts that change, charts and triage rules look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class How(StrEnum):
    """How an entry came about."""

    IN_PERSON = "in person"
    PHONE = "phone"
    PATIENT = "patient's own entry"


@dataclass(frozen=True)
class Measure:
    """One entry of one instrument. Times are aware UTC; `by` is a member id ("" for the patient).

    `instrument` is its code in `pathway.instruments`; `score` is in the instrument's own unit. `answers` are
    the values of its items in their order (None: left out), empty where only the total is known. `baseline`
    says that changes count from here. `replaces` is the id of the entry that this one corrects ("" for
    none); a corrected entry is kept, but is no part of a History.
    """

    id: str
    patient: str
    instrument: str
    score: float
    taken_at: datetime
    entered_at: datetime
    by: str
    how: How
    answers: tuple[float | None, ...] = ()
    baseline: bool = False
    replaces: str = ""

    def __post_init__(self) -> None:
        if self.taken_at.tzinfo is None or self.entered_at.tzinfo is None:
            raise ValueError("a measure needs aware datetimes")


@dataclass(frozen=True)
class History:
    """All valid entries of one patient, the oldest first. `since` is when the patient entered the pathway."""

    patient: str
    since: datetime
    measures: tuple[Measure, ...]

    def of(self, instrument: str) -> tuple[Measure, ...]:
        """The entries of an instrument, the oldest first."""
        return tuple(each for each in self.measures if each.instrument == instrument)

    def latest(self, instrument: str) -> Measure | None:
        """The newest entry of an instrument."""
        return next((each for each in reversed(self.measures) if each.instrument == instrument), None)

    def baseline(self, instrument: str) -> Measure | None:
        """The entry that changes count from: the newest one marked so, else the oldest."""
        found = self.of(instrument)
        return next((each for each in reversed(found) if each.baseline), found[0] if found else None)


def history(patient: str, since: datetime, entries: Iterable[Measure]) -> History:
    """The history that these entries make: in order of time, without what was corrected."""
    known = list(entries)
    replaced = {each.replaces for each in known}
    valid = [each for each in known if each.id not in replaced]
    return History(patient, since, tuple(sorted(valid, key=lambda each: (each.taken_at, each.entered_at))))
