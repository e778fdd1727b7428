"""A conference as it runs: its items one after another, the clock of each, and who was there for how long.

All of it is data that is stored after every move, so that a meeting goes on where it was. `place` counts
from 1; a patient has one item in a conference.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pathway.issue import Kind
from pathway.ladder import Refused

MINUTE = timedelta(minutes=1)
MOST_EXTENDED = 60
"""By so many minutes an item can be extended at most."""


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


def begin(session: Session, now: datetime) -> Session:
    """The first item is taken; nothing changes where one is current or none is to come."""
    following = session.upcoming
    if session.current is not None or not following:
        return session
    return put(session, move(following[0], Step.TAKE, now))


def close(session: Session, step: Step, now: datetime, reason: str = "") -> Session:
    """The current item is finished, parked or skipped, and the next is taken.

    What was just parked is not taken again at once: if nothing else is to come, nothing is current. Raises
    Refused if nothing was.
    """
    current = session.current
    if current is None:
        raise Refused("No item is being talked about now.")
    closed = put(session, move(current, step, now, reason))
    others = [each for each in closed.upcoming if each.patient != current.patient]
    return put(closed, move(others[0], Step.TAKE, now)) if others else closed


def take(session: Session, patient: str, now: datetime) -> Session:
    """This patient's item is taken at once; what was current waits for its turn again.

    Raises Refused for a patient who has no item, or whose item is current.
    """
    wanted = session.of(patient)
    if wanted is None:
        raise Refused(f"{patient} is not on the agenda of this conference.")
    taken = move(wanted, Step.TAKE, now)
    if session.current is not None:
        session = put(session, move(session.current, Step.INTERRUPT, now))
    return put(session, taken)


def bring(session: Session, item: Item, now: datetime) -> Session:
    """An item that was not on is taken at once; one of the same patient is taken instead."""
    if session.of(item.patient) is None:
        place = max((each.place for each in session.items), default=0) + 1
        session = Session((*session.items, replace(item, place=place)))
    return take(session, item.patient, now)


def skip(session: Session, patient: str, now: datetime, reason: str) -> Session:
    """An item that is still to come is left out, so that its turn does not come. Raises Refused."""
    return _ahead(session, patient, Step.SKIP, now, reason)


def settle(session: Session, patient: str, now: datetime, reason: str) -> Session:
    """An item that is still to come was settled before its turn. Raises Refused."""
    return _ahead(session, patient, Step.SETTLE, now, reason)


def unsettle(session: Session, patient: str, now: datetime) -> Session:
    """What was settled is outstanding again: the item has its turn. Raises Refused."""
    return _ahead(session, patient, Step.RESUME, now, "")


def _ahead(session: Session, patient: str, step: Step, now: datetime, reason: str) -> Session:
    item = session.of(patient)
    if item is None:
        raise Refused(f"{patient} is not on the agenda of this conference.")
    return put(session, move(item, step, now, reason))


def extend(session: Session, minutes: int) -> Session:
    """The current item has so many minutes more. Raises Refused if none is current, or it is too much."""
    current = session.current
    if current is None:
        raise Refused("No item is being talked about now.")
    extended = current.extended + minutes
    if minutes < 1 or extended > MOST_EXTENDED:
        raise Refused(f"An item can be extended by 1 to {MOST_EXTENDED} minutes altogether.")
    return put(session, replace(current, extended=extended))


def end(session: Session, now: datetime, discussed: bool, why: Callable[[Item], str]) -> Session:
    """The conference is over: what was not reached is carried over, with what `why` says of it.

    The current item is done if something was `discussed`; else it has only just begun and is carried over.
    """
    current = session.current
    if current is not None and discussed:
        session = put(session, move(current, Step.FINISH, now))
    left = [each for each in session.items if Step.CARRY in MOVES[each.state]]
    for item in left:
        session = put(session, move(item, Step.CARRY, now, item.reason or why(item)))
    return session


def resume(session: Session, now: datetime) -> Session:
    """The conference was ended too early: what its end carried over is to come, and the first is taken."""
    items = (move(each, Step.RESUME, now) if each.state is State.CARRIED else each for each in session.items)
    return begin(Session(tuple(items)), now)


def put(session: Session, item: Item) -> Session:
    """The session with this item in place of the one of the same patient."""
    return Session(tuple(item if each.patient == item.patient else each for each in session.items))


@dataclass(frozen=True)
class Attendance:
    """One stay of one person at a conference; who leaves and comes back has several.

    `member` is a member id, "" for a guest, whose `name` was typed. Times are aware UTC.
    """

    member: str
    discipline: str
    came_at: datetime
    left_at: datetime | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.came_at.tzinfo is None or (self.left_at is not None and self.left_at.tzinfo is None):
            raise ValueError("an attendance needs aware datetimes")

    @property
    def who(self) -> tuple[str, str]:
        """What makes two stays those of one person."""
        return self.member, self.name

    def seconds(self, began: datetime, ended: datetime) -> int:
        """How many seconds of the conference this stay lasted."""
        since, until = max(self.came_at, began), min(self.left_at or ended, ended)
        return max((until - since) // timedelta(seconds=1), 0)


def present(stays: Iterable[Attendance]) -> tuple[Attendance, ...]:
    """The stays of those who are there now."""
    return tuple(each for each in stays if each.left_at is None)


def come(stays: Sequence[Attendance], stay: Attendance) -> tuple[Attendance, ...]:
    """Somebody is there; who is there already, is not there twice."""
    if any(each.who == stay.who for each in present(stays)):
        return tuple(stays)
    return (*stays, stay)


def leave(stays: Sequence[Attendance], who: tuple[str, str], now: datetime) -> tuple[Attendance, ...]:
    """Somebody is there no more. Raises Refused for who was not there."""
    if not any(each.who == who for each in present(stays)):
        raise Refused("They are not there, by the roll call.")
    return tuple(
        replace(each, left_at=max(now, each.came_at)) if each.who == who and each.left_at is None else each
        for each in stays
    )


def minutes_present(
    stays: Iterable[Attendance], began: datetime, ended: datetime
) -> dict[tuple[str, str], int]:
    """Whole minutes of the conference for which each person was there, in the order in which they came."""
    found: dict[tuple[str, str], int] = {}
    for each in stays:
        found[each.who] = found.get(each.who, 0) + each.seconds(began, ended)
    return {who: seconds // 60 for who, seconds in found.items()}
