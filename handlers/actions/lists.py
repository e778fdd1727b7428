"""Actions, looked up: one, mine, the team's, a patient's, those overdue."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Detail, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.actions.card import action_card, line
from handlers.actions.step import Named, seen_at
from handlers.patients import access
from handlers.request import Caller
from pathway.action import OPEN, Action
from pathway.handoff import Refused
from storage.clinic import Clinic

MOST_BUTTONS = 5
MOST_ROWS = 20


@dataclass(frozen=True)
class Which:
    """Which actions to list."""

    which: str = ask(
        "Which", Kind.CHOICE, default="",
        options=(("mine", "Mine"), ("team", "The team's"), ("overdue", "Overdue")),
    )  # fmt: skip
    patient: str = ask("Only those of a patient", Kind.PATIENT, default="", example="P-7K3K")


def show(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """One action, as it stands now."""
    action, by = access.action(seen_at(asked.action)[0], by, clinic, now)
    return access.shown_to(by.id, action.patient, action_card(action, by.roster, now), clinic, now)


def list_them(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The open actions of the caller, the team or a patient, what is due first before the others."""
    found = _found(asked, by, clinic, now)
    if asked.which == "overdue":
        found = [each for each in found if each.overdue(now)]
    if not found:
        return Card({"overdue": "Nothing is overdue.", "mine": "No open actions of yours."}.get(
            asked.which, "No open actions."
        ))  # fmt: skip
    shown = found[:MOST_ROWS]
    rosters = {team: clinic.people.roster(team) for team in {each.team for each in shown}}
    parts: list[Part] = [Items(tuple(line(each, rosters[each.team], by.zone, now) for each in shown))]
    if len(found) > MOST_ROWS:
        parts.append(Text(f"And {len(found) - MOST_ROWS} more.", Tone.QUIET))
    seen = [each for each in shown if clinic.patients.may_see(each.patient, by.id, now)]
    if seen:
        texts = tuple(f"{each.ref}: {each.text}" for each in seen)
        parts.append(Items(texts, "To do", Detail.CLINICAL))
    choices = tuple(Choice(f"Show {each.ref}", f"action show {each.ref}") for each in shown[:MOST_BUTTONS])
    return Card(f"Actions: {asked.patient or asked.which or 'mine'}", tuple(parts), choices)


def _found(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> list[Action]:
    if asked.patient:
        code = access.patient(asked.patient, by, clinic, now).code
        theirs = [each for each in clinic.actions.of_patient(code) if each.state in OPEN]
        return [each for each in theirs if asked.which != "mine" or each.owner == by.id]
    if asked.which in ("", "mine"):
        return clinic.actions.of_owner(by.id)
    if not by.may("patients"):
        raise Refused("As you may not see patients, `action list mine` shows yours.")
    return clinic.actions.open_of_team(by.roster.team.id)
