"""A conference begins: its agenda becomes items, the roll is called, chair and scribe are named."""

from dataclasses import replace
from datetime import datetime, timedelta

from agendas.agenda import Agenda, Because
from cards.card import Card, Choice, Text, Tone
from handlers.agenda import live as agenda_live
from handlers.agenda.draft import draft
from handlers.conferences.expected import discipline
from handlers.issues import outstanding
from handlers.live.post import save
from handlers.live.roll import arrive
from handlers.live.step import Which
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, Deadline, State, Step, move
from pathway.handoff import Refused
from pathway.session import Item, Session
from pathway.session_turns import resume
from pathway.when import say_when
from storage.clinic import Clinic

EARLY = timedelta(hours=2)
"""So long before its start a conference is begun without being named."""
KEPT = frozenset({Because.BROUGHT, Because.PINNED, Because.MOVED})


def start(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Begins a conference, or goes on with one that was ended too early."""
    conference, by = _meant(asked.conference, by, clinic, now)
    if not by.may("conference"):
        raise Refused(f"{conference.ref} belongs to {by.roster.team.name}, where your role can't begin it.")
    other = clinic.conferences.running(conference.team)
    if other is not None and other.number == conference.number:
        return Card(f"{conference.ref} is running already.")
    if other is not None:
        raise Refused(f"{other.ref} is running: `conference end {other.ref}` ends it.")
    moved = move(conference, Step.START, now)
    again = conference.state is State.ENDED
    if again:
        session = resume(clinic.sessions.items(conference.number), now)
    else:
        moved = replace(moved, chair=conference.chair or by.id)
        outstanding.up_to_date(conference.team, clinic, now)
        session = _items(draft(conference, clinic, now))
    clinic.conferences.put(moved, "started", now, by=by.id)
    nothing = dict.fromkeys((Deadline.START, Deadline.SIGN))
    clinic.conferences.set_deadlines(conference.number, nothing)
    if again:
        _there_again(conference, by, clinic, now)
    else:
        arrive(moved, by.id, discipline(by.id, by.roster, by.definition), clinic, now)
    save(moved, session, by.roster, clinic, now, by=by.id)
    agenda_live.refresh(moved.team, clinic, now)
    return _started(moved, session, again)


def _meant(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Conference, Caller]:
    """The conference that is named, else the team's next one if its time is near. Raises Refused."""
    if ref:
        return access.conference(ref, by, clinic)
    following = clinic.conferences.next_of(by.roster.team.id, now)
    if following is None:
        raise Refused("No conference is planned: `conference schedule` plans one.")
    if following.starts > now + EARLY:
        when = say_when(following.starts, by.zone, now)
        raise Refused(
            f"The next is {following.ref}, {when}: `conference start {following.ref}` begins it now."
        )
    return following, by


def _items(agenda: Agenda) -> Session:
    """What is on the agenda, as it is to be gone through."""
    return Session(
        tuple(
            Item(
                each.place, each.patient, each.case.question, each.case.minutes, each.case.lead.kind,
                carried_before=each.case.carried, kept=each.because in KEPT,
            )
            for each in agenda.items
        )
    )  # fmt: skip


def _there_again(conference: Conference, by: Caller, clinic: Clinic, now: datetime) -> None:
    """Whoever was there when it was ended too early is there again."""
    stays = clinic.sessions.attendance(conference.number)
    for each in stays:
        if each.left_at == conference.ended_at:
            arrive(conference, each.member, each.discipline, clinic, now, name=each.name)


def _started(conference: Conference, session: Session, again: bool) -> Card:
    first = session.current or next(iter(session.upcoming), None)
    count = f"{len(session.items)} {'item' if len(session.items) == 1 else 'items'}"
    says = f"{conference.ref} goes on." if again else f"{conference.ref} has begun: {count}."
    if first is None:
        return Card(says, (Text("Nothing is on: `conference bring` brings somebody in.", Tone.QUIET),))
    if session.current is not None:
        return Card(says, (Text(f"Now: {first.patient}."),))
    begin = Choice("First item", f"conference take {first.patient}", urgent=True)
    return Card(says, (Text("Who is here says so in the roll call; then the first item."),), (begin,))
