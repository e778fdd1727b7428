"""Measures: entered, corrected, taken back. The answer says score, band, change, and what it set off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cards.card import Card
from cards.form import Kind, ask
from handlers.flags import triage
from handlers.measures import review
from handlers.measures.card import noted, say_entry
from handlers.measures.typed import Entered, read_entries, read_entry
from handlers.patients import access
from handlers.reading import Wrong
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.instruments import instrument
from pathway.measure import How, Measure
from storage.clinic import Clinic
from storage.patients import Patient

HOW = (("in-person", "In person"), ("phone", "By phone"))


@dataclass(frozen=True)
class Assess:
    """Measures of a patient; in a line several at once, with a comma between them."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K")
    instrument: str = ask("Instrument", Kind.INSTRUMENT, example="PEG")
    values: str = ask(
        "Its answers in order, or total and a number", Kind.LONG, example="7 8 6",
        hint="Like 7 8 6, or total 14. On a checklist what is true, or none. Another instrument may follow.",
    )  # fmt: skip
    how: str = ask("How", Kind.CHOICE, default="in-person", options=HOW, word=True)
    taken: datetime = ask("When it was taken", Kind.PAST, default="now", word=True)
    baseline: bool = ask("Do changes count from here?", Kind.YES_NO, default="no", word=True)

    def __post_init__(self) -> None:
        """Reads the values while the form is still at hand. Raises Wrong."""
        try:
            self.entries()
        except ValueError as error:
            raise Wrong(str(error), field="values") from error

    def entries(self) -> tuple[Entered, ...]:
        """What the values say. Raises ValueError with one sentence."""
        return read_entries(f"{self.instrument} {self.values}")


@dataclass(frozen=True)
class NamedEntry:
    """An entry by its reference."""

    entry: str = ask("Entry", Kind.MEASURE, example="M-12")


@dataclass(frozen=True)
class Correct(NamedEntry):
    """What an entry should have been."""

    values: str = ask("Its answers in order, or total and a number", Kind.LONG, example="7 8 5")
    taken: datetime | str = ask("When it was taken, if that was wrong", Kind.PAST, default="", word=True)


@dataclass(frozen=True)
class Remove(NamedEntry):
    """Why an entry does not count."""

    reason: str = ask("Why does it not count?", Kind.LONG, example="Entered for the wrong patient")


def assess(asked: Assess, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Notes one or several measures of a patient."""
    found, by = _patient(asked.patient, by, clinic, now)
    taken = _taken(asked.taken, by, now)
    how = How.PHONE if asked.how == "phone" else How.IN_PERSON
    added = []
    for entry in asked.entries():
        measure = Measure(
            id="", patient=found.code, instrument=entry.instrument.code, score=entry.score, taken_at=taken,
            entered_at=now, by=by.id, how=how, answers=entry.answers, baseline=asked.baseline,
        )  # fmt: skip
        added.append(clinic.measures.add(measure, now, note=say_entry(measure)))
    return _answered(added, found, by, clinic, now)


def correct(asked: Correct, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts another entry in the place of one; the old one is kept, and counts no more."""
    old, found, by = _entry(asked.entry, by, clinic, now)
    known = instrument(old.instrument)
    said = asked.values.strip()
    if said.casefold().startswith(f"{known.code.casefold()} "):
        said = said[len(known.code) :]
    try:
        entry = read_entry(known, said)
    except ValueError as error:
        raise Refused(f"{old.id} stays as it was. {error}") from error
    taken = _taken(asked.taken, by, now) if isinstance(asked.taken, datetime) else old.taken_at
    fresh = replace(
        old, score=entry.score, answers=entry.answers, taken_at=taken, entered_at=now, by=by.id,
        replaces=old.id,
    )  # fmt: skip
    return _answered([clinic.measures.add(fresh, now, note=say_entry(fresh))], found, by, clinic, now)


def remove(asked: Remove, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes an entry back; it is kept, and counts no more."""
    old, found, by = _entry(asked.entry, by, clinic, now)
    reason = "" if instrument(old.instrument).private else asked.reason  # as of what `say_entry` says
    clinic.measures.remove(old.id, by.id, now, note=reason)
    refs = triage.look_at(found.code, by.id, clinic, now)
    review.plan(found.code, found.team, clinic, now)
    shown = refs if access.sees_entry(old, by) else ()
    return Card(f"{old.id} of {found.code} counts no more{_and(shown)}.")


def _and(refs: Sequence[str]) -> str:
    return f"; changed by that: {', '.join(refs)}" if refs else ""


def _answered(added: Sequence[Measure], found: Patient, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What follows from new entries, and the card that says it."""
    refs = triage.look_at(found.code, by.id, clinic, now)
    history = review.plan(found.code, found.team, clinic, now)
    return noted(added, history, refs, by, clinic.definition, now)


def _taken(moment: datetime, by: Caller, now: datetime) -> datetime:
    """When it was taken; of today, now at the latest. Raises Refused for a day that is still to come."""
    zone = ZoneInfo(by.zone)
    if moment.astimezone(zone).date() > now.astimezone(zone).date():
        raise Refused("That day is still to come: say when it was taken, as in `taken yesterday`.")
    return min(moment, now)


def _patient(code: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Patient, Caller]:
    """The patient, and the caller in that team. Raises Refused for whoever may not enter measures."""
    found = access.patient(code, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    if not by.may("measures"):
        raise Refused(f"Your role in {by.roster.team.name} does not enter measures: ask a clinician there.")
    return found, by


def _entry(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Measure, Patient, Caller]:
    """The entry, its patient, and the caller in that team. Raises Refused, the same for no such entry."""
    old = clinic.measures.find(ref)
    none = f"There is no entry {ref} that you may see: `assess show` lists a patient's."
    if old is None:
        raise Refused(none)
    try:
        found, by = _patient(old.patient, by, clinic, now)
    except Refused as error:
        raise Refused(none) from error
    if by.id != old.by and instrument(old.instrument).owner_only:
        raise Refused(none)
    if not clinic.measures.is_current(old.id):
        raise Refused(f"{old.id} was corrected or taken back before: `assess show {old.patient}`.")
    return old, found, by
