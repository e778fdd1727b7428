"""Mail that does not arrive: the leads of the team that it was about hear of it."""

from datetime import datetime

from cards.card import Card, Choice, Text
from handlers.entries import by_mail, told
from pathway.conference import Conference
from pathway.people import Roster
from pathway.series import Series
from storage.clinic import Clinic
from storage.outbox import Lane


def undelivered(lane: Lane, subject: str, reason: str, clinic: Clinic, now: datetime) -> None:
    """The leads of the team whose conference a mail was about are told in private that it did not arrive.

    Of a patient's own link it is the one who made it.
    """
    if subject.startswith(told.SUBJECT):
        by_mail.undelivered(subject, reason, clinic, now)
        return
    about = clinic.conferences.find(subject) or clinic.series.find(subject)
    if about is None:
        return
    roster = clinic.people.roster(about.team)
    address = clinic.addresses.by_id(lane.account)
    whom = [each for ref, each in clinic.invites.told_at(lane.account) if ref in _refs(about)]
    for each in whom or [""]:
        clinic.journal.write("mail undelivered", subject, now, became=each)
    refused = address is not None and address.refused
    parts = [Text(f"The mail server says: {reason}.")]
    if refused:
        parts.append(Text("Nothing more is sent there until somebody gives another address, or says so."))
    choices = tuple(
        Choice(f"Send it again to {_name(each, roster)}", f"invite again {subject} {each}") for each in whom
    )
    names = " and ".join(_name(each, roster) for each in whom) or "somebody who is invited"
    card = Card(f"A mail about {subject} did not reach {names}", tuple(parts), choices)
    clinic.outbox.tell(roster.leads(), card, now, subject=subject)


def _refs(about: Conference | Series) -> tuple[str, ...]:
    """What invites a person to it: itself, or its series."""
    return (about.ref, f"S-{about.series}") if isinstance(about, Conference) else (about.ref,)


def _name(invitee: str, roster: Roster) -> str:
    """A member's name; who has no account is called by their reference."""
    member = invitee.removeprefix("member:")
    return invitee if member == invitee else roster.name(member)
