"""Measures are kept sealed, corrected beside what they correct, and found by patient; reviews by time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm.exc import StaleDataError

from pathway.definition import shipped
from pathway.measure import How, Measure
from storage.clinic import Store
from storage.measures import Review
from storage.patients import Patient
from storage.secrets import Keyring
from storage.tables import MeasureRow

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url, Keyring([bytes(32)]), shipped())
    yield made
    made.close()


def patient(store: Store) -> str:
    with store.clinic(NOW) as clinic:
        code = clinic.patients.add(Patient("", "t", "Tess Testcase", "Lift my grandson"), NOW).code
        clinic.measures.put_review(Review(code, "t", NOW + DAY, None, NOW))
    return code


def peg(code: str, score: float, days: int = 0) -> Measure:
    at = NOW + days * DAY
    return Measure("", code, "PEG", score, at, at, "ana", How.PHONE, (score, None, score))


def add(store: Store, measure: Measure) -> Measure:
    with store.clinic(NOW) as clinic:
        return clinic.measures.add(measure, NOW, note="PEG")


def test_entries_come_back_whole_the_oldest_first_and_of_this_patient_alone(store: Store) -> None:
    code, other = patient(store), patient(store)
    second, first = add(store, peg(code, 6.5, 3)), add(store, replace(peg(code, 7, 1), baseline=True))
    third = add(store, peg(other, 1))
    assert [each.id for each in (second, first, third)] == ["M-1", "M-2", "M-3"]
    with store.clinic(NOW) as clinic:
        assert clinic.measures.history(code).measures == (first, second)
        assert clinic.measures.history(code).since == NOW
        assert clinic.measures.histories([code, other])[other].measures == (third,)
        assert (clinic.measures.find("m-2"), clinic.measures.find("M-9"), clinic.measures.find("x")) == (
            first, None, None
        )  # fmt: skip
        with pytest.raises(KeyError):
            clinic.measures.history("P-2222")


def test_a_corrected_entry_is_kept_and_counts_no_more_and_neither_can_go_twice(store: Store) -> None:
    code = patient(store)
    old = add(store, peg(code, 7))
    new = add(store, replace(peg(code, 8), replaces=old.id))
    with store.clinic(NOW) as clinic:
        assert clinic.measures.history(code).measures == (new,)
        assert clinic.measures.find(old.id) == old
        assert (clinic.measures.is_current(old.id), clinic.measures.is_current(new.id)) == (False, True)
    with pytest.raises(KeyError):
        add(store, replace(peg(code, 9), replaces=old.id))
    with store.clinic(NOW) as clinic:
        clinic.measures.remove(new.id, "ana", NOW, note="why")
    with store.clinic(NOW) as clinic, pytest.raises(KeyError):
        clinic.measures.remove(new.id, "ana", NOW)
    with store.clinic(NOW) as clinic:
        assert clinic.measures.history(code).measures == ()
        told = [(each.action, each.subject, each.was, each.note) for each in clinic.journal.of(patient=code)]
    assert told == [
        ("measure add", "M-1", "", "PEG"), ("measure correct", "M-2", "M-1", "PEG"),
        ("measure remove", "M-2", "", "why"),
    ]  # fmt: skip


def test_what_an_entry_says_is_sealed(store: Store) -> None:
    code = patient(store)
    add(store, peg(code, 7))
    with store.clinic(NOW) as clinic:
        row = clinic.rows.row_of(MeasureRow, 1)
        assert row is not None
        assert "PEG" not in row.sealed_entry
        assert '"instrument": "PEG"' in clinic.rows.open(row.sealed_entry)


def test_two_who_enter_at_once_do_not_miss_each_other(postgresql_url: str) -> None:
    store = Store(postgresql_url, Keyring([bytes(32)]), shipped())
    code = patient(store)
    with pytest.raises(StaleDataError), store.clinic(NOW) as slow:
        slow.measures.history(code)
        slow.measures.review(code)
        add(store, peg(code, 7))
        slow.measures.add(peg(code, 8), NOW)
    store.close()


def test_reviews_are_found_by_time_one_at_a_time_and_not_by_two(postgresql_url: str) -> None:
    store = Store(postgresql_url, Keyring([bytes(32)]), shipped())
    first, second = patient(store), patient(store)
    with store.clinic(NOW) as clinic:
        assert clinic.measures.next_review(NOW) is None
        clinic.measures.put_review(Review(second, "t", NOW + 2 * DAY, None, NOW))
    with store.clinic(NOW) as clinic, store.clinic(NOW) as beside:
        found = clinic.measures.next_review(NOW + 3 * DAY)
        other = beside.measures.next_review(NOW + 3 * DAY)
        assert (found and found.patient, other and other.patient) == (first, second)
        assert clinic.measures.next_review(NOW + 3 * DAY, without=[first]) is None
    store.close()


def test_what_is_due_is_found_by_team_and_by_who_looks_after_the_patient(store: Store) -> None:
    mine, other, later = patient(store), patient(store), patient(store)
    with store.clinic(NOW) as clinic:
        clinic.patients.let_see(mine, "ana", NOW)
        clinic.patients.let_see(later, "ana", NOW)
        clinic.patients.let_see(other, "ana", NOW, until=NOW + DAY)
        for days, code in ((2, mine), (1, other), (9, later)):
            clinic.measures.put_review(Review(code, "t", NOW + DAY, NOW + days * DAY, NOW))
    at = NOW + 3 * DAY
    with store.clinic(at) as clinic:
        assert [each.patient for each in clinic.measures.due_of_team("t", at)] == [other, mine]
        assert [each.patient for each in clinic.measures.due_of_member("ana", at)] == [mine]
        assert clinic.measures.due_of_team("u", at) == []
