"""What the crowd passes along, handoffs and flags: how the journal tells of each, and how each is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cards.card import Card
from handlers.flags.card import flag_card
from handlers.handoffs.card import handoff_card
from pathway import flag, handoff
from pathway.definition import Definition
from pathway.flag import Flag
from pathway.handoff import Handoff
from pathway.people import Roster

Thing = Handoff | Flag


@dataclass(frozen=True)
class Sort:
    """One sort of thing, in the words of the journal.

    `name` begins its actions, `first` is the one that begins it. `steps` are those that the table of moves
    has, `by_time` those that a deadline brings, and after `restarts` the present span begins anew. `unmarked`
    are what the crowd does without words of its own, and the actions that may come of it.
    """

    name: str
    first: str
    moves: Mapping[Any, Mapping[Any, StrEnum]]
    steps: Mapping[str, StrEnum]
    by_time: frozenset[str]
    restarts: frozenset[str]
    unmarked: Mapping[str, tuple[str, ...]]


_HANDOFF = handoff.Step
_FLAG = flag.Step
HANDOFFS = Sort(
    "handoff", "offered",
    handoff.MOVES,
    {
        "accepted": _HANDOFF.ACCEPT, "declined": _HANDOFF.DECLINE, "asked about": _HANDOFF.ASK,
        "replied to": _HANDOFF.REPLY, "read back": _HANDOFF.READ_BACK, "corrected": _HANDOFF.CORRECT,
        "introduced": _HANDOFF.INTRODUCE, "completed": _HANDOFF.COMPLETE, "given back": _HANDOFF.GIVE_BACK,
        "cancelled": _HANDOFF.CANCEL, "widened": _HANDOFF.ESCALATE, "expired": _HANDOFF.EXPIRE,
    },
    frozenset({"widened", "expired", "nagged", "lead told", "channel told"}),
    frozenset(
        {"offered", "widened", "given back", "asked about", "replied to", "accepted", "nagged", "lead told"}
    ),
    {"accept": ("accepted",)},
)  # fmt: skip
FLAGS = Sort(
    "flag", "raised",
    flag.MOVES,
    {
        "claimed": _FLAG.CLAIM, "confirmed": _FLAG.CONFIRM, "released": _FLAG.RELEASE,
        "snoozed": _FLAG.SNOOZE, "resolved": _FLAG.RESOLVE, "not needed": _FLAG.DISMISS,
        "widened": _FLAG.ESCALATE, "lapsed": _FLAG.LAPSE, "asked again": _FLAG.WAKE,
        "expired": _FLAG.EXPIRE, "asked anew": _FLAG.ASK_ANEW,
    },
    frozenset({"widened", "expired", "told again", "lapsed"}),
    frozenset(
        {"raised", "widened", "released", "claimed", "confirmed", "asked anew", "asked again", "expired",
         "told again", "lapsed"}
    ),
    {"claim": ("claimed", "confirmed"), "release": ("released",), "snooze": ("snoozed",)},
)  # fmt: skip


def sort_of(ref: str) -> Sort:
    """What a reference is of: `H-12`, `F-3`."""
    return FLAGS if ref.startswith("F-") else HANDOFFS


def urgency_of(thing: Thing) -> str:
    """The urgency of a handoff, the severity of a flag."""
    return thing.severity if isinstance(thing, Flag) else thing.urgency


def words_of(thing: Thing) -> Iterator[str]:
    """What people wrote into a thing when it began, or was begun once more."""
    if isinstance(thing, Flag):
        yield from (cause.says for cause in thing.causes)
    else:
        yield thing.ipass.summary


def card_of(thing: Thing, roster: Roster, definition: Definition, at: datetime) -> Card:
    """Its living card as it was made at a moment."""
    if isinstance(thing, Flag):
        return flag_card(thing, roster, definition, at)
    return handoff_card(thing, roster, definition, at)
