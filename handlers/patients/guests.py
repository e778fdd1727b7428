"""A patient or a carer is invited for the patient's own item, with consent, and not without it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cards.card import Card, Choice, Items, Text
from handlers.conferences import guests as conference_guests
from pathway.conference import Conference, State
from pathway.handoff import Refused
from pathway.invitee import Invitee, Kind
from storage.clinic import Clinic
from storage.patients import Patient


def patient_themselves(patient: Patient, key: str) -> Invitee:
    """The patient as somebody who is invited. Raises Refused without consent."""
    if not patient.consent_team:
        raise Refused(_without("consent-team", "the team shares what it knows", patient.code))
    return Invitee(
        key, Kind.PATIENT, patient.name, patient.email, language=patient.language,
        interpreter=patient.interpreter, patient=patient.code,
    )  # fmt: skip


def carer(patient: Patient, key: str, name: str, email: str, language: str) -> Invitee:
    """A carer as somebody who is invited. Raises Refused without the patient's consent for people outside."""
    if not patient.consent_outside:
        raise Refused(_without("consent-outside", "members outside know", patient.code))
    return Invitee(key, Kind.CARER, name, email, language=language, patient=patient.code)


def _without(field: str, what: str, code: str) -> str:
    return f"{code} has not agreed that {what}: once they have, `patient edit {code} {field} yes`."


def allowed(guest: Invitee, patient: Patient | None) -> bool:
    """Whether the patient's consent still covers that this person comes."""
    if guest.kind is Kind.PATIENT:
        return patient is not None and patient.consent_team
    return guest.kind is not Kind.CARER or (patient is not None and patient.consent_outside)


def consent_changed(patient: Patient, clinic: Clinic, now: datetime) -> None:
    """Whom the consent does not cover any more is taken off what is still to come; the lead is told."""
    taken: list[tuple[Conference, Invitee]] = []
    for guest, conference in _coming(patient, clinic, now):
        if not allowed(guest, patient):
            conference_guests.uninvite(conference, guest, clinic, now)
            taken.append((conference, guest))
    if taken:
        _tell_lead(patient, taken, clinic, now)


def details_changed(patient: Patient, clinic: Clinic, now: datetime) -> None:
    """Where and in which language the patient is written to is what it is now, in what is still to come."""
    for guest, conference in _coming(patient, clinic, now):
        if guest.kind is not Kind.PATIENT or not allowed(guest, patient):
            continue
        known = replace(patient_themselves(patient, guest.key), required=guest.required)
        if known != guest:
            conference_guests.invite(conference, known, clinic, now)


def _coming(patient: Patient, clinic: Clinic, now: datetime) -> list[tuple[Invitee, Conference]]:
    """The patient and carers who are invited to what is still to come."""
    found = [(guest, clinic.conferences.find(ref)) for guest, ref in clinic.invitees.of_patient(patient.code)]
    return [
        (guest, conference)
        for guest, conference in found
        if conference is not None and conference.state is State.PLANNED and conference.ends > now
    ]


def _tell_lead(
    patient: Patient, taken: Sequence[tuple[Conference, Invitee]], clinic: Clinic, now: datetime
) -> None:
    roster = clinic.people.roster(patient.team)
    lines = tuple(f"{conference.ref}: {guest.key}" for conference, guest in taken)
    card = Card(
        f"{patient.code} takes consent back",
        (Items(lines, "Not invited any more"), Text("Whom it was sent to is told that it is cancelled.")),
        tuple(Choice(f"Show {each.ref}", f"conference show {each.ref}") for each, _ in taken[:1]),
    )
    at = roster.team.hours.quiet_until(now)
    clinic.outbox.tell(roster.leading(now), card, now, send_after=at)
