"""People say at which of the proposed times they can come, and whoever plans takes one."""

import re
from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Text
from cards.form import Kind, ask
from handlers.conferences import poll_guests
from handlers.conferences import post as conference_post
from handlers.conferences.guests import invite_team
from handlers.conferences.poll_card import answered_keys, card, end_poll, show
from handlers.conferences.step import announce, change, found, may_plan
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, Step
from pathway.conference_words import say_conference
from pathway.handoff import Refused
from pathway.invitee import Answer, member_key
from pathway.poll import Poll, close, take, turned, vote
from pathway.series import EVERYBODY
from storage.clinic import Clinic


@dataclass(frozen=True)
class Named:
    """A poll."""

    poll: str = ask("Poll", Kind.POLL, example="T-3")


@dataclass(frozen=True)
class Slot(Named):
    """A poll, and one of its times by its number."""

    slot: str = ask("Which time", Kind.WORD, example="2", hint="By its number.")


@dataclass(frozen=True)
class Slots(Named):
    """A poll, and all of its times at which one can come."""

    slots: str = ask("Which times", example="1, 3", hint="By their numbers, or none.")


def turn(asked: Slot, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that one can come at a time, or takes it back: the button of the card."""
    poll, by = access.poll(asked.poll, by, clinic)
    return _answered(turned(poll, member_key(by.id), _place(asked.slot, poll)), by, clinic, now)


def answer(asked: Slots, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says at which of the times one can come, all of them at once."""
    poll, by = access.poll(asked.poll, by, clinic)
    none = asked.slots.strip().casefold() in ("none", "no", "0", "-")
    named = [] if none else [each for each in re.split(r"[\s,;]+|and", asked.slots) if each]
    return _answered(vote(poll, member_key(by.id), [_place(e, poll) for e in named]), by, clinic, now)


def _place(text: str, poll: Poll) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= len(poll.slots):
        raise Refused(f"{poll.ref} has the times 1 to {len(poll.slots)}: name one by its number.")
    return int(text)


def _answered(poll: Poll, by: Caller, clinic: Clinic, now: datetime) -> Card:
    clinic.polls.put_vote(poll, member_key(by.id))
    clinic.polls.put(poll, "answered", now, poll.ask_by if poll.ask_by > now else None, by=by.id)
    show(poll, by.roster, clinic, now)
    return card(poll, by.roster, clinic, now)


def take_it(asked: Slot, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes one of the times: the conference is moved there, or a new one planned."""
    poll, by = access.poll(asked.poll, by, clinic)
    may_plan(by)
    chosen = take(poll, _place(asked.slot, poll), now)
    clinic.polls.put(chosen, "taken", now, None, by=by.id)
    conference = _held(chosen, by, clinic, now)
    for key in answered_keys(chosen, chosen.taken):
        via = "chat" if key.startswith("member:") else "link"
        clinic.invitees.put_answer(conference, key, Answer.ACCEPTED, conference.sequence, now, via, now=now)
    poll_guests.settled(chosen, clinic)
    conference_post.show(conference, by.roster, clinic, now)
    show(chosen, by.roster, clinic, now)
    zone = by.roster.team.hours.zone
    announce(f"{conference.ref} is held {say_conference(conference, zone, now)}", by.roster, clinic, now)
    note = Text("Who said that they can come counts as accepted.")
    shown = (Choice("Show", f"conference show {conference.ref}"),)
    return Card(f"{conference.ref} is held {say_conference(conference, by.zone, now)}.", (note,), shown)


def _held(poll: Poll, by: Caller, clinic: Clinic, now: datetime) -> Conference:
    starts = poll.slots[poll.taken - 1]
    if poll.conference:
        before, by = found(f"C-{poll.conference}", Step.CHANGE, by, clinic)
        return change(before, by, clinic, now, "moved", starts=starts, minutes=poll.minutes)
    number = clinic.conferences.next_number()
    conference = Conference(number, poll.team, poll.title, starts, poll.minutes, poll.zone, whom=(EVERYBODY,))
    invite_team(conference, by, clinic, now)
    for each in poll_guests.guests(poll, clinic):
        clinic.invitees.invite(conference, each, now, by=by.id)
    clinic.rows.session.flush()
    conference_post.save(conference, "planned", by.roster, clinic, now, by=by.id)
    return conference


def end(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Ends a poll without a choice."""
    poll, by = access.poll(asked.poll, by, clinic)
    may_plan(by)
    closed = close(poll)
    end_poll(closed, by.roster, clinic, now, by=by.id)
    return Card(f"{poll.ref} is closed: nobody is asked any more.")
