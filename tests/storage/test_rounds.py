"""Rounds: teams that were there before rounds were are looked at too, and of two at once one does it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from sqlalchemy import text

from pathway.definition import shipped
from storage import migrate
from storage.clinic import Store
from storage.database import open_engine
from storage.rounds import Kind, Round
from storage.secrets import Keyring

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
TEAM = "INSERT INTO teams VALUES ('org', 'old', 'Old', 'UTC', 'Mon-Fri 9-17', 'none', '', '112', '', 1)"


def test_teams_of_before_are_looked_at_at_once(tmp_path: Path) -> None:
    seen_after_migration(f"sqlite:///{tmp_path}/old.db")


def test_teams_of_before_are_looked_at_at_once_on_postgresql(postgresql_url: str) -> None:
    engine = open_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    seen_after_migration(postgresql_url)


def seen_after_migration(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        command.upgrade(migrate.config(connection), "0001")
        connection.execute(text(TEAM))
    engine.dispose()
    migrate.upgrade(url)
    store = Store(url, Keyring([bytes(32)]), shipped())
    with store.clinic(NOW) as clinic:
        for kind in Kind:
            assert clinic.rounds.due(kind, NOW) == Round(kind, "old", datetime(1970, 1, 1, tzinfo=UTC), ())
    store.close()


def test_a_round_is_due_at_its_moment_and_then_at_its_next(database_url: str) -> None:
    store = Store(database_url, Keyring([bytes(32)]), shipped())
    with store.clinic(NOW) as clinic:
        clinic.rounds.begin("north", NOW)
        clinic.rounds.begin("north", NOW + timedelta(days=1))
    with store.clinic(NOW) as clinic:
        assert clinic.rounds.due(Kind.DUTY, NOW - timedelta(minutes=1)) is None
        assert clinic.rounds.due(Kind.DUTY, NOW, ["north"]) is None
        assert clinic.rounds.due(Kind.DUTY, NOW) == Round(Kind.DUTY, "north", NOW, ())
        clinic.rounds.put(Kind.DUTY, "north", NOW + timedelta(days=1), ["a gap"])
    with store.clinic(NOW) as clinic:
        assert clinic.rounds.due(Kind.DUTY, NOW) is None
        for team in ("north", "south"):
            clinic.rounds.wake(Kind.DUTY, team, NOW)
    with store.clinic(NOW) as clinic:
        assert clinic.rounds.due(Kind.DUTY, NOW, ["south"]) == Round(Kind.DUTY, "north", NOW, ("a gap",))
        clinic.rounds.wake(Kind.DUTY, "north", NOW, afresh=True)
    with store.clinic(NOW) as clinic:
        assert clinic.rounds.due(Kind.DUTY, NOW, ["south"]) == Round(Kind.DUTY, "north", NOW, ())
    store.close()
