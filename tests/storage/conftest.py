"""A store on each kind of database."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pathway.definition import shipped
from storage.clinic import Store
from storage.secrets import Keyring

OLD_KEY, NEW_KEY = bytes(range(32)), bytes(range(100, 132))
NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store of an organisation without any data, sealed with OLD_KEY."""
    opened = Store(database_url, Keyring([OLD_KEY]), shipped())
    yield opened
    opened.close()
