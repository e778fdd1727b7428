"""What is kept of agendas: wishes and how far they reach, what people were shown, a team's habits."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm.exc import StaleDataError

from agendas.agenda import Agenda, Slot
from agendas.assemble import assemble
from agendas.habits import Habits
from agendas.wish import Ask, Wish, standing
from pathway.conference import Conference
from pathway.definition import shipped
from pathway.issue import Kind
from storage.agendas import Shown
from storage.clinic import Clinic, Store
from storage.rounds import Kind as Look
from tests.agendas.outstanding import issue, sitting
from tests.storage.conftest import NOW

WEEK = timedelta(weeks=1)


def conference(number: int, starts: datetime = NOW + WEEK) -> Conference:
    return Conference(number, "north", "Case conference", starts, 60, "Europe/London")


FIRST, SECOND, THIRD = (conference(each, NOW + each * WEEK) for each in (1, 2, 3))


def wished(clinic: Clinic, ask: Ask, hours: int = 0, of: Conference = FIRST, **more: object) -> Wish:
    lasting = bool(more.pop("lasting", False))
    asked = Wish(at=NOW + timedelta(hours=hours), ask=ask, patient="P-2222", by="lea", **more)  # type: ignore[arg-type]
    return clinic.agendas.add_wish(asked, of, lasting=lasting)


def test_wishes_are_of_one_conference_sealed_and_in_the_journal(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        bring = wished(clinic, Ask.BRING, text="New to us: who starts?")
        move = wished(clinic, Ask.MOVE, place=2)
    with store.clinic(NOW) as clinic:
        assert clinic.agendas.wishes(FIRST) == (bring, move)
        assert clinic.agendas.wishes(SECOND) == ()
        entries = clinic.journal.of(subject="C-1")
        assert [(each.action, each.patient, each.became, each.note) for each in entries] == [
            ("agenda bring in", "P-2222", "", "New to us: who starts?"),
            ("agenda move", "P-2222", "2", ""),
        ]
        kept = clinic.rows.session.scalars(text("SELECT sealed_text FROM agenda_wishes")).all()
    assert all("New" not in each for each in kept)


def test_of_two_at_one_moment_the_later_one_holds(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        wished(clinic, Ask.RELEASE)
        wished(clinic, Ask.PIN)
    with store.clinic(NOW) as clinic:
        assert standing(clinic.agendas.wishes(FIRST))["P-2222"].kept is not None


def test_a_deferral_holds_for_later_conferences_until_its_day_or_until_another_wish(store: Store) -> None:
    until = THIRD.starts - timedelta(days=1)
    with store.clinic(NOW) as clinic:
        put_off = wished(clinic, Ask.DEFER, until=until, lasting=True)
        wished(clinic, Ask.RETIME, 1, SECOND, minutes=5)
    with store.clinic(NOW) as clinic:
        assert clinic.agendas.wishes(FIRST) == (put_off,)
        assert [each.ask for each in clinic.agendas.wishes(SECOND)] == [Ask.DEFER, Ask.RETIME]
        assert clinic.agendas.wishes(THIRD) == ()
        wished(clinic, Ask.RELEASE, 2)
    with store.clinic(NOW) as clinic:
        assert [each.ask for each in clinic.agendas.wishes(FIRST)] == [Ask.DEFER, Ask.RELEASE]
        assert [each.ask for each in clinic.agendas.wishes(SECOND)] == [Ask.RETIME]


def test_a_deferral_of_one_conference_goes_with_it_when_that_is_moved(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        wished(clinic, Ask.DEFER, until=FIRST.starts + timedelta(minutes=1))
    moved = replace(FIRST, starts=FIRST.starts + 5 * WEEK)
    with store.clinic(NOW) as clinic:
        assert [each.until for each in clinic.agendas.wishes(moved)] == [moved.starts + timedelta(minutes=1)]
        assert clinic.agendas.wishes(SECOND) == ()


def test_what_people_know_is_kept_whole_and_changed_by_one_at_a_time(store: Store) -> None:
    rows = [
        issue("P-2222", Kind.WORSE, 3, question="What about sleep?"),
        issue("P-3333", Kind.ASKED, private=True),
    ]
    agenda = assemble(rows, sitting(10), shipped())
    shown = Shown(1, "north", True, agenda, agenda, frozenset({"a key"}))
    with store.clinic(NOW) as clinic:
        assert (clinic.agendas.shown(1), clinic.agendas.open_of_team("north")) == (None, [])
        clinic.agendas.put_shown(shown)
    with store.clinic(NOW) as clinic:
        assert clinic.agendas.shown(1) == shown
        assert clinic.agendas.open_of_team("north") == [shown]
        assert clinic.agendas.open_of_team("south") == []
        kept = clinic.rows.session.execute(text("SELECT * FROM agendas")).one()
    assert not any("P-2222" in str(each) or "sleep" in str(each) for each in kept)
    with store.clinic(NOW) as clinic:
        clinic.agendas.put_shown(replace(shown, told=Agenda(Slot(NOW, 60)), open=False))
    with store.clinic(NOW) as clinic:
        assert clinic.agendas.open_of_team("north") == []
        clinic.agendas.shown(1)
        clinic.rows.session.execute(text("UPDATE agendas SET version = version + 1"))
        clinic.agendas.put_shown(shown)
        with pytest.raises(StaleDataError):
            clinic.rows.session.flush()
        clinic.rows.session.rollback()


def test_habits_of_a_series_stand_before_those_of_the_team(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        assert clinic.agendas.habits("north", 4) == Habits()
        clinic.agendas.put_habits("north", 0, Habits(3, time(9), ("psychology",)), NOW, "lea")
        clinic.agendas.put_habits("north", 4, Habits(quorum=()), NOW, "lea")
    with store.clinic(NOW) as clinic:
        assert clinic.agendas.habits("north", 4) == Habits(3, time(9), ())
        assert (
            clinic.agendas.habits("north", 5)
            == clinic.agendas.habits("north")
            == Habits(3, time(9), ("psychology",))
        )
        assert [each.action for each in clinic.journal.of(subject="S-4")] == ["agenda habits"]


def test_a_look_is_asked_for_by_many_at_once_and_none_minds_another(store: Store) -> None:
    later = NOW + timedelta(hours=5)
    with store.clinic(NOW) as clinic:
        clinic.rounds.wake(Look.AGENDA, "north", NOW)
        due = clinic.rounds.due(Look.AGENDA, NOW)
        assert due is not None
        clinic.rounds.put(Look.AGENDA, "north", later, ["a key"])
    with store.clinic(NOW) as clinic:
        assert clinic.rounds.due(Look.AGENDA, NOW) is None
        clinic.rounds.wake(Look.AGENDA, "north", NOW)
        clinic.rounds.wake(Look.AGENDA, "north", later)
    with store.clinic(NOW) as clinic:
        due = clinic.rounds.due(Look.AGENDA, NOW)
        assert due is not None
        assert (due.next_at, due.told) == (NOW, ("a key",))
