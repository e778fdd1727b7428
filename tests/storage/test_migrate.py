"""Migrations: from nothing to exactly the tables that the code has, by one process or by several at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import bindparam, inspect, text

from storage import migrate
from storage.columns import Utc
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


def test_the_steering_group_begins_with_those_who_lead_teams(empty_url: str) -> None:
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        command.upgrade(migrate.config(connection), "0020")
        for team, lead in (("north", "lea"), ("south", "lea"), ("east", "gone"), ("west", "gone")):
            connection.execute(TEAM, {"team": team, "lead": lead})
        for team, member, role, left in (
            ("north", "lea", "physiotherapist", False),
            ("north", "bo", "lead", False),  # has the role, but lea was named
            ("south", "lea", "physiotherapist", False),
            ("east", "gone", "lead", True),
            ("east", "ana", "lead", False),
            ("west", "gone", "lead", True),
            ("west", "cy", "psychologist", False),
        ):
            left_at = datetime.now(UTC) if left else None
            asked = {"team": team, "member": member, "role": role, "at": datetime.now(UTC), "left": left_at}
            connection.execute(PLACE, asked)
    migrate.upgrade(empty_url)
    with engine.begin() as connection:
        found = connection.execute(text('SELECT org, member, "by" FROM steering ORDER BY member')).all()
        assert [tuple(each) for each in found] == [("org", "ana", ""), ("org", "lea", "")]
    engine.dispose()


TEAM = text(
    "INSERT INTO teams (org, id, name, zone, working, quiet, sealed_phone, emergency_number, lead, "
    "help_lines, version) VALUES ('org', :team, '', '', '', '', '', '', :lead, '', 1)"
)
PLACE = text(
    "INSERT INTO places (org, team, member, role, joined_at, left_at) "
    "VALUES ('org', :team, :member, :role, :at, :left)"
).bindparams(bindparam("at", type_=Utc()), bindparam("left", type_=Utc()))


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
