"""What people note of a patient between conferences: a contact or a try, and reports that have come in."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Detail, Text
from cards.form import Kind, ask
from handlers.patients import access
from handlers.patients.named import Named
from handlers.request import Caller
from pathway.contact import Contact, Way
from pathway.definition import Definition, shipped
from pathway.when import say_when
from storage.clinic import Clinic

WAYS = {
    Way.IN_PERSON: "In person",
    Way.VIDEO: "By video",
    Way.PHONE: "By phone",
    Way.WRITTEN: "In writing",
    Way.TRIED: "Tried, not reached",
}


UNDO = Choice("Undo", "undo")


@dataclass(frozen=True)
class Reached(Named):
    """How and when a patient was reached."""

    how: str = ask(
        "How were they reached?", Kind.CHOICE, example="phone",
        options=tuple((way.value, says) for way, says in WAYS.items()),
    )  # fmt: skip
    when: datetime | str = ask("When", Kind.PAST, default="now", hint="Now, or a time like 9:30.")


@dataclass(frozen=True)
class There(Named):
    """A report, by what it is called."""

    name: str = ask("Which report is there?", example="MRI lumbar spine", hint="Imaging, a letter, a test.")


def note(asked: Reached, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Notes that somebody was in touch with a patient, or tried to be."""
    patient = access.patient(asked.patient, by, clinic, now)
    when = asked.when if isinstance(asked.when, datetime) else now
    contact = Contact(patient.code, by.id, Way(asked.how), when)
    clinic.contacts.add(contact, now)
    what = "Contact" if contact.reached else "Try"
    said = f"{what} noted: {patient.code}, {WAYS[contact.way].lower()}, {say_when(when, by.zone, now)}."
    return Card(said, choices=(Choice("What is outstanding", f"outstanding {patient.code}"), UNDO))


def report(asked: There, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Notes that a report about a patient is there, so that what waits for it can be decided."""
    patient = access.patient(asked.patient, by, clinic, now)
    name = _as_needed(asked.name, by.definition)
    clinic.issues.report(patient.code, name, now, by.id)
    says = Text(name, detail=Detail.CLINICAL)
    return Card(f"A report about {patient.code} is there.", (says,), (UNDO,))


def _as_needed(name: str, definition: Definition) -> str:
    """The report as the definition calls it where it asks for one of this name; else as it was typed."""
    kinds = definition.issue_kinds or shipped().issue_kinds
    wanted = {need.report for kind in kinds for need in kind.ready if need.report}
    typed = " ".join(name.casefold().split())
    return next((each for each in sorted(wanted) if each.casefold() == typed), name.strip())
