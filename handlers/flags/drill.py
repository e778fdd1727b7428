"""A harmless flag through the whole chain: does it reach people, and does somebody answer?"""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card
from cards.form import Kind, ask
from handlers.flags.raised import begin
from handlers.flags.step import shown_after
from handlers.request import Caller
from pathway.flag import PERSON, Cause, Flag
from pathway.handoff import Refused
from storage.clinic import Clinic

NOBODY = "TEST"
"""Stands where a patient's code would: no patient has this code."""
_SAYS = "TEST: nothing is wrong with anybody. Claim it and resolve it, as you would a real one."


@dataclass(frozen=True)
class Try:
    """How severe the test is, and who should answer it."""

    severity: str = ask("As severe as", Kind.CHOICE, default="urgent", options_from="flag-severities")
    role: str = ask("Who should answer", Kind.ROLE, default="", hint="A role; those of the pathway if empty.")


def send(asked: Try, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Raises a flag of no patient, marked as a test, which goes the way of every flag."""
    if asked.severity not in {each.id for each in by.definition.flag_severities}:
        raise Refused("Say how severe it should be, as in `flag test urgent`.")
    roster = by.roster
    reason = f"{PERSON}:test:{roster.team.id}"
    known = next((each for each in clinic.flags.open_of_patient(NOBODY) if each.reason == reason), None)
    if known is not None:
        raise Refused(f"{known.ref} is still open, and a test too: resolve it first.")
    fresh = Flag(
        clinic.flags.next_number(), roster.team.id, NOBODY, reason, _SAYS, asked.severity,
        (asked.role,) if asked.role else by.definition.flag_roles, now,
        causes=(Cause("", 0, asked.severity, _SAYS, now, by.id),), raised_by=by.id,
    )  # fmt: skip
    flag = begin(fresh, roster, clinic, now)
    whom = ", ".join(roster.name(each) for each in flag.asked) or "the whole channel"
    return shown_after(flag, by, clinic, now, f"A test is on its way. Asked first: {whom}.")
