"""What the steps of an action share: whether this person may do this now, and the answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Text
from cards.form import Kind, ask
from handlers.actions.card import action_card, standing
from handlers.patients import access
from handlers.request import Caller
from pathway.action import Action, Step, allowed
from pathway.handoff import Refused
from storage.clinic import Clinic


@dataclass(frozen=True)
class Named:
    """An action by its reference."""

    action: str = ask("Action", Kind.ACTION, example="A-12")


def seen_at(named: str) -> tuple[str, int | None]:
    """A reference, and the version of the plan with which a button was shown: `A-12@7`."""
    ref, _, version = named.partition("@")
    return ref, int(version) if version else None


def ready_for(step: Step, named: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Action, Caller]:
    """The action, if this step is possible now for this caller, and the caller in its team.

    Raises Refused with where it stands: that is what somebody hears who presses a stale button, and the
    second of two who press at once.
    """
    action, by = access.action(seen_at(named)[0], by, clinic, now)
    if not allowed(action, step):
        raise Refused(standing(action, by.roster, by.zone, now))
    own = by.id in (action.owner, by.roster.cover(action.owner, now) if action.owner else "")
    if step in (Step.CONFIRM, Step.DECLINE) and by.id != action.owner:
        raise Refused(_not_theirs(action, by))
    if not own and not by.may("plan") and not by.leads:
        raise Refused(f"{action.ref} is not yours, and your role can't change care plans.")
    return action, by


def _not_theirs(action: Action, by: Caller) -> str:
    if not action.owner:
        return f"{action.ref} is nobody's now: `action reassign {action.ref} me` makes it yours."
    name = by.roster.name(action.owner)
    return f"{action.ref} is for {name} to confirm: `action reassign {action.ref}` gives it to another."


def shown_after(action: Action, by: Caller, clinic: Clinic, now: datetime, note: str = "") -> Card:
    """The card as it stands now, below a word about what was just done."""
    card = action_card(action, by.roster, now)
    noted = replace(card, parts=(Text(note), *card.parts)) if note else card
    return access.shown_to(by.id, action.patient, noted, clinic, now)
