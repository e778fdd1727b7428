"""What people put before the next conference: a question about a patient, typed, from a message or a flag."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Part, Text, Tone
from cards.form import Kind, ask
from handlers.flags.step import Named
from handlers.flags.to_handoff import facts
from handlers.message_link import made_of, read_link
from handlers.patients import access
from handlers.people.tell import in_private
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.people import Roster
from pathway.question import Question, Step, move, same
from pathway.when import say_when
from storage.clinic import Clinic


@dataclass(frozen=True)
class Add:
    """A patient, and what the conference should answer."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K", hint="The code on the patient's card.")
    question: str = ask(
        "What should the conference decide?", Kind.LONG, example="Is it time to stop the opioids?",
        hint="No name: the code stands for it.",
    )  # fmt: skip
    message: str = made_of()


@dataclass(frozen=True)
class Back:
    """A question by its reference, and why it is taken back."""

    question: str = ask("Question", Kind.WORD, example="Q-3")
    why: str = ask("Why", Kind.LONG, default="")


def add(asked: Add, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts a question about a patient before the next conference."""
    link = read_link(asked.message or by.link)
    patient = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(patient.team, by, clinic)
    fresh = Question(0, patient.team, patient.code, asked.question, by.id, now, link)
    return _put(fresh, lambda known: same(known.text, fresh.text), by, clinic, now)


def from_flag(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts the patient of a flag before the next conference, with what the flag says."""
    flag, by = access.flag(asked.flag, by, clinic)
    if flag.private:
        raise Refused(f"{flag.ref} is private: ask with `agenda add` in words that all may read.")
    if clinic.patients.find(flag.patient) is None:
        raise Refused(f"{flag.ref} is a test: there is nobody to discuss.")
    patient = access.patient(flag.patient, by, clinic, now)
    by = access.in_team(patient.team, by, clinic)
    text = "\n".join(facts(flag, by, now))
    fresh = Question(0, patient.team, patient.code, text, by.id, now, about=flag.ref)
    return _put(fresh, lambda known: known.about == flag.ref, by, clinic, now)


def withdraw(asked: Back, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes a question back; who asked it hears of it if somebody else did."""
    ref = _ref(asked.question)
    question = clinic.questions.find(ref)
    if question is None:
        raise Refused(f"There is no question {ref}: `outstanding <code>` shows what is asked.")
    access.patient(question.patient, by, clinic, now)
    by = access.in_team(question.team, by, clinic)
    if by.id != question.asked_by and not by.may("conference"):
        who = by.roster.name(question.asked_by)
        raise Refused(f"{question.ref} is taken back by {who}, who asked it, or by whoever runs conferences.")
    withdrawn = move(question, Step.WITHDRAW, by.id, now, asked.why)
    clinic.questions.put(withdrawn, "withdrawn", now, by=by.id, note=asked.why)
    if by.id != question.asked_by:
        _tell_asker(withdrawn, f"{question.ref} was taken back by {by.member.name}", by.roster, clinic, now)
    return Card(f"{question.ref} ({question.patient}) is taken back.")


def _ref(typed: str) -> str:
    number = re.fullmatch(r"[Qq]?\s*[-‑–—#]?\s*(\d{1,15})", typed.strip())
    if not number:
        raise Refused("Name the question as on its card, like Q-3.")
    return f"Q-{int(number[1])}"


def message_changed(link: str, says: str | None, clinic: Clinic, now: datetime) -> None:
    """The message that questions come from was edited and `says` something else, or was deleted (None).

    An edit amends what was asked and leaves its words; a deletion takes the question back. Both leave their
    trace in the journal, and whoever asked hears of it.
    """
    for question in clinic.questions.open_of_message(link):
        roster = clinic.people.roster(question.team)
        if says is None:
            withdrawn = move(question, Step.WITHDRAW, "", now, "the message was deleted")
            clinic.questions.put(withdrawn, "withdrawn", now, note=withdrawn.why)
            _tell_asker(withdrawn, f"{question.ref} is off: its message was deleted", roster, clinic, now)
        elif not same(says, question.amended or question.text):
            amended = move(question, Step.AMEND, "", now, says)
            clinic.questions.put(amended, "amended", now, note=says)
            _tell_asker(amended, f"{question.ref} is amended: its message was edited", roster, clinic, now)


def _tell_asker(question: Question, says: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    card = Card(says, _said(question), (Choice("What is outstanding", f"outstanding {question.patient}"),))
    at = roster.team.hours.quiet_until(now)
    in_private(question.patient, [question.asked_by], card, roster, clinic, now, at)


def _put(
    fresh: Question, is_known: Callable[[Question], bool], by: Caller, clinic: Clinic, now: datetime
) -> Card:
    """Asks, unless that is asked already. Of two who ask at once the second sees what the first asked."""
    code = fresh.patient
    clinic.issues.in_turn(code, fresh.team, now)
    was = next((each for each in clinic.questions.open_of_patient(code) if is_known(each)), None)
    if was is not None:
        who = "you" if was.asked_by == by.id else by.roster.name(was.asked_by)
        return _card(was, f"{was.ref} · {code} · asked already, by {who}", by, clinic, now)
    numbered = replace(fresh, number=clinic.questions.next_number())
    clinic.questions.put(numbered, "asked", now, by=by.id, note=fresh.text)
    return _card(numbered, f"{numbered.ref} · {code} · for the next conference", by, clinic, now)


def _card(question: Question, title: str, by: Caller, clinic: Clinic, now: datetime) -> Card:
    coming = clinic.conferences.next_of(question.team, now)
    when = say_when(coming.starts, by.zone, now) if coming else "none is planned yet"
    parts = (Facts((("Next conference", when),)), *_said(question))
    choices = (
        Choice("Take it back", f"agenda withdraw {question.ref}"),
        Choice("What is outstanding", f"outstanding {question.patient}"),
    )
    return access.shown_to(by.id, question.patient, Card(title, parts, choices), clinic, now)


def _said(question: Question) -> tuple[Part, ...]:
    said: tuple[Part, ...] = (Text(question.words, Tone.QUOTE, Detail.CLINICAL),)
    return (*said, Text(f"From {question.link}", Tone.QUIET, Detail.CLINICAL)) if question.link else said
