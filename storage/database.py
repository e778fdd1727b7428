"""Opening the database: SQLite as the embedded default, PostgreSQL where one machine is not enough."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident
from typing import Any

from sqlalchemy import Connection, Engine, Insert, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

SQLITE_WAIT_SECONDS = 30

_turns: defaultdict[str | None, Lock] = defaultdict(Lock)
_whose: dict[str | None, int] = {}
"""The thread whose turn it is, by SQLite file."""


def open_engine(url: str) -> Engine:
    """An engine for SQLite (WAL, every commit on disk, writers in turn) or PostgreSQL through psycopg 3.

    The folder of an SQLite file is made, closed to other users, if it is not there.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": SQLITE_WAIT_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediately)
    return engine


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediately(connection: Connection) -> None:
    # A transaction that starts by reading and then writes can fail at its first write when another wrote
    # in between; taking the write lock at once makes writers wait for each other instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class Work(Session):
    """A session that keeps what it has read.

    A plain one forgets a row that nobody refers to. Reading it again would take up what another process
    wrote in between, and writing it would then pass for an answer to that.
    """


@event.listens_for(Work, "loaded_as_persistent")
def _keep(session: Session, row: object) -> None:
    session.info.setdefault("read", []).append(row)


@contextmanager
def work(engine: Engine) -> Iterator[Session]:
    """A session for one transaction, which the caller commits; otherwise it is rolled back.

    Objects stay readable after the commit. On SQLite a transaction inside another of the same thread would
    wait for itself: that is a fault of ours, and raises RuntimeError.
    """
    if engine.dialect.name != "sqlite":
        with Work(engine, expire_on_commit=False) as session:
            yield session
        return
    # SQLite lets a second writer sleep and look again, longer each time; a lock lets this process's next
    # one in at once. It is for speed alone: if it can't be had in time, SQLite itself decides.
    file = engine.url.database
    if _whose.get(file) == get_ident():
        raise RuntimeError("A transaction was begun inside another one of the same thread.")
    turn = _turns[file]
    held = turn.acquire(timeout=SQLITE_WAIT_SECONDS)
    if held:
        _whose[file] = get_ident()
    try:
        with Work(engine, expire_on_commit=False) as session:
            yield session
    finally:
        if held:
            del _whose[file]
            turn.release()


def insert_or_leave(session: Session, table: type[DeclarativeBase], row: Mapping[str, Any]) -> Insert:
    """Inserts a row unless there is one with its key, even one that another transaction is just inserting."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).values(**row).on_conflict_do_nothing()
    return postgresql.insert(table).values(**row).on_conflict_do_nothing()
