"""Warm handoffs: offered, accepted, declined, given back, cancelled. The rules are in `pathway.handoff`."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Text, Tone
from cards.form import Kind, ask
from handlers.handoffs.again import take_back, tell_given_back, who_next
from handlers.handoffs.post import ask_further, end_asked_access, inform, save, urgency_of
from handlers.handoffs.step import Named, leads, ready_for, shown_after, speaks_for
from handlers.patients import access
from handlers.request import Caller
from pathway.asking import answering, ask_first, ask_on, check_answerer, hold
from pathway.handoff import HELD, Handoff, Ipass, Refused, Rung, Step, move
from pathway.people import Roster
from pathway.when import say_when
from storage.clinic import Clinic


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What I-PASS asks for; goal and language come from the patient's record."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K", hint="The code on the patient's card.")
    to: str = ask("To", Kind.MEMBER_OR_ROLE, example="psychologist", hint="A person, or a role.")
    urgency: str = ask("Urgency", Kind.CHOICE, default="routine", options_from="urgencies")
    severity: str = ask("Illness severity", Kind.CHOICE, default="", options_from="severities")
    summary: str = ask(
        "Patient summary", Kind.LONG, example="Back pain for 2 years, low mood, PHQ-9 14",
        hint="What has happened, what is going on, what the plan is. No name: the code stands for it.",
    )  # fmt: skip
    actions: str = ask("Action list", Kind.LONG, default="", hint="What is to be done, by whom, by when.")
    contingency: str = ask(
        "If things change", Kind.LONG, default="", hint="What might happen, and what to do then."
    )
    told: bool = ask("Does the patient know about this handoff?", Kind.YES_NO, default="no")


@dataclass(frozen=True)
class Reasoned(Named):
    """A handoff, and a reason."""

    reason: str = ask("Reason", Kind.LONG, example="I am full until January")


def offer(asked: Offer, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Offers a patient to a person or a role; those who are asked hear of it in private."""
    patient = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(patient.team, by, clinic)
    if not by.may("handoff"):
        raise Refused(f"{patient.code} belongs to {by.roster.team.name}, where your role can't do that.")
    member, _, role = asked.to.partition("role:")
    to_member = member.removeprefix("member:")
    if to_member and by.roster.member(to_member) is None:
        raise Refused(f"Whom you named is not in {by.roster.team.name}, the team of {patient.code}.")
    if to_member == by.id:
        raise Refused("You can't hand a patient over to yourself: name somebody else, or a role.")
    severity = asked.severity or by.definition.illness_severities[0].id
    ipass = Ipass(
        severity, asked.summary, asked.actions, asked.contingency, asked.told,
        patient.goal, patient.language, patient.interpreter,
    )  # fmt: skip
    fresh = Handoff(
        clinic.handoffs.next_number(), by.roster.team.id, patient.code, by.id, asked.urgency, ipass, now,
        to_member=to_member, to_role=role,
    )  # fmt: skip
    clinic.outbox.begin(fresh.ref)
    able = answering(by.roster, by.definition)
    _check_able(to_member, role, by, able)
    offered = ask_first(fresh, able, by.definition.urgency(asked.urgency), now)
    save(offered, "offered", by.roster, clinic, now, by=by.id)
    ask_further(fresh, offered, by.roster, clinic, now)
    card = shown_after(offered, by, clinic, now, _offered_note(offered, by, now))
    return card if patient.consent_team else replace(card, parts=(_no_consent(patient.code), *card.parts))


def _check_able(to_member: str, to_role: str, by: Caller, able: Roster) -> None:
    """Raises Refused if the one named, or everybody of the role, is not allowed to take patients over."""
    role = by.definition.role(to_role or by.roster.role(to_member))
    if (to_member and able.member(to_member)) or (role and "handoff" in role.may):
        return
    whom = by.roster.name(to_member) if to_member else f"A {role.label.lower()}" if role else to_role
    raise Refused(f"{whom} can't take a patient over, by the pathway: name a clinician, or a role.")


def _no_consent(code: str) -> Text:
    says = f"Consent to share in the team is not noted yet: `patient edit {code} consent-team yes`."
    return Text(says, Tone.WARNING)


def _offered_note(offered: Handoff, by: Caller, now: datetime) -> str:
    if offered.rung is Rung.RECEIVER:
        return ""
    whom = offered.to_member
    away = by.roster.away(whom, now) if whom else None
    why = f"{by.roster.name(whom)} is away until {say_when(away.ends, by.zone, now)}" if away else ""
    asked = ", ".join(by.roster.name(each) for each in offered.asked) or "the whole channel"
    return f"{why or 'Nobody of them is here now'}, so this went to {asked}."


def accept(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes the patient over. Of two at the same instant one wins, and the other is told who."""
    handoff, by = ready_for(Step.ACCEPT, asked.handoff, by, clinic, now)
    check_answerer(handoff, by.id, by.roster)
    accepted = hold(move(handoff, Step.ACCEPT, by.id, now), by.roster, urgency_of(handoff, clinic), now)
    clinic.patients.let_see(handoff.patient, by.id, now)
    save(accepted, "accepted", by.roster, clinic, now, by=by.id)
    note = Text(f"{by.member.name} takes over {handoff.patient}. Introduce them to the patient if you can.")
    told = Card(f"{handoff.ref} was accepted", (note,))
    inform(accepted, [handoff.sender], told, by.roster, clinic, now)
    yours = "It is yours. Now say in your own words what you took over."
    return shown_after(accepted, by, clinic, now, yours)


def decline(asked: Reasoned, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says no, with a reason; the next person is asked at once."""
    handoff, by = ready_for(Step.DECLINE, asked.handoff, by, clinic, now)
    check_answerer(handoff, by.id, by.roster)
    talk = replace(handoff.talk, reason=f"{by.member.name}: {asked.reason}")
    declined = replace(move(handoff, Step.DECLINE, by.id, now), talk=talk)
    following = ask_on(declined, answering(by.roster, by.definition), urgency_of(handoff, clinic), now)
    end_asked_access(handoff, [by.id], clinic)
    save(following, "declined", by.roster, clinic, now, by=by.id, note=asked.reason)
    ask_further(handoff, following, by.roster, clinic, now)
    next_asked = who_next(following, handoff, by.roster, now)
    said = Card(f"{handoff.ref}: {by.member.name} can't take it", (Text(next_asked),))
    inform(following, [handoff.sender], said, by.roster, clinic, now)
    return shown_after(following, by, clinic, now, f"Thank you for saying so. {next_asked}")


def give_back(asked: Reasoned, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes an acceptance back, with a reason; the handoff is offered again to whoever is next.

    For whoever holds it their cover can do so while they are away, and the lead.
    """
    handoff, by = ready_for(Step.GIVE_BACK, asked.handoff, by, clinic, now)
    holder = by.roster.name(handoff.receiver)
    if not (speaks_for(handoff.receiver, by, now) or leads(by, now)):
        raise Refused(f"Only {holder}, who holds {handoff.ref}, their cover or the lead can give it back.")
    following = take_back(handoff, asked.reason, by.member, by.roster, clinic, now)
    tell_given_back(handoff, following, by.member, by.roster, clinic, now)
    whose = "yours" if by.id == handoff.receiver else f"{holder}'s"
    note = f"It is no longer {whose}. {who_next(following, handoff, by.roster, now)}"
    return shown_after(following, by, clinic, now, note)


def cancel(asked: Reasoned, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Withdraws a handoff; those who were asked or hold it are told."""
    handoff, by = ready_for(Step.CANCEL, asked.handoff, by, clinic, now)
    if by.id != handoff.sender and not by.leads:
        raise Refused(
            f"Only {by.roster.name(handoff.sender)}, who offered {handoff.ref}, or the lead can cancel it."
        )
    talk = replace(handoff.talk, reason=f"{by.member.name}: {asked.reason}")
    moved = replace(move(handoff, Step.CANCEL, by.id, now), talk=talk)
    save(moved, "cancelled", by.roster, clinic, now, by=by.id, note=asked.reason)
    concerned = [handoff.sender, *([handoff.receiver] if handoff.state in HELD else [])]
    others = [each for each in concerned if each != by.id]
    told = Card(f"{handoff.ref} was cancelled by {by.member.name}")
    inform(moved, others, told, by.roster, clinic, now)
    return shown_after(moved, by, clinic, now, "")
