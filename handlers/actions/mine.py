"""Actions among all that waits for somebody: their own, and for a lead those that are nobody's."""

from datetime import datetime

from handlers.request import Caller
from pathway.action import Action, State
from pathway.when import say_when
from storage.clinic import Clinic


def waiting(by: Caller, clinic: Clinic) -> list[Action]:
    """The open actions of the caller over all teams, and those of nobody in teams that they lead."""
    led = {
        team for team in clinic.people.teams_of(by.id) if by.id in clinic.people.roster(team).leads()
    }  # fmt: skip
    unowned = [each for each in clinic.actions.of_owner("") if each.team in led] if led else []
    return [*clinic.actions.of_owner(by.id), *unowned]


def line(action: Action, by: Caller, clinic: Clinic, now: datetime) -> str:
    """An action in one line: what is waited for, and until when."""
    part = _part(action)
    late = "overdue, " if action.overdue(now) else ""
    return f"{action.ref} ({action.patient}), {late}due {say_when(action.due_at, by.zone, now)}: {part}"


def _part(action: Action) -> str:
    if not action.owner:
        return "nobody's, to be given to somebody"
    return {State.PROPOSED: "confirm it", State.BLOCKED: "blocked"}.get(action.state, "yours to do")
