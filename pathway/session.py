"""A conference as it runs: its items, the clock of each, and the one table of what can be done with them.

All of it is data that is stored after every move, so that a meeting goes on where it was. `place` counts
from 1; a patient has one item in a conference. In which order they come is `pathway.session_turns`, who was
there is `pathway.roll_call`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pathway.issue import Kind
from pathway.ladder import Refused

MINUTE = timedelta(minutes=1)


class State(StrEnum):
    """Where an item stands. CARRIED was not reached; SKIPPED was left out on purpose; both come again.

    SETTLED means that all that was outstanding was settled before its turn.
    """

    WAITING = "waiting"
    CURRENT = "current"
    DONE = "done"
    PARKED = "parked"
    SKIPPED = "skipped"
    CARRIED = "carried over"
    SETTLED = "settled before its turn"


class Step(StrEnum):
    """What can be done with an item. INTERRUPT makes room for one that is taken at once. CARRY is done by the
    end of the conference, RESUME by its going on, and where what was settled is outstanding again.
    """

    TAKE = "take"
    FINISH = "finish"
    PARK = "park"
    SKIP = "skip"
    SETTLE = "settle"
    INTERRUPT = "interrupt"
    CARRY = "carry over"
    RESUME = "resume"


_TO_COME: Mapping[Step, State] = {
    Step.TAKE: State.CURRENT,
    Step.SKIP: State.SKIPPED,
    Step.SETTLE: State.SETTLED,
    Step.CARRY: State.CARRIED,
}
_BACK: Mapping[Step, State] = {Step.TAKE: State.CURRENT}
MOVES: Mapping[State, Mapping[Step, State]] = {
    State.WAITING: _TO_COME,
    State.PARKED: _TO_COME,
    State.CURRENT: {
        Step.FINISH: State.DONE,
        Step.PARK: State.PARKED,
        Step.SKIP: State.SKIPPED,
        Step.INTERRUPT: State.WAITING,
        Step.CARRY: State.CARRIED,
    },
    State.DONE: _BACK,
    State.SKIPPED: _BACK,
    State.SETTLED: {**_BACK, Step.RESUME: State.WAITING},
    State.CARRIED: {**_BACK, Step.RESUME: State.WAITING},
}
"""DONE and TAKE: it was closed by mistake, or something was forgotten. SETTLED and RESUME: it was undone."""

TO_COME = frozenset({State.WAITING, State.PARKED})
AGAIN = frozenset({State.CARRIED, State.SKIPPED})
"""Those that come again in a later conference."""


@dataclass(frozen=True)
class Item:
    """One patient's item.

    `minutes` is what the agenda gave it and `extended` what was added; `spent` is the seconds of earlier
    turns, `began_at` when the present turn began, `closed_at` when it was done, skipped, settled or carried
    over (both aware UTC). `kind` is that of the issue that it is on for; `carried_before` is how often it was
    carried over by earlier conferences. `reason` is why it was parked, left out or carried over, `outcome`
    what the minutes say of it beside what was decided. `turns` counts how often it was taken. One that is
    `kept` on by the lead has its turn even when nothing is outstanding any more.
    """

    place: int
    patient: str
    question: str
    minutes: int
    kind: Kind
    state: State = State.WAITING
    spent: int = 0
    began_at: datetime | None = None
    closed_at: datetime | None = None
    extended: int = 0
    carried_before: int = 0
    reason: str = ""
    outcome: str = ""
    turns: int = 0
    kept: bool = False

    def __post_init__(self) -> None:
        if any(each is not None and each.tzinfo is None for each in (self.began_at, self.closed_at)):
            raise ValueError("an item needs aware datetimes")
        if (self.began_at is not None) != (self.state is State.CURRENT):
            raise ValueError("the current item, and no other, has a turn that began")

    def seconds(self, now: datetime) -> int:
        """The seconds that it took so far; a clock that was set back takes none away."""
        turn = max((now - self.began_at) // timedelta(seconds=1), 0) if self.began_at else 0
        return self.spent + turn

    @property
    def runs_out_at(self) -> datetime | None:
        """When the current item's time is over."""
        if self.began_at is None:
            return None
        return self.began_at + (self.minutes + self.extended) * MINUTE - timedelta(seconds=self.spent)

    def over(self, now: datetime) -> int:
        """By how many whole minutes it is longer than its time."""
        return max(self.seconds(now) // 60 - self.minutes - self.extended, 0)


@dataclass(frozen=True)
class Session:
    """The items of a conference in the order of their places; at most one of them is current."""

    items: tuple[Item, ...] = ()

    def __post_init__(self) -> None:
        if sum(each.state is State.CURRENT for each in self.items) > 1:
            raise ValueError("a conference has one current item")
        if len({each.patient for each in self.items}) < len(self.items):
            raise ValueError("a patient has one item in a conference")

    @property
    def current(self) -> Item | None:
        """What is being talked about."""
        return next((each for each in self.items if each.state is State.CURRENT), None)

    @property
    def upcoming(self) -> tuple[Item, ...]:
        """Those to come, in the order in which `following` takes them: parked ones last."""
        return tuple(sorted(self._to_come(), key=lambda each: (each.state is State.PARKED, each.place)))

    def of(self, patient: str) -> Item | None:
        """The item of this patient."""
        return next((each for each in self.items if each.patient == patient), None)

    def _to_come(self) -> Iterable[Item]:
        return (each for each in self.items if each.state in TO_COME)


def move(item: Item, step: Step, now: datetime, reason: str = "") -> Item:
    """The item after one step. Raises Refused when the step is not in the table."""
    moves = MOVES[item.state]
    if step not in moves:
        raise Refused(f"{item.patient} is {item.state}, so that can't be done now.")
    taken = step is Step.TAKE
    moved = replace(
        item, state=moves[step], spent=item.seconds(now), began_at=now if taken else None, closed_at=None,
        reason=reason, turns=item.turns + taken,
    )  # fmt: skip
    match step:
        case Step.FINISH | Step.SKIP | Step.SETTLE | Step.CARRY:
            return replace(moved, closed_at=now)
        case Step.INTERRUPT:
            return replace(moved, reason=item.reason)
        case _:
            return moved


def put(session: Session, item: Item) -> Session:
    """The session with this item in place of the one of the same patient."""
    return Session(tuple(item if each.patient == item.patient else each for each in session.items))
