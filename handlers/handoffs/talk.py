"""What sender and receiver say to each other about a handoff, until it is completed."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cards.card import Card, Choice, Text, Tone
from cards.form import Kind, ask
from handlers.handoffs.card import NO_MEETING, handoff_card
from handlers.handoffs.post import ask_in_private, inform, save, urgency_of
from handlers.handoffs.step import Named, only, only_between, ready_for, shown_after, speaks_for
from handlers.request import Caller
from pathway.asking import check_answerer, hold, still_asked, wait
from pathway.handoff import ABSENT, Handoff, Refused, Step, move
from pathway.people import Roster
from storage.clinic import Clinic

HOW = {
    "in-person": "In person, together",
    "video": "By video, together",
    "phone": "By phone, together",
    "not-present": ABSENT,
}
"""How a patient can meet the receiver."""


@dataclass(frozen=True)
class Said(Named):
    """A handoff, and words about it."""

    text: str = ask("What do you want to say?", Kind.LONG, example="Is she taking anything for sleep?")


@dataclass(frozen=True)
class ReadBack(Named):
    """What the receiver understood."""

    text: str = ask(
        "In your own words: what did you take over, and what will you do?", Kind.LONG,
        example="I see her this week for low mood and sleep; the GP keeps the tablets",
    )  # fmt: skip


@dataclass(frozen=True)
class Introduce(Named):
    """The warm part: how the patient met the receiver."""

    how: str = ask(
        "How did the patient meet the receiver?", Kind.CHOICE, example="in-person",
        options=tuple(HOW.items()),
    )  # fmt: skip
    when: datetime | str = ask("When", Kind.PAST, default="now", hint="Now, or a time like 9:30.")
    who: str = ask("Who was there, besides the patient?", Kind.LINE, default="")


@dataclass(frozen=True)
class Outcome(Named):
    """How it went."""

    text: str = ask("How did it go? One line.", Kind.LONG, default="")


def question(asked: Said, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Asks the sender something before answering; the clock of the answer starts again."""
    handoff, by = ready_for(Step.ASK, asked.handoff, by, clinic, now)
    check_answerer(handoff, by.id, by.roster)
    open_still = handoff.talk.question if handoff.talk.unanswered else ""
    both = f"{open_still}\n{by.member.name} asks too: {asked.text}" if open_still else asked.text
    talk = replace(handoff.talk, question=both, reply="")
    moved = replace(move(handoff, Step.ASK, by.id, now), talk=talk)
    moved = replace(moved, asker=handoff.asker if open_still else by.id)
    waiting = wait(moved, by.roster, urgency_of(handoff, clinic), now)
    save(waiting, "asked about", by.roster, clinic, now, by=by.id, note=asked.text)
    card = handoff_card(waiting, by.roster, by.definition, now)
    reply = Choice("Reply", f"handoff reply {handoff.ref}", urgent=True)
    told = replace(card, title=f"{by.member.name} asks you about {handoff.ref}", choices=(reply,))
    ask_in_private(waiting, [handoff.sender], told, by.roster, clinic, now)
    return shown_after(waiting, by, clinic, now, f"{by.roster.name(handoff.sender)} has been asked.")


def reply(asked: Said, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Answers a question about a handoff that the caller offered."""
    handoff, by = ready_for(Step.REPLY, asked.handoff, by, clinic, now)
    if not speaks_for(handoff.sender, by, now):
        raise Refused(f"{handoff.ref} was asked of {by.roster.name(handoff.sender)}, who offered it.")
    moved = replace(move(handoff, Step.REPLY, by.id, now), talk=replace(handoff.talk, reply=asked.text))
    waiting = wait(moved, by.roster, urgency_of(handoff, clinic), now)
    save(waiting, "replied to", by.roster, clinic, now, by=by.id, note=asked.text)
    card = handoff_card(waiting, by.roster, by.definition, now)
    told = replace(card, title=f"{by.member.name} replied about {handoff.ref}")
    ask_in_private(waiting, _who_asked(waiting, by.roster, now), told, by.roster, clinic, now)
    return shown_after(waiting, by, clinic, now, "Your reply has been passed on.")


def _who_asked(handoff: Handoff, roster: Roster, now: datetime) -> list[str]:
    """Who waits for a reply: whoever asked, unless they said no since, and all who may still answer."""
    asker = [] if handoff.asker in handoff.declined else [handoff.asker]
    return [*asker, *still_asked(handoff, roster, now)]


def read_back(asked: ReadBack, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The receiver's synthesis in their own words; the sender sees it and can correct it."""
    handoff, by = ready_for(Step.READ_BACK, asked.handoff, by, clinic, now)
    only(
        handoff.receiver,
        by,
        f"{handoff.ref} is read back by {by.roster.name(handoff.receiver)}, who holds it.",
    )
    talk = replace(handoff.talk, read_back=asked.text, correction="")
    moved = replace(move(handoff, Step.READ_BACK, by.id, now), talk=talk)
    save(moved, "read back", by.roster, clinic, now, by=by.id, note=asked.text)
    right = Text("If that is not what you meant, correct it; otherwise there is nothing to do.", Tone.QUIET)
    card = handoff_card(moved, by.roster, by.definition, now)
    correct = Choice("Correct", f"handoff correct {handoff.ref}")
    told = replace(card, title=f"{by.member.name} read {handoff.ref} back", choices=(correct,))
    told = replace(told, parts=(*told.parts, right))
    inform(moved, [handoff.sender], told, by.roster, clinic, now)
    note = f"{by.roster.name(handoff.sender)} sees it and can correct it."
    return shown_after(moved, by, clinic, now, note)


def correct(asked: Said, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The sender corrects what the receiver read back; the receiver reads back again."""
    handoff, by = ready_for(Step.CORRECT, asked.handoff, by, clinic, now)
    if not speaks_for(handoff.sender, by, now):
        raise Refused(f"Only {by.roster.name(handoff.sender)}, who offered {handoff.ref}, can correct it.")
    talk = replace(handoff.talk, read_back="", correction=asked.text)
    moved = replace(move(handoff, Step.CORRECT, by.id, now), talk=talk)
    save(moved, "corrected", by.roster, clinic, now, by=by.id, note=asked.text)
    card = handoff_card(moved, by.roster, by.definition, now)
    told = replace(card, title=f"{by.member.name} corrected {handoff.ref}")
    inform(moved, [handoff.receiver], told, by.roster, clinic, now)
    note = f"{by.roster.name(handoff.receiver)} is asked to read it back again."
    return shown_after(moved, by, clinic, now, note)


def introduce(asked: Introduce, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Notes how the patient met the receiver; again, if they had been introduced without the patient."""
    handoff, by = ready_for(Step.INTRODUCE, asked.handoff, by, clinic, now)
    only_between(handoff, by, now)
    when = asked.when if isinstance(asked.when, datetime) else now
    met = f"{HOW[asked.how]}, {when.astimezone(ZoneInfo(by.zone)):%-d %b %Y %H:%M}"
    if asked.who:
        met += f", with {asked.who}"
    moved = replace(move(handoff, Step.INTRODUCE, by.id, now), talk=replace(handoff.talk, met=met))
    held = hold(moved, by.roster, urgency_of(handoff, clinic), now)
    save(held, "introduced", by.roster, clinic, now, by=by.id, note=met)
    cold = "Without the patient it is a referral, not a warm handoff"
    note = f"{cold}: `handoff introduce {held.ref}` again when they have met."
    return shown_after(held, by, clinic, now, "" if held.talk.met_patient else note)


def complete(asked: Outcome, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Closes the handoff; needs the read-back. That nobody met the patient is said, and no hindrance."""
    handoff, by = ready_for(Step.COMPLETE, asked.handoff, by, clinic, now)
    only_between(handoff, by, now)
    moved = replace(move(handoff, Step.COMPLETE, by.id, now), talk=replace(handoff.talk, outcome=asked.text))
    unmet = "" if moved.talk.met_patient else NO_MEETING
    note = " ".join(filter(None, (unmet, asked.text)))
    save(moved, "completed", by.roster, clinic, now, by=by.id, note=note)
    others = {handoff.sender, handoff.receiver} - {by.id}
    told = Card(f"{handoff.ref} was completed by {by.member.name}")
    inform(moved, sorted(others), told, by.roster, clinic, now)
    return shown_after(moved, by, clinic, now, "")
