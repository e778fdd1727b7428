"""After every entry, and by time: which triage rules hold for a patient now, and which flags follow."""

from collections.abc import Collection, Sequence
from datetime import datetime

from handlers.flags.raised import begin, settle
from pathway.finding import Finding
from pathway.flag import Flag
from pathway.flag_causes import answered, cause_of, with_finding, without_corrected
from pathway.measure import History
from pathway.triage import evaluate
from storage.clinic import Clinic
from storage.patients import Patient


def look_at(code: str, by: str, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Raises, adds to, downgrades and closes the flags of a patient as the rules say; the refs that changed.

    `by` is the member whose entry it follows ("" for the patient's own, or time). Looking twice changes
    nothing more. Private flags are not among the refs: whoever shows these must not show those.
    """
    past = clinic.measures.history(code)
    return follow(code, evaluate(clinic.definition, past, now), past, by, clinic, now)


def follow(
    code: str, found: Sequence[Finding], past: History, by: str, clinic: Clinic, now: datetime
) -> tuple[str, ...]:
    """What `look_at` does with what the rules found in this history."""
    known = clinic.flags.open_of_patient(code)
    by_rule = {each.rule: each for each in found}
    changed = []
    for flag in known:
        entries = {each.id for each in past.measures}
        after = _as_it_is_now(flag, by_rule.get(flag.reason), entries, by, clinic, now)
        if after != flag:
            changed.append(settle(flag, after, clinic.people.roster(flag.team), clinic, now, by=by))
    fresh = [each for each in found if each.rule not in {flag.reason for flag in known}]
    changed += _raised(code, fresh, by, clinic, now)
    return tuple(each.ref for each in changed if not each.private)


def _as_it_is_now(
    flag: Flag, finding: Finding | None, entries: Collection[str], by: str, clinic: Clinic, now: datetime
) -> Flag:
    """The flag without what was corrected, and with what was found; its state is as it was."""
    if flag.by_person:
        return flag
    standing = without_corrected(flag, entries, now)
    return with_finding(standing, finding, by, now, clinic.definition) if finding else standing


def _raised(code: str, found: Sequence[Finding], by: str, clinic: Clinic, now: datetime) -> list[Flag]:
    """New flags for what was found, but for what people have answered already."""
    patient = clinic.patients.find(code) if found else None
    if patient is None:
        return []
    closed = clinic.flags.closed_of_patient(code, {each.rule for each in found})
    roster = clinic.people.roster(patient.team)
    return [
        begin(_flag(patient, each, by, clinic, now), roster, clinic, now)
        for each in found
        if not answered(each, [flag for flag in closed if flag.reason == each.rule])
    ]


def _flag(patient: Patient, found: Finding, by: str, clinic: Clinic, now: datetime) -> Flag:
    return Flag(
        clinic.flags.next_number(), patient.team, patient.code, found.rule, found.label, found.severity,
        found.roles, now, service=found.service, private=found.private,
        causes=(cause_of(found, by, now),), raised_by=by,
    )  # fmt: skip
