"""Conferences that come near: their cards come to the team's rooms, and covers are asked."""

from collections.abc import Collection
from datetime import datetime

from handlers.conferences import cover
from handlers.conferences import post as conference_post
from handlers.conferences.expected import NOT_COMING
from handlers.fallen_due import FallenDue, of_kind
from pathway.conference import Conference, Deadline, State
from storage.clinic import Clinic
from storage.invitees import NOT_YET

_SUBJECT = "card:"


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next conference whose card is due and that is not `left`, locked, and what to do."""
    due = clinic.conferences.due(Deadline.SHOW, now, [int(each) for each in of_kind(left, _SUBJECT)])
    if due is None:
        return None
    conference, at = due
    return FallenDue(f"{_SUBJECT}{conference.number}", at, lambda: _show(conference, clinic, now))


def _show(conference: Conference, clinic: Clinic, now: datetime) -> None:
    roster = clinic.people.roster(conference.team)
    conference_post.show(conference, roster, clinic, now)
    for each in clinic.invitees.of_conference(conference) if conference.state is State.PLANNED else ():
        # Who declined this one alone is stood in for since then; who declined the series, only now.
        own = clinic.invitees.own_answer(conference, each.key)
        if own == NOT_YET and clinic.invitees.answer(conference, each.key).answer in NOT_COMING:
            cover.ask(conference, each, roster, clinic, now)
    clinic.conferences.set_deadlines(conference.number, {Deadline.SHOW: None})
