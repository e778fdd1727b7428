"""Packing: compared with every subset there is, and where the lead's places lead."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from agendas.pack import Load, Packed, ahead, arrange, pack

LOADS = st.lists(st.tuples(st.integers(1, 20), st.booleans()), max_size=9).map(
    lambda drawn: [Load(f"P-{at}", minutes, held) for at, (minutes, held) in enumerate(drawn)]
)


def exact(loads: list[Load], minutes: int) -> tuple[str, ...]:
    """Of all subsets that hold what is held and fit, or hold nothing more than that: the one that leaves
    off nobody for somebody less urgent. Found by trying every one.
    """
    held = {each.key for each in loads if each.held}
    subsets = (set(keys) for size in range(len(loads) + 1) for keys in combinations(_keys(loads), size))
    fit = [
        keys
        for keys in subsets
        if held <= keys
        and (keys == held or sum(each.minutes for each in loads if each.key in keys) <= minutes)
    ]
    best = max(fit, key=lambda keys: [each.key in keys for each in loads])
    return tuple(each.key for each in loads if each.key in best)


def _keys(loads: list[Load]) -> list[str]:
    return [each.key for each in loads]


@given(LOADS, st.integers(0, 90))
def test_packing_is_what_trying_every_subset_finds(loads: list[Load], minutes: int) -> None:
    assert pack(loads, minutes).on == exact(loads, minutes)


@given(LOADS, st.integers(0, 90))
def test_no_time_is_left_in_which_somebody_fits_who_is_not_on(loads: list[Load], minutes: int) -> None:
    packed = pack(loads, minutes)
    used = sum(each.minutes for each in loads if each.key in packed.on)
    free = max(minutes - used, 0)
    assert all(each.minutes > free for each in loads if each.key not in packed.on)
    assert all(packed.left[each.key] < each.minutes for each in loads if each.key in packed.left)
    assert {*packed.on} | {*packed.left} == {each.key for each in loads}


def test_a_hard_case_is_not_left_off_for_two_short_ones_that_score_more_together() -> None:
    loads = [Load("hard", 15), Load("short", 10), Load("other", 10)]
    assert pack(loads, 20) == Packed(("hard",), {"short": 5, "other": 5})
    assert pack(loads, 26) == Packed(("hard", "short"), {"other": 1})


@given(LOADS, st.lists(st.integers(0, 40), max_size=5), st.data())
def test_those_who_wait_come_once_and_not_before_they_may(
    loads: list[Load], sittings: list[int], data: st.DataObject
) -> None:
    first = {each.key: data.draw(st.integers(0, 5)) for each in loads}
    comes = ahead(loads, sittings, first)
    assert all(at >= first[key] for key, at in comes.items())
    for at, minutes in enumerate(sittings):
        then = [each for each in loads if comes.get(each.key) == at]
        assert sum(each.minutes for each in then) <= minutes or all(each.held for each in then)


def test_places() -> None:
    assert arrange("ABCD", [(1, "C")]) == ("C", "A", "B", "D")
    assert arrange("ABCD", [(2, "A"), (9, "B")]) == ("C", "A", "D", "B")
    assert arrange("ABCD", [(1, "C"), (1, "D")]) == ("D", "C", "A", "B")
    assert arrange("ABCD", [(1, "D"), (1, "C")]) == ("C", "D", "A", "B")


@given(st.permutations(range(7)), st.data())
def test_distinct_places_are_honoured_and_the_others_keep_their_order(
    order: list[int], data: st.DataObject
) -> None:
    moved = data.draw(st.lists(st.sampled_from(order), unique=True))
    places = data.draw(st.lists(st.integers(1, 7), unique=True, min_size=len(moved), max_size=len(moved)))
    arranged = arrange(order, list(zip(places, moved, strict=True)))
    assert sorted(arranged) == sorted(order)
    assert [each for each in arranged if each not in moved] == [each for each in order if each not in moved]
    assert all(arranged[place - 1] == each for place, each in zip(places, moved, strict=True))
