"""When a running conference is looked at next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pathway.conference import Conference, State
from pathway.issue import Kind
from pathway.session import Item, Session
from pathway.session_clock import ASKED_AGAIN, GIVEN_UP, GROWS, closes_at, given_up_at, next_look
from pathway.session_turns import begin

START = datetime(2031, 3, 3, 14, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def conference(began: float = 0) -> Conference:
    """An hour from START on, begun so many minutes after it."""
    return Conference(1, "north", "Weekly", START, 60, "UTC", state=State.RUNNING, began_at=at(began))


def session(minutes: int = 10, began: float = 0) -> Session:
    return begin(Session((Item(1, "P-2222", "?", minutes, Kind.ASKED),)), at(began))


def test_its_time_is_over_as_planned_or_after_all_its_minutes() -> None:
    assert closes_at(conference(10)) == at(60), "begun late, it is over as planned"
    assert closes_at(conference(-30)) == at(30), "begun early, it is over early"
    assert closes_at(conference(70)) == at(130), "begun after its end, it has all its minutes"


def test_it_is_looked_at_when_an_item_is_over_and_each_time_that_grows() -> None:
    assert next_look(conference(), session(10), at(0)) == at(10)
    assert next_look(conference(), session(10), at(10)) == at(15)
    assert next_look(conference(), session(10), at(12.5)) == at(15)
    assert next_look(conference(), Session(), at(0)) == at(60)
    assert next_look(conference(), Session(), at(60)) == at(60) + ASKED_AGAIN
    assert next_look(conference(), Session(), at(90)) == at(60) + GIVEN_UP
    assert next_look(conference(), Session(), at(60) + GIVEN_UP) is None


def test_it_is_given_up_so_long_after_anything_happened() -> None:
    assert given_up_at(conference(), session(10)) == at(60) + GIVEN_UP
    assert given_up_at(conference(), session(10, began=100)) == at(100) + GIVEN_UP


@given(st.integers(1, 60), st.integers(0, 2000), st.integers(-60, 200))
def test_the_next_look_lies_ahead_and_an_over_run_is_never_left_for_long(
    minutes: int, passed: int, began: int
) -> None:
    now = at(passed / 3)
    going = session(minutes)
    look = next_look(conference(began), going, now)
    assert look is not None
    assert now < look
    if now >= at(minutes):
        assert look - now <= GROWS
