"""An agenda as data: what is on, in which order and why; what is not on, why, and when it comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from agendas.rank import Case, Expected
from pathway.issue import Issue


@dataclass(frozen=True)
class Slot:
    """A conference that is still to come: when it starts (aware UTC), its minutes, and what it is called."""

    starts: datetime
    minutes: int
    ref: str = ""

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None:
            raise ValueError("a conference needs aware datetimes")


@dataclass(frozen=True)
class Sitting:
    """The conference that an agenda is for, who is expected, and the ones after it in their order."""

    slot: Slot
    expected: tuple[Expected, ...] = ()
    later: tuple[Slot, ...] = ()


class Because(StrEnum):
    """Why an item is on, beside what is outstanding."""

    SAFETY = "safety: it is never left off"
    BROUGHT = "brought in by the lead"
    PINNED = "kept on by the lead"
    MOVED = "given this place by the lead"
    RANKED = "next in order, and there is time"


class NotOn(StrEnum):
    """Why something outstanding is not on."""

    DEFERRED = "deferred by the lead"
    NO_ROOM = "no time left"
    TOO_LONG = "longer than the whole conference"


@dataclass(frozen=True)
class Item:
    """One patient on the agenda. `place` counts from 1; `after` is the minutes of those before it.

    `asked_place` is where the lead wanted it, 0 for nowhere in particular.
    """

    place: int
    case: Case
    because: Because
    after: int
    asked_place: int = 0

    @property
    def patient(self) -> str:
        """Whose it is."""
        return self.case.patient


@dataclass(frozen=True)
class Waiting:
    """One patient who is not on. `left` is the minutes that were left when it was this one's turn.

    `comes` is the conference in which it comes as things stand, None if it is in none that is planned.
    `reason` is what the lead wrote.
    """

    case: Case
    why: NotOn
    left: int = 0
    comes: datetime | None = None
    reason: str = ""

    @property
    def patient(self) -> str:
        """Whose it is."""
        return self.case.patient


@dataclass(frozen=True)
class Agenda:
    """The agenda of one conference.

    Every issue is in exactly one place: in an item, in what is waiting, or `apart`, where those are that
    must be in no room. `idle` are patients for whom the lead wished something that has no effect, as nothing
    is outstanding for them.
    """

    slot: Slot
    items: tuple[Item, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    apart: tuple[Issue, ...] = ()
    idle: tuple[str, ...] = ()

    @property
    def used(self) -> int:
        """The minutes of all that is on."""
        return sum(each.case.minutes for each in self.items)

    @property
    def over(self) -> int:
        """By how many minutes it is longer than the conference: only safety and the lead can make it so."""
        return max(self.used - self.slot.minutes, 0)

    def starts(self, item: Item) -> datetime:
        """When an item begins if those before it take their minutes."""
        return self.slot.starts + timedelta(minutes=item.after)
