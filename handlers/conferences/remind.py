"""Reminders of conferences: a week, a day or an hour before, as each person set; none after a decline.

In chat, or by mail to people whom no chat reaches.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from agendas import remind_mail
from agendas.invite_mail import Reader
from agendas.remind_mail import Reminding
from cards.card import Card, Choice, Text
from cards.form import ask
from cards.language import nearest
from handlers.conferences.card import rsvp
from handlers.conferences.expected import NOT_COMING
from handlers.conferences.post import reminder
from handlers.fallen_due import FallenDue, of_kind
from handlers.invitations.invited import time_for
from handlers.invitations.links import page_of
from handlers.request import Caller
from pathway.conference import Conference, Deadline, State
from pathway.conference_words import say_conference
from pathway.handoff import Refused
from pathway.invitee import FOR_ONE_ITEM, Answer, Invitee
from pathway.people import Roster
from pathway.reminder import Span, next_moment, spans_due
from storage.clinic import Clinic
from storage.outbox import Kind as Post

_SUBJECT = "remind:"
_NONE = frozenset({"none", "never", "off", "no"})


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
    clinic.reminders.put(by.id, spans, now)
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
        answer = answers[each.key].answer
        if not spans.intersection(clinic.reminders.of(each.member or each.key)) or answer in NOT_COMING:
            continue
        if each.member and clinic.outbox.direct_lanes(each.member):
            _tell(conference, each, answer, roster, clinic, now)
        else:
            _mail(conference, each, answer, roster, clinic, now)


def _after_quiet(invitee: Invitee, roster: Roster, starts: datetime, now: datetime) -> datetime | None:
    """When somebody may be reminded: not in their quiet hours, and never if these end only after it began;
    never while they are away.
    """
    if invitee.member:
        here = roster.member(invitee.member) is not None
        if not here or roster.away(invitee.member, now) or roster.away(invitee.member, starts):
            return None
    at = replace(roster.team.hours, zone=invitee.zone or roster.team.hours.zone).quiet_until(now)
    return at if at < starts else None


def _tell(
    conference: Conference, invitee: Invitee, answer: Answer, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    at = _after_quiet(invitee, roster, conference.starts, now)
    if at is None:
        return
    zone = invitee.zone or roster.team.hours.zone
    when = say_conference(conference, zone, at)
    where = (Text(f"Where: {conference.where}"),) if conference.where else ()
    answered = answer is not Answer.NEEDS_ACTION
    choices = (Choice("Agenda", f"agenda show {conference.ref}"),)
    card = Card(
        f"{conference.ref} is {when}", where, (*rsvp(conference), *choices) if not answered else choices
    )
    called = reminder(conference, invitee)
    clinic.outbox.tell([invitee.member], card, now, subject=called, send_after=at, kind=Post.ASK)


def _mail(
    conference: Conference, invitee: Invitee, answer: Answer, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Whom no chat reaches is reminded where their invitation went; for one item, of its own time."""
    time = time_for(conference, invitee, clinic)
    address = clinic.addresses.find(invitee.email) if clinic.mail_from and invitee.email else None
    at = _after_quiet(invitee, roster, time.starts, now) if time else None
    if time is None or at is None or address is None or address.refused:
        return
    sent_for = f"S-{conference.series}" if conference.series else conference.ref
    of = Reminding(conference.ref, time, answer, clinic.invites.of(sent_for).uid)
    reader = Reader(
        nearest(invitee.language), invitee.zone or conference.zone, invitee.kind in FOR_ONE_ITEM,
        page_of(conference.ref, invitee.key, clinic),
    )  # fmt: skip
    called = reminder(conference, invitee)
    clinic.outbox.mail(
        address.lane, remind_mail.reminder(of, reader, at), now, subject=called, send_after=at, kind=Post.ASK
    )
