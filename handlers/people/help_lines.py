"""The help lines that a team gives to patients: shown on their own page, at once, when they need help now."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Text, Tone
from cards.form import Kind, ask
from handlers.request import Caller
from storage.clinic import Clinic


@dataclass(frozen=True)
class HelpLines:
    """Whom patients can call."""

    lines: str = ask(
        "Help lines, one on each line", Kind.LONG, example="Crisis line, day and night: 01632 960990",
        hint="In words that patients understand, with numbers somebody picks up; or none.", longest=1000,
    )  # fmt: skip


def help_lines(asked: HelpLines, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Sets the help lines."""
    said = "" if asked.lines.strip().casefold() == "none" else asked.lines.strip()
    team = replace(by.roster.team, help_lines=said)
    clinic.people.save_team(team)
    clinic.journal.write("team help", f"team:{team.id}", now, by=by.id)
    if not said:
        return Card(
            "Patients who need help now are shown the emergency number and the team's phone.",
            (Text("That phone must be picked up, or say help lines that are.", Tone.WARNING),),
        )
    return Card("Patients who need help now are shown this, and the emergency number:", (Text(said),))
