"""How an action is shown: one card, for its owner, for who made it and for the lead."""

from collections.abc import Mapping
from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Text
from pathway.action import OPEN, Action, State
from pathway.people import Roster
from pathway.when import say_standing


def action_card(action: Action, roster: Roster, now: datetime) -> Card:
    """The living card: where it stands and, where that may be shown, what is to be done or came of it."""
    zone = roster.team.hours.zone
    about = (
        ("To do", action.text), ("Message", action.link), ("That says now", action.amended),
        (_WHY.get(action.state, ""), action.why), ("Outcome", action.outcome),
    )  # fmt: skip
    parts = (
        Text(standing(action, roster, zone, now)),
        Facts(_public_facts(action, roster, zone, now)),
        Facts(tuple(pair for pair in about if all(pair)), Detail.CLINICAL),
    )
    return Card(f"{action.ref} · {action.patient} · {said_state(action, now)}", parts, choices(action))


_WHY: Mapping[State, str] = {
    State.PROPOSED: "Note",
    State.OPEN: "Note",
    State.BLOCKED: "Waits for",
    State.NOT_DONE: "Why not",
    State.DROPPED: "Why",
}


def said_state(action: Action, now: datetime) -> str:
    """Its state, and whether it is late, in words."""
    return f"{action.state}, overdue" if action.overdue(now) else str(action.state)


def standing(action: Action, roster: Roster, zone: str, now: datetime) -> str:
    """Where the action stands, in one sentence that names people and times but nothing of the patient."""
    due = say_standing(action.due_at, zone, now)
    at = say_standing(action.changed_at or action.made_at, zone, now)
    who = roster.name(action.changed_by or action.made_by)
    match action.state:
        case State.PROPOSED if not action.owner:
            return f"{action.ref} is due {due} and nobody's now: the lead gives it to somebody."
        case State.PROPOSED:
            return f"{action.ref} is due {due}; {roster.name(action.owner)} has not confirmed it yet."
        case State.OPEN:
            return f"{action.ref} is due {due}, by {roster.name(action.owner)}."
        case State.BLOCKED:
            return f"{action.ref} is blocked, says {who}, {at}; it was due {due}."
        case State.DONE:
            return f"{action.ref} is done, says {who}, {at}."
        case State.NOT_DONE:
            return f"{action.ref} was not done, says {who}, {at}."
        case State.DROPPED:
            return f"{action.ref} was dropped by {who}, {at}."


def _public_facts(action: Action, roster: Roster, zone: str, now: datetime) -> tuple[tuple[str, str], ...]:
    made = f"{roster.name(action.made_by)}, {say_standing(action.made_at, zone, now)}"
    pairs = [
        ("Patient", action.patient),
        ("Owner", roster.name(action.owner) if action.owner else "nobody"),
        ("Due", say_standing(action.due_at, zone, now)),
        ("Made by", made),
        ("From", action.source),
        ("Belongs to", f"E-{action.entry}" if action.entry else ""),
    ]
    return tuple(pair for pair in pairs if pair[1])


def choices(action: Action) -> tuple[Choice, ...]:
    """What can be done with it now, as buttons; some carry the version that they are shown with."""
    ref, shown = action.ref, f"{action.ref}@{action.edition}"
    done = Choice("Done", f"action done {ref}", urgent=True, reaction="✅")
    not_done = Choice("Not done", f"action notdone {ref}")
    give = Choice("Give to another", f"action reassign {shown}")
    match action.state:
        case State.PROPOSED if action.owner:
            confirm = Choice("Confirm", f"action confirm {ref}", urgent=True, reaction="👍")
            return (confirm, Choice("I can't", f"action decline {ref}"), done, give)
        case State.PROPOSED:
            take = Choice("I do it", f"action reassign {shown} me", urgent=True, reaction="👍")
            return (take, give, Choice("Drop", f"action drop {ref}"))
        case State.OPEN:
            other_day = Choice("Another day", f"action due {shown}")
            return (done, not_done, Choice("Blocked", f"action block {ref}"), other_day, give)
        case State.BLOCKED:
            unblocked = Choice("Goes on", f"action unblock {ref}", urgent=True, reaction="👍")
            return (unblocked, done, not_done, give)
    return (Choice("Open again", f"action reopen {ref}"),)


def line(action: Action, roster: Roster, zone: str, now: datetime) -> str:
    """An action in one line: codes, people and times, nothing of what it is about."""
    owner = roster.name(action.owner) if action.owner else "nobody"
    due = f"due {say_standing(action.due_at, zone, now)}" if action.state in OPEN else ""
    return " · ".join(filter(None, (action.ref, action.patient, owner, said_state(action, now), due)))
