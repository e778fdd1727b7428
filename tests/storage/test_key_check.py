"""The secret keys of a process are those of its database, or it hears so at once and changes nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from storage.clinic import Store
from storage.database import work
from storage.key_check import check_keys
from storage.rotate import rotate
from storage.secrets import CannotOpen, KeyMissing, Keyring
from storage.tables import KeyCheckRow, RequestRow
from tests.storage.conftest import NEW_KEY, NOW, OLD_KEY
from tests.storage.test_rotate import fill, with_keys

OLD_ID, NEW_ID = (Keyring([key]).key_ids[0] for key in (OLD_KEY, NEW_KEY))


def checks(store: Store) -> list[str]:
    """The ids of the keys with which the checks there are were sealed."""
    with work(store.engine) as session:
        return [sealed.partition(".")[0] for sealed in session.scalars(select(KeyCheckRow.sealed_check))]


def test_the_first_process_makes_the_check_and_one_with_another_key_is_refused(store: Store) -> None:
    check_keys(store)
    check_keys(store)
    other = with_keys(store, NEW_KEY)
    with pytest.raises(KeyMissing, match=OLD_ID):
        check_keys(other)
    assert checks(store) == [OLD_ID]
    other.close()


def test_a_database_from_before_the_check_is_judged_by_what_is_sealed_in_it(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        fill(clinic, 1)
    other = with_keys(store, NEW_KEY)
    with pytest.raises(KeyMissing, match=OLD_ID):
        check_keys(other)
    assert checks(store) == []
    check_keys(store)
    assert checks(store) == [OLD_ID]
    other.close()


def test_a_damaged_row_from_before_the_check_is_no_missing_key(store: Store) -> None:
    with work(store.engine) as session:
        damaged = f"{store.keyring.seal('Done.')[:-4]}AAA="
        session.add(RequestRow(org="org", event_id="e1", at=NOW, sealed_reply=damaged))
        session.commit()
    check_keys(store)
    assert checks(store) == [OLD_ID]


def test_rows_without_anything_sealed_in_them_say_nothing_about_keys(store: Store) -> None:
    with work(store.engine) as session:
        session.add(RequestRow(org="org", event_id="e1", at=NOW, sealed_reply=""))
        session.commit()
    check_keys(store)
    assert checks(store) == [OLD_ID]


def test_of_another_organisation_nothing_is_asked(store: Store) -> None:
    check_keys(store)
    url = store.engine.url.render_as_string(False)
    other = Store(url, Keyring([NEW_KEY]), store.definition, org="other")
    check_keys(other)
    assert sorted(checks(store)) == sorted([OLD_ID, NEW_ID])
    other.close()


def test_an_older_key_may_go_only_once_everything_is_sealed_anew(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        fill(clinic, 1)
    check_keys(store)
    new, both, strange = with_keys(store, NEW_KEY), with_keys(store, NEW_KEY, OLD_KEY), b"x" * 32
    with work(store.engine) as session:  # a row that none of the keys opens stops the rotation
        sealed = Keyring([strange]).seal("Done.")
        session.add(RequestRow(org="org", event_id="e2", at=NOW, sealed_reply=sealed))
        session.commit()
    with pytest.raises(CannotOpen):
        rotate(both)
    with pytest.raises(KeyMissing, match=OLD_ID):
        check_keys(new)
    all_three = with_keys(store, NEW_KEY, OLD_KEY, strange)
    rotate(all_three)
    check_keys(new)
    with pytest.raises(KeyMissing, match=NEW_ID):
        check_keys(store)
    for each in (new, both, all_three):
        each.close()


def test_several_that_start_at_once_make_one_check(store: Store) -> None:
    with ThreadPoolExecutor(4) as starting:
        list(starting.map(check_keys, [store] * 4))
    assert checks(store) == [OLD_ID]
