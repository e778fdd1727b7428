"""Changes of a care plan: what one was, what two who change the same entry do to each other, what is undone.

Two who change different things of one entry both have what they wanted. Two who change the same words are
both shown both, and choose: words are never mixed, because half of two sentences is a third that nobody
wrote.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from pathway.action import Action
from pathway.action import State as ActionState
from pathway.ladder import Refused
from pathway.plan import Entry, Status

UNDO_WITHIN = timedelta(minutes=10)
"""So long may what somebody did be undone; after that it is amended, and both versions stay."""
UNDONE = "undone"
"""Why something is gone whose beginning was undone."""

WORDS = ("text", "rationale", "discipline", "due_at")
"""What of an entry can be said anew, whatever its status."""

_PASSING = frozenset({"edition", "changed_by", "changed_at", "next", "next_at"})
"""What every change brings with it, and nobody means."""


@dataclass(frozen=True)
class Change:
    """One change of a patient's plan: the plan's `version` after it, who did what, when, and from where.

    `before` is None for what began then. `undoes` is the version that it took back, 0 for none, `undone_by`
    the version that took it back.
    """

    patient: str
    version: int
    by: str
    at: datetime
    source: str
    action: str
    before: Entry | Action | None
    after: Entry | Action
    undoes: int = 0
    undone_by: int = 0

    @property
    def ref(self) -> str:
        """What was changed: `E-12` or `A-3`."""
        return self.after.ref


@dataclass(frozen=True)
class Clash:
    """What a member wants an entry to say that somebody else changed meanwhile, to be chosen by `due_at`.

    `wanted` are the fields (of `WORDS`) in which both differ, with what this member wants of each.
    """

    entry: int
    by: str
    at: datetime
    source: str
    due_at: datetime
    wanted: Mapping[str, Any]


def touched(before: Entry | Action, after: Entry | Action) -> tuple[str, ...]:
    """The fields in which they differ, but for those that every change brings with it."""
    names = (each.name for each in fields(after))
    return tuple(e for e in names if e not in _PASSING and getattr(before, e) != getattr(after, e))


def clashing(seen: Entry | Action, present: Entry | Action, wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of the wanted fields somebody has changed, and otherwise, since the thing was `seen`."""
    return tuple(
        name
        for name, value in wanted.items()
        if getattr(present, name) != getattr(seen, name) and getattr(present, name) != value
    )


def amend(entry: Entry, wanted: Mapping[str, Any], by: str, now: datetime) -> Entry:
    """The entry with these of its words said anew. Raises Refused where nothing would be left."""
    if entry.status is Status.WITHDRAWN:
        raise Refused(f"{entry.ref} was withdrawn, so it can't be changed: write it anew.")
    if not str(wanted.get("text", entry.text)).strip():
        raise Refused(f"{entry.ref} can't say nothing: to take it back, call it withdrawn, with why.")
    return replace(entry, **dict(wanted), changed_by=by, changed_at=now)


def both(present: str, other: str) -> str:
    """Two texts one below the other, where people chose to keep both."""
    return "\n".join(dict.fromkeys((present, other)))


def check_undo(change: Change, now: datetime) -> None:
    """Raises Refused for a change that is undone already, or too old for it."""
    if change.undone_by:
        raise Refused(f"What was done with {change.ref} is undone already.")
    if now - change.at > UNDO_WITHIN:
        raise Refused(
            f"{change.ref} was changed more than ten minutes ago, so it can't be undone: change it again, "
            "and both versions stay in `plan history`."
        )


def undone(change: Change, present: Entry | Action, by: str, now: datetime) -> Entry | Action | None:
    """The entry or action without this change; what others changed elsewhere in it meanwhile stays.

    None if somebody changed the same things since, so that it can't be taken out any more. What began with
    the change is withdrawn or dropped, if nobody has changed anything of it since.
    """
    since = touched(change.after, present)
    if change.before is None:
        return None if since else _ended(present, by, now)
    mine = touched(change.before, change.after)
    if set(mine) & set(since) or _together(mine, since):
        return None
    back: dict[str, Any] = {name: getattr(change.before, name) for name in mine}
    return replace(present, **back, changed_by=by, changed_at=now)


def _together(mine: Collection[str], since: Collection[str]) -> bool:
    """Whether both changes moved the thing along: half of such a step is none."""
    steps = {"state", "status", "owner"}
    return bool(steps & set(mine)) and bool(steps & set(since))


def _ended(present: Entry | Action, by: str, now: datetime) -> Entry | Action:
    if isinstance(present, Entry):
        return replace(
            present, status=Status.WITHDRAWN, why=UNDONE, changed_by=by, changed_at=now, ended_at=now
        )
    return replace(
        present, state=ActionState.DROPPED, why=UNDONE, changed_by=by, changed_at=now, closed_at=now
    )
