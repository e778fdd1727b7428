"""Numbers of things that people call by a reference (H-12, M-3), never given twice."""

from sqlalchemy import Connection, bindparam, update

from storage.database import insert_or_leave
from storage.rows import Rows
from storage.tables import CounterRow

_NEXT = (
    update(CounterRow)
    .where(CounterRow.org == bindparam("in_org"), CounterRow.name == bindparam("of"))
    .values(value=CounterRow.value + 1)
    .returning(CounterRow.value)
)


def next_number(rows: Rows, name: str) -> int:
    """The next number of this kind. Work that fails leaves a number out on PostgreSQL."""
    engine = rows.session.get_bind()
    if engine.dialect.name == "sqlite":
        return _draw(rows, name, rows.session.connection())
    # Drawn and committed aside: its lock, kept until our commit, would let only one offer be under way at a
    # time.
    with engine.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as aside:
        return _draw(rows, name, aside)


def _draw(rows: Rows, name: str, connection: Connection) -> int:
    asked = {"in_org": rows.org, "of": name}
    drawn: int | None = connection.scalar(_NEXT, asked)
    if drawn is None:
        first = {"org": rows.org, "name": name, "value": 0}
        connection.execute(insert_or_leave(rows.session, CounterRow, first))
        drawn = connection.scalar(_NEXT, asked)
    return drawn or 0
