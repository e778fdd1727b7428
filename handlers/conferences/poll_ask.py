"""A time is looked for: starts are proposed, by whoever plans or by Baton, and the team is asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cards.card import Card, Items
from cards.form import Kind, ask
from handlers.conferences import plain_words, poll_guests
from handlers.conferences.poll_card import card, show
from handlers.conferences.poll_find import found as found_times
from handlers.conferences.step import found, may_plan
from handlers.request import Caller
from pathway.conference import Step
from pathway.find_time import Proposal
from pathway.handoff import Refused
from pathway.invitee import member_key
from pathway.people import Roster
from pathway.poll import MOST_SLOTS, Poll
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
