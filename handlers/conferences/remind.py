"""Reminders of conferences: a week, a day or an hour before, as each person set; none after a decline."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Text
from cards.form import ask
from handlers.conferences.card import rsvp
from handlers.conferences.post import reminder
from handlers.fallen_due import FallenDue, of_kind
from handlers.request import Caller
from pathway.conference import Conference, Deadline, State
from pathway.conference_words import say_conference
from pathway.handoff import Refused
from pathway.invitee import Answer, Invitee
from pathway.people import Roster
from pathway.reminder import Span, next_moment, spans_due
from storage.clinic import Clinic
from storage.outbox import Kind as Post

_SUBJECT = "remind:"
_NONE = frozenset({"none", "never", "off", "no"})
_NOT_COMING = frozenset({Answer.DECLINED, Answer.DELEGATED})


@dataclass(frozen=True)
class Wish:
    """How long before a conference the caller wants to be reminded."""

    when: str = ask(
        "How long before?", example="week day hour", default="", hint="Any of week, day and hour; or none."
    )


def wish(asked: Wish, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Sets how the caller is reminded of conferences, or says how they are."""
    if not asked.when.strip():
        return Card(f"You are reminded of conferences {_said(clinic.reminders.of(by.id))}.", (), _CHANGE)
    words = asked.when.casefold().replace(",", " ").replace(" and ", " ").split()
    if _NONE.intersection(words):
        spans: tuple[Span, ...] = ()
    else:
        known = [each.removesuffix("s") for each in words if each not in ("a", "an", "before")]
        if not set(known) <= set(Span):
            raise Refused("Type any of week, day and hour, or none: `conference remind day hour`.")
        spans = tuple(each for each in Span if each in known)
    clinic.reminders.put(by.id, spans)
    clinic.journal.write("reminders set", f"member:{by.id}", now, by=by.id, became=" ".join(spans) or "none")
    return Card(f"You are reminded of conferences {_said(spans)}.")


_CHANGE = (
    Choice("A day and an hour before", "conference remind day hour"),
    Choice("Never", "conference remind none"),
)


def _said(spans: Collection[Span]) -> str:
    if not spans:
        return "never"
    named = [f"{'an' if each is Span.HOUR else 'a'} {each}" for each in spans]
    return f"{' and '.join((', '.join(named[:-1]), named[-1])) if len(named) > 1 else named[0]} before"


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next conference of which somebody may want to be reminded and that is not `left`, locked."""
    due = clinic.conferences.due(Deadline.REMIND, now, [int(each) for each in of_kind(left, _SUBJECT)])
    if due is None:
        return None
    conference, at = due
    return FallenDue(f"{_SUBJECT}{conference.number}", at, lambda: _remind(conference, at, clinic, now))


def _remind(conference: Conference, since: datetime, clinic: Clinic, now: datetime) -> None:
    at = next_moment(conference.starts, now)
    clinic.conferences.set_deadlines(conference.number, {Deadline.REMIND: at})
    spans = spans_due(conference.starts, since, now)
    if conference.state is not State.PLANNED or not spans:
        return
    roster = clinic.people.roster(conference.team)
    answers = clinic.invitees.answers(conference)
    for each in clinic.invitees.of_conference(conference):
        wanted = each.member and spans.intersection(clinic.reminders.of(each.member))
        if wanted and answers[each.key].answer not in _NOT_COMING:
            _tell(conference, each, answers[each.key].answer, roster, clinic, now)


def _tell(
    conference: Conference, invitee: Invitee, answer: Answer, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Not in their quiet hours, and not when these end only after it has begun; none while they are away."""
    member = roster.member(invitee.member)
    if member is None or roster.away(invitee.member, now) or roster.away(invitee.member, conference.starts):
        return
    zone = member.zone or roster.team.hours.zone
    at = replace(roster.team.hours, zone=zone).quiet_until(now)
    if at >= conference.starts:
        return
    when = say_conference(conference, zone, at)
    where = (Text(f"Where: {conference.where}"),) if conference.where else ()
    answered = answer is not Answer.NEEDS_ACTION
    choices = (Choice("Agenda", f"agenda show {conference.ref}"),)
    card = Card(
        f"{conference.ref} is {when}", where, (*rsvp(conference), *choices) if not answered else choices
    )
    called = reminder(conference, invitee.member)
    clinic.outbox.tell([invitee.member], card, now, subject=called, send_after=at, kind=Post.ASK)
