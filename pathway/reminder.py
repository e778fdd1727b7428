"""Reminders of a conference: how long before it, and when that is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class Span(StrEnum):
    """How long before its start somebody is reminded of a conference."""

    WEEK = "week"
    DAY = "day"
    HOUR = "hour"


LENGTHS: Mapping[Span, timedelta] = {
    Span.WEEK: timedelta(days=7),
    Span.DAY: timedelta(days=1),
    Span.HOUR: timedelta(hours=1),
}
AS_A_RULE = (Span.DAY,)
"""For who has not said how they want to be reminded."""


def next_moment(starts: datetime, now: datetime) -> datetime | None:
    """The next moment after `now` at which anybody may want to be reminded of what starts then."""
    return min((at for at in _moments(starts).values() if at > now), default=None)


def spans_due(starts: datetime, since: datetime, now: datetime) -> frozenset[Span]:
    """The spans whose moment has come since then; several after an outage, none once it has started."""
    due = (span for span, at in _moments(starts).items() if since <= at <= now)
    return frozenset(due if now < starts else ())


def _moments(starts: datetime) -> dict[Span, datetime]:
    return {span: starts - length for span, length in LENGTHS.items()}
