"""Questions to the conference: the table of moves, and what each step leaves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.ladder import Refused
from pathway.question import MOVES, Question, State, Step, move

MONDAY = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
ASKED = Question(1, "t", "P-2222", "Stop the tablets?", "ana", MONDAY)


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(State)
    assert {(state, step): after for state, moves in MOVES.items() for step, after in moves.items()} == {
        (State.OPEN, Step.AMEND): State.OPEN,
        (State.OPEN, Step.ANSWER): State.ANSWERED,
        (State.OPEN, Step.WITHDRAW): State.WITHDRAWN,
        (State.ANSWERED, Step.REOPEN): State.OPEN,
    }


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_allowed_or_refused_in_a_sentence(state: State, step: Step) -> None:
    question = replace(ASKED, state=state)
    if step in MOVES[state]:
        assert move(question, step, "bo", MONDAY, "C-1").state is MOVES[state][step]
        return
    with pytest.raises(Refused, match=rf"^Q-1 was {state} already\.$"):
        move(question, step, "bo", MONDAY)


def test_an_answer_names_its_conference_and_a_question_that_is_open_again_is_as_it_was() -> None:
    later = MONDAY + timedelta(minutes=5)
    answered = move(ASKED, Step.ANSWER, "dee", later, "C-1")
    assert answered == replace(ASKED, state=State.ANSWERED, closed_by="dee", closed_at=later, why="C-1")
    assert move(answered, Step.REOPEN, "dee", later) == ASKED


@given(st.lists(st.tuples(st.sampled_from(Step), st.text(max_size=5)), max_size=12))
def test_whatever_is_done_only_what_is_closed_says_when_and_nobody_changes_what_was_asked(
    steps: list[tuple[Step, str]],
) -> None:
    question = ASKED
    for number, (step, words) in enumerate(steps):
        if step in MOVES[question.state]:
            question = move(question, step, "bo", MONDAY + timedelta(minutes=number), words)
        assert (question.closed_at is None) == (question.state is State.OPEN)
        assert (question.text, question.asked_by, question.asked_at) == ("Stop the tablets?", "ana", MONDAY)
