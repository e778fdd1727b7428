"""When members are busy, as the calendars say whose addresses they gave; nothing else of them is kept."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from pathway.find_time import Interval
from storage.journal import Journal
from storage.rows import Rows
from storage.tables import BusyRow


@dataclass(frozen=True)
class Calendar:
    """A member's own calendar: its secret address, when it was read last, and what was wrong then."""

    member: str
    address: str
    read_at: datetime | None
    wrong: str


class Busy(Rows):
    """The calendars of one organisation's members."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def of(self, member: str) -> Calendar | None:
        """The calendar that a member gave."""
        row = self.row_of(BusyRow, member)
        return self._calendar(row) if row else None

    def give(self, member: str, address: str, now: datetime) -> None:
        """Notes the address of a member's calendar, to be read soon."""
        self.put_row(
            BusyRow, member, sealed_address=self.seal(address), sealed_busy="", read_at=None, wrong="",
            look_at=now,
        )  # fmt: skip
        self.journal.write("calendar given", f"member:{member}", now, by=member)

    def take_back(self, member: str, now: datetime) -> bool:
        """Forgets a member's calendar, and what it said; False if there was none."""
        row = self.row_of(BusyRow, member)
        if row is None:
            return False
        self.remove_row(row)
        self.journal.write("calendar taken back", f"member:{member}", now, by=member)
        return True

    def rename(self, other: str, member: str) -> None:
        """Makes the calendar of `other` that of `member`, who is the same person and may have one."""
        self.hand_over(BusyRow, other, member)

    def due(self, now: datetime, limit: int = 20) -> list[Calendar]:
        """The calendars that are to be read now."""
        query = select(BusyRow).where(BusyRow.org == self.org, BusyRow.look_at <= now)
        found = self.session.scalars(query.order_by(BusyRow.look_at).limit(limit))
        return [self._calendar(row) for row in found]

    def put(
        self,
        calendar: Calendar,
        busy: Sequence[Interval] | None,
        wrong: str,
        now: datetime,
        next_at: datetime,
    ) -> None:
        """Notes what a calendar said, or why it could not be read (None: what it said before stays).

        Nothing if another address was given, or it was taken back, meanwhile.
        """
        row = self.row_of(BusyRow, calendar.member)
        if row is None or self.open(row.sealed_address) != calendar.address:
            return
        self.put_over(row, BusyRow, calendar.member, wrong=wrong, look_at=next_at)
        if busy is not None:
            said = json.dumps([[each.isoformat() for each in interval] for interval in busy])
            self.put_over(row, BusyRow, calendar.member, sealed_busy=self.seal(said), read_at=now)

    def of_members(self, members: Iterable[str]) -> Mapping[str, tuple[Interval, ...]]:
        """When each of these members is busy; who gave no calendar is not named."""
        query = select(BusyRow).where(BusyRow.org == self.org, BusyRow.member.in_(list(members)))
        return {row.member: self._intervals(row) for row in self.session.scalars(query)}

    def _intervals(self, row: BusyRow) -> tuple[Interval, ...]:
        said = json.loads(self.open(row.sealed_busy) or "[]")
        return tuple((_moment(starts), _moment(ends)) for starts, ends in said)

    def _calendar(self, row: BusyRow) -> Calendar:
        return Calendar(row.member, self.open(row.sealed_address), row.read_at, row.wrong)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
