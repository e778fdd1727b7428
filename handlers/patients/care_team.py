"""Who is on a patient's care team, what happened with a patient, and the glass that can be broken."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.card import Card, Detail, Items, Text, Tone
from cards.form import Kind, ask
from handlers.actions.give import leave_behind
from handlers.patients import access
from handlers.patients.named import Named
from handlers.patients.patient import patient_card
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.when import say_when
from storage.clinic import Clinic
from storage.patients import Patient

GLASS_CLOSES = timedelta(hours=4)


@dataclass(frozen=True)
class WithMember(Named):
    """A patient and a member."""

    member: str = ask("Who", Kind.MEMBER, example="@bo")


@dataclass(frozen=True)
class Glass(Named):
    """Why somebody who is not on the care team must see a patient."""

    reason: str = ask(
        "Why do you need to see this patient now?", Kind.LONG, example="On duty, patient in A&E"
    )


def let_in(asked: WithMember, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts a member on a patient's care team."""
    found, by = _of_team(asked, by, clinic, now)
    clinic.patients.let_see(found.code, asked.member, now)
    clinic.journal.write(
        "care team add",
        f"patient:{found.code}",
        now,
        by=by.id,
        patient=found.code,
        became=f"member:{asked.member}",
    )
    return Card(f"{by.roster.name(asked.member)} is on the care team of {found.code}.")


def let_out(asked: WithMember, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes a member off a patient's care team."""
    found, by = _of_team(asked, by, clinic, now)
    if clinic.patients.care_team(found.code) == [asked.member]:
        raise Refused(f"Nobody else is on the care team of {found.code}: first `patient let in` another.")
    if not clinic.patients.end_access(found.code, asked.member):
        raise Refused(f"{by.roster.name(asked.member)} is not on the care team of {found.code}.")
    clinic.journal.write(
        "care team remove",
        f"patient:{found.code}",
        now,
        by=by.id,
        patient=found.code,
        was=f"member:{asked.member}",
    )
    theirs = [each for each in clinic.actions.of_owner(asked.member) if each.patient == found.code]
    leave_behind(by.id, theirs, by.roster, clinic, now)
    says = f"{by.roster.name(asked.member)} is no longer on the care team of {found.code}."
    nobodys = Items(tuple(f"{each.ref}: now nobody's" for each in theirs), "Actions that were theirs")
    return Card(says, (nobodys,) if theirs else ())


def _of_team(asked: WithMember, by: Caller, clinic: Clinic, now: datetime) -> tuple[Patient, Caller]:
    """The patient, and the caller in the patient's team. Raises Refused if the member is not in it."""
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    if by.roster.member(asked.member) is None:
        raise Refused(f"Whom you named is not in {by.roster.team.name}, the team of {found.code}.")
    return found, by


def timeline(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What happened with a patient, out of the journal."""
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    lines = []
    for entry in clinic.journal.of(patient=found.code, limit=60):
        who = by.roster.name(entry.member) if entry.member else "Baton"
        what = f"{entry.action}" + (
            f" {entry.subject}" if entry.subject.startswith(("H-", "F-", "E-", "A-")) else ""
        )
        note = f": {entry.note}" if entry.note else ""
        lines.append(f"{say_when(entry.at, by.zone, now)}, {who}: {what}{note}")
    return Card(f"Timeline of {found.code}", (Items(tuple(lines), detail=Detail.CLINICAL),))


def break_glass(asked: Glass, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Lets somebody see a patient for four hours. The reason is kept, and the lead is told at once."""
    found = clinic.patients.find(asked.patient)
    roster = clinic.people.roster(found.team) if found else None
    if found is None or roster is None or not by.within(roster).may("patients"):
        none = f"No team of yours has a patient {asked.patient}: check the code with whoever gave it to you."
        raise Refused(none)
    by = by.within(roster)
    if clinic.patients.may_see(found.code, by.id, now):
        return patient_card(found, by, clinic, now)
    until = now + GLASS_CLOSES
    clinic.patients.let_see(found.code, by.id, now, until)
    clinic.journal.write(
        "break glass", f"patient:{found.code}", now, by=by.id, patient=found.code,
        became=until.isoformat(), note=asked.reason,
    )  # fmt: skip
    told = Card(
        f"{by.member.name} broke the glass on {found.code}",
        (Text(f"Reason given: {asked.reason}", Tone.QUOTE, Detail.CLINICAL),
         Text("It closes by itself after 4 hours.", Tone.QUIET)),
    )  # fmt: skip
    clinic.outbox.tell(_who_watches(found.code, by, clinic, now), told, now)
    return patient_card(found, by, clinic, now)


def _who_watches(code: str, by: Caller, clinic: Clinic, now: datetime) -> list[str]:
    """Who is told of a broken glass: the lead, and the lead's cover; if the lead broke it, the care team."""
    leads = by.roster.leads()
    told = {*leads, *by.roster.standing_in(leads, now)} - {by.id}
    return sorted(told or set(clinic.patients.care_team(code)) - {by.id})
