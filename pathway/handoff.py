"""The warm handoff: its states, the one table of allowed moves, and what each move changes.

A handoff passes responsibility for a patient from one clinician to another. It follows I-PASS (AHRQ
TeamSTEPPS: illness severity, patient summary, action list, situation awareness and contingency,
synthesis by receiver) and is closed only after the receiver has said in their own words what they
took over and somebody has met the patient. Whom it is asked of, and until when, is `pathway.asking`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pathway.ladder import Asked, Due, Refused, Rung

__all__ = [
    "ABSENT",
    "HELD",
    "MOVES",
    "OPEN",
    "WAITING",
    "Due",
    "Handoff",
    "Ipass",
    "Refused",
    "Rung",
    "State",
    "Step",
    "Talk",
    "allowed",
    "move",
    "refusal",
]


class State(StrEnum):
    """Where a handoff stands."""

    OFFERED = "offered"
    QUESTIONED = "question asked"
    DECLINED = "declined"
    ESCALATED = "escalated"
    ACCEPTED = "accepted"
    INTRODUCED = "introduced"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Step(StrEnum):
    """What can be done to a handoff. ESCALATE and EXPIRE are done by time, the others by people."""

    ASK = "ask"
    REPLY = "reply"
    ACCEPT = "accept"
    DECLINE = "decline"
    ESCALATE = "escalate"
    EXPIRE = "expire"
    READ_BACK = "read back"
    CORRECT = "correct"
    INTRODUCE = "introduce"
    COMPLETE = "complete"
    GIVE_BACK = "give back"
    CANCEL = "cancel"


# What may happen in which state, and where it leads. DECLINED means that the last person asked said no
# and the next has been asked already. An expired handoff may still be accepted: late is better for the
# patient than never. A question waits for its reply whatever else happens, and who was introduced without
# the patient meets them later; what else these two steps need is said in `allowed`.
_UNANSWERED: Mapping[Step, State] = {
    Step.ASK: State.QUESTIONED,
    Step.ACCEPT: State.ACCEPTED,
    Step.DECLINE: State.DECLINED,
    Step.ESCALATE: State.ESCALATED,
    Step.EXPIRE: State.EXPIRED,
    Step.CANCEL: State.CANCELLED,
}
MOVES: Mapping[State, Mapping[Step, State]] = {
    State.OFFERED: {**_UNANSWERED, Step.REPLY: State.OFFERED},
    State.QUESTIONED: {**_UNANSWERED, Step.REPLY: State.OFFERED},
    State.DECLINED: {**_UNANSWERED, Step.REPLY: State.DECLINED},
    State.ESCALATED: {**_UNANSWERED, Step.REPLY: State.ESCALATED},
    State.ACCEPTED: {
        Step.READ_BACK: State.ACCEPTED,
        Step.CORRECT: State.ACCEPTED,
        Step.INTRODUCE: State.INTRODUCED,
        Step.GIVE_BACK: State.OFFERED,
        Step.CANCEL: State.CANCELLED,
    },
    State.INTRODUCED: {
        Step.READ_BACK: State.INTRODUCED,
        Step.CORRECT: State.INTRODUCED,
        Step.INTRODUCE: State.INTRODUCED,
        Step.COMPLETE: State.COMPLETED,
        Step.GIVE_BACK: State.OFFERED,
        Step.CANCEL: State.CANCELLED,
    },
    State.COMPLETED: {},
    State.CANCELLED: {},
    State.EXPIRED: {Step.ACCEPT: State.ACCEPTED, Step.CANCEL: State.CANCELLED},
}
# What sender and receiver say to each other leaves the deadline of the receiver's next duty as it was.
_BETWEEN_THE_TWO = frozenset({Step.READ_BACK, Step.CORRECT})

WAITING = frozenset({State.OFFERED, State.QUESTIONED, State.DECLINED, State.ESCALATED})
HELD = frozenset({State.ACCEPTED, State.INTRODUCED})
OPEN = WAITING | HELD | {State.EXPIRED}

ABSENT = "The patient was not there"
"""How an introduction begins at which the patient was missing."""


@dataclass(frozen=True)
class Ipass:
    """What is told about the patient: clinical text, sealed where it is stored.

    `severity` is one of the definition's illness severities; `told` says whether the patient knows.
    """

    severity: str
    summary: str
    actions: str
    contingency: str
    told: bool
    goal: str = ""
    language: str = ""
    interpreter: bool = False


@dataclass(frozen=True)
class Talk:
    """What sender and receiver said to each other since; sealed where it is stored."""

    question: str = ""
    reply: str = ""
    reason: str = ""
    read_back: str = ""
    correction: str = ""
    met: str = ""
    outcome: str = ""

    @property
    def unanswered(self) -> bool:
        """Whether a question still waits for the sender's reply."""
        return bool(self.question) and not self.reply

    @property
    def met_patient(self) -> bool:
        """Whether the patient was there when the receiver was introduced."""
        return bool(self.met) and not self.met.startswith(ABSENT)


@dataclass(frozen=True)
class Handoff(Asked):
    """One handoff. Members are ids; `patient` is a code; all times are aware UTC.

    `to_member` says to whom it was offered first ("" for all of a role), `to_role` for which role. Those who
    are `kept_out` were taken off the patient's care team meanwhile: they are asked no more, and can't answer.
    """

    number: int
    team: str
    patient: str
    sender: str
    urgency: str
    ipass: Ipass
    offered_at: datetime
    to_member: str = ""
    to_role: str = ""
    state: State = State.OFFERED
    asker: str = ""
    receiver: str = ""
    talk: Talk = field(default=Talk())
    changed_at: datetime | None = None
    answered_at: datetime | None = None
    kept_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        moments = (self.changed_at, self.answered_at, self.asked_at, self.answer_by, self.due_at)
        for moment in (self.offered_at, *moments):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a handoff needs aware datetimes")

    @property
    def ref(self) -> str:
        """How people name it: `H-12`."""
        return f"H-{self.number}"


def allowed(handoff: Handoff, step: Step) -> bool:
    """Whether the table of moves has this step in the present state, and there is something to do by it:
    a question to reply to, a patient who has not been met.
    """
    if step is Step.REPLY and not handoff.talk.unanswered:
        return False
    if step is Step.INTRODUCE and handoff.talk.met_patient:
        return False
    return step in MOVES[handoff.state]


def move(handoff: Handoff, step: Step, by: str, now: datetime) -> Handoff:
    """The handoff after one step; where the step ends a wait, `pathway.asking` sets the next deadline.

    `by` is the member who does it ("" for time). Raises Refused when the step is not `allowed`, when
    the read-back that a completion or a correction needs is missing, and for a second "no".
    """
    if not allowed(handoff, step):
        raise Refused(refusal(handoff, step))
    _check(handoff, step, by)
    moved = replace(handoff, state=MOVES[handoff.state][step], changed_at=now)
    if step not in _BETWEEN_THE_TWO:
        moved = replace(moved, due=Due.NOTHING, due_at=None, nagged=0)
    match step:
        case Step.ACCEPT:
            return replace(moved, receiver=by, answered_at=now, answer_by=None)
        case Step.ASK:
            return replace(moved, asker=by)
        case Step.DECLINE:
            return replace(moved, declined=(*handoff.declined, by))
        case Step.GIVE_BACK:
            declined = tuple(dict.fromkeys((*handoff.declined, handoff.receiver)))
            return replace(moved, declined=declined, receiver="", answered_at=None)
        case _:
            return moved


def _check(handoff: Handoff, step: Step, by: str) -> None:
    """Raises Refused where a step of the table needs something that is not there yet."""
    if step is Step.COMPLETE and not handoff.talk.read_back:
        raise Refused(
            f"{handoff.ref} needs the receiver's read-back before it can be completed: "
            f"type `handoff readback {handoff.ref}` and say in your own words what you took over."
        )
    if step is Step.CORRECT and not handoff.talk.read_back:
        raise Refused(f"{handoff.ref} has not been read back yet, so there is nothing to correct.")
    if step is Step.DECLINE and by in handoff.declined:
        raise Refused(f"You have said no to {handoff.ref} already; you can still accept it.")


def refusal(handoff: Handoff, step: Step) -> str:
    """Why a step is not possible now, without times or names: those are added where they are known."""
    return f"{handoff.ref} is {handoff.state}, so it can't be {_DONE[step]} now."


_DONE: Mapping[Step, str] = {
    Step.ASK: "asked about",
    Step.REPLY: "replied to",
    Step.ACCEPT: "accepted",
    Step.DECLINE: "declined",
    Step.ESCALATE: "escalated",
    Step.EXPIRE: "expired",
    Step.READ_BACK: "read back",
    Step.CORRECT: "corrected",
    Step.INTRODUCE: "introduced",
    Step.COMPLETE: "completed",
    Step.GIVE_BACK: "given back",
    Step.CANCEL: "cancelled",
}
