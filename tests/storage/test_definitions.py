"""Definitions as they are kept: numbered, approved by compare-and-set, and the text as it was written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy.orm.exc import StaleDataError

from pathway.definition import shipped, shipped_text
from pathway.definition_text import fingerprint, with_setting
from storage.clinic import Clinic, Store
from storage.definitions import Standing
from storage.secrets import Keyring

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
CHANGED = with_setting(shipped_text(), "insomnia", "at_least", "14")
OTHER = with_setting(shipped_text(), "catastrophizing", "at_least", "24")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A database with the first definition in force."""
    made = Store(database_url, Keyring([bytes(32)]), shipped())
    with made.clinic(NOW) as clinic:
        clinic.definitions.begin(shipped_text(), NOW)
        steer(clinic)
    yield made
    made.close()


def steer(clinic: Clinic) -> None:
    """Makes lea and eli the steering group."""
    for member in ("lea", "eli"):
        clinic.steering.add(member, "lea", NOW)


def standings(store: Store) -> dict[int, str]:
    with store.clinic(NOW) as clinic:
        found = (clinic.definitions.find(number) for number in range(1, clinic.definitions.next_number()))
        return {each.number: each.standing.value for each in found if each}


def propose(store: Store, text: str, by: str = "") -> int:
    with store.clinic(NOW) as clinic:
        return clinic.definitions.propose(text, by, NOW).number


def approve(store: Store, number: int, by: str) -> Standing:
    with store.clinic(NOW) as clinic:
        return clinic.definitions.approve(number, by, NOW).standing


def test_the_text_is_kept_as_it_was_written_under_a_number_of_its_own(store: Store) -> None:
    assert propose(store, f"# mine\n{CHANGED}") == 2
    with store.clinic(NOW) as clinic:
        kept = clinic.definitions.find(2)
        first = clinic.definitions.find(1)
        assert kept is not None
        assert first is not None
        assert kept.text == f"# mine\n{CHANGED}".replace("\nversion = 1\n", "\nversion = 2\n", 1)
        assert (kept.definition.version, first.text) == (2, shipped_text())


def test_what_says_the_same_is_known_whatever_its_version_and_comments() -> None:
    assert fingerprint(f"# a comment\n{shipped_text()}") == fingerprint(shipped_text())
    assert fingerprint(CHANGED) != fingerprint(shipped_text())


def test_it_takes_two_different_people(store: Store) -> None:
    number = propose(store, CHANGED)
    assert approve(store, number, "lea") is Standing.PROPOSED
    assert approve(store, number, "lea") is Standing.PROPOSED
    assert approve(store, number, "eli") is Standing.IN_FORCE
    assert standings(store) == {1: "replaced", 2: "in force"}
    assert (store.definition.version, shipped().version) == (2, 1)


def test_only_those_count_who_are_in_the_steering_group_when_it_is_counted(store: Store) -> None:
    number = propose(store, CHANGED, "zoe")
    assert approve(store, number, "lea") is Standing.PROPOSED
    with store.clinic(NOW) as clinic:
        clinic.steering.remove("lea", "eli", NOW)
    assert approve(store, number, "eli") is Standing.PROPOSED
    with store.clinic(NOW) as clinic:
        clinic.steering.add("zoe", "eli", NOW)
        found = clinic.definitions.find(number)
        assert found is not None
        assert found.approvers == ("eli",), "zoe was for it without a place"
    assert standings(store) == {1: "in force", 2: "proposed"}
    assert approve(store, number, "zoe") is Standing.IN_FORCE


def test_of_two_proposals_approved_at_once_one_comes_into_force(database_url: str) -> None:
    stores = [Store(database_url, Keyring([bytes(32)]), shipped()) for _ in range(2)]
    with stores[0].clinic(NOW) as clinic:
        clinic.definitions.begin(shipped_text(), NOW)
        steer(clinic)
    numbers = [propose(stores[0], CHANGED, "lea"), propose(stores[0], OTHER, "lea")]
    together = Barrier(2)

    def press(store: Store, number: int) -> str:
        together.wait()
        try:
            return approve(store, number, "eli").value
        except StaleDataError:
            return "tried again"

    with ThreadPoolExecutor(2) as pressing:
        said = list(pressing.map(press, stores, numbers))
    assert sorted(standings(stores[0]).values()) == ["in force", "proposed", "replaced"]
    assert said.count("in force") == 1
    with stores[0].clinic(NOW) as clinic:
        (left,) = clinic.definitions.proposed()
        assert set(left.approvers) <= {"eli"}, "lea was for a change of what is no longer there"
    for store in stores:
        store.close()
