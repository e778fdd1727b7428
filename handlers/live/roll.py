"""Who is here: members say so themselves, guests are named; chair and scribe are whoever takes it on."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cards.card import Card, Choice
from cards.form import Kind, ask
from handlers.conferences.expected import discipline
from handlers.live.post import let_see, show
from handlers.live.step import Running, Which, running, steered
from handlers.request import Caller
from pathway.billing import PATIENT_SIDE
from pathway.conference import Conference, State
from pathway.handoff import Refused
from pathway.roll_call import Attendance, come, leave, present
from storage.clinic import Clinic

ROLL_CALL = timedelta(minutes=5)
"""Who says so within the first minutes was there from the beginning."""


@dataclass(frozen=True)
class Guest:
    """Somebody who is here and has no account."""

    name: str = ask("Who is here?", example="Dr Roe", hint="Their name: it is kept sealed, with the minutes.")
    discipline: str = ask(
        "Discipline", example="general practice", hint="Or patient, or carer.", default="", longest=60
    )


@dataclass(frozen=True)
class Part:
    """Who takes this on; whoever says it, if nobody is named."""

    member: str = ask("Who", Kind.MEMBER, default="", example="@bo")
    conference: str = ask("Conference", Kind.CONFERENCE, default="", hint="The one that runs if left out.")


@dataclass(frozen=True)
class Gone:
    """Which guest has left; whoever says it, if nobody is named."""

    name: str = ask("Which guest, if it is not you", Kind.LONG, default="", example="Dr Roe")
    conference: str = ask("Conference", Kind.CONFERENCE, default="", hint="The one that runs if left out.")


def arrive(
    conference: Conference, member: str, of: str, clinic: Clinic, now: datetime, *, name: str = ""
) -> bool:
    """Puts somebody in the roll call; False if they are in it already."""
    stays = clinic.sessions.attendance(conference.number)
    began = conference.began_at or now
    first = not any(each.who == (member, name) for each in stays)
    since = began if first and now - began <= ROLL_CALL else now
    came = come(stays, Attendance(member, of, since, name=name))
    clinic.sessions.put_attendance(conference, came, now)
    clinic.rows.session.flush()
    return came != stays


def join(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that the caller is here."""
    found = running(by, clinic, asked.conference)
    by, conference = found.by, found.conference
    if not (by.may("patients") or by.may("conference")):
        raise Refused("Your role in this team has nothing to do with patients.")
    if not arrive(conference, by.id, discipline(by.id, by.roster, by.definition), clinic, now):
        return Card(f"You are in the roll call of {conference.ref} already.")
    stays = clinic.sessions.attendance(conference.number)
    let_see(conference, found.session, stays, by.roster, clinic, now)
    show(conference, found.session, by.roster, clinic, now)
    return Card(f"You are in the roll call of {conference.ref}.", (), _leave(conference))


def _leave(conference: Conference) -> tuple[Choice, ...]:
    return (Choice("I leave", f"conference leave conference={conference.ref}"),)


def guest(asked: Guest, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts somebody without an account in the roll call."""
    found = steered(by, clinic)
    of_patient = asked.discipline.strip().casefold() in PATIENT_SIDE
    name = asked.discipline.strip() if of_patient else asked.name.strip()  # a patient's name is not kept here
    if not arrive(found.conference, "", asked.discipline.strip(), clinic, now, name=name):
        return Card("That guest is in the roll call already.")
    show(found.conference, found.session, found.by.roster, clinic, now)
    return Card(f"A guest is in the roll call of {found.conference.ref}.")


def go(asked: Gone, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that the caller, or a guest, has left."""
    found = running(by, clinic, asked.conference)
    name = asked.name.strip()
    who = ("", name) if name else (found.by.id, "")
    stays = clinic.sessions.attendance(found.conference.number)
    clinic.sessions.put_attendance(found.conference, leave(stays, who, now), now, by=by.id)
    clinic.rows.session.flush()
    show(found.conference, found.session, found.by.roster, clinic, now)
    back = (Choice("I am back", f"conference join {found.conference.ref}"),)
    if name:
        return Card(f"The guest has left {found.conference.ref}.")
    return Card(f"You have left {found.conference.ref}.", (), back)


def chair(asked: Part, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Names who chairs from now on."""
    return _take_part("chair", asked, by, clinic, now)


def scribe(asked: Part, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Names who writes the minutes."""
    return _take_part("scribe", asked, by, clinic, now)


def _take_part(part: str, asked: Part, by: Caller, clinic: Clinic, now: datetime) -> Card:
    found = steered(by, clinic, asked.conference)
    member = asked.member or found.by.id
    name = found.by.roster.name(member)
    _check_here(member, name, found, clinic)
    changed = (
        replace(found.conference, chair=member)
        if part == "chair"
        else replace(found.conference, scribe=member)
    )
    clinic.conferences.put(changed, part, now, by=by.id)
    clinic.rows.session.flush()
    show(changed, found.session, found.by.roster, clinic, now)
    return Card(f"{part.capitalize()} of {changed.ref}: {name}.")


def _check_here(member: str, name: str, found: Running, clinic: Clinic) -> None:
    here = {each.member for each in present(clinic.sessions.attendance(found.conference.number))}
    if member not in here:
        raise Refused(f"{name} is not in the roll call of {found.conference.ref} yet.")


def rename(other: str, member: str, team: str, clinic: Clinic, now: datetime) -> None:
    """Of two members who are one person, the one is chair, scribe and in the roll call for the other.

    That is so in conferences whose minutes are not signed; what is signed stays in the other's name.
    """
    running, past = clinic.conferences.running(team), clinic.conferences.past(team, limit=5)
    ended = [each for each in past if each.state is State.ENDED]
    for each in [*([running] if running else []), *ended]:
        chair, scribe = (member if who == other else who for who in (each.chair, each.scribe))
        renamed = replace(each, chair=chair, scribe=scribe)
        if renamed != each:
            clinic.conferences.put(renamed, "taken over by linking", now, by=member)
        stays = clinic.sessions.attendance(each.number)
        theirs = tuple(replace(stay, member=member) if stay.member == other else stay for stay in stays)
        clinic.sessions.put_attendance(each, theirs, now, by=member)
