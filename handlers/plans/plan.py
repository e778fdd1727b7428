"""Care plans, written by people outside of a conference: goals, problems, interventions, barriers, decisions.

Each is a command of one line; what a conference writes goes through the same `handlers.plans.write`.
"""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice
from cards.form import Kind, ask
from handlers.command import Nothing
from handlers.live import follow as session_follow
from handlers.patients import access
from handlers.plans import write as plan_write
from handlers.plans.card import entry_card
from handlers.request import Caller
from pathway.plan import Entry
from storage.clinic import Clinic


@dataclass(frozen=True)
class OfPatient:
    """A patient by code."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K", hint="The code on the patient's card.")


@dataclass(frozen=True)
class Goal(OfPatient):
    """What the person wants to reach, in their own words."""

    text: str = ask("What do they want to reach, in their own words?", Kind.LONG, example="Walk to the shop")
    by: datetime | None = ask("Until when", Kind.DUE, default="", example="3 Jun", word=True)


@dataclass(frozen=True)
class Problem(OfPatient):
    """What the plan is about."""

    text: str = ask("What is the problem?", Kind.LONG, example="Sleeps four hours a night")


@dataclass(frozen=True)
class Intervention(OfPatient):
    """What a discipline does."""

    text: str = ask("What is done?", Kind.LONG, example="Graded exposure, weekly")
    discipline: str = ask("By which discipline", default="", hint="Yours if empty.", word=True)
    goal: str = ask("Goal that it serves", Kind.ENTRY, default="", hint="Like E-12.", word=True)


@dataclass(frozen=True)
class Barrier(OfPatient):
    """What stands in the way."""

    text: str = ask("What stands in the way?", Kind.LONG, example="No bus on weekdays")


@dataclass(frozen=True)
class Decision(OfPatient):
    """What was decided, and why."""

    text: str = ask("What is decided?", Kind.LONG, example="Graded exposure before any injection")
    because: str = ask(
        "Why?", Kind.LONG, example="Pain is steady, fear is not", hint="Or none, if there is no reason.",
        word=True,
    )  # fmt: skip


@dataclass(frozen=True)
class Referral(OfPatient):
    """What for, and to whom."""

    text: str = ask("What for?", Kind.LONG, example="Sleep assessment")
    to: str = ask("To whom", default="", example="sleep clinic", word=True)
    by: datetime | None = ask("Until when", Kind.DUE, default="", example="3 Jun", word=True)


@dataclass(frozen=True)
class Note(OfPatient):
    """Anything else that belongs to the plan."""

    text: str = ask("What is to be noted?", Kind.LONG, example="Prefers to be rung in the evening")


def goal(asked: Goal, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes a goal into the care plan."""
    written = plan_write.goal(asked.patient, asked.text, "", by, clinic, now, asked.by or None)
    return _shown(written, by, clinic, now)


def problem(asked: Problem, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes a problem into the care plan."""
    return _shown(plan_write.problem(asked.patient, asked.text, "", by, clinic, now), by, clinic, now)


def intervention(asked: Intervention, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes what a discipline does into the care plan."""
    found = access.patient(asked.patient, by, clinic, now)
    role = access.in_team(found.team, by, clinic).role
    discipline = asked.discipline or (role.discipline if role and role.discipline else "")
    served = int(asked.goal.partition("@")[0].removeprefix("E-")) if asked.goal else 0
    written = plan_write.intervention(
        asked.patient, asked.text, discipline, "", by, clinic, now, parent=served
    )
    return _shown(written, by, clinic, now)


def barrier(asked: Barrier, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes what stands in the way into the care plan; it is an issue until it is gone."""
    return _shown(plan_write.barrier(asked.patient, asked.text, "", by, clinic, now), by, clinic, now)


def decide(asked: Decision, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes a decision with its rationale into the care plan."""
    written = plan_write.decide(asked.patient, asked.text, asked.because, "", by, clinic, now)
    act = Choice("Who does what?", f"action add {written.patient} decision={written.ref}", urgent=True)
    return _shown(written, by, clinic, now, act)


def refer(asked: Referral, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes a referral into the care plan; it waits until it is seen or called off."""
    written = plan_write.refer(asked.patient, asked.text, asked.to, "", by, clinic, now, asked.by or None)
    return _shown(written, by, clinic, now)


def note(asked: Note, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes a note into the care plan."""
    return _shown(plan_write.note(asked.patient, asked.text, "", by, clinic, now), by, clinic, now)


def undo(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes back the last thing that the caller did to a plan or an action, within ten minutes."""
    change = plan_write.undo(by, clinic, now)
    session_follow.follow(change.patient, change.after.team, clinic, now)
    return Card(f"Undone: {change.ref} ({change.patient}), {change.action}.", (), (
        Choice("Show the plan", f"plan show {change.patient}"),
    ))  # fmt: skip


def _shown(written: Entry, by: Caller, clinic: Clinic, now: datetime, *more: Choice) -> Card:
    by = access.in_team(written.team, by, clinic)
    return entry_card(written, by.roster, by.zone, now, more)
