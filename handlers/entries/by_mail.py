"""A patient's link sent to their mail address, and what is heard if it does not arrive, or is answered."""

from datetime import datetime
from zoneinfo import ZoneInfo

from agendas.entry_mail import letter
from cards.card import Card, Choice, Text
from cards.language import nearest
from handlers.entries.told import SUBJECT
from handlers.people.tell import in_private
from pathway.handoff import Refused
from pathway.people import Roster
from storage.addresses import Address
from storage.clinic import Clinic
from storage.entries import Entry
from storage.outbox import Kind
from storage.patients import Patient


def address_of(patient: Patient, clinic: Clinic) -> Address:
    """Where the patient gets mail. Raises Refused if none can be sent."""
    if not clinic.mail_from:
        raise Refused("Baton sends no mail here yet: whoever runs it has to set BATON_SMTP_HOST.")
    if not patient.email:
        code = patient.code
        raise Refused(f"{code} has no mail address yet: `patient edit {code} email tess@example.org`.")
    found = clinic.addresses.of(patient.email)
    if found.refused:
        raise Refused(f"The mail server of {patient.code}'s address refuses it: show them the link instead.")
    return found


def send(entry: Entry, url: str, to: Address, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Sends the link. The mail says neither who it is for nor what is asked."""
    mail = letter(url, entry.expires_at, roster.team.hours.zone, nearest(entry.language), now)
    clinic.outbox.mail(to.lane, mail, now, subject=f"{SUBJECT}{entry.digest}")
    subject = f"patient:{entry.patient}"
    clinic.journal.write("entry mailed", subject, now, by=entry.member, patient=entry.patient)


def wrote(address: str, clinic: Clinic, now: datetime) -> bool:
    """Who made the newest link that was mailed there hears that a mail came from there.

    They hear it by the patient's code, and once a day. False if no link was mailed there.
    """
    known = clinic.addresses.find(address) if address else None
    subject = clinic.sent_mails.newest_subject(known.id, SUBJECT) if known else ""
    entry = clinic.entries.of_digest(subject.removeprefix(SUBJECT))
    patient = clinic.patients.find(entry.patient) if entry else None
    if entry is None or patient is None:
        return False
    roster = clinic.people.roster(patient.team)
    says = "Baton takes no mail from patients, so nobody has read it. Ask them what they wanted to say."
    card = Card(f"A mail came from the address of {patient.code}", (Text(says),))
    whom = roster.standing_in([entry.member], now) or roster.standing_in(roster.leads(), now)
    hours = roster.team.hours
    today = f"{now.astimezone(ZoneInfo(hours.zone)):%Y-%m-%d}"
    clinic.outbox.tell(
        whom or roster.leads(), card, now, subject=f"mail:{patient.code}:{today}",
        send_after=hours.quiet_until(now), kind=Kind.SHOW,
    )  # fmt: skip
    return True


def undelivered(subject: str, reason: str, clinic: Clinic, now: datetime) -> None:
    """Who made the link hears that its mail did not arrive, so that silence is not taken for being well."""
    entry = clinic.entries.of_digest(subject.removeprefix(SUBJECT))
    patient = clinic.patients.find(entry.patient) if entry else None
    if entry is None or patient is None:
        return
    roster = clinic.people.roster(patient.team)
    again = Choice("Make a new link", f"entry link {entry.patient} {' '.join(entry.instruments)}")
    says = f"The mail with the link of {entry.patient} did not arrive"
    card = Card(says, (Text(f"The mail server says: {reason}."),), (again,))
    at = roster.team.hours.quiet_until(now)
    in_private(entry.patient, [entry.member], card, roster, clinic, now, at)
