"""Flags: the table of moves, the chain, and what a flag rests on; random people and random entries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pathway.definition import shipped
from pathway.finding import Evidence, Finding
from pathway.flag import (
    HELD,
    MOVES,
    OPEN,
    SOURCE_CORRECTED,
    UNANSWERED,
    Cause,
    Flag,
    State,
    Step,
    allowed,
    move,
    refusal,
)
from pathway.flag_asking import (
    Happened,
    ask_again,
    ask_first,
    check_answerer,
    fall_due,
    hold,
    may_answer,
    snooze,
)
from pathway.flag_causes import answered, cause_of, most_severe, with_finding, without_corrected
from pathway.hours import read_hours
from pathway.ladder import Due, Refused, Rung, able, still_asked
from pathway.people import Absence, Member, Place, Roster, Team

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
HOURS = read_hours("Europe/London", "Mon-Fri 08:30-17:00", "20:00-07:00")
ROUTINE, SOON, URGENT, EMERGENCY = shipped().flag_severities
SEVERITIES = {each.id: each for each in shipped().flag_severities}
ROLES = {
    "ana": "physiotherapist", "bo": "psychologist", "cy": "psychologist", "eli": "pharmacist",
    "dee": "coordinator", "lea": "lead",
}  # fmt: skip


def roster(*away: tuple[str, str]) -> Roster:
    places = tuple(Place(Member(who, who.title()), role) for who, role in ROLES.items())
    absences = tuple(Absence(who, NOW, NOW + timedelta(days=30), cover) for who, cover in away)
    return able(Roster(Team("t", "North", HOURS, lead="lea"), places, absences), shipped(), "flags")


def cause(severity: str = "emergency", *measures: str) -> Cause:
    seen = tuple(Evidence("PHQ-9", "22", "at least 20", NOW, each) for each in measures)
    return Cause("distress", 1, severity, "says", NOW, "ana", seen)


def finding(severity: str, *measures: str) -> Finding:
    seen = cause(severity, *measures).evidence
    return Finding("distress", 1, "Distress", severity, ("psychologist",), "", "says", seen)


FRESH = Flag(
    7, "t", "P-7K3K", "distress", "Distress", "emergency", ("psychologist", "pharmacist"), NOW,
    causes=(cause("emergency", "M-1"),),
)  # fmt: skip


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2031, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", State)
def test_every_step_in_every_state_is_allowed_or_refused_in_a_sentence(state: State, step: Step) -> None:
    flag = replace(FRESH, state=state, holder="bo" if state in HELD else "")
    if step in MOVES[state]:
        assert move(flag, step, "cy", NOW, "done").state is MOVES[state][step]
        return
    with pytest.raises(Refused) as refused:
        move(flag, step, "cy", NOW, "done")
    assert str(refused.value) == refusal(flag, step)
    assert str(refused.value).startswith(f"F-7 is {state}, so it can't be ")
    assert not allowed(flag, step)


def test_what_is_open_can_be_claimed_or_closed_and_what_is_closed_stays_so() -> None:
    assert set(MOVES) == set(State)
    assert {state for state in State if not MOVES[state]} == set(State) - OPEN
    for state in OPEN:
        assert {Step.RESOLVE, Step.DISMISS, Step.WITHDRAW, Step.ASK_ANEW} <= set(MOVES[state])
        assert Step.CLAIM in MOVES[state] or state is State.CLAIMED


@pytest.mark.parametrize("step", [Step.RESOLVE, Step.DISMISS])
def test_nothing_is_closed_without_a_word(step: Step) -> None:
    with pytest.raises(Refused, match="before F-7 is closed"):
        move(FRESH, step, "bo", NOW, "  ")
    closed = move(FRESH, step, "bo", NOW, "seen")
    assert (closed.done, closed.closed_by, closed.closed_at, closed.due_at) == ("seen", "bo", NOW, None)


Silent = tuple[Happened | None, datetime, Rung, tuple[str, ...]]


def chain(flag: Flag, team: Roster, duty: dict[str, tuple[str, ...]], start: datetime = NOW) -> list[Silent]:
    """What silence does with a flag, from its first asking to the end."""
    spans = SEVERITIES[flag.severity]
    flag = ask_first(flag, team, duty, spans, start)
    seen: list[Silent] = []
    while flag.due_at is not None:
        now = flag.due_at
        flag, happened = fall_due(flag, team, duty, spans, now)
        if happened is not Happened.REMINDED:
            seen.append((happened, now, flag.rung, flag.asked))
    return seen


def test_silence_about_an_emergency_goes_from_duty_to_the_channel_in_a_quarter_of_an_hour() -> None:
    seen = chain(FRESH, roster(), {"psychologist": ("bo",)})
    assert seen[:4] == [
        (Happened.WIDENED, at(10, 5), Rung.ROLE, ("bo", "cy", "eli")),
        (Happened.WIDENED, at(10, 8), Rung.LEAD, ("bo", "cy", "eli", "lea")),
        (Happened.WIDENED, at(10, 11), Rung.CHANNEL, ("bo", "cy", "eli", "lea", "ana")),
        (Happened.EXPIRED, at(10, 41), Rung.CHANNEL, ("bo", "cy", "eli", "lea", "ana")),
    ]
    assert [each[0] for each in seen[4:]] == [Happened.REPEATED] * EMERGENCY.repeat_times


def test_who_is_on_duty_and_away_is_covered_for() -> None:
    first = ask_first(FRESH, roster(("bo", "cy")), {"psychologist": ("bo",)}, EMERGENCY, NOW)
    assert (first.asked, first.rung) == (("cy",), Rung.COVER)


def test_nobody_there_at_all_still_ends_aloud() -> None:
    nobody = roster(*((who, "") for who in ROLES))
    seen = chain(FRESH, nobody, {})
    assert [each[0] for each in seen] == [Happened.EXPIRED] + [Happened.REPEATED] * 8


def test_a_private_flag_never_reaches_the_channel() -> None:
    seen = chain(replace(FRESH, private=True), roster(), {})
    assert {who for each in seen for who in each[3]} == {"bo", "cy", "eli", "lea"}
    asked = replace(ask_first(replace(FRESH, private=True), roster(), {}, EMERGENCY, NOW), rung=Rung.CHANNEL)
    assert not may_answer(asked, "ana", roster())
    with pytest.raises(Refused, match="was not put to you"):
        check_answerer(asked, "ana", roster())


def test_who_raised_it_is_not_asked_but_may_answer() -> None:
    by_bo = replace(FRESH, reason="person:psychologist", raised_by="bo")
    assert ask_first(by_bo, roster(), {}, EMERGENCY, NOW).asked == ("cy",)
    assert may_answer(by_bo, "bo", roster())
    by_rule = replace(FRESH, raised_by="bo")  # who made the entry may not have seen what it means
    assert ask_first(by_rule, roster(), {}, EMERGENCY, NOW).asked == ("bo", "cy")


def test_a_claim_without_a_word_lapses_and_the_next_are_asked() -> None:
    asked = ask_first(FRESH, roster(), {"psychologist": ("bo",)}, EMERGENCY, NOW)
    claimed = hold(move(asked, Step.CLAIM, "bo", NOW), roster(), EMERGENCY, NOW)
    assert (claimed.due, claimed.due_at) == (Due.REMIND, at(10, 12))
    claimed, happened = fall_due(claimed, roster(), {}, EMERGENCY, at(10, 12))
    assert (happened, claimed.due, claimed.due_at) == (Happened.HOLDER_REMINDED, Due.LAPSE, at(10, 20))
    lapsed, happened = fall_due(claimed, roster(), {}, EMERGENCY, at(10, 20))
    assert happened is Happened.LAPSED
    assert (lapsed.state, lapsed.holder, lapsed.asked) == (State.ESCALATED, "", ("bo", "cy", "eli"))


def test_a_snooze_is_limited_in_all_and_asks_again() -> None:
    urgent = replace(FRESH, severity="urgent")
    asked = ask_first(urgent, roster(), {}, URGENT, NOW)
    put_off = snooze(asked, at(10, 40), "bo", roster(), URGENT, NOW)
    assert (put_off.state, put_off.holder, put_off.due, put_off.due_at) == (
        State.WAITING, "bo", Due.WAKE, at(10, 40)
    )  # fmt: skip
    woken, happened = fall_due(put_off, roster(), {}, URGENT, at(10, 40))
    assert (woken.state, happened, woken.asked) == (State.RAISED, Happened.WOKEN, ("bo", "cy"))
    with pytest.raises(Refused, match="put off for 60 minutes of working time in all"):
        snooze(woken, at(11, 1), "cy", roster(), URGENT, at(10, 41))
    assert snooze(woken, at(11), "cy", roster(), URGENT, at(10, 41)).snoozed_until == at(11)
    with pytest.raises(Refused, match="F-7 can't be put off: its severity is emergency"):
        snooze(FRESH, at(10, 1), "bo", roster(), EMERGENCY, NOW)


def test_a_deadline_on_the_night_when_the_clocks_change_counts_real_minutes() -> None:
    before = datetime(2031, 3, 30, 0, 58, tzinfo=UTC)  # at 01:00 it is 02:00 in London
    seen = chain(FRESH, roster(), {}, before)
    assert seen[0][1] == before + timedelta(minutes=5)
    friday = datetime(2031, 3, 28, 16, 50, tzinfo=UTC)  # the working clock jumps over the weekend
    soon = ask_first(replace(FRESH, severity="urgent"), roster(), {}, URGENT, friday)
    assert soon.answer_by == datetime(2031, 3, 31, 7, 35, tzinfo=UTC), "08:35 in summer time"


def test_a_second_cause_is_added_and_the_higher_severity_wins() -> None:
    flag = replace(FRESH, severity="soon", causes=(cause("soon", "M-1"),))
    assert with_finding(flag, finding("soon", "M-1"), "bo", NOW, shipped()) is flag
    assert with_finding(flag, finding("routine", "M-1"), "bo", NOW, shipped()) is flag
    more = with_finding(flag, finding("urgent", "M-1"), "bo", NOW, shipped())
    assert more.causes[1:] == (cause_of(finding("urgent", "M-1"), "bo", NOW),)
    assert most_severe(more.live, shipped()) == "urgent"
    newer = with_finding(flag, finding("soon", "M-2"), "bo", NOW, shipped())
    assert len(newer.causes) == 2


def test_a_corrected_entry_takes_its_cause_away_but_leaves_a_trace() -> None:
    both = replace(FRESH, causes=(cause("soon", "M-1"), cause("emergency", "M-2")))
    assert without_corrected(both, {"M-1", "M-2"}, NOW) is both
    left = without_corrected(both, {"M-1"}, NOW)
    assert [each.gone_at for each in left.causes] == [None, NOW]
    assert most_severe(left.live, shipped()) == "soon"
    none = without_corrected(both, {"M-3"}, NOW)
    assert none.live == ()
    closed = move(none, Step.WITHDRAW, "ana", NOW)
    assert (closed.state, closed.done, closed.closed_by) == (State.RESOLVED, SOURCE_CORRECTED, "")


def test_what_people_have_answered_is_raised_again_by_a_newer_entry_only() -> None:
    by_people = move(replace(FRESH, state=State.CLAIMED), Step.DISMISS, "bo", NOW, "known")
    by_itself = move(FRESH, Step.WITHDRAW, "", NOW)
    assert answered(finding("emergency", "M-1"), [by_people])
    assert not answered(finding("emergency", "M-1", "M-2"), [by_people])
    assert not answered(finding("emergency", "M-1"), [by_itself])
    assert not answered(finding("emergency", "M-1"), [])
    lack = Evidence("PEG", "no entry", "none for 90 days", NOW)
    missing = replace(finding("soon"), evidence=(lack,))
    told = replace(by_people, causes=(replace(cause("soon"), evidence=(lack,)),))
    assert answered(missing, [told])
    later = replace(missing, evidence=(replace(lack, at=NOW + timedelta(days=200)),))
    assert not answered(later, [told])


class Chain(RuleBasedStateMachine):
    """One flag, whatever people, time and entries do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.team = roster()
        self.flag = ask_first(FRESH, self.team, {}, EMERGENCY, NOW)
        self.told = 0

    @property
    def spans(self) -> object:
        return SEVERITIES[self.flag.severity]

    @rule(
        who=st.sampled_from(["ana", "bo", "cy", "lea"]), step=st.sampled_from(Step), hours=st.integers(1, 60)
    )
    def somebody_does_something(self, who: str, step: Step, hours: int) -> None:
        before, spans = self.flag, SEVERITIES[self.flag.severity]
        if step in (Step.ESCALATE, Step.EXPIRE, Step.LAPSE, Step.WAKE):
            return
        if step is Step.SNOOZE:
            try:
                self.flag = snooze(before, self.now + timedelta(hours=hours), who, self.team, spans, self.now)
            except Refused:
                assert self.flag is before
            return
        if not allowed(before, step):
            return
        moved = move(before, step, who, self.now, "because")
        if step in (Step.CLAIM, Step.CONFIRM):
            moved = hold(moved, self.team, spans, self.now)
        elif step is Step.RELEASE:
            moved = ask_again(moved, self.team, {}, spans, self.now)
        elif step is Step.ASK_ANEW:
            moved = ask_first(moved, self.team, {}, spans, self.now)
        self.flag = moved

    @rule(minutes=st.sampled_from([1, 4, 30, 300, 5000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for _ in range(100):
            before = self.flag
            self.flag, happened = fall_due(before, self.team, {}, SEVERITIES[before.severity], self.now)
            if happened is None:
                return
            assert self.flag.due_at is None or self.flag.due_at > self.now, "one leap, one thing"
        raise AssertionError("a deadline never ends")

    @precondition(lambda self: self.flag.state in OPEN)
    @rule(severity=st.sampled_from(["routine", "soon", "urgent", "emergency"]))
    def its_severity_changes(self, severity: str) -> None:
        if shipped().flag_rank(severity) > shipped().flag_rank(self.flag.severity):
            anew = move(replace(self.flag, severity=severity), Step.ASK_ANEW, "", self.now)
            self.flag = ask_first(anew, self.team, {}, SEVERITIES[severity], self.now)
        else:
            self.flag = replace(self.flag, severity=severity)

    @invariant()
    def an_open_flag_has_a_next_moment_and_a_next_person(self) -> None:
        flag = self.flag
        assert bool(flag.holder) == (flag.state in HELD or flag.closed_by != "")
        if flag.state in UNANSWERED:
            assert flag.due_at is not None
            assert flag.answer_by is not None
            assert still_asked(flag, self.team, self.now) or flag.rung is Rung.CHANNEL
        elif flag.state in HELD:
            assert flag.due_at is not None
        elif flag.state not in OPEN:
            assert (flag.due, flag.due_at) == (Due.NOTHING, None)
            assert flag.done
        assert len(set(flag.asked)) == len(flag.asked)
        assert (flag.snoozed_until is not None) == (flag.state is State.WAITING)


TestChain = Chain.TestCase
TestChain.settings = settings(max_examples=150, stateful_step_count=25)
