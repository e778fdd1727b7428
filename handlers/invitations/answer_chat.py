"""Answers to invitations in chat, by button, reaction or line: to one conference or to all of a series."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.conferences import cover
from handlers.conferences.attendance import attendance_parts
from handlers.conferences.card import rsvp
from handlers.invitations import answers
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, State
from pathway.conference_words import say_conference
from pathway.handoff import Refused
from pathway.invitee import Answer, Answered, Invitee, member_key
from pathway.series import Series
from pathway.series_words import say_series
from storage.clinic import Clinic
from storage.invitees import NOT_YET

CHAT = "chat"


@dataclass(frozen=True)
class Invitation:
    """A conference, or all of a series."""

    which: str = ask("Conference or series", Kind.CONFERENCE_OR_SERIES, example="C-12")


@dataclass(frozen=True)
class Declined(Invitation):
    """A conference or a series, and why one can't come."""

    why: str = ask("Why? The lead reads it", Kind.LONG, default="", example="On leave that week")


def accept(asked: Invitation, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that the caller comes; who stands in for somebody is invited by it."""
    return _answer(Answer.ACCEPTED, asked.which, "", by, clinic, now)


def maybe(asked: Invitation, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that the caller may come."""
    return _answer(Answer.TENTATIVE, asked.which, "", by, clinic, now)


def decline(asked: Declined, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that the caller can't come; somebody else is asked."""
    return _answer(Answer.DECLINED, asked.which, asked.why, by, clinic, now)


def _answer(given: Answer, ref: str, words: str, by: Caller, clinic: Clinic, now: datetime) -> Card:
    if ref.startswith("S-"):
        return _to_series(given, ref, words, by, clinic, now)
    conference, by = access.conference(ref, by, clinic)
    if conference.state not in (State.PLANNED, State.RUNNING):
        raise Refused(f"{conference.ref} is {conference.state}: there is nothing to answer.")
    invitee = _invited(given, conference, by, clinic, now)
    said = Answered(given, conference.sequence, now, CHAT, words)
    answers.note(conference, invitee, said, by.roster, clinic, now)
    title = f"{_TITLES[given]} {conference.ref}, {say_conference(conference, by.zone, now)}."
    parts = attendance_parts(conference, by.roster, clinic)
    return Card(title, parts, (*_others(given, conference), *_whole_series(given, conference)))


def _others(given: Answer, to: Conference | Series) -> tuple[Choice, ...]:
    return tuple(each for each in rsvp(to) if _VERBS[given] not in each.says)


def _whole_series(given: Answer, conference: Conference) -> tuple[Choice, ...]:
    if not conference.series:
        return ()
    ref = f"S-{conference.series}"
    return (Choice(f"The same for all of {ref}", f"conference{_VERBS[given]}{ref}"),)


def _to_series(given: Answer, ref: str, words: str, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Answers for all of a series; what was answered for one of it stays."""
    series, by = access.series(ref, by, clinic)
    if not series.goes_on(now):
        raise Refused(f"{series.ref} is over: there is nothing to answer.")
    key = member_key(by.id)
    invitee = next((each for each in clinic.invitees.of_series(series.number) if each.key == key), None)
    if invitee is None:
        raise _not_invited(series, by)
    said = Answered(given, series.sequence, now, CHAT, words)
    answers.note(series, invitee, said, by.roster, clinic, now)
    today = series.day_of(now)
    when = say_series(replace(series, begins=today), today)
    parts: list[Part] = []
    if otherwise := _otherwise(given, series, key, by, clinic, now):
        parts.append(Items(otherwise, "Of these you have said something else, which holds"))
    first = next((e for e in _coming(series, clinic, now)), None)
    if first is not None:
        parts.append(Text(f"If one is different, say so by its name: `conference decline {first.ref}`.",
                          Tone.QUIET))  # fmt: skip
    return Card(f"{_TITLES[given]} {series.ref}, {when}.", tuple(parts), _others(given, series))


def _coming(series: Series, clinic: Clinic, now: datetime) -> list[Conference]:
    found = clinic.conferences.of_series(series.number, now)
    return [each for each in found if each.state is State.PLANNED and each.starts > now]


def _otherwise(
    given: Answer, series: Series, key: str, by: Caller, clinic: Clinic, now: datetime
) -> tuple[str, ...]:
    """The days of a series that were answered by themselves, or are at another time and asked anew."""
    lines = []
    for each in _coming(series, clinic, now):
        own = clinic.invitees.own_answer(each, key)
        if own != NOT_YET and own.answer is not given:
            lines.append(f"{each.ref}, {say_conference(each, by.zone, now)}: {_SAID[own.answer]}")
    return tuple(lines)


_SAID = {
    Answer.ACCEPTED: "coming",
    Answer.TENTATIVE: "maybe",
    Answer.DECLINED: "not coming",
    Answer.DELEGATED: "sending somebody else",
    Answer.NEEDS_ACTION: "moved, and not answered since",
}
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
    raise _not_invited(conference, by)


def _not_invited(to: Conference | Series, by: Caller) -> Refused:
    if by.may("conference"):
        return Refused(f"You are not invited to {to.ref}: `conference invite {to.ref} me` invites you.")
    lead = ", ".join(by.roster.name(each) for each in by.roster.leads()) or "the lead"
    return Refused(f"You are not invited to {to.ref}: {lead} can invite you.")
