"""The triage flag: its states, the one table of allowed moves, and what each move changes.

A flag says that a clinician should look at a person now; it is never a diagnosis. Whom it is asked of, and
until when, is `pathway.flag_asking`; what raised it, and what becomes of it when that is corrected, is
`pathway.flag_causes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pathway.finding import Evidence
from pathway.ladder import Asked, Due, Refused, Rung

PERSON = "person"
"""The reason of a flag that a person raised begins with this, and ends with who must answer."""
SOURCE_CORRECTED = "source corrected"


class State(StrEnum):
    """Where a flag stands."""

    RAISED = "raised"
    ESCALATED = "escalated"
    CLAIMED = "claimed"
    WAITING = "waiting"
    EXPIRED = "expired"
    RESOLVED = "resolved"
    NOT_NEEDED = "not needed"


class Step(StrEnum):
    """What can be done to a flag. ESCALATE, LAPSE, WAKE and EXPIRE are done by time, WITHDRAW by a
    corrected entry, ASK_ANEW by a cause that is more severe; the others by people.
    """

    CLAIM = "claim"
    CONFIRM = "confirm"
    RELEASE = "release"
    SNOOZE = "snooze"
    RESOLVE = "resolve"
    DISMISS = "dismiss"
    ESCALATE = "escalate"
    LAPSE = "lapse"
    WAKE = "wake"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    ASK_ANEW = "ask anew"


# What may happen in which state, and where it leads. An expired flag is still open: nobody took it, which
# was told, and late is better for the patient than never.
_CLOSE: Mapping[Step, State] = {
    Step.RESOLVE: State.RESOLVED,
    Step.DISMISS: State.NOT_NEEDED,
    Step.WITHDRAW: State.RESOLVED,
    Step.ASK_ANEW: State.RAISED,
}
_UNANSWERED: Mapping[Step, State] = {
    **_CLOSE,
    Step.CLAIM: State.CLAIMED,
    Step.SNOOZE: State.WAITING,
    Step.ESCALATE: State.ESCALATED,
    Step.EXPIRE: State.EXPIRED,
}
MOVES: Mapping[State, Mapping[Step, State]] = {
    State.RAISED: _UNANSWERED,
    State.ESCALATED: _UNANSWERED,
    State.CLAIMED: {
        **_CLOSE,
        Step.CONFIRM: State.CLAIMED,
        Step.RELEASE: State.RAISED,
        Step.SNOOZE: State.WAITING,
        Step.LAPSE: State.ESCALATED,
    },
    State.WAITING: {
        **_CLOSE,
        Step.CLAIM: State.CLAIMED,
        Step.RELEASE: State.RAISED,
        Step.SNOOZE: State.WAITING,
        Step.WAKE: State.RAISED,
    },
    State.EXPIRED: {**_CLOSE, Step.CLAIM: State.CLAIMED},
    State.RESOLVED: {},
    State.NOT_NEEDED: {},
}

UNANSWERED = frozenset({State.RAISED, State.ESCALATED})
HELD = frozenset({State.CLAIMED, State.WAITING})
OPEN = UNANSWERED | HELD | {State.EXPIRED}


@dataclass(frozen=True)
class Cause:
    """Why a flag was raised: by which rule in which version, or by a person. Clinical text, sealed.

    `by` is the member who raised it or made the entry ("" for the patient's own entry, or time). `gone_at`
    is when the entry that it rests on was found to have been corrected; such a cause counts no more.
    """

    rule: str
    version: int
    severity: str
    says: str
    at: datetime
    by: str = ""
    evidence: tuple[Evidence, ...] = ()
    gone_at: datetime | None = None


@dataclass(frozen=True)
class Flag(Asked):
    """One flag. Members are ids; `patient` is a code; all times are aware UTC.

    `reason` is the id of the rule, or `person:` and who must answer; a patient has one open flag of each.
    `roles` must answer, the first of them first; `service` is what is asked for, `label` names it: both are
    clinical. `private` keeps it out of every room. `holder` claimed it, or put it off until
    `snoozed_until`; `snoozed_from` is when it was first put off. `earlier` were asked before it was asked
    anew. `done` is what was done, or why it was not needed, by `closed_by` ("" if its source was corrected).
    """

    number: int
    team: str
    patient: str
    reason: str
    label: str
    severity: str
    roles: tuple[str, ...]
    raised_at: datetime
    service: str = ""
    private: bool = False
    causes: tuple[Cause, ...] = ()
    raised_by: str = ""
    state: State = State.RAISED
    earlier: tuple[str, ...] = ()
    holder: str = ""
    changed_at: datetime | None = None
    claimed_at: datetime | None = None
    snoozed_from: datetime | None = None
    snoozed_until: datetime | None = None
    done: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        moments = (
            self.changed_at, self.claimed_at, self.snoozed_from, self.snoozed_until, self.closed_at,
            self.asked_at, self.answer_by, self.due_at,
        )  # fmt: skip
        for moment in (self.raised_at, *moments):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a flag needs aware datetimes")

    @property
    def ref(self) -> str:
        """How people name it: `F-12`."""
        return f"F-{self.number}"

    @property
    def by_person(self) -> bool:
        """Whether a person raised it, and no rule."""
        return self.reason.partition(":")[0] == PERSON

    @property
    def live(self) -> tuple[Cause, ...]:
        """The causes that still count."""
        return tuple(each for each in self.causes if each.gone_at is None)


def allowed(flag: Flag, step: Step) -> bool:
    """Whether the table of moves has this step in the present state."""
    return step in MOVES[flag.state]


def move(flag: Flag, step: Step, by: str, now: datetime, done: str = "") -> Flag:
    """The flag after one step; where that begins a wait, `pathway.flag_asking` sets the next deadline.

    `by` is the member who does it ("" for time), `done` what was done or why it is not needed. Raises
    Refused when the step is not in the table, or closes a flag without a word.
    """
    if not allowed(flag, step):
        raise Refused(refusal(flag, step))
    if step in (Step.RESOLVE, Step.DISMISS) and not done.strip():
        raise Refused(f"Say {_NEEDS[step]} before {flag.ref} is closed.")
    moved = replace(
        flag,
        state=MOVES[flag.state][step],
        changed_at=now,
        due=Due.NOTHING,
        due_at=None,
        answer_by=None,
        nagged=0,
    )
    match step:
        case Step.CLAIM:
            return replace(moved, holder=by, claimed_at=now, snoozed_from=None, snoozed_until=None)
        case Step.SNOOZE:
            return replace(moved, holder=by, claimed_at=None)
        case Step.RELEASE:
            declined = tuple(dict.fromkeys((*flag.declined, by)))
            return replace(moved, holder="", declined=declined, claimed_at=None, snoozed_until=None)
        case Step.LAPSE | Step.WAKE:
            return replace(moved, holder="", claimed_at=None, snoozed_until=None)
        case Step.RESOLVE | Step.DISMISS:
            return replace(moved, holder=by, done=done, closed_by=by, closed_at=now, snoozed_until=None)
        case Step.WITHDRAW:
            return replace(moved, holder="", done=SOURCE_CORRECTED, closed_at=now, snoozed_until=None)
        case Step.ASK_ANEW:
            earlier = tuple(dict.fromkeys((*flag.earlier, *flag.asked)))
            return replace(
                moved, holder="", earlier=earlier, asked=(), declined=(), rung=Rung.RECEIVER,
                claimed_at=None, snoozed_from=None, snoozed_until=None,
            )  # fmt: skip
        case _:
            return moved


def refusal(flag: Flag, step: Step) -> str:
    """Why a step is not possible now, without times or names: those are added where they are known."""
    return f"{flag.ref} is {flag.state}, so it can't be {_DONE[step]} now."


_NEEDS = {Step.RESOLVE: "what was done", Step.DISMISS: "why it is not needed"}
_DONE: Mapping[Step, str] = {
    Step.CLAIM: "claimed",
    Step.CONFIRM: "confirmed",
    Step.RELEASE: "released",
    Step.SNOOZE: "put off",
    Step.RESOLVE: "resolved",
    Step.DISMISS: "called not needed",
    Step.ESCALATE: "escalated",
    Step.LAPSE: "lapsed",
    Step.WAKE: "woken",
    Step.EXPIRE: "expired",
    Step.WITHDRAW: "withdrawn",
    Step.ASK_ANEW: "asked anew",
}
