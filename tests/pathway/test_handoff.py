"""The table of moves: every state against every step, and what each move changes."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from pathway.handoff import (
    ABSENT,
    HELD,
    MOVES,
    OPEN,
    WAITING,
    Due,
    Handoff,
    Ipass,
    Refused,
    State,
    Step,
    Talk,
    allowed,
    move,
    refusal,
)

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
IPASS = Ipass("watcher", "summary", "actions", "contingency", told=True)
OFFERED = Handoff(
    7, "north", "P-7K3K", "ana", "soon", IPASS, NOW, to_member="bo", asked=("bo", "cy"),
    answer_by=LATER, due=Due.REMIND, due_at=LATER, nagged=1,
    talk=Talk(question="Since when?", read_back="I see her"),
)  # fmt: skip


def at(state: State) -> Handoff:
    receiver = "bo" if state in HELD or state is State.COMPLETED else ""
    return replace(OFFERED, state=state, receiver=receiver)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", State)
def test_every_step_in_every_state_is_allowed_or_refused_in_a_sentence(state: State, step: Step) -> None:
    handoff = at(state)
    if step in MOVES[state]:
        assert move(handoff, step, "cy", LATER).state is MOVES[state][step]
        return
    with pytest.raises(Refused) as refused:
        move(handoff, step, "cy", LATER)
    assert str(refused.value) == refusal(handoff, step)
    assert str(refused.value).startswith(f"H-7 is {state}, so it can't be ")
    assert str(refused.value).endswith(" now.")
    assert not allowed(handoff, step)


def test_the_table_covers_every_state_and_leaves_no_dead_end_that_is_open() -> None:
    assert set(MOVES) == set(State)
    assert {state for state in State if not MOVES[state]} == set(State) - OPEN
    assert {state: Step.ACCEPT in MOVES[state] for state in State} == {
        state: state in WAITING or state is State.EXPIRED for state in State
    }


def test_only_time_escalates_and_expires_and_only_what_waits() -> None:
    assert {s for s in State if Step.ESCALATE in MOVES[s]} == WAITING
    assert {s for s in State if Step.EXPIRE in MOVES[s]} == WAITING


def changed(before: Handoff, after: Handoff) -> set[str]:
    return {each.name for each in fields(Handoff) if getattr(before, each.name) != getattr(after, each.name)}


STOPS_THE_CLOCK = {"changed_at", "due", "due_at", "nagged"}


def test_what_each_move_changes_and_nothing_else() -> None:
    accepted = move(OFFERED, Step.ACCEPT, "cy", LATER)
    assert changed(OFFERED, accepted) == STOPS_THE_CLOCK | {"state", "receiver", "answered_at", "answer_by"}
    assert (accepted.receiver, accepted.answered_at, accepted.due, accepted.due_at) == ("cy", LATER, "", None)
    declined = move(OFFERED, Step.DECLINE, "bo", LATER)
    assert changed(OFFERED, declined) == STOPS_THE_CLOCK | {"state", "declined"}
    assert declined.declined == ("bo",)
    asked = move(OFFERED, Step.ASK, "cy", LATER)
    assert changed(OFFERED, asked) == STOPS_THE_CLOCK | {"state", "asker"}
    held = at(State.ACCEPTED)
    assert changed(held, move(held, Step.READ_BACK, "bo", LATER)) == {"changed_at"}
    back = move(held, Step.GIVE_BACK, "bo", LATER)
    assert changed(held, back) == STOPS_THE_CLOCK | {"state", "declined", "receiver"}
    assert (back.receiver, back.declined, back.answered_at) == ("", ("bo",), None)


def test_a_reply_needs_a_question_and_leaves_where_the_handoff_stands() -> None:
    for state in WAITING:
        after = move(at(state), Step.REPLY, "ana", LATER)
        assert after.state is (State.OFFERED if state is State.QUESTIONED else state)
        for talk in (Talk(), Talk(question="Since when?", reply="May")):
            assert not allowed(replace(at(state), talk=talk), Step.REPLY)


def test_who_was_introduced_without_the_patient_meets_them_later_and_once() -> None:
    def introduced(met: str) -> Handoff:
        return replace(at(State.INTRODUCED), talk=Talk(read_back="I see her", met=met))

    assert move(introduced(f"{ABSENT}, today"), Step.INTRODUCE, "bo", LATER).state is State.INTRODUCED
    with pytest.raises(Refused, match="H-7 is introduced, so it can't be introduced now"):
        move(introduced("In person, together"), Step.INTRODUCE, "bo", LATER)


def test_whoever_gives_it_back_it_is_who_held_it_that_can_no_longer() -> None:
    back = move(at(State.ACCEPTED), Step.GIVE_BACK, "lea", LATER)
    assert (back.receiver, back.declined) == ("", ("bo",))


def test_completion_and_correction_need_the_read_back() -> None:
    held = replace(at(State.INTRODUCED), talk=Talk())
    with pytest.raises(Refused, match="needs the receiver's read-back before it can be completed"):
        move(held, Step.COMPLETE, "bo", LATER)
    with pytest.raises(Refused, match="H-7 has not been read back yet"):
        move(held, Step.CORRECT, "ana", LATER)


def test_a_second_no_is_refused_but_who_said_no_may_still_accept_and_give_back() -> None:
    declined = move(OFFERED, Step.DECLINE, "bo", LATER)
    with pytest.raises(Refused, match="You have said no to H-7 already; you can still accept it"):
        move(declined, Step.DECLINE, "bo", LATER)
    back = move(move(declined, Step.ACCEPT, "bo", LATER), Step.GIVE_BACK, "bo", LATER)
    assert back.declined == ("bo",)


def test_naive_times_are_refused() -> None:
    naive = NOW.replace(tzinfo=None)
    values = {each.name: getattr(OFFERED, each.name) for each in fields(Handoff)}
    for name in ("offered_at", "changed_at", "answered_at", "asked_at", "answer_by", "due_at"):
        with pytest.raises(ValueError, match="aware"):
            Handoff(**{**values, name: naive})
