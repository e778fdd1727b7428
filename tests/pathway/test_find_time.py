"""Times that are proposed: in working hours, apart from each other, and none that is better is left out."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pathway.find_time import Interval, Sought, proposals
from pathway.hours import read_hours
from pathway.poll import Poll, State, turned

MONDAY = datetime(2026, 3, 23, 0, 0, tzinfo=UTC)
"""The clocks of London go forward at the end of this week."""
HOURS = read_hours("Europe/London", "mon-fri 9-17", "")
WHO = {"ana": "physiotherapy", "bo": "psychology", "cy": "psychology", "dee": ""}


@st.composite
def intervals(draw: st.DrawFn) -> list[Interval]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        starts = MONDAY + timedelta(minutes=15 * draw(st.integers(0, 14 * 96)))
        found.append((starts, starts + timedelta(minutes=15 * draw(st.integers(1, 200)))))
    return found


AWAY = st.fixed_dictionaries({each: intervals() for each in WHO})


@given(AWAY, intervals(), st.integers(1, 16), st.integers(1, 6))
def test_what_is_proposed_is_possible_and_nothing_better_is_left_out(
    away: dict[str, list[Interval]], taken: list[Interval], quarters: int, most: int
) -> None:
    minutes = 15 * quarters
    sought = Sought(
        minutes,
        MONDAY,
        MONDAY + timedelta(days=14),
        HOURS,
        WHO,
        ("psychology", "physiotherapy"),
        tuple(taken),
    )
    found = proposals(sought, away, most)
    assert len(found) <= most
    assert [each.starts for each in found] == sorted(each.starts for each in found)
    length = timedelta(minutes=minutes)
    for each in found:
        ends = each.starts + length
        assert HOURS.open_at(each.starts)
        assert HOURS.open_at(ends - timedelta(minutes=1))
        assert each.starts.minute % 30 == 0
        assert not any(first < ends and last > each.starts for first, last in taken)
        cannot = {who for who in WHO if any(a < ends and b > each.starts for a, b in away[who])}
        assert set(each.cannot) == cannot
        there = {WHO[who] for who in WHO if who not in cannot}
        assert set(each.missing) == {"psychology", "physiotherapy"} - there
    if found:
        best = min(each.order for each in found)
        (only,) = proposals(sought, away, 1)
        assert only.order == best


@given(st.lists(st.tuples(st.sampled_from(sorted(WHO)), st.integers(1, 3))))
def test_a_slot_pressed_twice_is_as_if_it_had_not_been_pressed(presses: list[tuple[str, int]]) -> None:
    slots = tuple(MONDAY + timedelta(days=each) for each in range(3))
    poll = Poll(1, "north", "Board", "Europe/London", 60, slots, "lea", MONDAY)
    for who, place in presses:
        poll = turned(poll, who, place)
    for who in WHO:
        for place in (1, 2, 3):
            assert (who in poll.can(place)) == (presses.count((who, place)) % 2 == 1)
    assert poll.state is State.OPEN
