"""Messages of the practice page as they are kept, on every kind of database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from cards.card import Card, Choice, Text
from pathway.definition import shipped
from storage.clinic import Clinic, Store
from storage.practice import PracticeMessages, Said
from storage.secrets import Keyring, new_key

NOW = datetime(2026, 1, 13, 10, 0, tzinfo=UTC)
CARD = Said(card=Card("H-1", (Text("Back pain"),), (Choice("Accept", "handoff accept H-1"),)), called=("bo",))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url, Keyring([new_key()]), shipped())
    yield opened
    opened.close()


def on(clinic: Clinic) -> PracticeMessages:
    return PracticeMessages(clinic.rows)


def test_a_message_comes_back_as_it_was_said(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        on(clinic).add("m1", "channel", CARD, NOW)
        on(clinic).add("m2", "channel", Said("Good morning"), NOW, author="ana")
        on(clinic).add("m1", "room", Said("the same id again"), NOW)
    with store.clinic(NOW) as clinic:
        first, second = on(clinic).at("channel", "")
        assert (first.id, first.said, first.author, first.edited_at) == ("m1", CARD, "", None)
        assert (second.id, second.said.text, second.author, second.at) == ("m2", "Good morning", "ana", NOW)
        assert on(clinic).at("room", "") == []
        assert on(clinic).find("m3") is None


def test_what_one_person_sees_nobody_else_does(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        on(clinic).add("m1", "channel", CARD, NOW, only="ana")
        assert [each.id for each in on(clinic).at("channel", "ana")] == ["m1"]
        assert on(clinic).at("channel", "bo") == []
        assert on(clinic).at("channel", "") == []


def test_every_change_has_a_number_and_none_is_missed(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        assert on(clinic).last_change() == 0
        for name in ("m1", "m2", "m3"):
            on(clinic).add(name, "channel", CARD, NOW)
    with store.clinic(NOW) as clinic:
        seen = on(clinic).last_change()
        assert on(clinic).edit("m1", Said("otherwise"), NOW + timedelta(minutes=1))
        assert not on(clinic).edit("m9", Said("nobody"), NOW)
    with store.clinic(NOW) as clinic:
        (changed,) = on(clinic).since(seen)
        assert (changed.id, changed.said.text, changed.changed) == ("m1", "otherwise", seen + 1)
        assert changed.edited_at == NOW + timedelta(minutes=1)
        assert [each.id for each in on(clinic).since(0)] == ["m2", "m3", "m1"]
        assert [each.id for each in on(clinic).at("channel", "")] == ["m1", "m2", "m3"]


def test_what_was_said_is_sealed(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        on(clinic).add("m1", "channel", CARD, NOW)
    with store.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM practice_messages")).one()
    assert "Back pain" not in repr(row)
