"""Brings a database to the tables that this version needs. Any number of processes may try at once."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from storage.database import open_engine

LOCK = 0x6261746F6E  # "baton": what processes that migrate the same PostgreSQL database wait for


def upgrade(url: str) -> None:
    """Makes or changes the tables, in one transaction. Does nothing if all is as it should be."""
    engine = open_engine(url)
    try:
        with engine.begin() as connection:  # on SQLite this alone takes the write lock
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
            command.upgrade(config(connection), "head")
    finally:
        engine.dispose()


def current(url: str) -> str:
    """The revision that a database is at; "" for one without tables."""
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()


def is_current(url: str) -> bool:
    """Whether a database has the tables of this version."""
    return current(url) == newest()


def newest() -> str:
    """The revision that this version needs."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def config(connection: Connection | None = None) -> Config:
    """What Alembic needs to know, in place of an alembic.ini: migrations are run on `connection`."""
    made = Config()
    # Configuration values are interpolated: a percent sign in a path is doubled.
    made.set_main_option("script_location", str(files("storage") / "migrations").replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made
