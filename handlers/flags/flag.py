"""Triage flags: raised by a person, claimed, put off, released, resolved, not needed.

The rules are in `pathway.flag`; what a pathway's rules raise comes from `handlers.flags.triage`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Detail, Text
from cards.form import Kind, ask
from handlers.flags.again import offer_again
from handlers.flags.card import first_words, theirs, why_card
from handlers.flags.post import answerers, inform, save, severity_of
from handlers.flags.raised import begin, settle
from handlers.flags.step import Named, ready_for, shown_after
from handlers.patients import access
from handlers.request import Caller
from pathway.flag import PERSON, Cause, Flag, State, Step, move
from pathway.flag_asking import concerns, hold, snooze
from pathway.handoff import Refused
from pathway.ladder import still_asked
from pathway.people import Roster
from pathway.when import say_when
from storage.clinic import Clinic


@dataclass(frozen=True, kw_only=True)
class Raise:
    """What somebody is worried about, how severe it is, and who should look."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K", hint="The code on the patient's card.")
    text: str = ask(
        "What should be looked at?", Kind.LONG, example="Numb between the legs since Sunday",
        hint="What you saw or heard, and when. No name: the code stands for it.",
    )  # fmt: skip
    severity: str = ask("How severe is it?", Kind.CHOICE, example="urgent", options_from="flag-severities")
    role: str = ask("Who should answer", Kind.ROLE, default="", hint="A role; those of the pathway if empty.")
    private: bool = ask(
        "Keep it out of every room?", Kind.YES_NO, default="no",
        hint="Only those who must answer hear of it: for safeguarding.",
    )  # fmt: skip


@dataclass(frozen=True)
class Until(Named):
    """A flag, and until when it can wait."""

    until: datetime = ask("Until when can it wait", Kind.WHEN, example="in 45 minutes")


@dataclass(frozen=True)
class Done(Named):
    """A flag, and what was done about it."""

    done: str = ask("What was done?", Kind.LONG, example="Examined, sent to hospital at 11:20")


@dataclass(frozen=True)
class Why(Named):
    """A flag, and why nobody has to act on it."""

    why: str = ask("Why is it not needed?", Kind.LONG, example="Known since 2019, seen last week")


def raise_it(asked: Raise, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Raises a flag; a second one for the same patient and role is added to the first."""
    if asked.private and not by.lane.direct:
        raise Refused("Say that in a direct message with Baton: a private flag is kept out of every room.")
    patient = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(patient.team, by, clinic)
    if not by.may("flags"):
        raise Refused(f"{patient.code} belongs to {by.roster.team.name}, where your role can't do that.")
    cause = Cause("", 0, asked.severity, asked.text, now, by.id)
    reason = f"{PERSON}:{'private:' if asked.private else ''}{asked.role}"
    known = next((e for e in clinic.flags.open_of_patient(patient.code) if e.reason == reason), None)
    if known is not None:
        flag = settle(known, replace(known, causes=(*known.causes, cause)), by.roster, clinic, now, by=by.id)
        if known.private and not concerns(known, by.id, by.roster):
            return _taken_down(known, cause, by.roster, clinic)
        return shown_after(flag, by, clinic, now, f"{flag.ref} was open already: yours is added to it.")
    fresh = Flag(
        clinic.flags.next_number(), by.roster.team.id, patient.code, reason, _label(asked.text),
        asked.severity, (asked.role,) if asked.role else by.definition.flag_roles, now,
        private=asked.private, causes=(cause,), raised_by=by.id,
    )  # fmt: skip
    flag = begin(fresh, by.roster, clinic, now)
    whom = ", ".join(by.roster.name(each) for each in flag.asked) or "the whole channel"
    quiet = severity_of(flag, clinic).digest
    note = "It comes in the daily digest." if quiet else f"Asked now: {whom}."
    return shown_after(flag, by, clinic, now, note)


def _taken_down(flag: Flag, cause: Cause, roster: Roster, clinic: Clinic) -> Card:
    """What somebody hears whose words were added to a private flag that is not theirs to see.

    Nothing of it but what they said themselves, nor that it was there before.
    """
    severity = clinic.definition.flag_severity(cause.severity)
    parts = (
        *first_words(severity, roster),
        Text("Those who must answer it have it."),
        Text(cause.says, detail=Detail.CLINICAL),
    )
    return Card(f"{flag.ref} · {flag.patient} · {severity.label} · {State.RAISED}", parts)


def _label(text: str) -> str:
    """The first line of what somebody wrote, short enough for a list."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    return line if len(line) <= 80 else f"{line[:79]}…"


def claim(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes a flag on. Of two at the same instant one wins, and the other is told who.

    Whoever has it already says so that they are still on it.
    """
    flag, _ = access.flag(asked.flag, by, clinic)
    confirms = theirs(flag, by.id) and flag.snoozed_until is None
    step = Step.CONFIRM if confirms else Step.CLAIM
    flag, by = ready_for(step, asked.flag, by, clinic, now)
    claimed = hold(move(flag, step, by.id, now), by.roster, severity_of(flag, clinic), now)
    if not confirms:
        clinic.patients.let_see(flag.patient, by.id, now, until=now + access.ASKED_SEE_FOR)
    save(claimed, "confirmed" if confirms else "claimed", by.roster, clinic, now, by=by.id)
    until = say_when(claimed.answer_by, by.zone, now) if claimed.answer_by else "then"
    if confirms:
        return shown_after(claimed, by, clinic, now, f"Good. Say what was done by {until}.")
    others = {flag.raised_by if flag.by_person else "", flag.holder} - {"", by.id}
    told = Card(f"{flag.ref} was claimed by {by.member.name}")
    inform(claimed, sorted(others), told, by.roster, clinic, now)
    note = f"It is yours. Say what was done by {until}, or that you are still on it; else others are asked."
    return shown_after(claimed, by, clinic, now, note)


def put_off(asked: Until, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Lets a flag wait until a moment, within what its severity allows; then it is asked again."""
    flag, by = ready_for(Step.SNOOZE, asked.flag, by, clinic, now)
    if asked.until <= now:
        raise Refused(f"That is over already: name a time to come, as in `flag snooze {flag.ref} in 45 min`.")
    waiting = snooze(flag, asked.until, by.id, by.roster, severity_of(flag, clinic), now)
    save(waiting, "snoozed", by.roster, clinic, now, by=by.id, note=asked.until.isoformat())
    until = say_when(asked.until, by.roster.team.hours.zone, now)
    told = Card(f"{flag.ref} ({flag.patient}) is put off until {until} by {by.member.name}")
    others = [each for each in still_asked(flag, by.roster, now) if each != by.id]
    raiser = [flag.raised_by] if flag.by_person and flag.raised_by not in (by.id, *others) else []
    if not severity_of(flag, clinic).digest:
        inform(waiting, [*others, *raiser], told, by.roster, clinic, now)
    return shown_after(waiting, by, clinic, now, "Then it is asked again.")


def release(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Gives a flag back; others are asked at once."""
    flag, by = ready_for(Step.RELEASE, asked.flag, by, clinic, now)
    following = offer_again(flag, by.id, by.roster, clinic, now)
    left = still_asked(following, answerers(by.roster, clinic), now)
    whom = ", ".join(by.roster.name(each) for each in left) or "the whole channel"
    return shown_after(following, by, clinic, now, f"It is nobody's now. Asked: {whom}.")


def resolve(asked: Done, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Closes a flag with what was done."""
    return _close(Step.RESOLVE, asked.flag, asked.done, "resolved", by, clinic, now)


def dismiss(asked: Why, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Closes a flag as not needed, with why."""
    return _close(Step.DISMISS, asked.flag, asked.why, "not needed", by, clinic, now)


def _close(step: Step, ref: str, words: str, action: str, by: Caller, clinic: Clinic, now: datetime) -> Card:
    flag, by = ready_for(step, ref, by, clinic, now)
    closed = move(flag, step, by.id, now, words)
    save(closed, action, by.roster, clinic, now, by=by.id, note=words)
    others = {flag.raised_by if flag.by_person else "", flag.holder} - {"", by.id}
    told = Card(f"{flag.ref}: {action}, says {by.member.name}")
    inform(closed, sorted(others), told, by.roster, clinic, now)
    return shown_after(closed, by, clinic, now, "")


def show(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """One flag as it stands, with what it rests on: rule, version, value, threshold, date."""
    flag, by = access.flag(asked.flag, by, clinic)
    card = why_card(flag, by.roster, by.definition, now)
    return access.shown_to(by.id, flag.patient, card, clinic, now)
