"""Conferences as they run, in storage: what is read back, and what it tells of the next ones."""

from dataclasses import replace
from datetime import datetime, timedelta

from agendas.minutes import Amendment
from agendas.rank import Past
from pathway.conference import Conference
from pathway.issue import Kind
from pathway.roll_call import Attendance, leave
from pathway.session import Item, Session, State, Step
from pathway.session_turns import begin, close, end, resume
from storage.clinic import Store
from tests.storage.conftest import NOW


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def conference(number: int = 1, team: str = "north") -> Conference:
    return Conference(number, team, "Weekly", NOW, 60, "Europe/London", began_at=NOW)


def session(*codes: str) -> Session:
    kinds = (Kind.ASKED, Kind.NON_RESPONSE, Kind.ASKED)
    return Session(
        tuple(
            Item(at, code, "What about sleep?", 10, kinds[at - 1], carried_before=at - 1)
            for at, code in enumerate(codes, start=1)
        )
    )


def put(store: Store, of: Conference, what: Session, at: datetime = NOW, by: str = "") -> None:
    with store.clinic(at) as clinic:
        clinic.sessions.put(of, what, at, by=by)


def test_items_are_read_back_as_they_were_and_each_change_is_journalled(store: Store) -> None:
    going = begin(session("P-2222", "P-3333", "P-4444"), NOW)
    put(store, conference(), going)
    going = close(going, Step.PARK, later(5), "the scan is being fetched")
    put(store, conference(), going, later(5), by="lea")
    with store.clinic(later(6)) as clinic:
        assert clinic.sessions.items(1) == going
        assert clinic.sessions.items(2) == Session()
        told = [
            (e.action, e.patient, e.was, e.became, e.member, e.note) for e in clinic.journal.of(subject="C-1")
        ]
    assert told == [
        ("conference item", "P-2222", "", "current", "", ""),
        ("conference item", "P-3333", "", "waiting", "", ""),
        ("conference item", "P-4444", "", "waiting", "", ""),
        ("conference item", "P-2222", "current", "parked", "lea", "the scan is being fetched"),
        ("conference item", "P-3333", "waiting", "current", "lea", ""),
    ]


def test_what_was_carried_over_is_counted_until_it_is_discussed(store: Store) -> None:
    put(
        store, conference(), end(begin(session("P-2222", "P-3333"), NOW), later(9), True, lambda _: "no time")
    )
    with store.clinic(NOW) as clinic:
        assert clinic.sessions.past("north") == Past({"P-3333": 2}, {Kind.ASKED: [9]})
        assert clinic.sessions.past("south") == Past()
    again = begin(Session((Item(1, "P-3333", "Again", 10, Kind.ASKED, carried_before=2),)), later(60))
    put(store, conference(2), again)
    with store.clinic(NOW) as clinic:
        assert clinic.sessions.past("north").carried == {}
    put(store, conference(2), end(again, later(61), False, lambda _: "no time"))
    with store.clinic(NOW) as clinic:
        assert clinic.sessions.past("north").carried == {"P-3333": 3}
        ended = clinic.sessions.items(2)
    put(store, conference(2), end(resume(ended, later(62)), later(70), True, lambda _: ""))
    with store.clinic(NOW) as clinic:
        assert clinic.sessions.past("north").carried == {}
        assert clinic.sessions.last_discussed(["P-2222", "P-3333", "P-4444"]) == {
            "P-2222": later(9),
            "P-3333": later(70),
        }
        assert clinic.sessions.discussed_in("P-3333") == [(2, later(70))]


def test_a_skipped_item_comes_again_and_takes_no_time(store: Store) -> None:
    put(store, conference(), close(begin(session("P-2222"), NOW), Step.SKIP, later(1), "not today"))
    with store.clinic(NOW) as clinic:
        assert clinic.sessions.past("north") == Past({"P-2222": 1})
        assert clinic.sessions.items(1).items[0].state is State.SKIPPED


def test_attendance_is_read_back_in_order(store: Store) -> None:
    stays: tuple[Attendance, ...] = (
        Attendance("ana", "physiotherapy", NOW),
        Attendance("", "GP", later(2), name="Dr Roe"),
    )
    with store.clinic(NOW) as clinic:
        clinic.sessions.put_attendance(conference(), stays, NOW, by="lea")
    stays = leave(stays, ("ana", ""), later(20))
    stays = (*stays, Attendance("ana", "physiotherapy", later(30)))
    with store.clinic(NOW) as clinic:
        clinic.sessions.put_attendance(conference(), stays, later(30))
    with store.clinic(NOW) as clinic:
        assert clinic.sessions.attendance(1) == stays
        told = [(each.member, each.was, each.became) for each in clinic.journal.of(subject="C-1")]
    assert told == [
        ("lea", "", "there"),
        ("lea", "", "there"),
        ("ana", "there", later(20).isoformat()),
        ("ana", "", "there"),
    ]


def test_signed_minutes_stay_and_amendments_are_added(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        clinic.minutes.put_remark(conference(), "Dr Roe joined by phone", NOW, by="lea")
        assert clinic.minutes.signed(1) == ""
        clinic.minutes.sign(conference(), "as it was")
    with store.clinic(NOW) as clinic:
        clinic.minutes.amend(conference(), "It was the left knee", later(1), by="bo", patient="P-2222")
        clinic.minutes.amend(conference(), "Cy was there too", later(2), by="lea")
    with store.clinic(NOW) as clinic:
        assert clinic.minutes.remark(1) == "Dr Roe joined by phone"
        assert clinic.minutes.signed(1) == "as it was"
        assert clinic.minutes.amendments(1) == (
            Amendment("bo", later(1), "P-2222", "It was the left knee"),
            Amendment("lea", later(2), "", "Cy was there too"),
        )
        assert clinic.minutes.amendments(2) == ()


def test_what_was_said_is_sealed(store: Store) -> None:
    secret = "numb between the legs"
    item = Item(1, "P-2222", secret, 10, Kind.ASKED, outcome=secret)
    with store.clinic(NOW) as clinic:
        clinic.sessions.put(conference(), Session((replace(item, reason=secret),)), NOW)
        clinic.sessions.put_attendance(conference(), (Attendance("", "GP", NOW, name=secret),), NOW)
        clinic.minutes.put_remark(conference(), secret, NOW, by="lea")
        clinic.minutes.sign(conference(), secret)
        clinic.minutes.amend(conference(), secret, NOW, by="lea")
    with store.engine.connect() as connection:
        tables = ("session_items", "attendances", "conference_minutes", "minutes_amendments", "journal")
        for table in tables:
            assert secret not in str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
