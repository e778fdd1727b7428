"""Fresh databases with today's schema, each copied from one that was made once; and ways to lose them."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url

from storage.migrate import upgrade

SERVER = "postgresql+psycopg://postgres@127.0.0.1/postgres"


class SqliteFiles:
    """Databases that are files, in folders that the tests bring."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        upgrade(f"sqlite:///{self._template}")

    def fresh(self, folder: Path) -> str:
        """The address of a new database in this folder."""
        path = folder / "baton.db"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"


class PostgresqlServer:
    """A running server on which we may make and drop databases; `BATON_TEST_POSTGRESQL` names another.

    Raises `psycopg.OperationalError` if it can't be reached.
    """

    def __init__(self) -> None:
        self.url: URL = make_url(os.environ.get("BATON_TEST_POSTGRESQL") or SERVER)
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(plain, autocommit=True, connect_timeout=5)
        self._numbers = itertools.count(1)
        self._template = ""

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a new database, which is dropped afterwards even if connections were left open."""
        if not self._template:
            name = self._create("template1")
            upgrade(self._address(name))
            self._template = name
        name = self._create(self._template)
        try:
            yield self._address(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        """Drop what is left and go."""
        if self._template:
            self._drop(self._template)
        self._connection.close()

    def _create(self, template: str) -> str:
        name = f"baton_test_{os.getpid()}_{next(self._numbers)}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _drop(self, name: str) -> None:
        self._connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def commits_lost(engine: Engine, times: int, *, after: bool) -> Iterator[None]:
    """The server ends the connection of so many commits, before it has done them or just after."""
    left = [times]
    other = create_engine(engine.url, isolation_level="AUTOCOMMIT")

    def lose(connection: Connection) -> None:
        if left[0] == 0:
            return
        left[0] -= 1
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        if after:
            connection.connection.commit()
            connection.exec_driver_sql("SELECT 1")  # so that there is something left to commit
        with other.connect() as server:
            server.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    event.listen(engine, "commit", lose)
    try:
        yield
    finally:
        event.remove(engine, "commit", lose)
        other.dispose()


@contextmanager
def away(url: str) -> Iterator[Callable[[], object]]:
    """A PostgreSQL database that takes no connections until the function is called."""
    there = make_url(url)
    server = there.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as admin:

        def connections(let: str) -> None:
            name = sql.Identifier(str(there.database))
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(name, sql.SQL(let)))

        connections("false")
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [there.database]
        )
        try:
            yield lambda: connections("true")
        finally:
            connections("true")
