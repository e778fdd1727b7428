"""What a change of a conference brings with it: what falls due for it, and the cards that show it."""

from datetime import datetime, timedelta

from cards.card import Card
from handlers.agenda import due as agenda_due
from handlers.agenda import live as agenda_live
from handlers.conferences.attendance import attendance_parts
from handlers.conferences.card import planned_card
from handlers.invitations import invitations
from pathway.conference import Conference, Deadline, State
from pathway.invitee import Invitee
from pathway.people import Roster
from pathway.reminder import next_moment
from storage.clinic import Clinic
from storage.reminders import called

SHOWN_AHEAD = timedelta(days=7)
"""So long before its start a conference's card comes to the team's rooms."""


def save(
    conference: Conference, action: str, roster: Roster, clinic: Clinic, now: datetime, *, by: str = "",
    note: str = "",
) -> None:  # fmt: skip
    """Writes a conference that was made or changed, and lets its card show it, when it is near."""
    clinic.conferences.put(conference, action, now, by=by, note=note)
    shown_at = conference.starts - SHOWN_AHEAD
    later = shown_at > now and conference.state is State.PLANNED
    begins = conference.starts > now and conference.state is State.PLANNED
    due = {
        Deadline.SHOW: shown_at if later else None,
        Deadline.START: conference.starts if begins else None,
    }
    clinic.conferences.set_deadlines(conference.number, due)
    agenda_due.schedule(conference, clinic, now)
    cancelled = conference.state is State.CANCELLED
    invitations.changed(clinic, now, conference=conference, at_once=cancelled)
    remind_anew(conference, clinic, now)
    show(conference, roster, clinic, now)


def remind_anew(conference: Conference, clinic: Clinic, now: datetime) -> None:
    """Sets when it is next looked whom to remind; what waits to go out may name another time."""
    planned = conference.state is State.PLANNED
    at = next_moment(conference.starts, now) if planned else None
    clinic.conferences.set_deadlines(conference.number, {Deadline.REMIND: at})
    if conference.starts <= now + SHOWN_AHEAD:
        for each in clinic.invitees.of_conference(conference):
            clinic.outbox.hush(reminder(conference, each))


def reminder(conference: Conference, invitee: Invitee) -> str:
    """What somebody's reminders of a conference are called in the outbox, so that they can be taken back."""
    return called(conference.ref, invitee.key)


def show(conference: Conference, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Lets the living card show the conference: in the rooms once it is near, and wherever it stands.

    Its agenda follows, as who is expected may have changed.
    """
    agenda_live.refresh(conference.team, clinic, now)
    card = card_of(conference, roster, clinic, now)
    near = conference.starts <= now + SHOWN_AHEAD
    clinic.outbox.show(conference.ref, roster.team.id, card, now, in_rooms=near)


def card_of(conference: Conference, roster: Roster, clinic: Clinic, now: datetime) -> Card:
    """The living card of a conference that has not begun, or was cancelled."""
    series = clinic.series.of_number(conference.series) if conference.series else None
    expected = attendance_parts(conference, roster, clinic)
    return planned_card(conference, series, roster, now, expected=expected)
