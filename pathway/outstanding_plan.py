"""What the care plan leaves outstanding: actions late or blocked, goals, referrals and barriers.

As in `pathway.outstanding`, an issue whose `since` is still to come says when to look again.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pathway.action import OPEN, Action
from pathway.action import State as Acting
from pathway.issue import Issue, Kind, Why
from pathway.plan import Entry, Sort, Status


def of_actions(actions: Iterable[Action]) -> Iterator[Issue]:
    """Actions that are blocked, and those overdue that neither owner nor lead have seen to."""
    for action in actions:
        if action.state is Acting.BLOCKED:
            since = action.changed_at or action.made_at
            yield _of_action(action, Kind.ACTION_BLOCKED, since, Why("Blocked", action.why, since))
        elif action.agenda_at is not None and action.state in OPEN:
            why = Why("Overdue, and back from its owner and the lead", action.text, action.due_at)
            yield _of_action(action, Kind.ACTION_OVERDUE, action.due_at, why)


def _of_action(action: Action, kind: Kind, since: datetime, why: Why) -> Issue:
    return Issue(
        patient=action.patient, kind=kind, source=action.ref, since=since, why=why, owner=action.owner,
        link=_link(action.source),
    )  # fmt: skip


def of_goals(entries: Iterable[Entry], weeks: int) -> Iterator[Issue]:
    """Goals of which no progress was noted for so many weeks."""
    for entry in entries:
        if entry.sort is Sort.GOAL and entry.status is Status.ACTIVE:
            last = entry.progress_at or entry.at
            why = Why(f"No progress noted for {weeks} weeks", entry.text, last)
            yield _of_entry(entry, Kind.GOAL_STUCK, last + timedelta(weeks=weeks), why)


def of_referrals(entries: Iterable[Entry], weeks: int) -> Iterator[Issue]:
    """Referrals that have waited for so many weeks."""
    for entry in entries:
        if entry.sort is Sort.REFERRAL and entry.status is Status.WAITING:
            why = Why(f"Waiting for {weeks} weeks", entry.text, entry.at)
            yield _of_entry(entry, Kind.REFERRAL_WAITING, entry.at + timedelta(weeks=weeks), why)


def of_barriers(entries: Iterable[Entry]) -> Iterator[Issue]:
    """Barriers that are there."""
    for entry in entries:
        if entry.sort is Sort.BARRIER and entry.status is Status.THERE:
            yield _of_entry(entry, Kind.BARRIER, entry.at, Why("Barrier noted", entry.text, entry.at))


def _of_entry(entry: Entry, kind: Kind, since: datetime, why: Why) -> Issue:
    return Issue(
        patient=entry.patient, kind=kind, source=entry.ref, since=since, why=why, owner=entry.by,
        link=_link(entry.source),
    )  # fmt: skip


def _link(source: str) -> str:
    """Where it came from, if that is a message; a conference (`C-3`) is no link."""
    return source if "://" in source else ""


def decided_at(entries: Iterable[Entry]) -> datetime | None:
    """When the newest decision on the plan was taken."""
    decisions = (each.at for each in entries if each.sort is Sort.DECISION)
    return max(decisions, default=None)
