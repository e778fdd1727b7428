"""Patients: added once, known by code, seen by their care team, and by others only through broken glass."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Items, Part, Text, Tone
from cards.form import Kind, ask, fields_of
from handlers.kinds import read_value
from handlers.measures import review
from handlers.patients import access
from handlers.patients import guests as patient_guests
from handlers.patients.named import Named
from handlers.reading import Reading, Wrong
from handlers.request import Caller
from pathway.definition import Definition
from pathway.handoff import OPEN, Refused
from storage.clinic import Clinic
from storage.patients import Patient


@dataclass(frozen=True)
class Add:
    """A new patient."""

    name: str = ask("Name", example="Test Person", hint="Kept sealed; channels only ever see a code.")
    goal: str = ask(
        "What matters most to them, in their own words", Kind.LONG, example="Lift my grandson again"
    )
    record: str = ask("Record number", default="", example="MRN-0001")
    born: str = ask("Date of birth", Kind.DAY, default="", hint="Like 3 Dec 1961 or 1961-12-03.")
    language: str = ask("Preferred language", Kind.CHOICE, default="", options_from="languages")
    interpreter: bool = ask("Do they need an interpreter?", Kind.YES_NO, default="no")
    phone: str = ask("Phone", default="")
    email: str = ask("Mail address", Kind.MAIL, default="")
    consent_team: bool = ask("Do they agree that the team shares what it knows?", Kind.YES_NO, default="no")
    consent_outside: bool = ask("And with members outside, such as their GP?", Kind.YES_NO, default="no")


@dataclass(frozen=True)
class Find:
    """A record number or a name."""

    what: str = ask("Record number or name", example="MRN-0001")


@dataclass(frozen=True)
class Edit(Named):
    """One thing about a patient, said anew."""

    field: str = ask(
        "What changes", Kind.CHOICE, example="goal",
        options=(
            ("goal", "What matters most"), ("language", "Language"), ("interpreter", "Interpreter"),
            ("phone", "Phone"), ("email", "Mail"), ("name", "Name"), ("consent-team", "Consent: team"),
            ("consent-outside", "Consent: outside"),
        ),
    )  # fmt: skip
    value: str = ask("To what", Kind.LONG, example="Walk to the shop and back")


def add(asked: Add, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """A new patient; the caller is the first of the care team. A record number already known is refused."""
    clinic.patients.in_turn()  # two people may register the same person at the same moment
    if asked.record and clinic.patients.by_record(asked.record):
        raise Refused("A patient with this record number is known already: `patient find` with that number.")
    values = {name: getattr(asked, name) for name in asked.__dataclass_fields__}
    added = clinic.patients.add(Patient(code="", team=by.roster.team.id, **values), now)
    clinic.patients.let_see(added.code, by.id, now)
    review.begin(added.code, added.team, clinic, now)
    clinic.journal.write("patient add", f"patient:{added.code}", now, by=by.id, patient=added.code)
    return patient_card(added, by, clinic, now)


def show(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """A patient, for their care team."""
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    clinic.journal.write("patient show", f"patient:{found.code}", now, by=by.id, patient=found.code)
    return patient_card(found, by, clinic, now)


def find(asked: Find, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Patients by record number or name; only those on whose care team the caller is are named."""
    by_record = clinic.patients.by_record(asked.what)
    found = [by_record] if by_record else clinic.patients.by_name(asked.what, by.id)
    mine = [each for each in found if clinic.patients.may_see(each.code, by.id, now)]
    clinic.journal.write("patient find", f"member:{by.id}", now, by=by.id, became=f"{len(mine)} shown")
    if not mine:
        elsewhere = "Nobody on your care teams is called that or has that number."
        return Card(elsewhere, (Text("If care needs it now: `break-glass <code> <reason>`.", Tone.QUIET),))
    lines = tuple(f"{each.code}: {each.name}{_born(each)}" for each in mine)
    choices = tuple(Choice(f"Show {each.code}", f"patient show {each.code}") for each in mine[:5])
    codes = Items(tuple(each.code for each in mine))
    named = Items(lines, detail=Detail.IDENTIFIED)
    return Card("Found", (codes, named) if _private(by) else (codes,), choices)


def edit(asked: Edit, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Changes one thing about a patient; the journal keeps that it changed, and by whom."""
    found = access.patient(asked.patient, by, clinic, now)
    name = asked.field.replace("-", "_")
    value = _edited(name, asked.value, Reading(by, clinic, now))
    changed = Patient(**{**found.__dict__, name: value})
    clinic.patients.save(changed)
    if name.startswith("consent_"):
        patient_guests.consent_changed(changed, clinic, now)
    else:
        patient_guests.details_changed(changed, clinic, now)
    clinic.journal.write(
        f"patient edit {asked.field}",
        f"patient:{found.code}",
        now,
        by=by.id,
        patient=found.code,
        note="" if name in _IDENTIFYING else asked.value,
    )
    return patient_card(changed, access.in_team(found.team, by, clinic), clinic, now)


_IDENTIFYING = frozenset({"name", "phone", "email"})


def _edited(name: str, text: str, reading: Reading) -> str | bool:
    """The new value, read as the form for a new patient reads it. Raises Refused."""
    field = next(each for each in fields_of(Add) if each.name == name)
    try:
        value: str | bool = read_value(field, text, reading)
    except Wrong as error:
        raise Refused(error.sentence) from error
    return value


def patient_card(patient: Patient, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What matters first, then who they are (only in private and for roles that may), then what is open."""
    parts: list[Part] = [Text(f"What matters most to them: {patient.goal}", Tone.QUOTE, Detail.CLINICAL)]
    if access.sees_names(by, clinic.definition) and _private(by):
        parts.append(Facts(_identity(patient), Detail.IDENTIFIED))
    parts.append(Facts(needs_of(patient, clinic.definition), Detail.CLINICAL))
    team = tuple(by.roster.name(each) for each in clinic.patients.care_team(patient.code))
    parts.append(Items(team, "Care team"))
    open_now = tuple(
        f"{each.ref}, {each.state}" for each in clinic.handoffs.of_patient(patient.code) if each.state in OPEN
    )
    if open_now:
        parts.append(Items(open_now, "Open handoffs"))
    choices = (
        Choice("Hand over", f"handoff offer {patient.code}"),
        Choice("Timeline", f"patient timeline {patient.code}"),
    )
    return Card(f"Patient {patient.code}", tuple(parts), choices)


def needs_of(patient: Patient, definition: Definition) -> tuple[tuple[str, str], ...]:
    """Which language they prefer, and what they let the team share."""
    language = next((e.label for e in definition.languages if e.tag == patient.language), "not noted")
    needs = f"{language}{'; needs an interpreter' if patient.interpreter else ''}"
    consent = f"team {_yes(patient.consent_team)}, outside {_yes(patient.consent_outside)}"
    return ("Language", needs), ("Consent to share", consent)


def _identity(patient: Patient) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("Name", patient.name), ("Born", patient.born), ("Record", patient.record),
        ("Phone", patient.phone), ("Mail", patient.email),
    )  # fmt: skip
    return tuple(pair for pair in pairs if pair[1])


def _private(by: Caller) -> bool:
    return by.lane.direct


def _born(patient: Patient) -> str:
    return f", born {patient.born}" if patient.born else ""


def _yes(given: bool) -> str:
    return "yes" if given else "not yet"
