"""How a poll for a time is shown: each time with who can come, and which disciplines would be missing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from agendas.habits import settings
from cards.card import Card, Choice, Part, Table, Text, Tone
from handlers.conferences.card import called
from handlers.conferences.expected import discipline
from handlers.conferences.poll_guests import guests, settled
from pathway.conference import Conference
from pathway.conference_words import say_elsewhere, say_slot
from pathway.invitee import member_key
from pathway.people import Roster
from pathway.poll import Poll, State, close, missing
from storage.clinic import Clinic

REACTIONS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣")


def card(poll: Poll, roster: Roster, clinic: Clinic, now: datetime) -> Card:
    """The living card of a poll."""
    rows = tuple(_row(poll, place, roster, clinic, now) for place in range(1, len(poll.slots) + 1))
    parts: list[Part] = [
        Text(f"{poll.title}: when can you come?" if poll.state is State.OPEN else poll.title),
        Table(("", "When", "Can", "Missing"), rows),
    ]
    zones = [each.member.zone for each in roster.places if each.member.zone]
    elsewhere = [say_elsewhere(each, poll.zone, zones) for each in poll.slots]
    if any(elsewhere):
        said = "; ".join(f"{place}: {each}" for place, each in enumerate(elsewhere, start=1))
        parts.append(Text(f"Elsewhere: {said}.", Tone.QUIET))
    if poll.state is State.OPEN:
        silent = [roster.name(each) for each in unanswered(poll, roster)]
        silent += [called(each) for each in guests(poll, clinic) if each.key not in poll.votes]
        parts.append(Text(f"Not answered: {', '.join(silent) or 'nobody'}.", Tone.QUIET))
    what = f"C-{poll.conference}" if poll.conference else "a new conference"
    return Card(f"{poll.ref} · {poll.state} · a time for {what}", tuple(parts), _choices(poll))


def _row(poll: Poll, place: int, roster: Roster, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    outside = guests(poll, clinic)
    can = [e.member.name for e in roster.places if member_key(e.member.id) in poll.can(place)]
    can += [called(each) for each in outside if each.key in poll.can(place)]
    theirs = {each.key: each.discipline for each in outside}
    lacks = missing(poll.can(place), {**disciplines(roster, clinic), **theirs}, needed(poll, clinic))
    when = say_slot(poll.slots[place - 1], poll.minutes, poll.zone, now)
    taken = " (taken)" if poll.taken == place else ""
    names = ", ".join(can)
    return (str(place), f"{when}{taken}", f"{len(can)}: {names}" if can else "0", ", ".join(lacks) or "none")


def _choices(poll: Poll) -> tuple[Choice, ...]:
    if poll.state is not State.OPEN:
        return ()
    places = range(1, len(poll.slots) + 1)
    times = (
        Choice(f"I can: {at}", f"poll turn {poll.ref} {at}", reaction=REACTIONS[at - 1]) for at in places
    )
    return (*times, Choice("None", f"poll answer {poll.ref} none", reaction="🚫"))


def disciplines(roster: Roster, clinic: Clinic) -> Mapping[str, str]:
    """Everybody of the team by the key with which they answer, with their disciplines."""
    ids = [each.member.id for each in roster.places]
    return {member_key(each): discipline(each, roster, clinic.definition) for each in ids}


def needed(poll: Poll, clinic: Clinic) -> tuple[str, ...]:
    """The disciplines without which there is no quorum."""
    conference = clinic.conferences.of_number(poll.conference) if poll.conference else None
    return quorum(poll.team, conference.series if conference else 0, clinic)


def quorum(team: str, series: int, clinic: Clinic) -> tuple[str, ...]:
    """The disciplines that a team, or one of its series, needs."""
    habits = clinic.agendas.habits(team, series)
    return settings(clinic.definition).quorum if habits.quorum is None else habits.quorum


def unanswered(poll: Poll, roster: Roster) -> Sequence[str]:
    """Those of the team who have not answered."""
    return [e.member.id for e in roster.places if member_key(e.member.id) not in poll.votes]


def answered_keys(poll: Poll, place: int) -> list[str]:
    """Who can come at the slot of this place, in a settled order."""
    return sorted(poll.can(place))


def end_poll(closed: Poll, roster: Roster, clinic: Clinic, now: datetime, *, by: str = "") -> None:
    """Writes and shows a poll that was closed; nobody is asked any more."""
    clinic.polls.put(closed, "closed", now, None, by=by)
    settled(closed, clinic)
    show(closed, roster, clinic, now)


def end_polls_of(conference: Conference, roster: Roster, clinic: Clinic, now: datetime, *, by: str) -> None:
    """A conference does not take place, and so nobody is asked any more when it could."""
    for each in clinic.polls.open_of_team(conference.team):
        if each.conference == conference.number:
            end_poll(close(each), roster, clinic, now, by=by)


def show(poll: Poll, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Lets the living card show the poll in the team's rooms."""
    clinic.outbox.show(poll.ref, roster.team.id, card(poll, roster, clinic, now), now)
