"""The database goes away during a commit: nobody hears that nothing was done if it may have been."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, create_engine, event, text

from handlers.answer import NotKnown
from handlers.request import Outcome
from tests.handlers.talk import Talk


@pytest.fixture
def talk(postgresql_url: str) -> Iterator[Talk]:
    made = Talk(postgresql_url)
    made.team()
    yield made
    made.close()


@contextmanager
def commits_lost(talk: Talk, times: int, *, after: bool) -> Iterator[None]:
    """The server ends the connection of so many commits, before it has done them or just after."""
    left = [times]
    other = create_engine(talk.store.engine.url, isolation_level="AUTOCOMMIT")

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

    event.listen(talk.store.engine, "commit", lose)
    try:
        yield
    finally:
        event.remove(talk.store.engine, "commit", lose)
        other.dispose()


@pytest.mark.parametrize("after", [False, True])
def test_a_lost_commit_is_tried_again_and_has_one_effect(talk: Talk, after: bool) -> None:
    with commits_lost(talk, 1, after=after):
        reply = talk.ask("ana", "away until friday 9am")
    assert reply.outcome is Outcome.DONE
    assert talk.journal(f"member:{talk.id('ana')}").count("away") == 1


def test_when_it_stays_away_nobody_is_told_that_nothing_was_done(talk: Talk) -> None:
    with commits_lost(talk, 99, after=False), pytest.raises(NotKnown):
        talk.ask("ana", "away until friday 9am", event="e-lost")
    again = talk.ask("ana", "away until friday 9am", event="e-lost")
    assert again.outcome is Outcome.DONE
