"""What the steps of a flag share: whether this person may do this now, and the answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Text
from cards.form import Kind, ask
from handlers.flags.card import flag_card, standing
from handlers.patients import access
from handlers.request import Caller
from pathway.flag import HELD, Flag, Step, allowed
from pathway.flag_asking import check_answerer
from pathway.handoff import Refused
from storage.clinic import Clinic


@dataclass(frozen=True)
class Named:
    """A flag by its reference."""

    flag: str = ask("Flag", Kind.FLAG, example="F-12")


def ready_for(step: Step, ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Flag, Caller]:
    """The flag, if this step is possible now for this caller, and the caller in its team.

    Raises Refused with where it stands: that is what somebody hears who presses a stale button, and the
    second of two who press at once.
    """
    flag, by = access.flag(ref, by, clinic)
    if not by.may("flags"):
        raise Refused(f"{flag.ref} belongs to {by.roster.team.name}, where your role can't do that.")
    if not allowed(flag, step):
        raise Refused(standing(flag, by.roster, by.zone, now))
    if flag.state in HELD and step is not Step.CLAIM:
        if by.id != flag.holder and not by.leads:
            raise Refused(standing(flag, by.roster, by.zone, now))
    else:
        check_answerer(flag, by.id, by.roster)
    return flag, by


def shown_after(flag: Flag, by: Caller, clinic: Clinic, now: datetime, note: str) -> Card:
    """The card as it stands now, below a word about what was just done."""
    card = flag_card(flag, by.roster, by.definition, now)
    noted = replace(card, parts=(Text(note), *card.parts)) if note else card
    return access.shown_to(by.id, flag.patient, noted, clinic, now)
