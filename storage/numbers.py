"""Numbers of things that people call by a reference (H-12, M-3), never given twice."""

from sqlalchemy import Connection, Update, bindparam, func, select, update

from storage.database import insert_or_leave
from storage.rows import Rows
from storage.tables import CounterRow

_NEXT = (
    update(CounterRow)
    .where(CounterRow.org == bindparam("in_org"), CounterRow.name == bindparam("of"))
    .values(value=CounterRow.value + 1)
    .returning(CounterRow.value)
)
_UNHURRIED = select(func.set_config("synchronous_commit", "off", True)).scalar_subquery()
_NEXT_ASIDE = _NEXT.where(_UNHURRIED == "off")
"""The same, committed without waiting for the disk: whoever uses the number commits after it, into the same
log, and waits for both."""


def next_number(rows: Rows, name: str) -> int:
    """The next number of this kind. Work that fails leaves a number out on PostgreSQL."""
    engine = rows.session.get_bind()
    if engine.dialect.name == "sqlite":
        return _draw(_NEXT, rows, name, rows.session.connection())
    # Drawn and committed aside: its lock, kept until our commit, would let only one offer be under way at a
    # time.
    with engine.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as aside:
        return _draw(_NEXT_ASIDE, rows, name, aside)


def _draw(following: Update, rows: Rows, name: str, connection: Connection) -> int:
    asked = {"in_org": rows.org, "of": name}
    drawn: int | None = connection.scalar(following, asked)
    if drawn is None:
        first = {"org": rows.org, "name": name, "value": 0}
        connection.execute(insert_or_leave(rows.session, CounterRow, first))
        drawn = connection.scalar(following, asked)
    return drawn or 0
