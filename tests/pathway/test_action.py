"""Actions: every state against every step, and what falls due, whatever people do and whenever."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.action import MOVES, OPEN, Action, Next, State, Step, give, move, retime
from pathway.action_due import fall_due, moments, schedule
from pathway.definition_plan import PlanDef
from pathway.hours import read_hours
from pathway.ladder import Refused

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
HOURS = read_hours("Europe/London", "Mon-Fri 08:30-17:00", "22:00-07:00")
SPANS = PlanDef()
FRESH = Action(1, "north", "P-7K3K", "bo", "call the GP", NOW + timedelta(days=4), "ana", NOW, asked_at=NOW)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", State)
def test_every_step_is_allowed_or_refused_in_a_sentence(state: State, step: Step) -> None:
    action = Action(**vars(FRESH) | {"state": state})
    if step in MOVES[state]:
        assert move(action, step, "bo", NOW, "a word").state is MOVES[state][step]
        return
    with pytest.raises(Refused) as refused:
        move(action, step, "bo", NOW, "a word")
    assert str(refused.value).startswith(f"A-1 is {state}, so it can't be ")
    assert "GP" not in str(refused.value)


@pytest.mark.parametrize("step", [Step.DONE, Step.NOT_DONE, Step.BLOCK, Step.DROP, Step.DECLINE])
def test_what_needs_a_word_is_refused_without_one(step: Step) -> None:
    state = next(each for each in State if step in MOVES[each] and each in OPEN)
    with pytest.raises(Refused, match=r"^Say in a line .* before A-1 is [a-z ]+\.$"):
        move(Action(**vars(FRESH) | {"state": state}), step, "bo", NOW, " ")


def test_naive_datetimes_are_refused_when_made() -> None:
    with pytest.raises(ValueError, match="aware"):
        Action(**vars(FRESH) | {"due_at": NOW.replace(tzinfo=None)})


def test_what_one_gives_to_oneself_is_confirmed_and_what_another_gives_is_not() -> None:
    own, others = give(FRESH, "cy", "cy", NOW, NOW), give(FRESH, "cy", "ana", NOW, NOW)
    assert (own.owner, own.state, own.confirmed_at) == ("cy", State.OPEN, NOW)
    assert (others.owner, others.state, others.confirmed_at) == ("cy", State.PROPOSED, None)


def test_a_date_that_is_past_is_refused() -> None:
    with pytest.raises(Refused, match="over already"):
        retime(FRESH, NOW, "bo", NOW)


MOMENTS = st.datetimes(datetime(2031, 3, 1), datetime(2031, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(asked=MOMENTS, due=MOMENTS, owned=st.booleans(), state=st.sampled_from(sorted(OPEN)), after=MOMENTS)
def test_time_says_each_thing_once_and_in_the_end_it_is_on_the_agenda(
    asked: datetime, due: datetime, owned: bool, state: State, after: datetime
) -> None:
    owner = "bo" if owned or state is not State.PROPOSED else ""
    action = Action(**vars(FRESH) | {"asked_at": asked, "due_at": due, "owner": owner, "state": state})
    action = schedule(action, SPANS, HOURS, after)
    assert action.next_at is None or action.next_at >= after
    happened: list[Next] = []
    while action.next_at is not None:
        at = action.next_at
        assert fall_due(action, SPANS, HOURS, at - timedelta(seconds=1)) == (action, Next.NOTHING)
        action, what = fall_due(action, SPANS, HOURS, at)
        assert action.next_at is None or action.next_at >= at
        happened.append(what)
    assert len(set(happened)) == len(happened)
    assert Next.NOTHING not in happened
    assert (action.agenda_at is not None) == (state is not State.BLOCKED)
    if state is not State.PROPOSED:
        assert not {Next.ASK, Next.CONFIRM, Next.UNCONFIRMED} & set(happened)
    assert not owner or Next.OVERDUE not in happened or due > after


@given(asked=MOMENTS, due=MOMENTS, now=MOMENTS)
def test_an_outage_loses_nothing(asked: datetime, due: datetime, now: datetime) -> None:
    action = schedule(
        Action(**vars(FRESH) | {"asked_at": asked, "due_at": due}), SPANS, HOURS, min(asked, due, now)
    )
    expected = [then for at, then in moments(action, SPANS, HOURS) if min(asked, due, now) < at <= now]
    happened = []
    while action.next_at is not None and action.next_at <= now:
        action, what = fall_due(action, SPANS, HOURS, now)
        happened.append(what)
    assert happened == expected
    assert action.agenda_at == (now if Next.AGENDA in happened else None)


@pytest.mark.parametrize("state", [State.DONE, State.NOT_DONE, State.DROPPED])
def test_nothing_falls_due_for_what_is_closed(state: State) -> None:
    closed = schedule(Action(**vars(FRESH) | {"state": state}), SPANS, HOURS, NOW)
    assert (closed.next, closed.next_at) == (Next.NOTHING, None)
