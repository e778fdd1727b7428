"""What is outstanding for a patient, collected from every source: after every change, and by time.

Whoever changes something of a patient need not know of this: closing the transaction has the patient looked
at again (`storage.clinic`), and collecting sets when time does.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from handlers.agenda import live as agenda_live
from handlers.fallen_due import FallenDue, of_kind
from handlers.issues.sources import SOURCES, Look
from pathway.issue import Issue, once
from storage.clinic import Clinic

SUBJECT = "issues:"
MOST_AT_ONCE = 50
"""So many patients are looked at before an agenda is shown; who is left is looked at by the clock."""


def collect(code: str, clinic: Clinic, now: datetime) -> tuple[Issue, ...]:
    """All that is outstanding for a patient now, written down."""
    patient = clinic.patients.find(code)
    if patient is None:
        return ()
    clinic.issues.in_turn(code, patient.team, now)
    _collect(code, clinic, now)
    return tuple(clinic.issues.of_patient(code))


def up_to_date(team: str, clinic: Clinic, now: datetime) -> None:
    """Looks at everybody of a team of whom something has changed, or has come of age."""
    for code in clinic.issues.due_of_team(team, now, MOST_AT_ONCE):
        _collect(code, clinic, now)


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next patient who is to be looked at and is not `left`, locked, and what to do."""
    found = clinic.issues.next_look(now, of_kind(left, SUBJECT))
    if found is None:
        return None
    return FallenDue(f"{SUBJECT}{found.patient}", found.look_at, lambda: _collect(found.patient, clinic, now))


def _collect(code: str, clinic: Clinic, now: datetime) -> None:
    """Writes what is outstanding for a patient, and when to look next; agendas follow what changed.

    In so many days at the latest, as another definition may be in force by then.
    """
    patient = clinic.patients.find(code)
    if patient is None:
        changed = clinic.issues.replace(code, "", (), now)
        clinic.issues.forget(code)
    else:
        look = Look(patient, clinic, now)
        found = [issue for source in SOURCES for issue in source(look)]
        here = once(each for each in found if each.since <= now)
        changed = clinic.issues.replace(code, patient.team, here, now)
        latest = now + timedelta(days=clinic.definition.look_days)
        ahead = (each.since for each in found if each.since > now)
        clinic.issues.looked(code, patient.team, min([latest, *ahead]))
    for team in sorted(changed.teams):
        agenda_live.refresh(team, clinic, now)
