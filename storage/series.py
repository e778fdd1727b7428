"""Series of conferences, kept by number, changed by compare-and-set, each change a row in the journal."""

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import select

from pathway.series import Series
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.tables import SeriesRow


class AllSeries(Rows):
    """The series of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def next_number(self) -> int:
        """The number of the next series, never given twice."""
        return next_number(self, "series")

    def find(self, ref: str) -> Series | None:
        """The series that people call by this reference (`S-3`)."""
        number = ref.upper().removeprefix("S-")
        return self.of_number(int(number)) if number.isdecimal() and len(number) < 16 else None

    def of_number(self, number: int) -> Series | None:
        """The series of this number."""
        row = self.row_of(SeriesRow, number)
        return self._series(row) if row else None

    def put(
        self, series: Series, action: str, now: datetime, look_at: datetime | None, *, by: str = "",
        note: str = "",
    ) -> None:  # fmt: skip
        """Writes a series and the change in the journal; `look_at` is when it is to be made further ahead.

        At flush raises StaleDataError if somebody else changed it since it was read.
        """
        row = self.row_of(SeriesRow, series.number)
        was = f"{row.rule} {row.at} {row.minutes} min" if row else ""
        self.put_over(
            row, SeriesRow, series.number, team=series.team, sealed_title=self.seal(series.title),
            zone=series.zone, begins=series.begins.isoformat(), at=f"{series.at:%H:%M}",
            minutes=series.minutes, rule=series.rule, until=series.until.isoformat() if series.until else "",
            holidays=series.holidays, keeps=[each.isoformat() for each in series.keeps],
            sealed_where=self.seal(series.where), whom=list(series.whom), follows=series.follows,
            sequence=series.sequence, look_at=look_at,
        )  # fmt: skip
        became = f"{series.rule} {series.at:%H:%M} {series.minutes} min"
        self.journal.write(f"series {action}", series.ref, now, by=by, was=was, became=became, note=note)

    def look_next(self, series: Series, look_at: datetime | None) -> None:
        """Sets when a series is looked at next; nothing else about it changes."""
        self.put_row(SeriesRow, series.number, look_at=look_at)

    def of_team(self, team: str) -> list[Series]:
        """A team's series, those that are over too, in the order of their making."""
        query = select(SeriesRow).where(SeriesRow.org == self.org, SeriesRow.team == team)
        return [self._series(row) for row in self.session.scalars(query.order_by(SeriesRow.number))]

    def due(self, now: datetime, without: Collection[int] = ()) -> tuple[Series, datetime] | None:
        """The series that has waited longest to be looked at, and since when; locked against other looks."""
        row = self.longest_due(SeriesRow, SeriesRow.look_at, now, SeriesRow.number.not_in(list(without)))
        return (self._series(row), row.look_at) if row is not None and row.look_at is not None else None

    def _series(self, row: SeriesRow) -> Series:
        return Series(
            number=row.number, team=row.team, title=self.open(row.sealed_title), zone=row.zone,
            begins=date.fromisoformat(row.begins), at=time.fromisoformat(row.at), minutes=row.minutes,
            rule=row.rule, until=date.fromisoformat(row.until) if row.until else None, holidays=row.holidays,
            keeps=tuple(map(date.fromisoformat, row.keeps)), where=self.open(row.sealed_where),
            whom=tuple(row.whom), follows=row.follows, sequence=row.sequence,
        )  # fmt: skip
