"""What the steps of a handoff share: whether this person may do this now, and the answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Text
from cards.form import Kind, ask
from handlers.handoffs.card import choices, handoff_card, standing
from handlers.patients import access
from handlers.request import Caller
from pathway.handoff import HELD, Handoff, Refused, Step, allowed
from storage.clinic import Clinic


@dataclass(frozen=True)
class Named:
    """A handoff by its reference."""

    handoff: str = ask("Handoff", Kind.HANDOFF, example="H-12")


def ready_for(step: Step, ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Handoff, Caller]:
    """The handoff, if this step is possible now, and the caller in its team.

    Raises Refused with where it stands: that is what somebody hears who presses a stale button. Also for
    a caller whose role in the handoff's team, wherever they speak, can't do such a thing.
    """
    handoff, by = access.handoff(ref, by, clinic, now)
    if not by.may("handoff"):
        raise Refused(f"{handoff.ref} belongs to {by.roster.team.name}, where your role can't do that.")
    if not allowed(handoff, step):
        theirs = handoff.state in HELD and by.id == handoff.receiver
        follows = f" Next comes `{choices(handoff)[0].says}`." if theirs else ""
        raise Refused(standing(handoff, by.roster, by.zone, now) + follows)
    return handoff, by


def speaks_for(member: str, by: Caller, now: datetime) -> bool:
    """Whether the caller is this member, covers for them while they are away, or leads after they left."""
    if by.roster.member(member) is None:
        return by.leads
    return by.id == member or by.roster.cover(member, now) == by.id


def leads(by: Caller, now: datetime) -> bool:
    """Whether the caller leads the handoff's team, or covers for its lead while they are away."""
    roster = by.roster
    return by.id in (*roster.leads(), *roster.standing_in(roster.leads(), now))


def only(member: str, by: Caller, otherwise: str) -> None:
    """Raises Refused with this sentence unless the caller is this member."""
    if by.id != member:
        raise Refused(otherwise)


def only_between(handoff: Handoff, by: Caller, now: datetime) -> None:
    """Raises Refused unless the caller is the sender, the receiver, somebody's cover of them, or the lead."""
    if not (speaks_for(handoff.receiver, by, now) or speaks_for(handoff.sender, by, now) or leads(by, now)):
        sender, receiver = by.roster.name(handoff.sender), by.roster.name(handoff.receiver)
        raise Refused(f"{handoff.ref} is between {sender} and {receiver}.")


def shown_after(handoff: Handoff, by: Caller, clinic: Clinic, now: datetime, note: str) -> Card:
    """The card as it stands now, below a word about what was just done."""
    card = handoff_card(handoff, by.roster, by.definition, now)
    noted = replace(card, parts=(Text(note), *card.parts)) if note else card
    return access.shown_to(by.id, handoff.patient, noted, clinic, now)
