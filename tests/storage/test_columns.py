from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from storage.columns import Utc

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.timezones() | st.just(UTC), min_value=datetime(1900, 1, 1))  # noqa: DTZ001
META = MetaData()
SEEN = Table("seen", META, Column("id", Integer, primary_key=True), Column("at", Utc()))


@given(MOMENTS, MOMENTS)
def test_sqlite_keeps_the_moment_and_the_order(one: datetime, other: datetime) -> None:
    column, dialect = Utc(), sqlite.dialect()
    kept = [column.process_bind_param(moment, dialect) for moment in (one, other)]
    back = [column.process_result_value(value, dialect) for value in kept]
    assert back == [one.astimezone(UTC), other.astimezone(UTC)]
    assert [moment.tzinfo for moment in back if moment] == [UTC, UTC]
    assert (kept[0] < kept[1]) == (one.astimezone(UTC) < other.astimezone(UTC))


def test_postgresql_gets_an_aware_moment_and_gives_utc() -> None:
    berlin = timezone(timedelta(hours=2))
    column, dialect = Utc(), postgresql.dialect()  # type: ignore[no-untyped-call]
    assert column.process_bind_param(NOON.astimezone(berlin), dialect) == NOON
    assert str(column.process_result_value(NOON.astimezone(berlin), dialect)) == "2024-06-01 12:00:00+00:00"


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_a_naive_datetime_is_refused(name: str) -> None:
    dialect = sqlite.dialect() if name == "sqlite" else postgresql.dialect()  # type: ignore[no-untyped-call]
    with pytest.raises(ValueError, match="a moment needs its time zone: this datetime is naive"):
        Utc().process_bind_param(NOON.replace(tzinfo=None), dialect)


def test_in_a_table_moments_are_compared_and_ordered_and_may_be_missing() -> None:
    engine = create_engine("sqlite://")
    META.create_all(engine)
    with engine.begin() as connection:
        late, soon = NOON + timedelta(microseconds=1), NOON.astimezone(timezone(timedelta(hours=-5)))
        connection.execute(SEEN.insert(), [{"at": late}, {"at": soon}, {"at": None}])
        due = connection.scalars(select(SEEN.c.at).where(SEEN.c.at <= NOON)).all()
        assert due == [NOON]
        everything = connection.scalars(select(SEEN.c.at).order_by(SEEN.c.at.nulls_last())).all()
        assert everything == [NOON, late, None]
        with pytest.raises(StatementError) as refused:
            connection.execute(SEEN.insert(), {"at": NOON.replace(tzinfo=None)})
        assert isinstance(refused.value.orig, ValueError)
    engine.dispose()
