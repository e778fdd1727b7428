"""The care plan of one patient: its entries, what can become of each sort, and who wrote what from where.

What is to be done by somebody until some day is `pathway.action`. What happens when two people change one
entry, and what is undone, is `pathway.plan_change`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pathway.ladder import Refused

NO_RATIONALE = "none given"
"""The rationale of a decision of which somebody said that there is none."""


class Sort(StrEnum):
    """What an entry of a care plan can be. A goal is in the person's own words."""

    GOAL = "goal"
    PROBLEM = "problem"
    INTERVENTION = "intervention"
    BARRIER = "barrier"
    DECISION = "decision"
    REFERRAL = "referral"
    NOTE = "note"


class Status(StrEnum):
    """How an entry stands. WITHDRAWN: it should not have been there; it is kept, but shown no more."""

    ACTIVE = "active"
    ACHIEVED = "achieved"
    PLANNED = "planned"
    RESOLVED = "resolved"
    FINISHED = "finished"
    STOPPED = "stopped"
    THERE = "there"
    GONE = "gone"
    IN_FORCE = "in force"
    REPLACED = "replaced"
    WAITING = "waiting"
    SEEN = "seen"
    CALLED_OFF = "called off"
    NOTED = "noted"
    WITHDRAWN = "withdrawn"


_GONE = frozenset({Status.WITHDRAWN})
STATUSES: Mapping[Sort, Mapping[Status, frozenset[Status]]] = {
    Sort.GOAL: {
        Status.ACTIVE: _GONE | {Status.ACHIEVED, Status.STOPPED},
        Status.ACHIEVED: _GONE | {Status.ACTIVE},
        Status.STOPPED: _GONE | {Status.ACTIVE},
    },
    Sort.PROBLEM: {
        Status.ACTIVE: _GONE | {Status.RESOLVED},
        Status.RESOLVED: _GONE | {Status.ACTIVE},
    },
    Sort.INTERVENTION: {
        Status.PLANNED: _GONE | {Status.ACTIVE, Status.FINISHED, Status.STOPPED},
        Status.ACTIVE: _GONE | {Status.FINISHED, Status.STOPPED},
        Status.FINISHED: _GONE | {Status.ACTIVE},
        Status.STOPPED: _GONE | {Status.ACTIVE},
    },
    Sort.BARRIER: {
        Status.THERE: _GONE | {Status.GONE},
        Status.GONE: _GONE | {Status.THERE},
    },
    Sort.DECISION: {
        Status.IN_FORCE: _GONE | {Status.REPLACED},
        Status.REPLACED: _GONE | {Status.IN_FORCE},
    },
    Sort.REFERRAL: {
        Status.WAITING: _GONE | {Status.SEEN, Status.CALLED_OFF},
        Status.SEEN: _GONE | {Status.WAITING},
        Status.CALLED_OFF: _GONE | {Status.WAITING},
    },
    Sort.NOTE: {Status.NOTED: _GONE},
}
"""What each sort of entry can be, first how it begins, and what may become of it then. What is withdrawn
stays so: whoever was wrong about that writes it anew.
"""

LIVE = frozenset({
    Status.ACTIVE, Status.PLANNED, Status.THERE, Status.IN_FORCE, Status.WAITING, Status.NOTED,
})  # fmt: skip
"""What still holds; the others are over."""

NEEDS_WHY = frozenset({Status.STOPPED, Status.CALLED_OFF, Status.REPLACED, Status.WITHDRAWN})
"""What is not said without a reason."""


@dataclass(frozen=True)
class Entry:
    """One entry of a care plan. Members are ids; `patient` is a code; all times are aware UTC.

    `text`, `rationale`, `progress`, `why` and `amended` are clinical. `source` says where it came from: a
    conference (`C-3`), a link to a message, or "". `link` leads to the message that it was made of, and
    `amended` is what that says now if it was edited since. `parent` is the number of the entry that it
    serves, 0 for none: an intervention's goal. `discipline` is whose intervention it is, or whom a referral
    goes to. `progress` is what was noted last of how it goes, at `progress_at`; `why` is why it is over.
    `due_at` is until when it should be reached. `edition` is the version of the patient's plan that changed
    it last.
    """

    number: int
    team: str
    patient: str
    sort: Sort
    text: str
    by: str
    at: datetime
    status: Status
    discipline: str = ""
    rationale: str = ""
    source: str = ""
    parent: int = 0
    progress: str = ""
    progress_at: datetime | None = None
    why: str = ""
    due_at: datetime | None = None
    changed_by: str = ""
    changed_at: datetime | None = None
    ended_at: datetime | None = None
    edition: int = 0
    link: str = ""
    amended: str = ""

    def __post_init__(self) -> None:
        others = (self.progress_at, self.due_at, self.changed_at, self.ended_at)
        if any(each is not None and each.tzinfo is None for each in (self.at, *others)):
            raise ValueError("an entry of a care plan needs aware datetimes")

    @property
    def ref(self) -> str:
        """How people name it: `E-12`."""
        return f"E-{self.number}"

    @property
    def live(self) -> bool:
        """Whether it still holds."""
        return self.status in LIVE


def begins(sort: Sort) -> Status:
    """How an entry of this sort stands at first."""
    return next(iter(STATUSES[sort]))


def allowed(entry: Entry, status: Status) -> bool:
    """Whether the entry can become this now."""
    return status in STATUSES[entry.sort].get(entry.status, frozenset())


def mark(entry: Entry, status: Status, why: str, by: str, now: datetime) -> Entry:
    """The entry with another status. Raises Refused if that can't follow, or needs a reason and has none."""
    if not allowed(entry, status):
        raise Refused(refusal(entry, status))
    if status in NEEDS_WHY and not why.strip():
        raise Refused(f"Say why before {entry.ref} is called {status}.")
    ended = None if status in LIVE else now
    return replace(entry, status=status, why=why, changed_by=by, changed_at=now, ended_at=ended)


def refusal(entry: Entry, status: Status) -> str:
    """Why the entry can't become this now, and what it can, without a word of what it says."""
    can = STATUSES[entry.sort].get(entry.status, frozenset())
    listed = " or ".join(each for each in Status if each in can)
    instead = f"it can be called {listed}" if listed else "write it anew"
    return f"{entry.ref} is a {entry.sort} and {entry.status}, so it can't be called {status}: {instead}."


def note_progress(entry: Entry, text: str, by: str, now: datetime) -> Entry:
    """The entry with what was noted of how it goes. Raises Refused for one that is over, or for no word."""
    if not entry.live or entry.sort is Sort.NOTE:
        raise Refused(f"{entry.ref} is a {entry.sort} and {entry.status}, so no progress can be noted.")
    if not text.strip():
        raise Refused(f"Say in a line how {entry.ref} goes.")
    return replace(entry, progress=text, progress_at=now, changed_by=by, changed_at=now)
