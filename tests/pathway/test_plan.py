"""Entries of a care plan: what can become of each sort, and what changes do to each other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.action import State
from pathway.decisions import Fate, fate, tally
from pathway.ladder import Refused
from pathway.plan import LIVE, STATUSES, Entry, Sort, Status, begins, mark, note_progress
from pathway.plan_change import (
    UNDO_WITHIN,
    Change,
    amend,
    both,
    check_undo,
    clashing,
    touched,
    undone,
)

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def entry(sort: Sort = Sort.GOAL, status: Status | None = None) -> Entry:
    return Entry(1, "north", "P-7K3K", sort, "walk to the shop", "ana", NOW, status or begins(sort))


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("status", Status)
def test_every_status_can_follow_or_is_refused_in_a_sentence(sort: Sort, status: Status) -> None:
    for present, can in STATUSES[sort].items():
        if status in can:
            marked = mark(entry(sort, present), status, "moved", "bo", LATER)
            assert (marked.status, marked.changed_by) == (status, "bo")
            assert (marked.ended_at is None) == (status in LIVE)
            continue
        with pytest.raises(Refused) as refused:
            mark(entry(sort, present), status, "moved", "bo", LATER)
        assert str(refused.value).startswith(
            f"E-1 is a {sort} and {present}, so it can't be called {status}: "
        )
        assert "shop" not in str(refused.value)


def test_every_sort_begins_live_and_can_be_withdrawn_and_nothing_follows_that() -> None:
    for sort, table in STATUSES.items():
        assert begins(sort) in LIVE
        for can in table.values():
            assert Status.WITHDRAWN in can
        assert Status.WITHDRAWN not in table


def test_what_ends_badly_needs_a_reason_and_progress_a_word() -> None:
    with pytest.raises(Refused, match=r"^Say why before E-1 is called stopped\.$"):
        mark(entry(), Status.STOPPED, " ", "bo", LATER)
    with pytest.raises(Refused, match=r"^Say in a line how E-1 goes\.$"):
        note_progress(entry(), " ", "bo", LATER)
    with pytest.raises(Refused, match="no progress can be noted"):
        note_progress(entry(status=Status.ACHIEVED), "well", "bo", LATER)
    noted = note_progress(entry(), "well", "bo", LATER)
    assert (noted.progress, noted.progress_at) == ("well", LATER)


def test_naive_datetimes_are_refused_when_made() -> None:
    with pytest.raises(ValueError, match="aware"):
        replace(entry(), due_at=NOW.replace(tzinfo=None))


WORDS = st.sampled_from(["", "a", "b", "c"])
SAID = st.fixed_dictionaries({}, optional={"text": WORDS, "rationale": WORDS, "discipline": WORDS})


@given(theirs=SAID, mine=SAID)
def test_two_changes_are_merged_or_clash_and_nothing_is_overwritten(
    theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    seen = replace(entry(), text="x", rationale="y", discipline="z")
    present = replace(seen, **theirs)
    clash = clashing(seen, present, mine)
    calm: dict[str, Any] = {name: mine[name] for name in mine if name not in clash}
    merged = replace(present, **calm)
    for name in ("text", "rationale", "discipline"):
        if name in clash:
            assert getattr(merged, name) == theirs[name] != mine[name]
        elif name in mine and name not in theirs:
            assert getattr(merged, name) == mine[name]
        elif name in theirs:
            assert getattr(merged, name) == theirs[name]


def change(before: Entry | None, after: Entry) -> Change:
    return Change("P-7K3K", 1, "ana", NOW, "", "changed", before, after)


@given(mine=SAID, theirs=SAID)
def test_undo_takes_out_ones_own_and_nothing_of_anybody_else(
    mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    before = replace(entry(), text="x", rationale="y", discipline="z")
    after = replace(before, **mine)
    present = replace(after, **theirs)
    back = undone(change(before, after), present, "ana", LATER)
    since = set(touched(after, present))
    if set(touched(before, after)) & since:
        assert back is None
        return
    assert isinstance(back, Entry)
    for name in ("text", "rationale", "discipline"):
        assert getattr(back, name) == getattr(present if name in since else before, name)


def test_what_began_is_withdrawn_unless_somebody_went_on_with_it() -> None:
    began = change(None, entry())
    gone = undone(began, entry(), "ana", LATER)
    assert isinstance(gone, Entry)
    assert (gone.status, gone.ended_at) == (Status.WITHDRAWN, LATER)
    assert undone(began, replace(entry(), text="walk"), "ana", LATER) is None


def test_undo_ends_after_ten_minutes_and_is_done_once() -> None:
    done = change(None, entry())
    check_undo(done, NOW + UNDO_WITHIN)
    with pytest.raises(Refused, match="more than ten minutes ago"):
        check_undo(done, NOW + UNDO_WITHIN + timedelta(seconds=1))
    with pytest.raises(Refused, match="undone already"):
        check_undo(replace(done, undone_by=2), NOW)


def test_an_entry_cant_be_changed_into_nothing_nor_after_it_was_withdrawn() -> None:
    with pytest.raises(Refused, match="can't say nothing"):
        amend(entry(), {"text": " "}, "bo", LATER)
    with pytest.raises(Refused, match="was withdrawn"):
        amend(entry(status=Status.WITHDRAWN), {"text": "walk"}, "bo", LATER)
    assert both("walk", "walk") == "walk"
    assert both("walk", "run") == "walk\nrun"


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], Fate.NO_ACTION),
        ([State.DONE, State.DONE], Fate.DONE),
        ([State.DONE, State.OPEN], Fate.OPEN),
        ([State.NOT_DONE, State.BLOCKED], Fate.OPEN),
        ([State.DONE, State.DROPPED], Fate.NOT_DONE),
        ([State.NOT_DONE], Fate.NOT_DONE),
    ],
)
def test_the_fate_of_a_decision_is_that_of_its_actions(states: list[State], expected: Fate) -> None:
    assert fate(states) is expected


def test_the_rate_counts_what_is_over() -> None:
    found = tally([Fate.DONE, Fate.NOT_DONE, Fate.NOT_DONE, Fate.DONE, Fate.OPEN, Fate.NO_ACTION])
    assert (found.all, found.rate) == (6, 0.5)
    assert tally([Fate.OPEN]).rate is None
