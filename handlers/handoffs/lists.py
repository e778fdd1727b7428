"""Handoffs, looked up: one, mine, the team's, those overdue."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Table, Text, Tone
from cards.form import Kind, ask
from handlers.handoffs.card import handoff_card
from handlers.handoffs.step import Named
from handlers.patients import access
from handlers.request import Caller
from pathway.handoff import Handoff
from pathway.when import say_when
from storage.clinic import Clinic

MOST_BUTTONS = 5
MOST_ROWS = 100


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
        count = len(found)
    else:
        team, overdue_at = by.roster.team.id, now if asked.which == "overdue" else None
        found = clinic.handoffs.open_of_team(team, MOST_ROWS, overdue_at=overdue_at)
        count = clinic.handoffs.count_open(team, overdue_at=overdue_at)
    if not found:
        return Card(
            {
                "mine": "No open handoffs of yours.",
                "team": "No open handoffs.",
                "overdue": "Nothing is overdue.",
            }[asked.which]
        )
    shown = found[:MOST_ROWS]
    rows = tuple((each.ref, each.patient, str(each.state), due(each, by, now)) for each in shown)
    choices = tuple(Choice(f"Show {each.ref}", f"handoff show {each.ref}") for each in shown[:MOST_BUTTONS])
    table = Table(("Handoff", "Patient", "State", "Due"), rows)
    over = count - len(shown)
    more = (Text(f"And {over} more.", Tone.QUIET),) if over > 0 else ()
    return Card(f"Handoffs: {asked.which}", (table, *more), choices)


def due(handoff: Handoff, by: Caller, now: datetime) -> str:
    """When what is waited for is due, whatever reminders there are, and whether that is over.

    An answer that was asked further is due when the last who were asked owe it, and late by then.
    """
    moment = handoff.answer_by or handoff.due_at
    if moment is None:
        return ""
    late = ""
    if moment <= now or (handoff.receiver and handoff.nagged):
        late = ", overdue"
    elif handoff.rung and not handoff.receiver:
        late = ", late already"
    return f"{say_when(moment, by.zone, now)}{late}"
