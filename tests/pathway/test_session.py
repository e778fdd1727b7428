"""A conference as it runs: every state against every step, and what must be true after any moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pathway.issue import Kind
from pathway.ladder import Refused
from pathway.roll_call import Attendance, come, leave, minutes_present, present
from pathway.session import AGAIN, MOVES, TO_COME, Item, Session, State, Step, move
from pathway.session_turns import (
    MOST_EXTENDED,
    begin,
    bring,
    close,
    end,
    extend,
    resume,
    settle,
    skip,
    take,
    unsettle,
)

NOW = datetime(2031, 3, 3, 14, 0, tzinfo=UTC)
CODES = ("P-2222", "P-3333", "P-4444")


def item(patient: str = CODES[0], state: State = State.WAITING, **more: object) -> Item:
    """An item of ten minutes."""
    told: dict[str, object] = {
        "place": 1,
        "question": "What next?",
        "minutes": 10,
        "kind": Kind.ASKED,
        **more,
    }
    began = NOW if state is State.CURRENT else None
    return Item(patient=patient, state=state, began_at=began, **told)  # type: ignore[arg-type]


def session(*codes: str) -> Session:
    """A conference that has not begun."""
    return Session(tuple(item(code, place=at) for at, code in enumerate(codes or CODES, start=1)))


def states(of: Session) -> list[State]:
    return [each.state for each in of.items]


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_step_in_every_state_is_in_the_table_or_refused(state: State, step: Step) -> None:
    before = item(state=state)
    if step in MOVES[state]:
        assert move(before, step, NOW).state is MOVES[state][step]
        return
    with pytest.raises(Refused) as refused:
        move(before, step, NOW)
    assert str(refused.value) == f"P-2222 is {state}, so that can't be done now."


def test_items_come_in_turn_and_parked_ones_last() -> None:
    going = begin(session(), NOW)
    going = close(going, Step.PARK, later(4), "the scan is being fetched")
    assert states(going) == [State.PARKED, State.CURRENT, State.WAITING]
    going = close(going, Step.FINISH, later(12))
    going = close(going, Step.FINISH, later(20))
    assert states(going) == [State.CURRENT, State.DONE, State.DONE]
    going = close(going, Step.FINISH, later(23))
    assert [each.spent for each in going.items] == [7 * 60, 8 * 60, 8 * 60]
    assert going.current is None
    assert going.upcoming == ()


def test_the_last_one_parked_does_not_come_up_again_by_itself() -> None:
    going = close(begin(session("P-2222"), NOW), Step.PARK, later(1))
    assert states(going) == [State.PARKED]
    assert states(begin(going, later(2))) == [State.CURRENT]


def test_one_taken_at_once_lets_the_current_one_wait_and_keep_its_time() -> None:
    going = bring(begin(session(), NOW), item("P-7777", question="Numb since Sunday"), later(3))
    assert [(each.patient, each.state, each.place) for each in going.items] == [
        ("P-2222", State.WAITING, 1),
        ("P-3333", State.WAITING, 2),
        ("P-4444", State.WAITING, 3),
        ("P-7777", State.CURRENT, 4),
    ]
    back = close(going, Step.FINISH, later(8))
    assert back.current == replace(item(), state=State.CURRENT, spent=180, began_at=later(8), turns=2)


def test_bringing_in_who_is_on_already_takes_that_item() -> None:
    going = bring(begin(session(), NOW), item("P-4444", question="another"), NOW)
    assert states(going) == [State.WAITING, State.WAITING, State.CURRENT]
    assert going.items[2].question == "What next?"
    with pytest.raises(Refused):
        bring(going, item("P-4444"), NOW)


def test_settled_before_its_turn_is_passed_over() -> None:
    going = settle(begin(session(), NOW), "P-3333", NOW, "nothing is outstanding any more")
    assert states(close(going, Step.FINISH, NOW)) == [State.DONE, State.SETTLED, State.CURRENT]
    with pytest.raises(Refused):
        settle(going, "P-2222", NOW, "it is being talked about")
    with pytest.raises(Refused):
        skip(going, "P-9999", NOW, "not there")
    assert states(unsettle(going, "P-3333", NOW)) == [State.CURRENT, State.WAITING, State.WAITING]
    with pytest.raises(Refused):
        unsettle(going, "P-4444", NOW)


def test_time_runs_out_and_is_extended() -> None:
    going = begin(session(), NOW)
    current = going.items[0]
    assert (current.runs_out_at, current.over(later(10)), current.over(later(12.9))) == (later(10), 0, 2)
    more = extend(going, 3).items[0]
    assert (more.runs_out_at, more.over(later(12.9))) == (later(13), 0)
    assert current.seconds(later(-5)) == 0
    for minutes in (0, -3, MOST_EXTENDED + 1):
        with pytest.raises(Refused):
            extend(going, minutes)
    with pytest.raises(Refused):
        extend(session(), 3)


def test_the_end_carries_over_what_was_not_reached_with_its_reason() -> None:
    going = begin(session(), NOW)
    ended = end(going, later(9), discussed=True, why=lambda each: f"{each.place}: no time left")
    assert states(ended) == [State.DONE, State.CARRIED, State.CARRIED]
    assert [each.reason for each in ended.items] == ["", "2: no time left", "3: no time left"]
    silent = end(going, later(1), discussed=False, why=lambda each: "begun only")
    assert states(silent) == [State.CARRIED] * 3


def test_ended_too_early_goes_on_where_it_was() -> None:
    going = skip(begin(session(), NOW), "P-3333", later(1), "not today")
    ended = end(going, later(2), discussed=False, why=lambda each: "the end")
    again = resume(ended, later(30))
    assert states(again) == [State.CURRENT, State.SKIPPED, State.WAITING]
    assert (again.items[0].spent, again.items[0].began_at, again.items[2].reason) == (120, later(30), "")


def test_a_patient_has_one_item_and_one_is_current() -> None:
    with pytest.raises(ValueError, match="one item"):
        Session((item(), item(place=2)))
    with pytest.raises(ValueError, match="one current"):
        Session((item(state=State.CURRENT), item("P-3333", State.CURRENT, place=2)))
    with pytest.raises(ValueError, match="aware"):
        item(closed_at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="turn"):
        replace(item(), began_at=NOW)


def test_minutes_of_who_was_there_leaves_and_comes_back() -> None:
    ana, guest = (
        Attendance("m-ana", "physiotherapy", later(-2)),
        Attendance("", "GP", later(5), name="Dr Roe"),
    )
    stays = come(come(come((), ana), guest), ana)
    assert len(stays) == 2
    stays = leave(stays, ("m-ana", ""), later(10))
    assert present(stays) == (guest,)
    stays = come(stays, Attendance("m-ana", "physiotherapy", later(20)))
    assert minutes_present(stays, NOW, later(30)) == {("m-ana", ""): 20, ("", "Dr Roe"): 25}
    with pytest.raises(Refused):
        leave(stays, ("m-bo", ""), later(21))
    with pytest.raises(ValueError, match="aware"):
        Attendance("m-ana", "", NOW.replace(tzinfo=None))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=12))
def test_nobody_is_there_longer_than_the_conference(moves: list[tuple[bool, int]]) -> None:
    stays: tuple[Attendance, ...] = ()
    at = later(-10)
    for comes, minutes in moves:
        at += timedelta(minutes=minutes)
        if comes:
            stays = come(stays, Attendance("m-ana", "", at))
        elif present(stays):
            stays = leave(stays, ("m-ana", ""), at)
    assert sum(minutes_present(stays, NOW, later(60)).values()) <= 60


class Meeting(RuleBasedStateMachine):
    """People press whatever there is to press, in any order."""

    @initialize(count=st.integers(1, 6))
    def starts(self, count: int) -> None:
        self.now = NOW
        self.session = begin(session(*(f"P-{at}" for at in range(count))), NOW)
        self.codes = [each.patient for each in self.session.items]
        self.talked = timedelta()
        self.brought = 0

    def _pass(self, seconds: int) -> None:
        if self.session.current is not None:
            self.talked += timedelta(seconds=seconds)
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.session.current is not None)
    @rule(step=st.sampled_from([Step.FINISH, Step.PARK, Step.SKIP]), seconds=st.integers(0, 900))
    def close(self, step: Step, seconds: int) -> None:
        self._pass(seconds)
        before = self.session.upcoming
        was = self.session.current
        self.session = close(self.session, step, self.now, "why")
        following = self.session.current
        assert (following.patient if following else None) == (before[0].patient if before else None)
        assert was is not None
        assert was.patient != (following.patient if following else None)

    @rule(data=st.data(), seconds=st.integers(0, 900))
    def take(self, data: st.DataObject, seconds: int) -> None:
        self._pass(seconds)
        code = data.draw(st.sampled_from(self.codes))
        wanted = self.session.of(code)
        assert wanted is not None
        if wanted.state is State.CURRENT:
            with pytest.raises(Refused):
                take(self.session, code, self.now)
            return
        self.session = take(self.session, code, self.now)
        assert self.session.current is not None
        assert self.session.current.patient == code

    @rule(seconds=st.integers(0, 900))
    def bring(self, seconds: int) -> None:
        self._pass(seconds)
        self.brought += 1
        code = f"P-brought-{self.brought}"
        self.session = bring(self.session, item(code), self.now)
        self.codes.append(code)

    @rule(seconds=st.integers(0, 900), discussed=st.booleans(), goes_on=st.booleans())
    def ends(self, seconds: int, discussed: bool, goes_on: bool) -> None:
        self._pass(seconds)
        ended = end(self.session, self.now, discussed, lambda each: "no time left")
        assert ended.current is None
        assert ended.upcoming == ()
        assert all(each.reason for each in ended.items if each.state in AGAIN)
        self.session = resume(ended, self.now) if goes_on else begin(ended, self.now)

    @invariant()
    def nothing_is_lost_and_nothing_is_twice(self) -> None:
        assert [each.patient for each in self.session.items] == self.codes
        assert [each.place for each in self.session.items] == list(range(1, len(self.codes) + 1))

    @invariant()
    def every_second_of_talk_is_some_items(self) -> None:
        total = sum(each.seconds(self.now) for each in self.session.items)
        assert timedelta(seconds=total) == self.talked

    @invariant()
    def what_is_over_says_when(self) -> None:
        for each in self.session.items:
            assert (each.closed_at is None) == (each.state in TO_COME | {State.CURRENT})


TestMeeting = Meeting.TestCase
