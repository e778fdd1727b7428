"""Rows by the thousand: COPY, or many at once on SQLite."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table

from storage.tables import Base


def bulk(connection: Connection, row: type[Base], rows: Iterable[Sequence[Any]]) -> None:
    """Writes rows whose values are in the order of the table's columns: COPY, or many at once on SQLite."""
    table: Table = row.__table__  # type: ignore[assignment]
    converted = _converted(connection, table, rows)
    names = ", ".join(column.name for column in table.columns)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for values in converted:
                copy.write_row(values)
        return
    marks = ", ".join("?" * len(table.columns))
    driver.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", converted)


def _converted(
    connection: Connection, table: Table, rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    """Values as the driver takes them, by the tables' own column types."""
    dialect = connection.dialect
    processors = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]
    needed = [(at, process) for at, process in enumerate(processors) if process is not None]
    for values in rows:
        converted = list(values)
        for at, process in needed:
            converted[at] = process(converted[at])
        yield tuple(converted)
