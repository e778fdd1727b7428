"""How people are told about a patient: in private or in the team's rooms, and when they may be disturbed."""

from collections.abc import Iterable
from datetime import datetime

from cards.card import Call, Card, Choice, Text
from handlers.patients import access
from pathway.definition_parts import Clocked
from pathway.people import Roster
from storage.clinic import Clinic
from storage.outbox import Kind


def may_disturb_at(spans: Clocked, roster: Roster, now: datetime) -> datetime:
    """When somebody may be told about this: now, or when quiet hours end if it is not urgent enough."""
    return now if spans.breaks_quiet else roster.team.hours.quiet_until(now)


def in_private(
    code: str,
    members: Iterable[str],
    card: Card,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
    at: datetime,
    *,
    subject: str = "",
    kind: Kind = Kind.SAY,
) -> None:
    """Tells these members in private, at this moment; with `kind` ASK until the subject is hushed.

    For who is away their cover is told, for who has left the team its lead. Who may not see the patient
    is told without what was written.
    """
    named = list(members)
    gone = [each for each in named if roster.member(each) is None]
    here = [*(each for each in named if each not in gone), *(roster.leads() if gone else ())]
    for each in dict.fromkeys(roster.cover(each, now) or each for each in here):
        told = access.shown_to(each, code, card, clinic, now)
        clinic.outbox.tell([each], told, now, subject=subject, send_after=at, kind=kind)


def whole_room(
    subject: str,
    says: str,
    choices: tuple[Choice, ...],
    roster: Roster,
    clinic: Clinic,
    now: datetime,
    at: datetime,
) -> None:
    """A fresh message in the team's rooms that mentions everybody, with the phone number of last resort."""
    rung = Card(says, ring(roster), choices, call=Call(everyone=True))
    clinic.outbox.announce(roster.team.id, rung, now, subject=subject, send_after=at)


def ring(roster: Roster) -> tuple[Text, ...]:
    """Whom to ring when nobody answers, if the team has said so."""
    return (Text(f"If nobody can, ring {roster.team.phone}."),) if roster.team.phone else ()
