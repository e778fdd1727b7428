"""What every shelf of the clinic stands on: one session, one organisation, one keyring."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.secrets import Keyring
from storage.tables import Base

Row = TypeVar("Row", bound=Base)


class Rows:
    """Rows of one organisation within one transaction."""

    def __init__(self, session: Session, org: str, keyring: Keyring) -> None:
        self.session = session
        self.org = org
        self.keyring = keyring

    def row_of(self, table: type[Row], *rest_of_key: Any) -> Row | None:
        """The row of this organisation with this key."""
        return self.session.get(table, (self.org, *rest_of_key))

    def put_row(self, table: type[Row], *rest_of_key: Any, **columns: Any) -> Row:
        """Writes these columns to the row with this key, making the row if there is none."""
        return self.put_over(self.row_of(table, *rest_of_key), table, *rest_of_key, **columns)

    def put_over(self, row: Row | None, table: type[Row], *rest_of_key: Any, **columns: Any) -> Row:
        """`put_row` for somebody who has looked whether there is such a row."""
        if row is None:
            names = [str(column.key) for column in table.__mapper__.primary_key]
            row = table(**{**dict(zip(names, (self.org, *rest_of_key), strict=True)), **columns})
            self.session.add(row)
            return row
        for name, value in columns.items():
            setattr(row, name, value)
        return row

    def longest_due(
        self,
        table: type[Row],
        at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
        now: datetime,
        *which: ColumnElement[bool],
    ) -> Row | None:
        """The row whose moment `at` has been over longest, locked against other processes that look."""
        of_org = table.__mapper__.columns["org"] == self.org
        query = select(table).where(of_org, at <= now, *which).order_by(at).limit(1)
        return self.session.scalars(query.with_for_update(skip_locked=True)).first()

    def number_due(
        self,
        table: type[Row],
        at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
        now: datetime,
        without: Iterable[int],
    ) -> tuple[int, datetime] | None:
        """The number of the row that has been due longest but for some, and since when; locked as above.

        Nothing sealed is opened for it, so that what can't be opened holds up only itself.
        """
        numbers = table.__mapper__.columns["number"]
        row = self.longest_due(table, at, now, numbers.not_in(list(without)))
        return None if row is None else (getattr(row, "number"), getattr(row, at.key))  # noqa: B009

    def remove_row(self, row: Base) -> None:
        """Removes a row, at once: `row_of` would still give one whose removal waits for a flush."""
        self.session.delete(row)
        self.session.flush()

    def hand_over(self, table: type[Row], old: str, new: str) -> None:
        """Gives the row of one person to another, who is the same; who has one of their own keeps that."""
        row = self.row_of(table, old)
        if row is None:
            return
        mapper = table.__mapper__
        ours = {*mapper.primary_key, mapper.version_id_col}
        columns = {each.key: getattr(row, str(each.key)) for each in mapper.columns if each not in ours}
        self.remove_row(row)
        if self.row_of(table, new) is None:
            self.put_row(table, new, **columns)

    def seal(self, text: str) -> str:
        """Sealed text; nothing stays nothing, so that an empty column can be seen to be empty."""
        return self.keyring.seal(text) if text else ""

    def open(self, sealed: str) -> str:
        """What was sealed."""
        return self.keyring.open(sealed) if sealed else ""
