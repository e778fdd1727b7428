"""Members and their accounts, teams and their rooms, absences, and codes that link an account."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cards.card import Detail
from pathway.hours import read_hours
from pathway.people import Absence, Member, Place, Team
from pathway.public_holidays import Kept
from storage.clinic import Store
from storage.people import TeamRoom, names
from tests.storage.conftest import NOW

HOUR = timedelta(hours=1)
HOURS = read_hours("Europe/London", "Mon-Fri 08:30-17:00", "22:00-07:00", Kept("GB-SCT", "Europe/London"))
TEAM = Team("t1", "Back in motion", HOURS, "+44 1632 960002", "999", "m1", holidays="GB-SCT")


def test_a_member_is_known_by_every_account(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        ana = clinic.people.enrol("Ana Testcase", "slack", "U1", NOW, zone="Europe/Paris")
        clinic.people.give_account("matrix", "@ana:example.org", ana.id, NOW)
    assert ana == Member(ana.id, "Ana Testcase", "Europe/Paris", "")
    with store.clinic(NOW) as clinic:
        people = clinic.people
        assert people.by_account("slack", "U1") == people.by_account("matrix", "@ana:example.org") == ana
        assert people.by_account("matrix", "U1") is None
        assert people.accounts(ana.id) == [("matrix", "@ana:example.org"), ("slack", "U1")]
        assert people.member("nobody") is None


def test_an_account_given_to_another_is_theirs_alone(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        ana = clinic.people.enrol("Ana Testcase", "slack", "U1", NOW)
        bo = clinic.people.enrol("Bo Testcase", "matrix", "@bo:example.org", NOW)
        clinic.people.give_account("slack", "U1", bo.id, NOW)
    with store.clinic(NOW) as clinic:
        assert clinic.people.by_account("slack", "U1") == bo
        assert clinic.people.accounts(ana.id) == []


def test_names_and_phones_do_not_stand_in_the_open(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        clinic.people.save(Member("m1", "Ana Testcase", "", "ana@example.org"))
        clinic.people.save_team(TEAM)
    with store.engine.begin() as connection:
        rows = str(connection.execute(text("SELECT * FROM members")).all())
        rows += str(connection.execute(text("SELECT * FROM teams")).all())
    assert [word for word in ("Ana", "example.org", "960002") if word in rows] == []


def test_a_team_reads_back_with_its_hours(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        clinic.people.save_team(TEAM)
    with store.clinic(NOW) as clinic:
        assert clinic.people.team("t1") == TEAM
        assert clinic.people.teams() == [TEAM]
        assert clinic.people.team("t2") is None


def test_a_roster_holds_those_who_work_in_the_team_in_the_order_in_which_they_came(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        people = clinic.people
        people.save_team(TEAM)
        ana, bo, cy = (people.enrol(f"{name} Testcase", "slack", name, NOW) for name in ("Ana", "Bo", "Cy"))
        people.join("t1", bo.id, "psychologist", NOW)
        people.join("t1", ana.id, "physiotherapist", NOW + HOUR)
        people.join("t1", cy.id, "pharmacist", NOW)
        assert (people.leave("t1", cy.id, NOW), people.leave("t1", cy.id, NOW)) == (True, False)
        gone = Absence(ana.id, NOW, NOW + HOUR, bo.id)
        people.go_away(gone)
        people.go_away(Absence(cy.id, NOW, NOW + HOUR))
    with store.clinic(NOW) as clinic:
        roster = clinic.people.roster("t1")
        assert roster.places == (Place(bo, "psychologist"), Place(ana, "physiotherapist"))
        assert roster.absences == (gone,)
        assert (clinic.people.teams_of(ana.id), clinic.people.teams_of(cy.id)) == (["t1"], [])
        with pytest.raises(KeyError):
            clinic.people.roster("t2")


def test_an_absence_replaces_those_that_it_overlaps_and_no_others(store: Store) -> None:
    def absent(starts: int, ends: int) -> Absence:
        return Absence(ana.id, NOW + starts * HOUR, NOW + ends * HOUR)

    with store.clinic(NOW) as clinic:
        clinic.people.save_team(TEAM)
        ana = clinic.people.enrol("Ana Testcase", "slack", "U1", NOW)
        clinic.people.join("t1", ana.id, "physiotherapist", NOW)
        for absence in (absent(0, 2), absent(4, 6), absent(10, 12), absent(1, 5)):
            clinic.people.go_away(absence)
    with store.clinic(NOW) as clinic:
        assert set(clinic.people.roster("t1").absences) == {absent(1, 5), absent(10, 12)}
        assert clinic.people.come_back(ana.id, NOW + 2 * HOUR)
        assert not clinic.people.come_back(ana.id, NOW + 2 * HOUR)
        assert clinic.people.roster("t1").absences == ()


def test_rooms_are_those_where_the_bot_is(store: Store) -> None:
    slack = TeamRoom("slack", "C1", "t1", Detail.CODE, False, True)
    matrix = TeamRoom("matrix", "!a", "t1", Detail.CLINICAL, True, True)
    left = TeamRoom("matrix", "!b", "t1", Detail.CLINICAL, True, False)
    with store.clinic(NOW) as clinic:
        for room in (slack, matrix, left):
            clinic.people.save_room(room)
    with store.clinic(NOW) as clinic:
        assert clinic.people.rooms("t1") == [matrix, slack]
        assert clinic.people.room("matrix", "!b") == left
        assert clinic.people.room("slack", "!b") is None


def test_a_link_code_works_once_for_its_member_and_not_for_long(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        code = clinic.people.link_code("m1", "matrix", "@ana:example.org", NOW + HOUR)
        late = clinic.people.link_code("m2", "slack", "U2", NOW + HOUR)
    with store.clinic(NOW) as clinic:
        people = clinic.people
        assert people.use_link_code("m2", code, NOW) is None
        assert people.use_link_code("m1", code, NOW) == ("matrix", "@ana:example.org")
        assert people.use_link_code("m2", late, NOW + HOUR) is None
    with store.clinic(NOW) as clinic:
        assert clinic.people.use_link_code("m1", code, NOW) is None


def test_names_are_listed_as_in_a_sentence() -> None:
    members = [Member("1", "Ana"), Member("2", "Bo"), Member("3", "Cy")]
    assert [names(members[:count]) for count in range(4)] == ["", "Ana", "Ana and Bo", "Ana, Bo and Cy"]
