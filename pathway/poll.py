"""A poll for a time: the starts that are proposed, who can come, and which disciplines would be missing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pathway.ladder import Refused

MOST_SLOTS = 5


class State(StrEnum):
    """Where a poll stands."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True)
class Poll:
    """Proposed starts (aware UTC) of a conference: of a planned one by its number, or of a new one (0).

    `votes` are the places of the slots, from 1 on, at which somebody can come, by their key (as of an
    invitee); nothing among them is an answer too. At `ask_by` the lead is told how it stands.
    """

    number: int
    team: str
    title: str
    zone: str
    minutes: int
    slots: tuple[datetime, ...]
    by: str
    ask_by: datetime
    conference: int = 0
    state: State = State.OPEN
    taken: int = 0
    votes: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(each.tzinfo is None for each in (*self.slots, self.ask_by)):
            raise ValueError("a poll needs aware datetimes")
        if not 1 <= len(self.slots) <= MOST_SLOTS or list(self.slots) != sorted(set(self.slots)):
            raise ValueError("a poll has 1 to 5 slots, in order and each once")

    @property
    def ref(self) -> str:
        """How people name it: `T-3`."""
        return f"T-{self.number}"

    def can(self, place: int) -> frozenset[str]:
        """Who has said that they can come at the slot of this place."""
        return frozenset(key for key, places in self.votes.items() if place in places)


def vote(poll: Poll, key: str, places: Collection[int]) -> Poll:
    """The poll after somebody has said at which slots they can come. Raises Refused when it is over."""
    if poll.state is not State.OPEN:
        raise Refused(f"{poll.ref} is {poll.state}: nobody is asked any more.")
    if not set(places) <= set(range(1, len(poll.slots) + 1)):
        raise Refused(f"{poll.ref} has the slots 1 to {len(poll.slots)}.")
    return replace(poll, votes={**poll.votes, key: frozenset(places)})


def turned(poll: Poll, key: str, place: int) -> Poll:
    """The poll after a slot was pressed: who could come then can't any more, and the other way round."""
    return vote(poll, key, poll.votes.get(key, frozenset()) ^ {place})


def take(poll: Poll, place: int, now: datetime) -> Poll:
    """The poll with this slot chosen. Raises Refused when it is over, or the slot is."""
    chosen = vote(poll, "", [place])
    if poll.slots[place - 1] <= now:
        raise Refused("That slot is past: take another.")
    return replace(chosen, votes=poll.votes, state=State.TAKEN, taken=place)


def close(poll: Poll) -> Poll:
    """The poll closed without a choice."""
    return replace(vote(poll, "", []), votes=poll.votes, state=State.CLOSED)


def missing(can: Collection[str], disciplines: Mapping[str, str], needed: Collection[str]) -> tuple[str, ...]:
    """The needed disciplines of which nobody among these can come."""
    there = {disciplines.get(each, "") for each in can}
    return tuple(each for each in needed if each not in there)
