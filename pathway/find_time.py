"""When a team could meet: its working hours, without those who are away or busy, the fewest missing first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pathway.hours import Hours, aware_utc
from pathway.poll import missing

Interval = tuple[datetime, datetime]
STEP = timedelta(minutes=30)
MOST_A_DAY = 2


@dataclass(frozen=True)
class Sought:
    """What is looked for: so many minutes between two moments, in a team's working hours.

    `disciplines` are those of everybody who should come, by key, `needed` those that must be there. `taken`
    is when the team meets already.
    """

    minutes: int
    since: datetime
    until: datetime
    hours: Hours
    disciplines: Mapping[str, str]
    needed: tuple[str, ...] = ()
    taken: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A start, who can't come then, and which of the needed disciplines would be missing."""

    starts: datetime
    cannot: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[int, int, datetime]:
        """The better the sooner: no discipline missing, few people, early."""
        return (len(self.missing), len(self.cannot), self.starts)


def proposals(sought: Sought, away: Mapping[str, Sequence[Interval]], most: int = 3) -> tuple[Proposal, ...]:
    """The best starts, in the order of time; no two overlap, and no more than two are on one day.

    `away` is when each of them can't come: absences, and what their own calendars say.
    """
    length = timedelta(minutes=sought.minutes)
    found = sorted((proposal(at, sought, away) for at in _starts(sought)), key=lambda each: each.order)
    zone = ZoneInfo(sought.hours.zone)
    chosen: list[Proposal] = []
    for each in found:
        apart = all(abs(each.starts - other.starts) >= length for other in chosen)
        day = each.starts.astimezone(zone).date()
        same_day = sum(other.starts.astimezone(zone).date() == day for other in chosen)
        if apart and same_day < MOST_A_DAY and len(chosen) < most:
            chosen.append(each)
    return tuple(sorted(chosen, key=lambda each: each.starts))


def proposal(at: datetime, sought: Sought, away: Mapping[str, Sequence[Interval]]) -> Proposal:
    """A start, whoever thought of it, with who can't come then and what would be missing."""
    ends = at + timedelta(minutes=sought.minutes)
    cannot = tuple(key for key in sought.disciplines if _meets(at, ends, away.get(key, ())))
    can = [key for key in sought.disciplines if key not in cannot]
    return Proposal(at, cannot, missing(can, sought.disciplines, sought.needed))


def _starts(sought: Sought) -> Iterator[datetime]:
    """Every half hour of working time from which there is room before work ends, and nothing is planned."""
    length = timedelta(minutes=sought.minutes)
    at, until = aware_utc(sought.since), aware_utc(sought.until)
    while True:
        opens = sought.hours.next_open(at)
        if opens + length > until:
            return
        closes = sought.hours.closes(opens)
        at = _on_the_half_hour(opens)
        while at + length <= min(closes, until):
            if not _meets(at, at + length, sought.taken):
                yield at
            at += STEP
        at = closes


def _on_the_half_hour(moment: datetime) -> datetime:
    past = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment - past + STEP


def _meets(starts: datetime, ends: datetime, others: Collection[Interval]) -> bool:
    return any(first < ends and last > starts for first, last in others)
