"""`undo`: what somebody did last to a care plan or an action, or noted of a patient, is taken back."""

from datetime import datetime

from cards.card import Card, Choice
from handlers.command import Nothing
from handlers.patients import access
from handlers.plans import plan
from handlers.request import Caller
from pathway.contact import Noted
from pathway.plan_change import UNDO_WITHIN
from storage.clinic import Clinic


def undo(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes back the last thing of all these that the caller did, within ten minutes."""
    since = now - UNDO_WITHIN
    change = clinic.plan_changes.last_by(by.id, since)
    contact = clinic.contacts.noted_last(by.id, since)
    report = clinic.issues.reported_last(by.id, since)
    newest = max((each.at for each in (change, contact, report) if each), default=now)
    if contact is not None and contact.at == newest:
        clinic.contacts.take_back(contact, now, by.id)
        return _taken_back("contact", contact, by, clinic, now)
    if report is not None and report.at == newest:
        clinic.issues.take_report_back(report, now, by.id)
        return _taken_back("report", report, by, clinic, now)
    return plan.undo(asked, by, clinic, now)


def _taken_back(what: str, noted: Noted, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says so, to somebody who may still see the patient. Raises Refused."""
    patient = access.patient(noted.patient, by, clinic, now)
    shows = (Choice("What is outstanding", f"outstanding {patient.code}"),)
    return Card(f"Undone: the {what} of {patient.code} that you noted last.", (), shows)
