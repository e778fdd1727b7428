"""Who is on a patient's care team, what happened with a patient, and the glass that can be broken."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.card import Card, Detail, Items, Text, Tone
from cards.form import Kind, ask
from handlers.actions import give as action_give
from handlers.flags import post as flag_post
from handlers.handoffs import again as handoff_again
from handlers.handoffs import post as handoff_post
from handlers.handoffs.card import standing
from handlers.patients import access
from handlers.patients.named import Named
from handlers.patients.patient import patient_card
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.when import say_when
from storage.clinic import Clinic
from storage.journal import Entry
from storage.patients import Patient

GLASS_CLOSES = timedelta(hours=4)
MOST_EVENTS = 60


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
    handoff_again.let_in(asked.member, found.code, by.member, clinic, now)
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
    """Takes a member off a patient's care team, and with that out of the patient's open handoffs."""
    found, by = _of_team(asked, by, clinic, now)
    if clinic.patients.care_team(found.code) == [asked.member]:
        raise Refused(f"Nobody else is on the care team of {found.code}: first `patient let in` another.")
    handoffs = handoff_again.let_go(asked.member, found.code, by.member, by.roster, clinic, now)
    if not clinic.patients.end_access(found.code, asked.member) and not handoffs:
        raise Refused(f"{by.roster.name(asked.member)} is not on the care team of {found.code}.")
    clinic.journal.write(
        "care team remove",
        f"patient:{found.code}",
        now,
        by=by.id,
        patient=found.code,
        was=f"member:{asked.member}",
    )
    for each in clinic.handoffs.open_of_patient(found.code):  # of which they see no more than the code now
        handoff_post.show(each, by.roster, clinic, now)
    for flag in clinic.flags.open_of_patient(found.code):
        flag_post.show(flag, by.roster, clinic, now)
    owned = clinic.actions.of_owner(asked.member, limit=1000)
    actions = [each for each in owned if each.patient == found.code]
    action_give.leave_behind(by.id, actions, by.roster, clinic, now)
    lines = [standing(each, by.roster, by.zone, now) for each in handoffs]
    lines += [f"{each.ref}: now nobody's" for each in actions]
    says = f"{by.roster.name(asked.member)} is no longer on the care team of {found.code}."
    return Card(says, (Items(tuple(lines), "What was theirs"),) if lines else ())


def _of_team(asked: WithMember, by: Caller, clinic: Clinic, now: datetime) -> tuple[Patient, Caller]:
    """The patient, and the caller in the patient's team.

    Raises Refused if the member is not in it, and for a caller who sees the patient for a while only: a
    broken glass would else open for good, and for others.
    """
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    if not by.leads and by.id not in clinic.patients.care_team(found.code):
        raise Refused(f"You see {found.code} for a while: the care team and the lead say who is on it.")
    if by.roster.member(asked.member) is None:
        raise Refused(f"Whom you named is not in {by.roster.team.name}, the team of {found.code}.")
    return found, by


def timeline(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What happened with a patient, out of the journal: the newest, and how much there was before it.

    Looks are counted in one line, so that they don't crowd out what was done.
    """
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    entries = clinic.journal.of(patient=found.code, limit=MOST_EVENTS, looks=False)
    events = Items(tuple(_event(each, by, now) for each in entries), detail=Detail.CLINICAL)
    earlier = clinic.journal.count_of(found.code, looks=False) - len(entries)
    before = (Text(f"{earlier} earlier.", Tone.QUIET),) if earlier > 0 else ()
    return Card(f"Timeline of {found.code}", (*before, events, *_looks(found.code, by, clinic, now)))


def _event(entry: Entry, by: Caller, now: datetime) -> str:
    who = by.roster.name(entry.member) if entry.member else "Baton"
    named = entry.subject.startswith(("H-", "F-", "E-", "A-"))
    what = f"{entry.action} {entry.subject}" if named else entry.action
    note = f": {entry.note}" if entry.note else ""
    return f"{say_when(entry.at, by.zone, now)}, {who}: {what}{note}"


def _looks(code: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Text, ...]:
    last = clinic.journal.of(patient=code, limit=1, looks=True)
    if not last:
        return ()
    count = clinic.journal.count_of(code, looks=True)
    times = "once" if count == 1 else f"{count} times"
    who, when = by.roster.name(last[0].member), say_when(last[0].at, by.zone, now)
    return (Text(f"Looked at {times}, last by {who}, {when}.", Tone.QUIET),)


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
    clinic.patients.break_glass(found.code, by.id, now, until)
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
