"""The stand that storage tests are built on: fresh databases, each with the schema and nothing in it."""

from datetime import UTC, datetime

from sqlalchemy import func, insert, inspect, select

from storage.database import open_engine
from storage.tables import AccountRow, Base

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def test_a_fresh_database_has_every_table(database_url: str) -> None:
    engine = open_engine(database_url)
    tables = set(inspect(engine).get_table_names())
    engine.dispose()
    assert set(Base.metadata.tables) <= tables


def test_moments_come_back_in_utc_to_the_microsecond(database_url: str) -> None:
    since = NOW.replace(microsecond=123_456)
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(
            insert(AccountRow).values(org="org", platform="slack", account="U1", member="m1", since=since)
        )
        assert connection.scalars(select(AccountRow.since)).all() == [since]
    engine.dispose()


def test_the_next_database_is_empty_again(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(AccountRow)) == 0
    engine.dispose()
