"""What should be measured by now: of one's own patients, or of the team's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cards.card import Card, Choice, Table
from cards.form import Kind, ask
from handlers.handoffs.lists import MOST_BUTTONS
from handlers.request import Caller
from pathway.schedule import DueMeasure, dues
from pathway.when import say_day
from storage.clinic import Clinic


@dataclass(frozen=True)
class Which:
    """Whose patients."""

    which: str = ask(
        "Whose patients", Kind.CHOICE, default="mine", options=(("mine", "Mine"), ("team", "The team's"))
    )


def list_due(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Patients of whom a baseline or a reassessment is due, longest ago first. Codes and dates only."""
    if asked.which == "team":
        found = clinic.measures.due_of_team(by.roster.team.id, now)
    else:
        found = clinic.measures.due_of_member(by.id, now)
    if not found:
        return Card("Nothing is due." if asked.which == "team" else "Nothing of your patients is due.")
    histories = clinic.measures.histories([each.patient for each in found])
    rows = []
    for each in found:
        due = dues(clinic.definition.schedules, histories[each.patient])
        rows.append((each.patient, "; ".join(say_dues(due, by.zone, now))))
    choices = tuple(
        Choice(f"Enter for {each.patient}", f"assess {each.patient}") for each in found[:MOST_BUTTONS]
    )
    return Card(f"Measures due: {asked.which}", (Table(("Patient", "What"), tuple(rows)),), choices)


def say_dues(due: Sequence[DueMeasure], zone: str, now: datetime) -> tuple[str, ...]:
    """What is due by now, a line for each date: "Baseline overdue since Mon 3 Mar: PEG, PHQ-9"."""
    here = ZoneInfo(zone)
    lines: dict[str, list[str]] = {}
    for each in due:
        if each.at <= now:
            kind = f"{each.week} weeks" if each.week else "Baseline"
            day = say_day(each.at.astimezone(here).date(), now.astimezone(here).date())
            late = "overdue" if each.overdue_at <= now else "due"
            lines.setdefault(f"{kind}, {late} since {day}", []).append(each.instrument)
    return tuple(f"{when}: {', '.join(codes)}" for when, codes in lines.items())
