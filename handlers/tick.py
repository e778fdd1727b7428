"""Everything that has fallen due: found by indexed queries, so an outage only delays it."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from handlers.actions import due as action_fallen_due
from handlers.agenda import due as agenda_due
from handlers.agenda import live as agenda_live
from handlers.conferences import due as conference_due
from handlers.conferences import poll_due, remind, series_due
from handlers.duty import due as duty_due
from handlers.entries import told as entry_told
from handlers.fallen_due import FallenDue, NextDue
from handlers.flags import digest, noisy_rules
from handlers.flags import due as flag_due
from handlers.handoffs import due as handoff_due
from handlers.invitations import invitations
from handlers.issues import outstanding
from handlers.live import due as session_due
from handlers.measures import review_due
from handlers.plans import clash as plan_clash
from storage.clinic import Clinic, Store
from storage.outbox import Lane
from storage.secrets import CannotOpen

REMEMBERED = timedelta(days=90)
"""Longer than any handoff lives: a reaction to its card must still find what the card says."""

KINDS: tuple[NextDue, ...] = (
    flag_due.next_due,
    handoff_due.next_due,
    action_fallen_due.next_due,
    plan_clash.next_due,
    review_due.next_due,
    entry_told.next_due,
    duty_due.next_due,
    invitations.next_due,
    digest.next_due,
    series_due.next_due,
    conference_due.next_due,
    remind.next_due,
    poll_due.next_due,
    session_due.begins_next,
    session_due.clock_next,
    session_due.minutes_next,
    noisy_rules.next_due,
    outstanding.next_due,
    agenda_due.next_due,
    agenda_live.next_due,
)
"""All that falls due by itself, the most pressing kind first."""


def tick(
    store: Store, now: datetime, broke: Callable[[str, Exception], None] = lambda subject, error: None
) -> frozenset[Lane]:
    """Does all that has fallen due, each subject in a transaction of its own; where posts now wait.

    May run in any number of processes at once: each subject is locked, and changed by compare-and-set.
    One that can't be done is told to `broke` and left for the next tick; the others are not held up.
    """
    lanes: set[Lane] = set()
    for kind in KINDS:
        left: set[str] = set()
        while True:
            subject, posted, error = _one(kind, store, now, left)
            lanes |= posted
            if error is not None:
                broke(subject or kind.__module__, error)
            if subject is None:
                break
            if error is not None:
                left.add(subject)
    return frozenset(lanes)


def _one(
    kind: NextDue, store: Store, now: datetime, left: set[str]
) -> tuple[str | None, set[Lane], Exception | None]:
    subject = None
    try:
        with store.clinic(now) as clinic:
            due = kind(clinic, now, left)
            if due is None:
                return None, set(), None
            subject = due.subject
            due.do()
    except Exception as error:
        # What can't be opened before it is known what it is holds up its own kind, but not the others.
        if subject is None and not isinstance(error, CannotOpen):
            raise
        return subject, set(), error
    return subject, clinic.posted, None


def first_due(clinic: Clinic, until: datetime, left: Collection[str] = ()) -> FallenDue | None:
    """What falls due first of all kinds up to a moment and is not `left`; nothing is done about it."""
    found = (kind(clinic, until, left) for kind in KINDS)
    return min((each for each in found if each is not None), key=lambda each: each.at, default=None)


def keep_house(store: Store, now: datetime) -> None:
    """Forgets requests and sent posts that nobody will ask about again."""
    with store.clinic(now) as clinic:
        clinic.memory.forget_before(now - REMEMBERED)
        clinic.entries.forget_before(now - REMEMBERED)
        clinic.odd_mails.forget_before(now - REMEMBERED)
