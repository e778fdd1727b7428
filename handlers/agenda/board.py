"""The board: one living card of the next conference's agenda, kept up to date wherever it was put up."""

from datetime import datetime

from cards.card import Card
from handlers.agenda.card import draft_card, no_conference
from handlers.agenda.look import Look
from handlers.command import Nothing
from handlers.request import Caller
from pathway.conference import Conference
from pathway.handoff import Refused
from pathway.people import Roster
from storage.clinic import Clinic
from storage.post import BOARD


def put_up(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts the agenda of the next conference up in this room, where it is kept up to date from now on."""
    if by.lane.direct:
        raise Refused("The board belongs in a room: say it in the team's channel.")
    conference = clinic.conferences.next_of(by.roster.team.id, now)
    card = _card(conference, Look((), by.roster, clinic, now))
    clinic.outbox.put_up(_subject(by.roster), by.lane, card, now)
    return Card("The agenda of the next conference is kept up to date here.")


def refresh(conference: Conference | None, look: Look) -> None:
    """Lets the board show the next conference's agenda as it is now, wherever it was put up."""
    subject = _subject(look.roster)
    if look.clinic.outbox.stands(subject):
        card = _card(conference, look)
        if look.is_new("board", card):
            look.clinic.outbox.show(subject, look.roster.team.id, card, look.now, in_rooms=False)


def _subject(roster: Roster) -> str:
    return f"{BOARD}agenda:{roster.team.id}"


def _card(conference: Conference | None, look: Look) -> Card:
    if conference is None:
        return no_conference()
    return draft_card(look.draft(conference), conference, look.words, look.clinic)
