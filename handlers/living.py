"""Living cards by what they are about, for one room: what stands there shown anew, what is open put up there.

A thing's own room of the code shows it in all rooms whenever it changes; this is for when a room does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from cards.card import Card
from handlers.agenda import card as agenda_card
from handlers.agenda import live as agenda_live
from handlers.conferences import poll_card
from handlers.conferences import post as conference_post
from handlers.flags import board as flag_board
from handlers.flags.card import flag_card
from handlers.flags.post import in_rooms
from handlers.handoffs.card import handoff_card
from handlers.live import post as live_post
from pathway.conference import State
from pathway.people import Roster
from storage.clinic import Clinic
from storage.outbox import Lane
from storage.post import BOARD

LEFT = "room leave"
"""What the journal calls it when the bot was put out of a room."""
LATEST = 50
"""So many entries about the rooms of a platform are looked through for that."""


def show_anew(room: Lane, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Shows all that stands in a room at the level that the room has now."""
    for subject in clinic.outbox.at_another_level(room):
        _put_up(subject, room, roster, clinic, now)
    agenda_live.show_again(roster.team.id, clinic, now)


def catch_up(room: Lane, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Shows in a room, to which the bot has come back, what changed since it left; and all that is open."""
    entries = clinic.journal.of(subject=f"room:{room.platform}", limit=LATEST)
    left = [each.seq for each in entries if (each.action, each.was) == (LEFT, roster.team.id)]
    changed = clinic.journal.subjects_since(left[-1]) if left else set[str]()
    for subject in clinic.outbox.standing(room):
        thing = subject.removeprefix(agenda_card.SUBJECT).split(" ", 1)[0]
        if thing in changed or subject.startswith(BOARD):
            _put_up(subject, room, roster, clinic, now)
    put_up_open(room, roster, clinic, now)


def _put_up(subject: str, room: Lane, roster: Roster, clinic: Clinic, now: datetime) -> None:
    make = next((make for prefix, make in CARDS.items() if subject.startswith(prefix)), None)
    card = make(subject, roster, clinic, now) if make else None
    if card is not None:
        clinic.outbox.put_up(subject, room, card, now)


def put_up_open(room: Lane, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Lets a room have the cards of a team's open flags and handoffs, and its posted agendas."""
    team = roster.team.id
    for flag in clinic.flags.open_of_team(team):
        if in_rooms(flag, clinic):
            clinic.outbox.put_up(flag.ref, room, flag_card(flag, roster, clinic.definition, now), now)
    for handoff in clinic.handoffs.open_of_team(team):
        clinic.outbox.put_up(handoff.ref, room, handoff_card(handoff, roster, clinic.definition, now), now)
    agenda_live.show_again(team, clinic, now)


def _handoff(ref: str, roster: Roster, clinic: Clinic, now: datetime) -> Card | None:
    found = clinic.handoffs.find(ref)
    return handoff_card(found, roster, clinic.definition, now) if found else None


def _flag(ref: str, roster: Roster, clinic: Clinic, now: datetime) -> Card | None:
    found = clinic.flags.find(ref)
    return flag_card(found, roster, clinic.definition, now) if found and not found.private else None


def _poll(ref: str, roster: Roster, clinic: Clinic, now: datetime) -> Card | None:
    found = clinic.polls.find(ref)
    return poll_card.card(found, roster, clinic, now) if found else None


def _conference(subject: str, roster: Roster, clinic: Clinic, now: datetime) -> Card | None:
    """A conference, before it begins or since; its roll call; or one turn of an item."""
    found = clinic.conferences.find(subject.split(" ", 1)[0])
    if found is None:
        return None
    if found.state in (State.PLANNED, State.CANCELLED):
        return conference_post.card_of(found, roster, clinic, now) if subject == found.ref else None
    return live_post.card_of(subject, found, roster, clinic, now)


def _agenda(subject: str, roster: Roster, clinic: Clinic, now: datetime) -> Card | None:
    """An agenda that is followed no more; the others are seen to by the next look at the team's agendas."""
    found = clinic.conferences.find(subject.removeprefix(agenda_card.SUBJECT))
    return agenda_card.left_card(found, roster, clinic, now) if found else None


def _board(subject: str, roster: Roster, clinic: Clinic, now: datetime) -> Card | None:
    """The board of flags; that of the next agenda is seen to by the next look at the team's agendas."""
    return flag_board.board_card(roster, clinic, now) if subject == flag_board.subject(roster) else None


CARDS: Mapping[str, Callable[[str, Roster, Clinic, datetime], Card | None]] = {
    "H-": _handoff,
    "F-": _flag,
    "T-": _poll,
    "C-": _conference,
    agenda_card.SUBJECT: _agenda,
    BOARD: _board,
}
"""What makes the card that stands in a room, by how its subject begins. Actions stand in none."""
