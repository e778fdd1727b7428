"""Conferences that come near: their cards come to the team's rooms."""

from collections.abc import Collection
from datetime import datetime

from handlers.conferences import post as conference_post
from handlers.fallen_due import FallenDue, of_kind
from pathway.conference import Conference, Deadline
from storage.clinic import Clinic

_SUBJECT = "card:"


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next conference whose card is due and that is not `left`, locked, and what to do."""
    due = clinic.conferences.due(Deadline.SHOW, now, [int(each) for each in of_kind(left, _SUBJECT)])
    if due is None:
        return None
    conference, at = due
    return FallenDue(f"{_SUBJECT}{conference.number}", at, lambda: _show(conference, clinic, now))


def _show(conference: Conference, clinic: Clinic, now: datetime) -> None:
    conference_post.show(conference, clinic.people.roster(conference.team), clinic, now)
    clinic.conferences.set_deadlines(conference.number, {Deadline.SHOW: None})
