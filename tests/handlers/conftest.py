"""Conversations on each kind of database."""

from collections.abc import Iterator

import pytest

from tests.handlers.talk import Talk


@pytest.fixture
def talk(database_url: str) -> Iterator[Talk]:
    """The north team at work on a Monday morning."""
    made = Talk(database_url)
    made.team()
    yield made
    made.close()


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Talk]:
    """The same on SQLite alone, for what no database can make a difference to."""
    made = Talk(sqlite_url)
    made.team()
    yield made
    made.close()


@pytest.fixture
def handed(quick: Talk) -> Talk:
    """A team with one handoff, H-1."""
    code = quick.patient(more="record=MRN-7")
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.hear()
    return quick
