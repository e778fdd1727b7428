"""Item by item: next, park, leave out, more time, take another, bring somebody in.

Whoever is in the roll call may say these. What names an item does nothing to another.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.card import Card, Choice, Text, Tone
from cards.form import Kind, ask
from handlers.issues import outstanding
from handlers.live.flags import was_offered
from handlers.live.post import save
from handlers.live.settled import SETTLED, is_settled
from handlers.live.step import Running, of_item, said, steered
from handlers.patients import access
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.issue import Kind as IssueKind
from pathway.session import TO_COME, Item, Session, State, Step
from pathway.session_turns import begin, bring, close, extend, settle, take
from pathway.session_turns import skip as leave_out
from storage.clinic import Clinic
from storage.patients import Patient

TOO_SOON = timedelta(seconds=10)
"""A `next` that names nobody is not for an item that began so short a time ago: it was said twice."""
BROUGHT_MINUTES = 10
_MINUTES = re.compile(r"(?:by\s+)?(\d{1,3})\s*(?:m|min|mins|minutes?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Next:
    """The item that is over, if it is named."""

    patient: str = ask("Patient", Kind.PATIENT, default="", example="P-7K3K")


@dataclass(frozen=True)
class Closed:
    """Why an item is put aside, and which."""

    why: str = ask("Why?", Kind.LONG, default="", example="The report is not there")
    patient: str = ask("Patient", Kind.PATIENT, default="", hint="The one being talked about if left out.")


@dataclass(frozen=True)
class More:
    """How many minutes more, or how many altogether."""

    minutes: str = ask("How many minutes more", Kind.LONG, default="", example="3 min", longest=20)
    to: str = ask("Or how many altogether", Kind.WORD, default="", word=True)
    patient: str = ask("Patient", Kind.PATIENT, default="")


@dataclass(frozen=True)
class Whose:
    """Whose item comes at once."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K")


@dataclass(frozen=True)
class Brought(Whose):
    """Who is brought in, and what is asked of the conference."""

    question: str = ask("What should the conference decide?", Kind.LONG, default="")


def go_on(asked: Next, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The current item is done, and the next one comes; with none current, the next one comes."""
    found = steered(by, clinic)
    if found.session.current is None:
        if asked.patient and (item := found.session.of(asked.patient)) and item.state not in TO_COME:
            raise Refused(f"{said(found, asked.patient)} Nothing is being talked about now.")
        return _save(found, begin(_without_settled(found, clinic, now), now), clinic, now)
    current = of_item(found, asked.patient)
    if not asked.patient and current.began_at is not None and now - current.began_at < TOO_SOON:
        raise Refused(f"{current.patient} has only just begun: `next {current.patient}` closes it.")
    return _close(found, Step.FINISH, "", clinic, now)


def park(asked: Closed, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts the current item aside: it comes again at the end."""
    found = steered(by, clinic)
    of_item(found, asked.patient)
    return _close(found, Step.PARK, asked.why.strip(), clinic, now)


def skip(asked: Closed, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Leaves an item out: it comes again in the next conference."""
    found = steered(by, clinic)
    why = asked.why.strip() or f"left out by {found.by.member.name}"
    item = found.session.of(asked.patient) if asked.patient else None
    if item is not None and item.state in TO_COME:
        return _save(found, leave_out(found.session, item.patient, now, why), clinic, now)
    of_item(found, asked.patient)
    return _close(found, Step.SKIP, why, clinic, now)


def _close(found: Running, step: Step, why: str, clinic: Clinic, now: datetime) -> Card:
    return _save(found, close(_without_settled(found, clinic, now), step, now, why), clinic, now)


def _without_settled(found: Running, clinic: Clinic, now: datetime) -> Session:
    """The items without the next ones that were settled this very moment, up to one whose turn comes."""
    session = found.session
    for item in found.session.upcoming:
        outstanding.collect(item.patient, clinic, now)
        if not is_settled(item, clinic):
            return session
        session = settle(session, item.patient, now, SETTLED)
    return session


def more_time(asked: More, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Gives the current item more minutes. With `to`, pressing twice is the same as once."""
    found = steered(by, clinic)
    current = of_item(found, asked.patient)
    given = current.minutes + current.extended
    minutes = int(asked.to) - given if asked.to.isdecimal() else _read_minutes(asked.minutes)
    if asked.to.isdecimal() and minutes <= 0:
        return Card(f"{current.patient} has {given} min already.")
    extended = extend(found.session, minutes)
    save(found.conference, extended, found.by.roster, clinic, now, by=found.by.id)
    return Card(f"{current.patient} has {given + minutes} min now.")


def _read_minutes(text: str) -> int:
    read = _MINUTES.fullmatch(text.strip())
    if read is None:
        raise Refused("Say how many minutes more, as in `extend 3 min`.")
    return int(read[1])


def take_now(asked: Whose, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """An item of the agenda comes at once; the current one waits and keeps its time."""
    found = steered(by, clinic)
    current = found.session.current
    if current is not None and current.patient == asked.patient:
        return Card(f"{current.patient} is being talked about already.")
    return _save(found, take(found.session, asked.patient, now), clinic, now)


def bring_in(asked: Brought, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Somebody who is not on the agenda comes at once; the current item waits and keeps its time."""
    found = steered(by, clinic)
    patient = _to_bring(asked.patient, found, clinic, now)
    current = found.session.current
    if current is not None and current.patient == asked.patient:
        return Card(f"{current.patient} is being talked about already.")
    item = _item_for(asked, patient.team, clinic, now)
    return _save(found, bring(found.session, item, now), clinic, now)


def _to_bring(code: str, found: Running, clinic: Clinic, now: datetime) -> Patient:
    """The patient, for somebody who may see them, as whoever is here is let see whom it is about.

    Whoever runs conferences may also bring who is on the agenda, or whose safety the conference was told of.
    Raises Refused, in the same words whether or not there is such a patient.
    """
    patient = clinic.patients.find(code)
    theirs = patient is not None and patient.team == found.conference.team
    told_of = found.session.of(code) is not None or was_offered(code, clinic)
    if patient is None or not (theirs and told_of and found.by.may("conference")):
        patient = access.patient(code, found.by, clinic, now)
    if patient.team != found.conference.team:
        raise Refused(f"{code} is no patient of {found.by.roster.team.name}.")
    return patient


def _item_for(asked: Brought, team: str, clinic: Clinic, now: datetime) -> Item:
    """The item of somebody who is brought in: what is outstanding most, or what is asked."""
    issues = [each for each in outstanding.collect(asked.patient, clinic, now) if not each.private]
    carried = clinic.sessions.past(team).carried.get(asked.patient, 0)
    newest = max(issues, key=lambda each: each.since, default=None)
    question = asked.question.strip() or (newest.question if newest else "")
    return Item(
        1, asked.patient, question or "What is to be done now?", BROUGHT_MINUTES,
        newest.kind if newest else IssueKind.ASKED, carried_before=carried, kept=True,
    )  # fmt: skip


def _save(found: Running, session: Session, clinic: Clinic, now: datetime) -> Card:
    save(found.conference, session, found.by.roster, clinic, now, by=found.by.id)
    return _now(found, session)


def _now(found: Running, session: Session) -> Card:
    """What is being talked about now, as a short answer: the item's own card is in the rooms."""
    passed = [each.patient for each in session.items if each.state is State.SETTLED]
    fresh = [code for code in passed if (was := found.session.of(code)) and was.state is not State.SETTLED]
    parts = (Text(f"Passed over, {SETTLED}: {', '.join(fresh)}.", Tone.QUIET),) if fresh else ()
    current, ref = session.current, found.conference.ref
    if current is not None:
        return Card(f"Now: {current.patient}, item {current.place} of {len(session.items)} in {ref}.", parts)
    left = session.upcoming
    if left:
        takes = tuple(Choice(f"Take {each.patient}", f"conference take {each.patient}") for each in left[:5])
        return Card(f"Only parked items of {ref} are left.", parts, takes)
    end = (Choice("End the conference", f"conference end {ref}", urgent=True),)
    return Card(f"All items of {ref} are done.", parts, end)
