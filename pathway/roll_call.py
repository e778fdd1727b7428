"""Who was at a conference and for how long: stays, each from when somebody came until they left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pathway.ladder import Refused


@dataclass(frozen=True)
class Attendance:
    """One stay of one person at a conference; who leaves and comes back has several.

    `member` is a member id, "" for a guest, whose `name` was typed. Times are aware UTC.
    """

    member: str
    discipline: str
    came_at: datetime
    left_at: datetime | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.came_at.tzinfo is None or (self.left_at is not None and self.left_at.tzinfo is None):
            raise ValueError("an attendance needs aware datetimes")

    @property
    def who(self) -> tuple[str, str]:
        """What makes two stays those of one person."""
        return self.member, self.name

    def seconds(self, began: datetime, ended: datetime) -> int:
        """How many seconds of the conference this stay lasted."""
        since, until = max(self.came_at, began), min(self.left_at or ended, ended)
        return max((until - since) // timedelta(seconds=1), 0)


def present(stays: Iterable[Attendance]) -> tuple[Attendance, ...]:
    """The stays of those who are there now."""
    return tuple(each for each in stays if each.left_at is None)


def come(stays: Sequence[Attendance], stay: Attendance) -> tuple[Attendance, ...]:
    """Somebody is there; who is there already, is not there twice."""
    if any(each.who == stay.who for each in present(stays)):
        return tuple(stays)
    return (*stays, stay)


def leave(stays: Sequence[Attendance], who: tuple[str, str], now: datetime) -> tuple[Attendance, ...]:
    """Somebody is there no more. Raises Refused for who was not there."""
    if not any(each.who == who for each in present(stays)):
        raise Refused("They are not there, by the roll call.")
    return tuple(
        replace(each, left_at=max(now, each.came_at)) if each.who == who and each.left_at is None else each
        for each in stays
    )


def minutes_present(
    stays: Iterable[Attendance], began: datetime, ended: datetime
) -> dict[tuple[str, str], int]:
    """Whole minutes of the conference for which each person was there, in the order in which they came."""
    found: dict[tuple[str, str], int] = {}
    for each in stays:
        found[each.who] = found.get(each.who, 0) + each.seconds(began, ended)
    return {who: seconds // 60 for who, seconds in found.items()}
