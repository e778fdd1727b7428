"""After a rotation the old key can be taken away: everything opens, is found, and the journal verifies."""

from datetime import timedelta

import pytest

from cards.card import Card, Text
from pathway.handoff import Handoff, Ipass
from storage.clinic import Clinic, Store
from storage.database import work
from storage.memory import Draft
from storage.outbox import Lane
from storage.patients import Patient
from storage.rotate import rotate
from storage.secrets import CannotOpen, Keyring
from storage.tables import PatientRow
from storage.verify import verify
from tests.storage.conftest import NEW_KEY, NOW, OLD_KEY

ROOM = Lane("matrix", "!room")


def with_keys(store: Store, *keys: bytes) -> Store:
    return Store(store.engine.url.render_as_string(False), Keyring(keys), store.definition)


def fill(clinic: Clinic, patients: int = 5) -> list[Patient]:
    ana = clinic.people.enrol("Ana Testcase", "slack", "U1", NOW)
    added = [
        clinic.patients.add(
            Patient("", "t1", f"Synthia Sample-{number}", "to dance again", record=f"MRN {number}"), NOW
        )
        for number in range(patients)
    ]
    number = clinic.handoffs.next_number()
    ipass = Ipass("watcher", "Sleeps badly.", "Call on Monday.", "If worse: the lead.", True)
    offered = Handoff(number, "t1", added[0].code, ana.id, "soon", ipass, NOW)
    clinic.handoffs.put(offered, "offer", NOW, by=ana.id, note="She asked for it.")
    clinic.memory.remember("e1", "Done.", NOW)
    clinic.memory.keep_draft(Draft(ana.id, ROOM, "", "handoff offer", "summary", {"a": "b"}), NOW)
    clinic.outbox.say(ROOM, Card("Hello", (Text("Sleeps badly."),)), NOW)
    return added


def test_after_a_rotation_only_the_new_key_is_needed(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        added = fill(clinic)
    both, new = with_keys(store, NEW_KEY, OLD_KEY), with_keys(store, NEW_KEY)
    assert rotate(both, batch=2) == 16
    assert rotate(both, batch=2) == 0
    with new.clinic(NOW) as clinic:
        assert [clinic.patients.by_record(f"mrn-{number}") for number in range(5)] == added
        assert [each.code for each in clinic.patients.by_name("synthia")] == sorted(p.code for p in added)
        assert clinic.patients.by_name("Sample 3") == [added[3]]
        ana = clinic.people.by_account("slack", "U1")
        handoff = clinic.handoffs.find("H-1")
        assert ana is not None and ana.name == "Ana Testcase"
        assert handoff is not None and handoff.ipass.summary == "Sleeps badly."
        assert clinic.memory.answered("e1") == "Done."
        draft = clinic.memory.draft(ROOM, ana.id)
        assert draft is not None and draft.values == {"a": "b"}
        assert [entry.note for entry in clinic.journal.of(subject="H-1")] == ["She asked for it."]
    assert list(verify(new)) == []
    both.close()
    new.close()


def test_before_a_rotation_both_keys_find_everything(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        added = fill(clinic, 1)
    both = with_keys(store, NEW_KEY, OLD_KEY)
    with both.clinic(NOW) as clinic:
        assert clinic.patients.by_record("MRN 0") == added[0]
        later = clinic.patients.add(Patient("", "t1", "Synthia Other", ""), NOW + timedelta(seconds=1))
        assert {each.code for each in clinic.patients.by_name("SYNTHIA")} == {added[0].code, later.code}
    both.close()


def test_a_rotation_changes_no_version_so_it_disturbs_nobody(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        (added,) = fill(clinic, 1)
    both = with_keys(store, NEW_KEY, OLD_KEY)
    rotate(both)
    with work(store.engine) as session:
        assert session.get_one(PatientRow, ("org", added.code)).version == 1
    both.close()


def test_one_that_was_stopped_goes_on_where_it_was(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        fill(clinic, 2)
    both = with_keys(store, NEW_KEY, OLD_KEY)
    with both.clinic(NOW) as clinic:  # as if the patients had been done already
        for patient in clinic.patients.by_name("synthia"):
            clinic.patients.save(patient)
    assert 0 < rotate(both) < 11
    assert rotate(both) == 0
    both.close()


def test_a_missing_key_is_named_and_nothing_is_lost(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        (added,) = fill(clinic, 1)
    new = with_keys(store, NEW_KEY)
    with pytest.raises(CannotOpen, match=Keyring([OLD_KEY]).key_ids[0]):
        rotate(new)
    with store.clinic(NOW) as clinic:
        assert clinic.patients.find(added.code) == added
    new.close()
