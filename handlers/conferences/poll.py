"""A time is found: starts are proposed, people say when they can come, and whoever plans takes one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cards.card import Card, Choice, Items, Text
from cards.form import Kind, ask
from handlers.conferences import plain_words, poll_guests
from handlers.conferences import post as conference_post
from handlers.conferences.guests import invite_team
from handlers.conferences.poll_card import answered_keys, card, show
from handlers.conferences.poll_find import found as found_times
from handlers.conferences.step import announce, change, found, may_plan
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, Step
from pathway.conference_words import say_conference
from pathway.find_time import Proposal
from pathway.handoff import Refused
from pathway.invitee import Answer, member_key
from pathway.people import Roster
from pathway.poll import MOST_SLOTS, Poll, close, take, turned, vote
from pathway.series import EVERYBODY
from pathway.series_words import LONGEST_TITLE, TITLE, read_planned
from pathway.when import BadWhen, read_span
from storage.clinic import Clinic

ASKED_FOR_MINUTES = 2 * 8 * 60
"""So many working minutes people have to answer before the lead is told how it stands."""
MINUTES = 60
_CONFERENCE = re.compile(r"[Cc]-?\d{1,15}")


@dataclass(frozen=True)
class Ask:
    """What a time is looked for, and which ones are proposed."""

    what: str = ask(
        "What for", Kind.LONG, default=TITLE, example="C-12",
        hint="A planned conference, or what a new one is called.",
    )  # fmt: skip
    at: str = ask(
        "Which times", default="", word=True,
        hint="Like tue 14:00, wed 9:00; left out, Baton proposes some from hours, leave and calendars.",
    )  # fmt: skip
    long: str = ask("How long", default="", word=True, hint="An hour, if it is left out.")
    guests: str = ask(
        "Who outside is asked too, by mail", default="", word=True, example="Dr Gray gray@practice.example",
        hint="Names with mail addresses, for a new conference; who is invited to a planned one is asked.",
    )  # fmt: skip


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


def open_poll(asked: Ask, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Asks the team when it can meet."""
    conference = None
    if _CONFERENCE.fullmatch(asked.what.strip()):
        number = asked.what.strip().upper().lstrip("C-")
        conference, by = found(f"C-{int(number)}", Step.CHANGE, by, clinic)
    may_plan(by)
    plain_words.check(asked.what, by, clinic, now)
    team = by.roster.team
    minutes = _minutes(asked.long) if asked.long else conference.minutes if conference else MINUTES
    if conference and asked.guests:
        invite = f"`conference invite {conference.ref} {asked.guests[:80]}`"
        raise Refused(f"Who is invited to {conference.ref} is asked: {invite} first.")
    typed = _slots(asked.at, team.hours.zone, now) if asked.at else ()
    proposed = found_times(conference, minutes, by.roster, clinic, now, typed)
    slots = tuple(each.starts for each in proposed)
    if not slots:
        raise Refused("There is no time in the next two weeks: propose some, like `at tue 14:00, wed 9:00`.")
    title = conference.title if conference else asked.what.strip()[:LONGEST_TITLE]
    poll = Poll(
        clinic.polls.next_number(), team.id, title, team.hours.zone, minutes, slots, by.id,
        team.hours.deadline(now, ASKED_FOR_MINUTES, working=True), conference.number if conference else 0,
    )  # fmt: skip
    poll = replace(poll, ask_by=min(poll.ask_by, slots[0]))
    for each in poll_guests.read_guests(asked.guests, by, clinic, now):
        clinic.invitees.invite(poll, each, now, by=by.id)
    clinic.polls.put(poll, "opened", now, poll.ask_by, by=by.id)
    clinic.rows.session.flush()
    show(poll, by.roster, clinic, now)
    poll_guests.ask_by_mail(poll, by.roster, clinic, now)
    opened = card(poll, by.roster, clinic, now)
    return replace(opened, parts=(*opened.parts, *_against(proposed, by.roster)))


def _against(proposed: Sequence[Proposal], roster: Roster) -> tuple[Items, ...]:
    """Who can't come at which of the times, and which disciplines would be missing."""
    lines = []
    for place, each in enumerate(proposed, start=1):
        names = [e.member.name for e in roster.places if member_key(e.member.id) in each.cannot]
        without = f"; nobody of {' and '.join(each.missing)}" if each.missing else ""
        if names:
            lines.append(f"{place}: {', '.join(names)}{without}")
    return (Items(tuple(lines), "Can't come, by leave and shared calendars"),) if lines else ()


def _minutes(text: str) -> int:
    try:
        minutes = read_span(text) // timedelta(minutes=1)
    except BadWhen as error:
        raise Refused(str(error)) from error
    if not 1 <= minutes <= 8 * MINUTES:
        raise Refused("A conference lasts from 1 minute to 8 hours.")
    return minutes


def _slots(text: str, zone: str, now: datetime) -> tuple[datetime, ...]:
    """The times that were typed, with commas between; a time alone is on the day before it."""
    slots: set[datetime] = set()
    day = ""
    for each in filter(None, (part.strip() for part in re.split(r"[,;]| or | and ", text))):
        alone = re.fullmatch(r"(?:at )?\d{1,2}(?:[:.h]\d\d)?\s*(?:am|pm)?(?:\s*-.*)?", each, re.IGNORECASE)
        line = f"{day} {each}" if alone else each
        day = day if alone else re.sub(r"\s*(?:at )?\d{1,2}(?:[:.h]\d\d|\s*[ap]m).*$", "", each)
        try:
            slots.add(read_planned(line, zone, now).starts.astimezone(now.tzinfo))
        except BadWhen as error:
            raise Refused(f"“{each[:40]}”: {error}") from error
    if not 1 <= len(slots) <= MOST_SLOTS:
        raise Refused(f"Propose 1 to {MOST_SLOTS} times, like `at tue 14:00, wed 9:00`.")
    return tuple(sorted(slots))


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
    clinic.polls.put(closed, "closed", now, None, by=by.id)
    poll_guests.settled(closed, clinic)
    show(closed, by.roster, clinic, now)
    return Card(f"{poll.ref} is closed: nobody is asked any more.")
