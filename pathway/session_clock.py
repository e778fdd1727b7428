"""When a running conference is looked at next: an item's time is over, or all the conference's."""

from datetime import datetime, timedelta

from pathway.conference import Conference
from pathway.session import Session

GROWS = timedelta(minutes=5)
"""An over-run is said anew each time it has grown by so much."""
ASKED_AGAIN = timedelta(minutes=30)
"""So long after its time was over people are asked once more whether a conference has ended."""
GIVEN_UP = timedelta(hours=3)
"""A conference whose time was over so long ago, and in which nothing has happened since, is ended."""


def closes_at(conference: Conference) -> datetime:
    """When its time is over: as planned, or all its minutes after a start that was early or far too late."""
    began = conference.began_at or conference.starts
    if conference.starts <= began < conference.ends:
        return conference.ends
    return began + timedelta(minutes=conference.minutes)


def given_up_at(conference: Conference, session: Session) -> datetime:
    """When it is ended if nothing happens."""
    turn = session.current.began_at if session.current else None
    return max(closes_at(conference), turn or closes_at(conference)) + GIVEN_UP


def next_look(conference: Conference, session: Session, now: datetime) -> datetime | None:
    """The first moment after `now` at which there is something to say; None when there is no more."""
    over_at = closes_at(conference)
    moments = [over_at, over_at + ASKED_AGAIN, given_up_at(conference, session)]
    runs_out = session.current.runs_out_at if session.current else None
    if runs_out is not None:
        moments.append(runs_out if runs_out > now else now + GROWS - (now - runs_out) % GROWS)
    return min((each for each in moments if each > now), default=None)
