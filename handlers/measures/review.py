"""When a patient is looked at next: after every entry, and by time."""

from dataclasses import replace
from datetime import datetime

from pathway.measure import History
from pathway.schedule import DueMeasure, dues, next_moment
from storage.clinic import Clinic
from storage.measures import Review


def subject(code: str) -> str:
    """What the reminders of a patient's measures are about."""
    return f"measures:{code}"


def begin(code: str, team: str, clinic: Clinic, now: datetime) -> None:
    """From now on time looks at this new patient."""
    clinic.rows.session.flush()
    _put(Review(code, team, now, None, now), clinic.measures.history(code), clinic, now)


def plan(code: str, team: str, clinic: Clinic, now: datetime) -> History:
    """Sets anew when a patient is looked at; takes back reminders of what is not due any more."""
    history = clinic.measures.history(code)
    before = clinic.measures.review(code) or Review(code, team, now, None, now)
    due = _put(before, history, clinic, now)
    if not any(each.at <= now for each in due):
        clinic.outbox.hush(subject(code))
    return history


def _put(review: Review, history: History, clinic: Clinic, now: datetime) -> tuple[DueMeasure, ...]:
    due = dues(clinic.definition.schedules, history)
    later = next_moment(due, now, clinic.definition.look_days)
    first = min((each.at for each in due), default=None)
    clinic.measures.put_review(replace(review, next_at=later, due_at=first))
    return due


def told(review: Review, history: History, clinic: Clinic, now: datetime) -> None:
    """Notes that people have been told of everything up to now."""
    _put(replace(review, told_until=now), history, clinic, now)
