"""An action: who does what for a patient until when, and the one table of its moves.

What falls due for it by itself is `pathway.action_due`. Whoever is to do it confirms it. Its outcome is said
in a line when it is done, the reason when it is not. An action without an owner is its team's lead's to give
to somebody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pathway.ladder import Refused


class State(StrEnum):
    """Where an action stands. PROPOSED means that its owner has not confirmed it yet, or that it has none."""

    PROPOSED = "proposed"
    OPEN = "open"
    BLOCKED = "blocked"
    DONE = "done"
    NOT_DONE = "not done"
    DROPPED = "dropped"


class Step(StrEnum):
    """What can be done with an action."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    DONE = "done"
    NOT_DONE = "not done"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REASSIGN = "reassign"
    RETIME = "retime"
    DROP = "drop"
    DISOWN = "disown"
    REOPEN = "reopen"


_CLOSE: Mapping[Step, State] = {
    Step.DONE: State.DONE,
    Step.NOT_DONE: State.NOT_DONE,
    Step.DROP: State.DROPPED,
}
_LIVE: Mapping[Step, State] = {**_CLOSE, Step.REASSIGN: State.PROPOSED, Step.DISOWN: State.PROPOSED}
MOVES: Mapping[State, Mapping[Step, State]] = {
    State.PROPOSED: {
        **_LIVE,
        Step.CONFIRM: State.OPEN,
        Step.DECLINE: State.PROPOSED,
        Step.RETIME: State.PROPOSED,
    },
    State.OPEN: {**_LIVE, Step.BLOCK: State.BLOCKED, Step.RETIME: State.OPEN},
    State.BLOCKED: {**_LIVE, Step.UNBLOCK: State.OPEN, Step.RETIME: State.BLOCKED},
    State.DONE: {Step.REOPEN: State.OPEN},
    State.NOT_DONE: {Step.REOPEN: State.OPEN},
    State.DROPPED: {Step.REOPEN: State.OPEN},
}
"""DISOWN: its owner left the team or the care team. REOPEN: an amendment, it was closed wrongly."""

OPEN = frozenset({State.PROPOSED, State.OPEN, State.BLOCKED})


class Next(StrEnum):
    """What happens when `next_at` comes; in the order in which they come at one moment."""

    NOTHING = ""
    ASK = "asked"
    """The owner, who was away, is asked to confirm."""
    CONFIRM = "reminded to confirm"
    UNCONFIRMED = "told as not confirmed"
    """The lead hears that it is not confirmed, or has no owner."""
    REMIND = "reminded"
    OVERDUE = "overdue"
    LEAD = "told as overdue"
    AGENDA = "back on the agenda"


@dataclass(frozen=True)
class Action:
    """One action. Members are ids; `patient` is a code; all times are aware UTC.

    `text`, `outcome`, `why` and `amended` are clinical. `owner` is "" when nobody has it. `source` says where
    it came from: a conference (`C-3`), a link to a message, or "". `link` leads to the message that it was
    made of, and `amended` is what that says now if it was edited since. `entry` is the number of the decision
    that it belongs to, 0 for none. It is due at `due_at`. The owner is asked to confirm it at `asked_at`,
    which may lie ahead. `why` is why it is not done, blocked, dropped or declined. `agenda_at` is when it
    came back on the agenda. `edition` is the version of the patient's plan that changed it last.
    """

    number: int
    team: str
    patient: str
    owner: str
    text: str
    due_at: datetime
    made_by: str
    made_at: datetime
    state: State = State.PROPOSED
    source: str = ""
    entry: int = 0
    outcome: str = ""
    why: str = ""
    asked_at: datetime | None = None
    confirmed_at: datetime | None = None
    changed_by: str = ""
    changed_at: datetime | None = None
    closed_at: datetime | None = None
    agenda_at: datetime | None = None
    next: Next = Next.NOTHING
    next_at: datetime | None = None
    edition: int = 0
    link: str = ""
    amended: str = ""

    def __post_init__(self) -> None:
        others = (
            self.asked_at, self.confirmed_at, self.changed_at, self.closed_at, self.agenda_at, self.next_at,
        )  # fmt: skip
        if any(each is not None and each.tzinfo is None for each in (self.due_at, self.made_at, *others)):
            raise ValueError("an action needs aware datetimes")

    @property
    def ref(self) -> str:
        """How people name it: `A-12`."""
        return f"A-{self.number}"

    def overdue(self, now: datetime) -> bool:
        """Whether it is open and past its date."""
        return self.state in OPEN and self.due_at <= now


def allowed(action: Action, step: Step) -> bool:
    """Whether the table of moves has this step in the present state."""
    return step in MOVES[action.state]


def move(action: Action, step: Step, by: str, now: datetime, words: str = "") -> Action:
    """The action after one step; `words` are the outcome or the reason. What falls due then is not set yet.

    Raises Refused when the step is not in the table, or needs a word and has none.
    """
    if not allowed(action, step):
        raise Refused(f"{action.ref} is {action.state}, so it can't be {_SAID[step]} now.")
    if step in _NEEDS and not words.strip():
        raise Refused(f"Say in a line {_NEEDS[step]} before {action.ref} is {_SAID[step]}.")
    moved = replace(action, state=MOVES[action.state][step], changed_by=by, changed_at=now)
    match step:
        case Step.CONFIRM:
            return replace(moved, confirmed_at=now)
        case Step.DONE:
            return replace(moved, outcome=words, why="", closed_at=now)
        case Step.NOT_DONE | Step.DROP:
            return replace(moved, why=words, outcome="", closed_at=now)
        case Step.BLOCK:
            return replace(moved, why=words)
        case Step.UNBLOCK:
            return replace(moved, why="")
        case Step.DECLINE | Step.DISOWN:
            return replace(moved, owner="", why=words, asked_at=now, confirmed_at=None)
        case Step.REOPEN:
            return replace(moved, outcome="", why=words, closed_at=None)
        case _:
            return moved


def give(action: Action, owner: str, by: str, asked_at: datetime, now: datetime) -> Action:
    """The action in other hands, whose owner is asked to confirm it at `asked_at`; who gives it to themselves
    has confirmed it.
    """
    given = replace(move(action, Step.REASSIGN, by, now), owner=owner, why="", confirmed_at=None)
    if owner == by:
        return replace(given, state=State.OPEN, confirmed_at=now, asked_at=now)
    return replace(given, asked_at=asked_at)


def retime(action: Action, due_at: datetime, by: str, now: datetime) -> Action:
    """The action with another date, which takes it off the agenda. Raises Refused for one that is past."""
    if due_at <= now:
        raise Refused(f"That is over already: name a day to come for {action.ref}.")
    return replace(move(action, Step.RETIME, by, now), due_at=due_at, agenda_at=None)


_NEEDS = {
    Step.DONE: "what came of it",
    Step.NOT_DONE: "why not",
    Step.BLOCK: "what it waits for",
    Step.DROP: "why",
    Step.DECLINE: "why",
}
_SAID: Mapping[Step, str] = {
    Step.CONFIRM: "confirmed",
    Step.DECLINE: "declined",
    Step.DONE: "called done",
    Step.NOT_DONE: "called not done",
    Step.BLOCK: "blocked",
    Step.UNBLOCK: "unblocked",
    Step.REASSIGN: "given to another",
    Step.RETIME: "given another date",
    Step.DROP: "dropped",
    Step.DISOWN: "left without an owner",
    Step.REOPEN: "opened again",
}
