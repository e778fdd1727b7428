"""Migrations: from nothing to exactly the tables that the code has, by one process or by several at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from storage import migrate
from storage.database import open_engine
from storage.tables import Base


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/not yet there/empty.db"
    url: str = request.getfixturevalue("postgresql_url")
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


def tables(url: str) -> set[str]:
    engine = open_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_every_revision_in_turn_leads_to_the_tables_of_the_code(empty_url: str) -> None:
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        command.upgrade(migrate.config(connection), "0001")
    assert migrate.current(empty_url) == "0001"
    migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == migrate.newest()
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        there = {name: inspect(connection).get_indexes(name) for name in Base.metadata.tables}
    partial = {
        index["name"]
        for indexes in there.values()
        for index in indexes
        if f"{engine.dialect.name}_where" in index["dialect_options"]
    }
    assert partial == {
        "handoffs_due",
        "outgoing_unsent",
        "flags_due",
        "flags_open_of_patient",
        "flags_closed",
        "entries_due",
        "actions_due",
        "session_items_again",
        "session_items_closed",
        "plan_entries_of_message",
        "actions_of_message",
    }
    engine.dispose()


def test_a_database_without_tables_is_not_current_and_asking_makes_none(empty_url: str) -> None:
    assert (migrate.current(empty_url), migrate.is_current(empty_url), tables(empty_url)) == (
        "",
        False,
        set(),
    )
    migrate.upgrade(empty_url)
    assert migrate.is_current(empty_url)
    migrate.upgrade(empty_url)
    assert tables(empty_url) == {*Base.metadata.tables, "alembic_version"}


def test_several_that_start_at_once_do_not_race(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as starting:
        list(starting.map(migrate.upgrade, [empty_url] * 4))
    assert tables(empty_url) == {*Base.metadata.tables, "alembic_version"}
