"""The database goes away during a commit: nobody hears that nothing was done if it may have been."""

from collections.abc import Iterator

import pytest

from handlers.answer import NotKnown
from handlers.request import Outcome
from tests.databases import commits_lost
from tests.handlers.talk import Talk


@pytest.fixture
def talk(postgresql_url: str) -> Iterator[Talk]:
    made = Talk(postgresql_url)
    made.team()
    yield made
    made.close()


@pytest.mark.parametrize("after", [False, True])
def test_a_lost_commit_is_tried_again_and_has_one_effect(talk: Talk, after: bool) -> None:
    with commits_lost(talk.store.engine, 1, after=after):
        reply = talk.ask("ana", "away until friday 9am")
    assert reply.outcome is Outcome.DONE
    assert talk.journal(f"member:{talk.id('ana')}").count("away") == 1


def test_when_it_stays_away_nobody_is_told_that_nothing_was_done(talk: Talk) -> None:
    with commits_lost(talk.store.engine, 99, after=False), pytest.raises(NotKnown):
        talk.ask("ana", "away until friday 9am", event="e-lost")
    again = talk.ask("ana", "away until friday 9am", event="e-lost")
    assert again.outcome is Outcome.DONE
