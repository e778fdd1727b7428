"""Patients: found by code, record and name; seen by those who may; nothing of theirs in the open."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from pathway.code import read_code
from storage.clinic import Store
from storage.patients import Patient
from tests.storage.conftest import NOW

SYNTHIA = Patient(
    "", "t1", "Synthia Sample-Case", "to lift my grandson", "1970-01-01", "MRN 12-34", "+44 1632 960001",
    "synthia@example.org", "pl", True, True, False,
)  # fmt: skip


def add(store: Store, patient: Patient = SYNTHIA) -> Patient:
    with store.clinic(NOW) as clinic:
        return clinic.patients.add(patient, NOW)


def test_a_new_patient_gets_a_code_and_reads_back_whole(store: Store) -> None:
    added = add(store)
    assert read_code(added.code) == added.code
    assert added == replace(SYNTHIA, code=added.code)
    with store.clinic(NOW) as clinic:
        assert clinic.patients.find(added.code) == added
        assert clinic.patients.find("P-2222") is None
        assert clinic.patients.count() == 1


def test_a_patient_is_found_by_record_number_however_it_is_typed(store: Store) -> None:
    added = add(store)
    add(store, replace(SYNTHIA, record="--"))
    add(store, replace(SYNTHIA, record=""))
    with store.clinic(NOW) as clinic:
        assert [clinic.patients.by_record(typed) for typed in ("MRN 12-34", "mrn1234")] == [added, added]
        assert [clinic.patients.by_record(typed) for typed in ("", "-", "MRN 1235", "12-34")] == [None] * 4


def test_a_patient_is_found_by_any_words_of_the_name_and_no_longer_by_an_old_one(store: Store) -> None:
    added = add(store)
    other = add(store, replace(SYNTHIA, name="Synthia Other"))
    with store.clinic(NOW) as clinic:
        assert clinic.patients.by_name("case SYNTHIA") == [added]
        assert {each.code for each in clinic.patients.by_name("synthia")} == {added.code, other.code}
        assert clinic.patients.by_name("synth") == []
        assert clinic.patients.by_name(" ") == []
        renamed = replace(added, name="Synthia New")
        clinic.patients.save(renamed)
    with store.clinic(NOW) as clinic:
        assert clinic.patients.by_name("Sample") == []
        assert clinic.patients.by_name("new synthia") == [renamed]


def test_nothing_that_identifies_a_patient_stands_in_the_open(store: Store) -> None:
    add(store)
    with store.engine.begin() as connection:
        rows = str(connection.execute(text("SELECT * FROM patients")).all())
        rows += str(connection.execute(text("SELECT * FROM patient_names")).all())
    words = ["Synthia", "synthia", "Case", "1970", "12-34", "1234", "960001", "example.org", "grandson"]
    assert [word for word in words if word in rows] == []


def test_only_the_care_team_may_see_a_patient(store: Store) -> None:
    code, other = add(store).code, add(store).code
    with store.clinic(NOW) as clinic:
        clinic.patients.let_see(code, "m1", NOW)
    with store.clinic(NOW) as clinic:
        patients = clinic.patients
        assert patients.may_see(code, "m1", NOW)
        assert not patients.may_see(code, "m1", NOW - timedelta(seconds=1))
        assert not patients.may_see(code, "m2", NOW)
        assert not patients.may_see(other, "m1", NOW)
        assert patients.care_team(code) == ["m1"]
        assert [each.code for each in patients.seen_by("m1", "t1")] == [code]
        assert patients.seen_by("m1", "t2") == []
        assert (patients.end_access(code, "m1"), patients.end_access(code, "m1")) == (True, False)
    with store.clinic(NOW) as clinic:
        assert not clinic.patients.may_see(code, "m1", NOW)


def test_a_broken_glass_closes_again_and_never_shortens_a_lasting_place(store: Store) -> None:
    code = add(store).code
    until = NOW + timedelta(hours=12)
    with store.clinic(NOW) as clinic:
        clinic.patients.break_glass(code, "m1", NOW, until)
        clinic.patients.let_see(code, "m2", NOW)
        clinic.patients.let_see(code, "m2", NOW, until)
    with store.clinic(NOW) as clinic:
        patients = clinic.patients
        assert patients.may_see(code, "m1", until - timedelta(microseconds=1))
        assert not patients.may_see(code, "m1", until)
        assert patients.may_see(code, "m2", until)
        assert patients.care_team(code) == ["m2"]
        assert patients.seen_by("m1", "t1") == []
        patients.let_see(code, "m1", NOW)
    with store.clinic(NOW) as clinic:
        assert clinic.patients.may_see(code, "m1", until)


def test_leaving_a_team_ends_access_to_its_patients_alone(store: Store) -> None:
    first, second = add(store).code, add(store).code
    elsewhere = add(store, replace(SYNTHIA, team="t2")).code
    with store.clinic(NOW) as clinic:
        for code in (first, second, elsewhere):
            clinic.patients.let_see(code, "m1", NOW)
        clinic.patients.let_see(first, "m2", NOW)
    with store.clinic(NOW) as clinic:
        assert clinic.patients.end_all_access("m1", "t1") == 2
    with store.clinic(NOW) as clinic:
        seen = [clinic.patients.may_see(code, "m1", NOW) for code in (first, second, elsewhere)]
        assert seen == [False, False, True]
        assert clinic.patients.may_see(first, "m2", NOW)


def test_one_organisation_sees_nothing_of_another(store: Store) -> None:
    added = add(store)
    other = Store(store.engine.url.render_as_string(False), store.keyring, store.definition, org="other")
    with other.clinic(NOW) as clinic:
        assert clinic.patients.find(added.code) is None
        assert clinic.patients.by_record("MRN 12-34") is None
        assert clinic.patients.by_name("Synthia") == []
        assert clinic.patients.count() == 0
    other.close()


def test_what_passes_ends_with_its_reason_and_lasting_places_stay(store: Store) -> None:
    code = add(store).code
    with store.clinic(NOW) as clinic:
        clinic.patients.let_see(code, "asked", NOW, NOW + timedelta(days=30))
        clinic.patients.let_see(code, "m1", NOW)
    with store.clinic(NOW) as clinic:
        clinic.patients.end_passing_access(code, ["asked", "m1", "nobody"])
    with store.clinic(NOW) as clinic:
        assert not clinic.patients.may_see(code, "asked", NOW)
        assert clinic.patients.may_see(code, "m1", NOW)


def test_broken_glass_is_kept_apart_from_all_other_reasons(store: Store) -> None:
    code = add(store).code
    hour = timedelta(hours=1)
    with store.clinic(NOW) as clinic:
        patients = clinic.patients
        for member in ("asked", "held", "out", "gone"):
            patients.break_glass(code, member, NOW, NOW + 4 * hour)
            patients.let_see(code, member, NOW + hour, NOW + 2 * hour)
        patients.let_see(code, "held", NOW + hour)
    with store.clinic(NOW) as clinic:
        patients = clinic.patients
        patients.end_passing_access(code, ["asked"])
        patients.end_access_since(code, "held", NOW + hour)
        assert patients.end_access(code, "out")
        patients.end_all_access("gone", "t1")
    with store.clinic(NOW) as clinic:
        patients = clinic.patients
        seen = [[patients.may_see(code, member, NOW + each * hour) for each in (1, 3, 4)]
                for member in ("asked", "held", "out", "gone")]  # fmt: skip
        assert seen == [[True, True, False], [True, True, False], [False] * 3, [False] * 3]
        assert patients.care_team(code) == []


def test_a_place_for_good_begins_when_it_is_given_whatever_passed_before(store: Store) -> None:
    code, hour = add(store).code, timedelta(hours=1)
    with store.clinic(NOW) as clinic:
        clinic.patients.let_see(code, "m1", NOW, NOW + 9 * hour)
        clinic.patients.break_glass(code, "m2", NOW, NOW + hour)
        for member in ("m1", "m2", "m3"):
            clinic.patients.let_see(code, member, NOW + 2 * hour)
        clinic.patients.let_see(code, "m3", NOW + 3 * hour)
    with store.clinic(NOW) as clinic:
        for member in ("m1", "m2", "m3"):
            clinic.patients.end_access_since(code, member, NOW + 2 * hour)
        assert clinic.patients.care_team(code) == []
