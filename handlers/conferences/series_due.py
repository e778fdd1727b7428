"""Series whose conferences are to be made further ahead."""

from collections.abc import Collection
from datetime import datetime

from handlers.conferences.series_make import look_next, make_ahead
from handlers.fallen_due import FallenDue, of_kind
from pathway.series import Series
from storage.clinic import Clinic


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next series to be looked at that is not `left`, locked, and what to do."""
    due = clinic.series.due(now, [int(each) for each in of_kind(left, "S-")])
    return FallenDue(due[0].ref, due[1], lambda: _look(due[0], clinic, now)) if due else None


def _look(series: Series, clinic: Clinic, now: datetime) -> None:
    roster = clinic.people.roster(series.team)
    make_ahead(series, roster, clinic, now)
    clinic.series.look_next(series, look_next(series, now))
