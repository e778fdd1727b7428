"""Answers to invitations in chat: by a button, a reaction or a line."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card
from cards.form import Kind, ask
from handlers.conferences import cover
from handlers.conferences.attendance import attendance_parts
from handlers.conferences.card import rsvp
from handlers.conferences.lists import Named
from handlers.invitations import answers
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, State
from pathway.conference_words import say_conference
from pathway.handoff import Refused
from pathway.invitee import Answer, Answered, Invitee, member_key
from storage.clinic import Clinic

CHAT = "chat"


@dataclass(frozen=True)
class Declined(Named):
    """A conference, and why one can't come."""

    why: str = ask("Why? The lead reads it", Kind.LONG, default="", example="On leave that week")


def accept(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that the caller comes; who stands in for somebody is invited by it."""
    return _answer(Answer.ACCEPTED, asked.conference, "", by, clinic, now)


def maybe(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that the caller may come."""
    return _answer(Answer.TENTATIVE, asked.conference, "", by, clinic, now)


def decline(asked: Declined, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that the caller can't come; somebody else is asked."""
    return _answer(Answer.DECLINED, asked.conference, asked.why, by, clinic, now)


def _answer(given: Answer, ref: str, words: str, by: Caller, clinic: Clinic, now: datetime) -> Card:
    conference, by = access.conference(ref, by, clinic)
    if conference.state not in (State.PLANNED, State.RUNNING):
        raise Refused(f"{conference.ref} is {conference.state}: there is nothing to answer.")
    invitee = _invited(given, conference, by, clinic, now)
    said = Answered(given, conference.sequence, now, CHAT, words)
    answers.note(conference, invitee, said, by.roster, clinic, now)
    title = f"{_TITLES[given]} {conference.ref}, {say_conference(conference, by.zone, now)}."
    parts = attendance_parts(conference, by.roster, clinic)
    others = tuple(each for each in rsvp(conference) if _VERBS[given] not in each.says)
    return Card(title, parts, others)


_TITLES = {
    Answer.ACCEPTED: "You are coming to",
    Answer.TENTATIVE: "You may come to",
    Answer.DECLINED: "You can't come to",
}
_VERBS = {
    Answer.ACCEPTED: " accept ",
    Answer.TENTATIVE: " maybe ",
    Answer.DECLINED: " decline ",
}


def _invited(given: Answer, conference: Conference, by: Caller, clinic: Clinic, now: datetime) -> Invitee:
    """The caller as somebody who is invited. Raises Refused for who is not, nor stands in for anybody."""
    key = member_key(by.id)
    for _ in range(2):
        found = next((e for e in clinic.invitees.of_conference(conference) if e.key == key), None)
        if found is not None:
            return found
        if given is Answer.DECLINED or not cover.stands_in(conference, by.id, by.roster, clinic):
            break
        answers.invite_cover(conference, by.id, by.roster, clinic, now)
    lead = ", ".join(by.roster.name(each) for each in by.roster.leads()) or "the lead"
    raise Refused(f"You are not invited to {conference.ref}: {lead} can invite you.")
