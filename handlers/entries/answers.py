"""What a patient answers on their own page: kept question by question, looked at at once, sent at the end.

Two kinds of answers can't wait for the end: a red flag, and any answer above 0 to item 9 of PHQ-9. They
become entries the moment they are given, so that the rules see them: RED-FLAGS itself, which may be a list
that grows, and SELF-HARM in place of a PHQ-9 that has no score yet. What was said so is not unsaid on the
page, for a slip of the thumb and a second thought look the same: a clinician asks, and corrects the entry.
"""

from dataclasses import replace
from datetime import datetime

from cards.card import Card, Choice, Text, Tone
from handlers.entries.told import tell_sent
from handlers.flags import triage
from handlers.measures import review
from handlers.people.tell import in_private
from pathway.instruments import Instrument, Item, instrument, score
from pathway.measure import How, Measure
from storage.clinic import Clinic
from storage.entries import Entry, Stage
from storage.patients import Patient

THOUGHTS = "PHQ-9.9"


class Closed(Exception):
    """The link takes no more answers."""


class NoSuchAnswer(ValueError):
    """The question has no such answer."""


def questions(entry: Entry) -> tuple[tuple[str, Instrument, Item], ...]:
    """All that a link asks, in order: how the question is called (`PHQ-9.9`), and where it is from."""
    return tuple(
        (f"{code}.{item.id}", instrument(code), item)
        for code in entry.instruments
        for item in instrument(code).questions
    )


def needs_help(question: str, value: float | None) -> bool:
    """Whether this answer can't wait for the end."""
    return bool(value) and (question == THOUGHTS or question.startswith("RED-FLAGS."))


def speak(entry: Entry, language: str, clinic: Clinic, now: datetime) -> Entry:
    """The patient chooses another language. Raises Closed."""
    _open(entry, now)
    chosen = replace(entry, language=language)
    clinic.entries.keep(chosen)
    return chosen


def begin_anew(entry: Entry, browser: str, clinic: Clinic, now: datetime) -> Entry:
    """Drops what was answered and not sent, but for what could not wait; `browser` has begun now.

    Raises Closed.
    """
    _open(entry, now)
    fresh = replace(entry, draft=replace(entry.draft, answers={}, browser=browser))
    clinic.entries.keep(fresh)
    return fresh


def save(
    entry: Entry, at: int, value: float | None, clinic: Clinic, now: datetime, *, browser: str = ""
) -> Entry:
    """Keeps the answer to a question, counted from 0; None skips it. The same again changes nothing.

    `browser` is what the browser is known by from now on if this is the first answer. Raises Closed, and
    NoSuchAnswer for what the question does not offer.
    """
    _open(entry, now)
    asked = questions(entry)
    if not 0 <= at < len(asked):
        raise NoSuchAnswer
    name, _, item = asked[at]
    if value is not None and not (item.low <= value <= item.high and float(value).is_integer()):
        raise NoSuchAnswer
    draft = replace(entry.draft, answers={**entry.draft.answers, name: value})
    if not entry.draft.answers and not entry.draft.browser:
        draft = replace(draft, browser=browser)
    saved = replace(entry, draft=draft)
    if needs_help(name, value) and name not in draft.alarms:
        saved = replace(saved, draft=replace(draft, alarms=(*draft.alarms, name)))
        saved = _raise_now(saved, name, clinic, now)
    if saved != entry:
        clinic.entries.keep(saved)
    return saved


def _raise_now(entry: Entry, name: str, clinic: Clinic, now: datetime) -> Entry:
    """Makes an entry of an answer that can't wait, and lets the rules see it."""
    kind = "SELF-HARM" if name == THOUGHTS else "RED-FLAGS"
    known = instrument(kind)
    answers = (1.0,) if kind == "SELF-HARM" else _answers(entry, known)
    before = entry.draft.early.get(kind, "")
    replaces = before if before and clinic.measures.is_current(before) else ""
    told = sum(each or 0 for each in answers)
    added = clinic.measures.add(_measure(entry, kind, told, answers, now, replaces), now)
    patient = _patient(entry, clinic)
    triage.look_at(entry.patient, "", clinic, now)
    review.plan(entry.patient, patient.team, clinic, now)
    _never_unheard(added, entry, patient, clinic, now)
    return replace(entry, draft=replace(entry.draft, early={**entry.draft.early, kind: added.id}))


def _never_unheard(added: Measure, entry: Entry, patient: Patient, clinic: Clinic, now: datetime) -> None:
    """Where no rule of the definition has raised a flag of it, the people themselves are told, at once."""
    heard = {
        piece.measure
        for flag in clinic.flags.open_of_patient(entry.patient)
        for cause in flag.live
        for piece in cause.evidence
    }
    if added.id in heard:
        return
    roster = clinic.people.roster(patient.team)
    says = "An answer on the patient's own page asks for a clinician now, and no rule raises a flag of it."
    show = Choice("See it", f"assess show {entry.patient}")
    card = Card(f"{entry.patient} needs somebody to look now", (Text(says, Tone.WARNING),), (show,))
    in_private(entry.patient, [entry.member, *roster.leads()], card, roster, clinic, now, now)


def send(entry: Entry, clinic: Clinic, now: datetime) -> Entry:
    """Makes entries of all that was answered; who made the link hears of it. Raises Closed."""
    _open(entry, now)
    added = []
    unscored = []
    for code in entry.instruments:
        measure = _scored(entry, instrument(code), clinic, now)
        if measure is None:
            unscored.append(code)
        else:
            added.append(clinic.measures.add(measure, now))
    thoughts = entry.draft.early.get("SELF-HARM", "")
    if thoughts and clinic.measures.is_current(thoughts) and _said_in_full(added):
        clinic.measures.remove(thoughts, "", now, note="PHQ-9 is complete now and says it.")
    sent = clinic.entries.send(entry, now)
    patient = _patient(entry, clinic)
    refs = triage.look_at(entry.patient, "", clinic, now)
    history = review.plan(entry.patient, patient.team, clinic, now)
    tell_sent(sent, added, unscored, refs, history, clinic.people.roster(patient.team), clinic, now)
    return sent


def _scored(entry: Entry, known: Instrument, clinic: Clinic, now: datetime) -> Measure | None:
    """The entry that the answers make; None where too little was answered for a score."""
    answers = _answers(entry, known)
    before = entry.draft.early.get(known.code, "")
    try:
        total = score(known, answers)
    except ValueError:
        return None
    if before and clinic.measures.is_current(before):
        return _measure(entry, known.code, total, answers, now, before)
    return _measure(entry, known.code, total, answers, now)


def _said_in_full(added: list[Measure]) -> bool:
    """Whether a PHQ-9 among these says what SELF-HARM said before it."""
    phq = instrument("PHQ-9")
    return any(each.instrument == phq.code and (phq.answer(each, "9") or 0) > 0 for each in added)


def _answers(entry: Entry, known: Instrument) -> tuple[float | None, ...]:
    """The answers to an instrument; a red flag that was ever said stays said."""
    draft = entry.draft
    return tuple(
        1.0 if name in draft.alarms and name != THOUGHTS else draft.answers.get(name)
        for name in (f"{known.code}.{item.id}" for item in known.questions)
    )


def _measure(
    entry: Entry,
    code: str,
    total: float,
    answers: tuple[float | None, ...],
    now: datetime,
    replaces: str = "",
) -> Measure:
    return Measure("", entry.patient, code, total, now, now, "", How.PATIENT, answers, replaces=replaces)


def _open(entry: Entry, now: datetime) -> None:
    if entry.stage(now) is not Stage.OPEN:
        raise Closed


def _patient(entry: Entry, clinic: Clinic) -> Patient:
    found = clinic.patients.find(entry.patient)
    if found is None:
        raise KeyError(entry.patient)
    return found
