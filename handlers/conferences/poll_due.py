"""Polls whose time to answer is over: whoever asked hears how it stands, who has not answered is asked."""

from collections.abc import Collection
from datetime import datetime

from cards.card import Card, Choice
from handlers.conferences import poll_guests
from handlers.conferences.poll_card import card, unanswered
from handlers.fallen_due import FallenDue, of_kind
from pathway.poll import Poll
from storage.clinic import Clinic


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next poll that is due and is not `left`, locked, and what to do."""
    due = clinic.polls.due(now, [int(each) for each in of_kind(left, "T-")])
    return FallenDue(due[0].ref, due[1], lambda: _tell(due[0], clinic, now)) if due else None


def _tell(poll: Poll, clinic: Clinic, now: datetime) -> None:
    roster = clinic.people.roster(poll.team)
    whole = card(poll, roster, clinic, now)
    at = roster.team.hours.quiet_until(now)
    asked = Card(f"{poll.ref} waits for you: when can you come?", whole.parts, whole.choices)
    silent = roster.present(unanswered(poll, roster), now)
    clinic.outbox.tell(silent, asked, now, subject=poll.ref, send_after=at)
    poll_guests.ask_by_mail(poll, roster, clinic, now)
    open_still = (place for place, starts in enumerate(poll.slots, start=1) if starts > now)
    takes = tuple(Choice(f"Take {place}", f"poll take {poll.ref} {place}") for place in open_still)
    close = Choice("Close it", f"poll close {poll.ref}")
    asker = roster.standing_in([poll.by], now) or roster.leading(now)
    told = Card(f"{poll.ref}: this is how it stands", whole.parts, (*takes, close))
    clinic.outbox.tell(asker, told, now, subject=poll.ref, send_after=at)
    clinic.polls.put(poll, "told", now, None)
