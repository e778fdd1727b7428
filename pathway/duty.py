"""Who is on duty for a role at a moment: a weekly or rotating rota, and what was changed for a while.

A rota is wall-clock time in the team's zone. Over a clock change a shift is as long as its night is, and
where one shift ends as the next begins, nobody is missing: a time that a spring change skips stands for the
moment as much later, one that an autumn change repeats, for its first (`pathway.hours`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from pathway.hours import Span, aware_utc
from pathway.people import Roster

EVERYBODY = "*"
"""In a change: whoever would be on duty otherwise."""


@dataclass(frozen=True)
class Shift:
    """A stretch of the week in which a member is on duty, in every `every`th week from that of `first` on.

    `days` are numbers, Monday is 0; it begins on none before `first` nor after `last` (local dates).
    """

    member: str
    days: frozenset[int]
    span: Span
    first: date
    last: date | None = None
    every: int = 1

    def begins(self, day: date) -> bool:
        """Whether the shift begins on this local date."""
        if day < self.first or (self.last is not None and day > self.last):
            return False
        return day.weekday() in self.days and (_week(day) - _week(self.first)) % self.every == 0


@dataclass(frozen=True)
class Change:
    """From `starts` until `ends` (UTC) `member` is on duty where `of` would be; "" for nobody.

    With `of` EVERYBODY the rota does not count at all meanwhile. A swap counts once it is `agreed`.
    """

    of: str
    member: str
    starts: datetime
    ends: datetime
    agreed: bool = True

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("a change of duty needs aware datetimes")

    def holds(self, moment: datetime) -> bool:
        """Whether it counts at this moment."""
        return self.agreed and self.starts <= moment < self.ends


@dataclass(frozen=True)
class Rota:
    """One role's duty in a team. `zone` is an IANA name; `changes` come in the order of their making."""

    zone: str
    shifts: tuple[Shift, ...] = ()
    changes: tuple[Change, ...] = ()

    def planned(self, moment: datetime) -> tuple[str, ...]:
        """Whom the weekly rota has on duty at a moment, whatever was changed."""
        now = aware_utc(moment)
        found = (
            each.member
            for each in self.shifts
            if any(starts <= now < ends for starts, ends in self._stretches(each, now, now))
        )
        return tuple(dict.fromkeys(found))

    def named(self, moment: datetime) -> tuple[str, ...]:
        """Who is on duty at a moment, away or not: the rota, and then each change in turn."""
        named = self.planned(moment)
        for change in self.changes:
            if not change.holds(moment):
                continue
            if change.of == EVERYBODY:
                named = (change.member,)
            elif change.of in named:
                named = tuple(change.member if each == change.of else each for each in named)
        return tuple(dict.fromkeys(each for each in named if each))

    def named_within(self, start: datetime, end: datetime) -> tuple[str, ...]:
        """Who is on duty at any moment in between, away or not, in the order of their beginning."""
        moments = sorted([start, *self.edges(start, end)])
        return tuple(dict.fromkeys(each for moment in moments for each in self.named(moment)))

    def edges(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every moment (UTC) in between at which somebody's duty begins or ends, in no order."""
        for each in self.shifts:
            for stretch in self._stretches(each, start, end):
                yield from (moment for moment in stretch if start < moment < end)
        for change in self.changes:
            yield from (moment for moment in (change.starts, change.ends) if start < moment < end)

    def _stretches(self, shift: Shift, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When a shift holds (UTC), of those that begin from the day before `start` to the day of `end`."""
        zone = ZoneInfo(self.zone)
        day = start.astimezone(zone).date() - timedelta(days=1)
        last = end.astimezone(zone).date()
        while day <= last:
            if shift.begins(day):
                yield shift.span.on(day, zone)
            day += timedelta(days=1)


@dataclass(frozen=True)
class Gap:
    """A stretch (UTC) in which nobody is on duty. `planned` are those whom the rota names for it."""

    starts: datetime
    ends: datetime
    planned: tuple[str, ...]


def on_duty(rota: Rota, roster: Roster, moment: datetime) -> tuple[str, ...]:
    """Who answers at a moment: those on duty, and for those of them who are away whoever covers."""
    return roster.standing_in(rota.named(moment), moment)


def next_on_duty(
    rota: Rota, roster: Roster, now: datetime, within: timedelta
) -> tuple[datetime, tuple[str, ...]] | None:
    """When others than now are on duty for the first time, and who; None if that is not within this span."""
    present = on_duty(rota, roster, now)
    for moment in _moments(rota, roster, now, now + within)[1:]:
        following = on_duty(rota, roster, moment)
        if following != present:
            return moment, following
    return None


def gaps(rota: Rota, roster: Roster, start: datetime, end: datetime) -> tuple[Gap, ...]:
    """When nobody is on duty though the team works, or though the rota names somebody, in order.

    A gap ends where those whom the rota names for it change. Without a weekly rota there is none.
    """
    found: list[Gap] = []
    moments = [*_moments(rota, roster, start, end), end]
    for begins, ends in pairwise(moments):
        planned = rota.planned(begins)
        needed = bool(planned) or (bool(rota.shifts) and roster.team.hours.open_at(begins))
        if not needed or on_duty(rota, roster, begins):
            continue
        if found and found[-1].ends == begins and found[-1].planned == planned:
            found[-1] = Gap(found[-1].starts, ends, planned)
        else:
            found.append(Gap(begins, ends, planned))
    return tuple(found)


def _moments(rota: Rota, roster: Roster, start: datetime, end: datetime) -> list[datetime]:
    """`start`, and each moment before `end` at which who is on duty, or who must be, may change."""
    absences = (moment for each in roster.absences for moment in (each.starts, each.ends))
    edges = (*rota.edges(start, end), *absences, *roster.team.hours.edges(start, end))
    return sorted({aware_utc(start), *(moment for moment in edges if start < moment < end)})


def _week(day: date) -> int:
    """The number of the week, from Monday on, that a date lies in."""
    return (day.toordinal() - 1) // 7
