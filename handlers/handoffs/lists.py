"""Handoffs, looked up: one, mine, the team's, those overdue."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Table
from cards.form import Kind, ask
from handlers.handoffs.card import handoff_card
from handlers.handoffs.step import Named
from handlers.patients import access
from handlers.request import Caller
from pathway.handoff import Handoff
from pathway.when import say_when
from storage.clinic import Clinic

MOST_BUTTONS = 5


@dataclass(frozen=True)
class Which:
    """Which handoffs to list."""

    which: str = ask(
        "Which", Kind.CHOICE, default="mine",
        options=(("mine", "Mine"), ("team", "The team's"), ("overdue", "Overdue")),
    )  # fmt: skip


def show(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """One handoff, as it stands now."""
    handoff, by = access.handoff(asked.handoff, by, clinic, now)
    card = handoff_card(handoff, by.roster, by.definition, now)
    return access.shown_to(by.id, handoff.patient, card, clinic, now)


def list_them(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The open handoffs of the caller or of the team, oldest first."""
    if asked.which == "mine":
        found = clinic.handoffs.open_of_member(by.id, clinic.people.teams_of(by.id))
    else:
        found = clinic.handoffs.open_of_team(by.roster.team.id)
    if asked.which == "overdue":
        found = [each for each in found if overdue(each, now)]
    if not found:
        return Card(
            {
                "mine": "No open handoffs of yours.",
                "team": "No open handoffs.",
                "overdue": "Nothing is overdue.",
            }[asked.which]
        )
    rows = tuple((each.ref, each.patient, str(each.state), due(each, by, now)) for each in found)
    choices = tuple(Choice(f"Show {each.ref}", f"handoff show {each.ref}") for each in found[:MOST_BUTTONS])
    return Card(f"Handoffs: {asked.which}", (Table(("Handoff", "Patient", "State", "Due"), rows),), choices)


def overdue(handoff: Handoff, now: datetime) -> bool:
    """Past the first deadline of what is waited for, whatever has been done about it since."""
    late_answer = handoff.rung > 0 or (handoff.answer_by is not None and handoff.answer_by <= now)
    return handoff.nagged > 0 if handoff.receiver else late_answer


def due(handoff: Handoff, by: Caller, now: datetime) -> str:
    """When what is waited for is due, and whether that is over."""
    moment = handoff.answer_by if not handoff.receiver else handoff.due_at
    late = "overdue, " if overdue(handoff, now) else ""
    return f"{late}{say_when(moment, by.zone, now)}" if moment else late.removesuffix(", ")
