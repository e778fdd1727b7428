"""The agenda where it stands in chat: kept up to date by a look that every change asks for.

Many changes in a row are one look, and what looks the same is not posted again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from handlers.agenda import board as agenda_board
from handlers.agenda import changed as agenda_changed
from handlers.agenda import readiness
from handlers.agenda.look import Look
from handlers.agenda.times import due_times, last_look_at
from handlers.conferences import quorum
from handlers.fallen_due import FallenDue, of_kind
from handlers.live import settled
from pathway.conference import Conference, Deadline, State
from storage.clinic import Clinic
from storage.rounds import Kind, Round

LOOKS_EVERY = timedelta(days=1)
_SUBJECT = "agendas of:"
"""Apart from what falls due for one conference, which begins with the name of its deadline."""


def refresh(team: str, clinic: Clinic, now: datetime) -> None:
    """Has a team's agendas brought up to date soon, wherever they stand."""
    clinic.rounds.wake(Kind.AGENDA, team, now)


def show_again(team: str, clinic: Clinic, now: datetime) -> None:
    """The same, also where nothing has changed: a room is new, or shows more or less of patients now."""
    clinic.rounds.wake(Kind.AGENDA, team, now, afresh=True)


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next team whose agendas are to be looked at and is not `left`, locked, and what to do."""
    due = clinic.rounds.due(Kind.AGENDA, now, of_kind(left, _SUBJECT))
    return FallenDue(f"{_SUBJECT}{due.team}", due.next_at, lambda: _look(due, clinic, now)) if due else None


def _look(due: Round, clinic: Clinic, now: datetime) -> None:
    """Brings the board, the posted agendas, and what is asked for them, up to date."""
    look = Look(due.told, clinic.people.roster(due.team), clinic, now)
    conference = clinic.conferences.next_of(due.team, now)
    agenda_board.refresh(conference, look)
    waits = [agenda_changed.keep_up(each, look) for each in clinic.agendas.open_of_team(due.team)]
    if conference is not None:
        _ask(conference, look)
    settled.keep_up(look.roster, clinic, now)
    next_at = min([now + LOOKS_EVERY, *(each for each in waits if each is not None)])
    clinic.rounds.put(Kind.AGENDA, due.team, next_at, look.notes)


def _ask(conference: Conference, look: Look) -> None:
    """Asks for what came to be missing after the moment at which all of it was asked for."""
    if conference.state is not State.PLANNED or look.now >= conference.starts:
        return
    due = due_times(conference, look.roster, look.clinic)
    waits = {kind: look.clinic.conferences.deadline(conference.number, kind) for kind in due}
    if waits[Deadline.READY] is None and look.now >= due[Deadline.READY]:
        readiness.ask(look.draft(conference), conference, look.roster, look.clinic, look.now)
    next_at = waits[Deadline.QUORUM]
    last = last_look_at(conference, look.roster, look.clinic)
    looked_once = next_at == last and look.now >= due[Deadline.QUORUM]
    if next_at is None or (looked_once and last > look.now):
        quorum.warn(conference, look.clinic, look.now, "ahead" if next_at else "last")
