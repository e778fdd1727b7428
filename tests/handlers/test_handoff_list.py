"""Lists of handoffs: what is left out is said, and what is late says since when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cards.card import Detail
from storage.outbox import Lane
from tests.handlers.talk import Talk

WARD = Lane("slack", "C-ward")
WEEK = 7 * 24 * 60


@pytest.fixture
def code(quick: Talk) -> str:
    """A patient of ana's."""
    return quick.patient(more="consent-team=yes")


def copies(talk: Talk, count: int, **changes: object) -> None:
    """So many more handoffs like H-1, each offered a minute later than the one before."""
    first = talk.handoff()
    with talk.store.clinic(talk.now) as clinic:
        for _ in range(count):
            number = clinic.handoffs.next_number()
            offered = first.offered_at + timedelta(minutes=number)
            copy = replace(first, number=number, offered_at=offered, **changes)  # type: ignore[arg-type]
            clinic.handoffs.put(copy, "offered", talk.now)


def test_a_list_says_how_many_more_there_are(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    copies(quick, 99)
    assert "more" not in quick.direct("lea", "handoff list team")
    copies(quick, 3)
    for who, which in (("lea", "team"), ("ana", "mine"), ("bo", "mine")):
        said = quick.direct(who, f"handoff list {which}")
        assert ("H-100 " in said, "H-101 " in said) == (True, False)
        assert "And 3 more." in said


def test_what_is_overdue_is_found_behind_a_hundred_that_are_not(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    copies(quick, 100)
    assert quick.direct("lea", "handoff list overdue") == "Nothing is overdue."
    copies(quick, 1, answer_by=quick.now)
    listed = quick.direct("lea", "handoff list overdue")
    assert "H-102 " in listed
    assert "H-1 " not in listed
    copies(quick, 101, answer_by=quick.now)
    assert "And 2 more." in quick.direct("lea", "handoff list overdue")


def test_a_room_that_is_connected_shows_all_that_is_open(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    copies(quick, 101)
    quick.room_known(WARD, "", Detail.CLINICAL)
    quick.ask("lea", "team connect 'North team'", lane=WARD)
    assert "low mood" in quick.card("H-1", WARD)
    assert "low mood" in quick.card("H-102", WARD)


def test_what_is_held_is_due_when_its_duty_is_whatever_reminders_there_are(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo emergency 'numbness'")
    quick.direct("bo", "handoff accept H-1")
    assert "you hold it, due today 11:00" in quick.direct("bo", "mine")
    assert "overdue" not in quick.direct("bo", "mine")
    quick.pass_time(80)
    assert "you hold it, due today 11:00, overdue" in quick.direct("bo", "mine")
    assert "accepted  today 11:00, overdue" in quick.direct("lea", "handoff list overdue")
    quick.pass_time(WEEK)
    assert "you hold it, due Mon 3 Mar 11:00, overdue" in quick.direct("bo", "mine"), "though all was said"
    quick.direct("bo", "handoff introduce H-1 phone")
    assert "due Mon 3 Mar" in quick.direct("bo", "mine"), "its completion has been due since then"


def test_what_was_asked_further_is_due_when_its_answer_is(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    assert "your answer, due today 11:00" in quick.direct("bo", "mine")
    quick.pass_time(61)
    assert "your answer, due today 11:30, late already" in quick.direct("cy", "mine")
    assert "today 11:30, late already" in quick.direct("lea", "handoff list overdue")
