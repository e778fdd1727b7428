"""A case conference: when a team meets, who chairs it, and the one table of what can be done with it.

It may be one of a series (`pathway.series`) or stand alone. What is on it is `agendas`; what happens while it
runs is `pathway.session`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pathway.ladder import Refused


class State(StrEnum):
    """Where a conference stands. ENDED means that its minutes are drafted, SIGNED that they are locked."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    SIGNED = "signed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What can be done with a conference."""

    CHANGE = "change"
    START = "start"
    END = "end"
    SIGN = "sign"
    CANCEL = "cancel"
    RESTORE = "restore"


MOVES: Mapping[State, Mapping[Step, State]] = {
    State.PLANNED: {
        Step.CHANGE: State.PLANNED,
        Step.START: State.RUNNING,
        Step.CANCEL: State.CANCELLED,
    },
    State.RUNNING: {Step.END: State.ENDED},
    State.ENDED: {Step.SIGN: State.SIGNED, Step.START: State.RUNNING},
    State.SIGNED: {},
    State.CANCELLED: {Step.RESTORE: State.PLANNED},
}
"""ENDED and START: it was ended too early, and goes on where it was."""

OPEN = frozenset({State.PLANNED, State.RUNNING, State.ENDED})


class Deadline(StrEnum):
    """What falls due for a conference by itself; each kind is a row of its own with its moment."""

    SHOW = "card"
    """Its card comes to the team's rooms."""
    AGENDA = "agenda"
    """The agenda is posted."""
    READY = "readiness"
    """What is missing for its items is asked for."""
    QUORUM = "quorum"
    """It is looked whether every discipline that is needed has accepted."""
    REMIND = "reminder"
    """Somebody who is invited wants to be reminded."""
    START = "start"
    """It should begin."""
    CLOCK = "clock"
    """The running item's minutes are over."""
    SIGN = "sign"
    """Chair and scribe are reminded of the minutes."""


@dataclass(frozen=True)
class Conference:
    """One conference. Members are ids; all times are aware UTC; `zone` is the wall clock it was planned on.

    `series` is the number of its series, 0 for none, and `recurs_at` the moment at which the series has it
    (iCalendar's RECURRENCE-ID), also after it was moved. `where` is a room or a link. `sequence` is
    iCalendar's SEQUENCE: it rises when time, length, place or cancellation changes. `whom` of the team it
    asks, of those too who join later: as `pathway.series.Series.whom`, and nobody for one of a series.
    """

    number: int
    team: str
    title: str
    starts: datetime
    minutes: int
    zone: str
    series: int = 0
    recurs_at: datetime | None = None
    where: str = ""
    state: State = State.PLANNED
    chair: str = ""
    scribe: str = ""
    sequence: int = 0
    agenda_posted_at: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    signed_at: datetime | None = None
    whom: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        others = (self.recurs_at, self.agenda_posted_at, self.began_at, self.ended_at, self.signed_at)
        if any(each is not None and each.tzinfo is None for each in (self.starts, *others)):
            raise ValueError("a conference needs aware datetimes")
        if self.minutes < 1:
            raise ValueError("a conference has at least one minute")

    @property
    def ref(self) -> str:
        """How people name it: `C-12`."""
        return f"C-{self.number}"

    @property
    def ends(self) -> datetime:
        """When it is planned to be over."""
        return self.starts + timedelta(minutes=self.minutes)


def move(conference: Conference, step: Step, now: datetime) -> Conference:
    """The conference after one step. Raises Refused when the step is not in the table."""
    moves = MOVES[conference.state]
    if step not in moves:
        raise Refused(f"{conference.ref} is {conference.state}, so that can't be done now.")
    moved = replace(conference, state=moves[step])
    match step:
        case Step.START:
            return replace(moved, began_at=conference.began_at or now, ended_at=None)
        case Step.END:
            return replace(moved, ended_at=now)
        case Step.SIGN:
            return replace(moved, signed_at=now)
        case Step.CANCEL | Step.RESTORE:
            return replace(moved, sequence=conference.sequence + 1)
        case _:
            return moved
