"""The page on which somebody without an account says when they could come, and their answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agendas.event import Time
from handlers.conferences import poll_guests
from handlers.conferences.guests import as_invitee
from handlers.conferences.poll_card import show
from pathway.invitee import Invitee
from pathway.poll import Poll, State, vote
from storage.clinic import Clinic


@dataclass(frozen=True)
class PollAsked:
    """Who is asked by a link, and for what. `times` are those still to come by their numbers; none if it is
    over. `can` are those at which they said they can come, None if they have not answered.
    """

    poll: Poll
    ref: str
    person: Invitee
    zone: str
    times: dict[int, Time]
    can: frozenset[int] | None


def opened(token: str, clinic: Clinic, now: datetime) -> PollAsked | None:
    """What a link asks; None if it is none of ours, or whom it was for is not asked any more."""
    named = clinic.links.opened(token)
    poll = clinic.polls.find(named[0]) if named and named[0].startswith("T-") else None
    if named is None or poll is None:
        return None
    roster = clinic.people.roster(poll.team)
    members = (as_invitee(each.member, roster, clinic) for each in roster.places)
    asked = (*poll_guests.guests(poll, clinic), *members)
    person = next((each for each in asked if each.key == named[1]), None)
    if person is None:
        return None
    slots = enumerate(poll.slots, start=1) if poll.state is State.OPEN else ()
    times = {place: Time(starts, poll.minutes) for place, starts in slots if starts > now}
    ref, zone = poll_guests.subject_of(poll), person.zone or poll.zone
    return PollAsked(poll, ref, person, zone, times, poll.votes.get(person.key))


def answer(token: str, places: Collection[int], clinic: Clinic, now: datetime) -> None:
    """Notes when somebody can come; nothing if nobody is asked any more."""
    asked = opened(token, clinic, now)
    if asked is None or not asked.times:
        return
    poll = vote(asked.poll, asked.person.key, [each for each in places if each in asked.times])
    clinic.polls.put_vote(poll, asked.person.key)
    due_at = poll.ask_by if poll.ask_by > now else None
    by = asked.person.member
    clinic.polls.put(poll, "answered", now, due_at, by=by, note="" if by else asked.person.key)
    show(poll, clinic.people.roster(poll.team), clinic, now)
