"""Patients whom time looks at: rules that hold by time alone, and measures that have become due."""

from collections.abc import Collection, Sequence
from datetime import datetime

from cards.card import Card, Choice, Items, Text, Tone
from handlers.fallen_due import FallenDue, of_kind
from handlers.flags import triage
from handlers.handoffs.lists import MOST_BUTTONS
from handlers.measures import review
from handlers.measures.due import say_dues
from pathway.definition import Definition
from pathway.people import Roster
from pathway.schedule import DueMeasure, dues, to_tell
from storage.clinic import Clinic
from storage.measures import Review
from storage.outbox import Kind


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next patient whom time looks at and who is not `left`, locked, and what to do about them."""
    found = clinic.measures.next_review(now, of_kind(left, review.subject("")))
    if found is None:
        return None
    return FallenDue(review.subject(found.patient), found.next_at, lambda: _look(found, clinic, now))


def _look(found: Review, clinic: Clinic, now: datetime) -> None:
    """Holds the rules against the patient, and tells the care team what has become due."""
    roster = clinic.people.roster(found.team)
    opens = _open_from(roster, now)
    if opens > now:  # nobody could answer before; no deadline of a person hangs on this
        clinic.measures.put_review(_at(found, opens))
        return
    triage.look_at(found.patient, "", clinic, now)
    history = clinic.measures.history(found.patient)
    due = dues(clinic.definition.schedules, history)
    fresh = to_tell(due, found.told_until, now)
    if fresh:
        _remind(found, [each for each in due if each.at <= now], roster, clinic, now)
    review.told(found, history, clinic, now)


def _at(found: Review, moment: datetime) -> Review:
    return Review(found.patient, found.team, moment, found.due_at, found.told_until)


def _open_from(roster: Roster, now: datetime) -> datetime:
    """The first moment at which the team works and nobody wants quiet."""
    opens = roster.team.hours.next_open(now)
    quiet = roster.team.hours.quiet_until(opens)
    return opens if quiet == opens else roster.team.hours.next_open(quiet)


def _remind(found: Review, due: Sequence[DueMeasure], roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Tells those who look after the patient, once for all that is due; codes and dates only."""
    lines = say_dues(due, roster.team.hours.zone, now)
    choices = tuple(
        Choice(f"Enter {each.instrument}", f"assess {found.patient} {each.instrument}")
        for each in due[:MOST_BUTTONS]
    )
    more = Text("You are told when something becomes due and once more when it is overdue.", Tone.QUIET)
    card = Card(f"{found.patient}: measures are due", (Items(lines), more), choices)
    about = review.subject(found.patient)
    clinic.outbox.hush(about)
    told = _who(found.patient, roster, clinic.definition, clinic, now)
    clinic.outbox.tell(told, card, now, subject=about, kind=Kind.ASK)
    clinic.journal.write("measures due", f"patient:{found.patient}", now, patient=found.patient)


def _who(code: str, roster: Roster, definition: Definition, clinic: Clinic, now: datetime) -> Sequence[str]:
    """Those of the care team who enter measures, or their covers; if there are none, the lead."""
    enter = [each for each in clinic.patients.care_team(code) if _enters(each, roster, definition)]
    return roster.standing_in(enter, now) or roster.standing_in(roster.leads(), now)


def _enters(member: str, roster: Roster, definition: Definition) -> bool:
    role = definition.role(roster.role(member))
    return role is not None and "measures" in role.may
