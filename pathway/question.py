"""What people ask the next conference about a patient, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pathway.ladder import Refused


class State(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can be done with a question. AMEND follows an edited message, ANSWER an item that is done, REOPEN
    the same item when it is taken once more.
    """

    AMEND = "amend"
    ANSWER = "answer"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


MOVES: Mapping[State, Mapping[Step, State]] = {
    State.OPEN: {Step.AMEND: State.OPEN, Step.ANSWER: State.ANSWERED, Step.WITHDRAW: State.WITHDRAWN},
    State.ANSWERED: {Step.REOPEN: State.OPEN},
    State.WITHDRAWN: {},
}


@dataclass(frozen=True)
class Question:
    """One question. Members are ids; all times are aware UTC.

    `link` leads to the message that it comes from, `about` names the flag (`F-12`); both may be "".
    `amended` is what that message says since it was edited. `why` says what closed it, by `closed_by` ("" for
    nobody: the message was deleted, or the conference was ended by the clock); of one that was answered it is
    the conference (`C-3`).
    """

    number: int
    team: str
    patient: str
    text: str
    asked_by: str
    asked_at: datetime
    link: str = ""
    about: str = ""
    state: State = State.OPEN
    amended: str = ""
    amended_at: datetime | None = None
    closed_by: str = ""
    closed_at: datetime | None = None
    why: str = ""

    def __post_init__(self) -> None:
        moments = (self.asked_at, self.amended_at, self.closed_at)
        if any(each is not None and each.tzinfo is None for each in moments):
            raise ValueError("a question needs aware datetimes")

    @property
    def ref(self) -> str:
        """How people name it: `Q-3`."""
        return f"Q-{self.number}"

    @property
    def words(self) -> str:
        """What is asked, with what its message says now if that was edited."""
        if not self.amended or self.amended == self.text:
            return self.text
        return f"{self.text}\n(The message was edited and says now: {self.amended})"


def move(question: Question, step: Step, by: str, now: datetime, words: str = "") -> Question:
    """The question after one step; `words` are the new ones, or why it closes. Raises Refused."""
    if step not in MOVES[question.state]:
        raise Refused(f"{question.ref} was {question.state} already.")
    moved = replace(question, state=MOVES[question.state][step])
    if step is Step.AMEND:
        return replace(moved, amended=words, amended_at=now)
    if step is Step.REOPEN:
        return replace(moved, closed_by="", closed_at=None, why="")
    return replace(moved, closed_by=by, closed_at=now, why=words)


def same(text: str, other: str) -> bool:
    """Whether two questions ask the same in the same words."""
    return " ".join(text.casefold().split()) == " ".join(other.casefold().split())
