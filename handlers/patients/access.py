"""Who may see which patient: asked here and nowhere else."""

from dataclasses import replace
from datetime import datetime, timedelta

from cards.card import Card, Detail, Text, Tone
from handlers.request import Caller
from pathway.action import Action
from pathway.conference import Conference
from pathway.definition import Definition
from pathway.flag import Flag
from pathway.flag_asking import may_answer
from pathway.handoff import Handoff, Refused
from pathway.instruments import instrument
from pathway.measure import Measure
from pathway.people import Roster
from pathway.plan import Entry
from pathway.poll import Poll
from pathway.series import Series
from storage.clinic import Clinic
from storage.patients import Patient

ASKED_SEE_FOR = timedelta(days=30)
"""So long may somebody see a patient who is asked about one; what ends that sooner is the answer."""


def patient(code: str, by: Caller, clinic: Clinic, now: datetime) -> Patient:
    """The patient, for somebody on the care team. Raises Refused for everybody else.

    The refusal is the same whether the patient exists or not, so that codes can't be tried out.
    """
    found = clinic.patients.find(code)
    if (
        found is None
        or not clinic.patients.may_see(code, by.id, now)
        or not _works_in(found.team, by, clinic)
    ):
        raise Refused(
            f"You are not on the care team of {code}, or there is no such patient. "
            f"If care needs it now: `break-glass {code} <reason>`; the lead is told at once."
        )
    return found


def _works_in(team: str, by: Caller, clinic: Clinic) -> bool:
    """Whether the caller's role in this team, wherever they speak, has to do with patients."""
    return _speaking_of(team, by, clinic).may("patients")


def _speaking_of(team: str, by: Caller, clinic: Clinic) -> Caller:
    """The caller, in this team or not, speaking of something that belongs to it."""
    here = by.roster_here
    if here is not None and here.team.id == team:
        return by
    clinic.spoke_of_other_team = True
    return by.within(clinic.people.roster(team))


def sight(code: str, member: str, roster: Roster, clinic: Clinic, now: datetime) -> Detail:
    """How much of a patient of this team a member may be told where nobody else reads along."""
    role = clinic.definition.role(roster.role(member))
    leads = member in roster.leads()
    works = leads or (role is not None and "patients" in role.may)
    if not works or not clinic.patients.may_see(code, member, now):
        return Detail.CODE
    names = leads or (role is not None and "names" in role.may)
    return min(clinic.direct_detail, Detail.IDENTIFIED if names else Detail.CLINICAL)


def shown_to(member: str, code: str, card: Card, clinic: Clinic, now: datetime) -> Card:
    """The card, without what was written about the patient for a member who may not see the patient."""
    return card if clinic.patients.may_see(code, member, now) else bare(card)


def bare(card: Card) -> Card:
    """The card without anything that was written about a patient."""
    kept = tuple(part for part in card.parts if part.detail is Detail.CODE)
    if len(kept) == len(card.parts):
        return card
    note = Text("What was written is shown to the care team and to those who are asked.", Tone.QUIET)
    return replace(card, parts=(*kept, note))


def handoff(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Handoff, Caller]:
    """The handoff, and the caller as a member of its team. Raises Refused for people outside of the team."""
    found = clinic.handoffs.find(ref)
    if found is None:
        raise Refused(f"There is no handoff {ref}: `handoff list` shows yours.")
    return found, in_team(found.team, by, clinic)


def flag(ref: str, by: Caller, clinic: Clinic) -> tuple[Flag, Caller]:
    """The flag, and the caller as a member of its team. Raises Refused for people outside of the team.

    Of a private flag nobody hears but those who raised or may answer it, and they in private only: the
    refusal is the same as for a flag that does not exist.
    """
    found = clinic.flags.find(ref)
    if found is None:
        raise Refused(_no_flag(ref))
    if not found.private:
        return found, in_team(found.team, by, clinic)
    roster = clinic.people.roster(found.team)
    theirs = by.id in (found.raised_by, found.holder) or may_answer(found, by.id, roster)
    if not by.lane.direct or roster.member(by.id) is None or not theirs:
        raise Refused(_no_flag(ref))
    return found, by.within(roster)


def _no_flag(ref: str) -> str:
    return f"There is no flag {ref} here; one that is private is seen only in a direct message with Baton."


def conference(ref: str, by: Caller, clinic: Clinic) -> tuple[Conference, Caller]:
    """The conference, and the caller as a member of its team. Raises Refused for people outside of it."""
    found = clinic.conferences.find(ref)
    if found is None:
        raise Refused(f"There is no conference {ref}: `conference list` shows yours.")
    return found, in_team(found.team, by, clinic)


def series(ref: str, by: Caller, clinic: Clinic) -> tuple[Series, Caller]:
    """The series, and the caller as a member of its team. Raises Refused for people outside of it."""
    found = clinic.series.find(ref)
    if found is None:
        raise Refused(f"There is no series {ref}: `conference list` shows yours.")
    return found, in_team(found.team, by, clinic)


def poll(ref: str, by: Caller, clinic: Clinic) -> tuple[Poll, Caller]:
    """The poll, and the caller as a member of its team. Raises Refused for people outside of it."""
    found = clinic.polls.find(ref)
    if found is None:
        raise Refused(f"There is no poll {ref}: it is named on its card, like T-3.")
    return found, in_team(found.team, by, clinic)


def entry(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Entry, Caller]:
    """An entry of a care plan, and the caller as a member of its team.

    Raises Refused for everybody who is not on the patient's care team, as if there were no such entry.
    """
    found = clinic.plans.find(ref)
    if found is None or not _cares_for(found.patient, found.team, by, clinic, now):
        raise Refused(f"There is no {ref} in a care plan of your patients: `plan show <code>` lists them.")
    return found, in_team(found.team, by, clinic)


def action(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Action, Caller]:
    """An action, and the caller as a member of its team.

    Raises Refused for everybody but its owner and their cover, the team's lead and the patient's care team,
    as if there were no such action.
    """
    found = clinic.actions.find(ref)
    if found is None or not (
        _answers_for(found, by, clinic, now) or _cares_for(found.patient, found.team, by, clinic, now)
    ):
        raise Refused(f"There is no action {ref} of yours or of your patients: `action list` shows them.")
    return found, in_team(found.team, by, clinic)


def _answers_for(action: Action, by: Caller, clinic: Clinic, now: datetime) -> bool:
    """Whether the caller is a member of the team to whom an action comes by itself, sooner or later."""
    roster = clinic.people.roster(action.team)
    cover = roster.cover(action.owner, now) if action.owner else ""
    return roster.member(by.id) is not None and by.id in (action.owner, cover, *roster.leads())


def plan_writer(code: str, source: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Patient, Caller]:
    """The patient, and the caller in the patient's team, who may change the care plan; else raises Refused.

    What comes from a conference may also be written by whoever runs conferences: its scribe.
    """
    found = patient(code, by, clinic, now)
    by = in_team(found.team, by, clinic)
    if not (by.may("plan") or (source.startswith("C-") and by.may("conference"))):
        raise Refused(f"{code} belongs to {by.roster.team.name}, where your role can't change care plans.")
    return found, by


def _cares_for(code: str, team: str, by: Caller, clinic: Clinic, now: datetime) -> bool:
    return clinic.patients.may_see(code, by.id, now) and _works_in(team, by, clinic)


def sees_entry(measure: Measure, by: Caller) -> bool:
    """Whether an entry may be shown to a caller who may see its patient: some in private, or to few, only."""
    known = instrument(measure.instrument)
    return (by.lane.direct or not known.private) and (by.id == measure.by or not known.owner_only)


def in_team(team: str, by: Caller, clinic: Clinic) -> Caller:
    """The caller as a member of this team, wherever they speak. Raises Refused for outsiders."""
    theirs = _speaking_of(team, by, clinic)
    if theirs is not by and theirs.roster.member(by.id) is None:
        raise Refused(f"That belongs to the team {theirs.roster.team.name}, which you are not in.")
    return theirs


def sees_names(by: Caller, definition: Definition) -> bool:
    """Whether the caller's role may see what identifies a patient."""
    role = definition.role(by.roster_here.role(by.id)) if by.roster_here else None
    return by.leads or (role is not None and "names" in role.may)
