"""Who has an action, and until when: given to another, given another day, left by who leaves.

Two who want different things at once both see both: the second is shown what the first did, and does it all
the same, or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cards.card import Card, Choice, Text
from cards.form import Kind, ask
from handlers.actions.post import save
from handlers.actions.step import Named, ready_for, seen_at, shown_after
from handlers.actions.write import absence_of_owner, tell_of_absence
from handlers.request import Caller
from pathway.action import Action, Step, give, move, retime
from pathway.handoff import Refused
from pathway.people import Roster
from pathway.plan_change import UNDO_WITHIN, clashing
from pathway.when import say_when
from storage.clinic import Clinic

LEFT = "has left the team or the care team"
"""Why an action that was somebody's is nobody's."""


@dataclass(frozen=True)
class Another(Named):
    """An action, and who does it now."""

    owner: str = ask("Who does it", Kind.MEMBER, example="@bo", options_from="everybody")


@dataclass(frozen=True)
class Until(Named):
    """An action, and its new date."""

    by: datetime = ask("Until when", Kind.DUE, example="next friday", word=True)


def reassign(asked: Another, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Gives an action to another, who is asked to confirm it; to oneself it is confirmed."""
    action, by = ready_for(Step.REASSIGN, asked.action, by, clinic, now)
    if by.roster.member(asked.owner) is None:
        raise Refused(f"Whom you named is not in {by.roster.team.name}, the team of {action.patient}.")
    if asked.owner == action.owner:
        raise Refused(f"{action.ref} is {by.roster.name(asked.owner)}'s already.")
    all_the_same = f"action reassign {action.ref}@{action.edition} member:{asked.owner}"
    if action.owner:
        clash = _clash(asked.action, action, {"owner": asked.owner}, all_the_same, by, clinic, now)
        if clash is not None:
            return clash
    absence = by.roster.away(asked.owner, now)
    given = give(action, asked.owner, by.id, absence.ends if absence else now, now)
    saved = save(given, "reassigned", by.roster, clinic, now, by=by.id, note=f"member:{asked.owner}")
    tell_of_absence(saved, by.id, by.roster, clinic, now)
    away = absence_of_owner(saved, by.roster, by.zone, now) if asked.owner != by.id else ""
    return shown_after(saved, by, clinic, now, away)


def due(asked: Until, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Gives an action another date; what was still to be said about the old one is taken back."""
    action, by = ready_for(Step.RETIME, asked.action, by, clinic, now)
    when = say_when(asked.by, by.zone, now)
    local = asked.by.astimezone(ZoneInfo(by.zone))
    all_the_same = f"action due {action.ref}@{action.edition} '{local:%Y-%m-%d %H:%M}'"
    clash = _clash(asked.action, action, {"due_at": asked.by}, all_the_same, by, clinic, now)
    if clash is not None:
        return clash
    moved = retime(action, asked.by, by.id, now)
    saved = save(moved, "given another date", by.roster, clinic, now, by=by.id, note=asked.by.isoformat())
    return shown_after(saved, by, clinic, now, f"Due {when}.")


def _clash(
    named: str,
    action: Action,
    wanted: Mapping[str, Any],
    all_the_same: str,
    by: Caller,
    clinic: Clinic,
    now: datetime,
) -> Card | None:
    """Both versions, where somebody changed the same since the caller has seen it; None if nobody did."""
    _, version = seen_at(named)
    seen = clinic.plan_changes.seen(action.ref, by.id, now - UNDO_WITHIN, version)
    if seen is None or not clashing(seen.after, action, wanted):
        return None
    newest = clinic.plan_changes.last_of(action.ref)
    who = by.roster.name(newest.by) if newest and newest.by else "Somebody"
    at = say_when(newest.at if newest else now, by.zone, now)
    return Card(
        f"{action.ref} was changed by {who} meanwhile, {at}. Nothing is done yet.",
        (
            Text(f"Theirs: {_said(action, by, now)}."),
            Text(f"Yours: {_said(action, by, now, wanted)}."),
        ),
        (
            Choice("Mine all the same", all_the_same, urgent=True),
            Choice("Leave it as it is", f"action show {action.ref}"),
        ),
    )


def _said(action: Action, by: Caller, now: datetime, wanted: Mapping[str, Any] | None = None) -> str:
    owner = (wanted or {}).get("owner", action.owner)
    name = by.roster.name(owner) if owner else "nobody"
    return f"{name}, due {say_when((wanted or {}).get('due_at', action.due_at), by.zone, now)}"


def leave(action: Action, by: str, now: datetime) -> Action:
    """The action without its owner, who has left; the lead gives it to somebody."""
    return move(action, Step.DISOWN, by, now, LEFT)


def take_over(action: Action, member: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Gives an action to the same person under their other name; whether it is confirmed stays as it was."""
    save(replace(action, owner=member), "taken over by linking", roster, clinic, now, by=member)


def leave_behind(by: str, actions: list[Action], roster: Roster, clinic: Clinic, now: datetime) -> None:
    """What becomes of open actions whose owner has left: they are nobody's until the lead gives them away."""
    for each in actions:
        save(leave(each, by, now), "left without an owner", roster, clinic, now, by=by)
