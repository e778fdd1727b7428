"""Whom a handoff is asked of, until when, and who is next: against the clocks of the shipped pathway."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pathway.asking import (
    Happened,
    answering,
    ask_again,
    ask_cover,
    ask_first,
    ask_next,
    ask_on,
    check_answerer,
    fall_due,
    hold,
    keep_out,
    may_answer,
    still_asked,
    wait,
)
from pathway.definition import UrgencyDef, shipped
from pathway.handoff import Due, Handoff, Ipass, Refused, Rung, State, Step, Talk, move
from pathway.hours import read_hours
from pathway.people import Absence, Member, Place, Roster, Team

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
HOURS = read_hours("Europe/London", "Mon-Fri 08:30-17:00", "20:00-07:00")
IPASS = Ipass("watcher", "summary", "", "", told=True)
ROUTINE, URGENT, EMERGENCY = (shipped().urgency(each) for each in ("routine", "urgent", "emergency"))
ROLES = {
    "ana": "physiotherapist", "bo": "psychologist", "cy": "psychologist", "eli": "pharmacist",
    "dee": "coordinator", "lea": "lead",
}  # fmt: skip


def roster(*away: tuple[str, str], lead: str = "lea", **roles: str) -> Roster:
    places = tuple(Place(Member(who, who.title()), role) for who, role in (roles or ROLES).items())
    absences = tuple(Absence(who, NOW, NOW + timedelta(days=30), cover) for who, cover in away)
    return Roster(Team("t", "North", HOURS, lead=lead), places, absences)


def offered(
    to: str = "bo", role: str = "", urgency: UrgencyDef = URGENT, team: Roster | None = None
) -> Handoff:
    fresh = Handoff(1, "t", "P-7K3K", "ana", urgency.id, IPASS, NOW, to_member=to, to_role=role)
    return ask_first(fresh, answering(team or roster(), shipped()), urgency, NOW)


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2031, 3, day, hour, minute, tzinfo=UTC)


def test_the_first_asked_is_the_one_named_until_the_answer_is_due() -> None:
    first = offered()
    assert (first.asked, first.rung, first.asked_at, first.answer_by) == (("bo",), Rung.RECEIVER, NOW, at(11))
    assert (first.due, first.due_at, first.nagged) == (Due.REMIND, at(10, 30), 0)


@pytest.mark.parametrize(
    ("team", "to", "role", "asked", "rung"),
    [
        (roster(("bo", "cy")), "bo", "", ("cy",), Rung.COVER),
        (roster(("bo", "")), "bo", "", ("cy",), Rung.ROLE),
        (roster(("bo", ""), ("cy", "")), "bo", "", ("lea",), Rung.LEAD),
        (roster(("bo", "ana")), "bo", "", ("cy",), Rung.ROLE),  # the cover is the sender
        (roster(("bo", "dee")), "bo", "", ("cy",), Rung.ROLE),  # the cover may not take patients over
        (roster(("bo", "cy"), ("cy", "bo")), "bo", "", ("lea",), Rung.LEAD),  # a loop
        (roster(), "", "psychologist", ("bo", "cy"), Rung.RECEIVER),
        (roster(("bo", "eli")), "", "psychologist", ("cy",), Rung.RECEIVER),
        (roster(("bo", "eli"), ("cy", "eli")), "", "psychologist", ("eli",), Rung.COVER),
        (roster(), "", "pain-specialist", ("lea",), Rung.LEAD),  # nobody has the role
        (roster(lead="ana", ana="physiotherapist", bo="psychologist", dee="coordinator"),
         "", "pain-specialist", ("bo",), Rung.CHANNEL),  # the lead sends, and coordinators are not asked
    ],
)  # fmt: skip
def test_who_is_asked_first(team: Roster, to: str, role: str, asked: tuple[str, ...], rung: Rung) -> None:
    first = offered(to, role, team=team)
    assert (first.asked, first.rung) == (asked, rung)


def test_the_role_stays_the_one_that_was_meant() -> None:
    first = offered("bo")
    assert (first.to_member, first.to_role) == ("bo", "psychologist")
    without_bo = roster(**{who: role for who, role in ROLES.items() if who != "bo"})
    on = ask_on(first, without_bo, URGENT, NOW)
    assert (on.asked, on.rung) == (("bo", "cy"), Rung.ROLE)


def test_silence_goes_from_rung_to_rung_and_ends() -> None:
    team, handoff, now = answering(roster(), shipped()), offered(), NOW
    seen = []
    while handoff.due_at is not None:
        now = handoff.due_at
        handoff, happened = fall_due(handoff, team, URGENT, now)
        seen.append((happened, now, handoff.rung, handoff.asked[-1]))
    assert seen == [
        (Happened.REMINDED, at(10, 30), Rung.RECEIVER, "bo"),
        (Happened.REMINDED, at(10, 48), Rung.RECEIVER, "bo"),
        (Happened.WIDENED, at(11), Rung.ROLE, "cy"),
        (Happened.REMINDED, at(11, 15), Rung.ROLE, "cy"),
        (Happened.REMINDED, at(11, 24), Rung.ROLE, "cy"),
        (Happened.WIDENED, at(11, 30), Rung.LEAD, "lea"),
        (Happened.REMINDED, at(11, 45), Rung.LEAD, "lea"),
        (Happened.REMINDED, at(11, 54), Rung.LEAD, "lea"),
        (Happened.WIDENED, at(12), Rung.CHANNEL, "eli"),
        (Happened.REMINDED, at(13), Rung.CHANNEL, "eli"),
        (Happened.REMINDED, at(13, 36), Rung.CHANNEL, "eli"),
        (Happened.EXPIRED, at(14), Rung.CHANNEL, "eli"),
    ]
    assert (handoff.state, handoff.due, handoff.asked) == (
        State.EXPIRED, Due.NOTHING, ("bo", "cy", "lea", "eli")
    )  # fmt: skip


def test_the_whole_channel_is_told_within_a_quarter_of_an_hour_of_an_emergency() -> None:
    saturday_night = at(23, day=8)
    fresh = Handoff(1, "t", "P-7K3K", "ana", "emergency", IPASS, saturday_night, to_member="bo")
    handoff = ask_first(fresh, roster(), EMERGENCY, saturday_night)
    while handoff.rung is not Rung.CHANNEL:
        assert handoff.due_at is not None
        handoff, _ = fall_due(handoff, roster(), EMERGENCY, handoff.due_at)
    assert handoff.asked_at is not None
    assert handoff.asked_at - saturday_night <= timedelta(minutes=15)


def test_an_outage_delays_but_does_one_thing_at_a_time() -> None:
    late = at(9, day=7)
    widened, happened = fall_due(offered(), roster(), URGENT, late)
    assert (happened, widened.rung, widened.asked_at) == (Happened.WIDENED, Rung.ROLE, late)
    assert widened.due_at is not None
    assert widened.due_at > late
    assert fall_due(widened, roster(), URGENT, late) == (widened, None)


def test_nothing_happens_before_its_time() -> None:
    assert fall_due(offered(), roster(), URGENT, at(10, 29)) == (offered(), None)


def test_routine_minutes_pass_in_working_hours_only() -> None:
    friday = at(16, 30, day=7)
    fresh = Handoff(1, "t", "P-7K3K", "ana", "routine", IPASS, friday, to_member="bo")
    first = ask_first(fresh, roster(), ROUTINE, friday)
    assert (first.answer_by, first.due_at) == (at(16, day=10), at(12, day=10))


def test_a_question_and_its_reply_start_the_clock_again() -> None:
    asked = wait(move(offered(), Step.ASK, "bo", at(10, 50)), roster(), URGENT, at(10, 50))
    assert (asked.state, asked.answer_by, asked.due_at) == (State.QUESTIONED, at(11, 50), at(11, 20))
    asked = replace(asked, talk=Talk(question="Since when?"))
    replied = wait(move(asked, Step.REPLY, "ana", at(11, 40)), roster(), URGENT, at(11, 40))
    assert (replied.state, replied.answer_by, replied.due_at) == (State.OFFERED, at(12, 40), at(12, 10))


def test_a_no_goes_to_the_next_but_the_others_of_a_role_keep_their_time() -> None:
    one = move(offered("", "psychologist"), Step.DECLINE, "bo", at(10, 10))
    left = ask_on(one, roster(), URGENT, at(10, 10))
    assert (left.asked, left.rung, left.answer_by) == (("bo", "cy"), Rung.RECEIVER, at(11))
    assert (left.due, left.due_at) == (Due.REMIND, at(10, 30))
    both = ask_on(move(left, Step.DECLINE, "cy", at(10, 20)), roster(), URGENT, at(10, 20))
    assert (both.asked, both.rung, both.answer_by) == (("bo", "cy", "lea"), Rung.LEAD, at(10, 50))


def test_when_all_have_said_no_the_clock_of_the_channel_is_not_started_again() -> None:
    team = answering(roster(), shipped())
    handoff = offered()
    for minute, who in enumerate(("bo", "cy", "lea", "eli"), start=1):
        handoff = ask_on(move(handoff, Step.DECLINE, who, at(10, minute)), team, URGENT, at(10, minute))
    assert (handoff.rung, still_asked(handoff, team, NOW), handoff.answer_by) == (
        Rung.CHANNEL, (), at(12, 3)
    )  # fmt: skip
    expired, happened = fall_due(handoff, team, URGENT, at(12, 3))
    assert (expired.state, happened) == (State.EXPIRED, Happened.EXPIRED)


def test_what_is_given_back_is_asked_anew_of_those_who_were_left_and_else_of_the_next() -> None:
    held = move(offered("", "psychologist"), Step.ACCEPT, "bo", at(10, 5))
    again = ask_again(move(held, Step.GIVE_BACK, "bo", at(12)), roster(), URGENT, at(12))
    assert (again.asked, again.rung, again.answer_by) == (("bo", "cy"), Rung.RECEIVER, at(13))
    alone = move(offered("bo"), Step.ACCEPT, "bo", at(10, 5))
    on = ask_again(move(alone, Step.GIVE_BACK, "bo", at(12)), roster(), URGENT, at(12))
    assert (on.asked, on.rung, on.answer_by) == (("bo", "cy"), Rung.ROLE, at(12, 30))


def test_cover_is_asked_beside_the_absent_while_the_clock_goes_on() -> None:
    first = offered()
    assert ask_cover(first, "cy") == replace(first, asked=("bo", "cy"))
    for nobody_new in ("bo", "ana"):
        assert ask_cover(first, nobody_new) == first
    held = move(first, Step.ACCEPT, "bo", NOW)
    assert ask_cover(held, "cy") == held


def test_duties_count_from_the_acceptance_and_are_said_again_then_to_lead_and_channel() -> None:
    held = hold(move(offered(), Step.ACCEPT, "bo", NOW), roster(), URGENT, NOW)
    assert (held.due, held.due_at, held.answer_by) == (Due.INTRODUCE, *[at(9, 30, day=4)] * 2)
    seen = []
    while held.due_at is not None:
        held, happened = fall_due(held, roster(), URGENT, held.due_at)
        seen.append(happened)
    assert seen == [Happened.NAGGED] * 4 + [Happened.LEAD_TOLD, Happened.CHANNEL_TOLD]
    assert held.state is State.ACCEPTED, "somebody still holds it"
    met = hold(move(held, Step.INTRODUCE, "bo", at(12, day=5)), roster(), URGENT, at(12, day=5))
    assert (met.due, met.due_at, met.nagged) == (Due.COMPLETE, at(16, day=7), 0)
    late = hold(move(held, Step.INTRODUCE, "bo", at(12, day=14)), roster(), URGENT, at(12, day=14))
    assert (late.due, late.due_at, late.answer_by) == (Due.COMPLETE, at(14, day=14), at(16, day=7))


def test_who_may_answer() -> None:
    first, team = offered("bo"), roster()
    for may in ("bo", "cy", "lea"):
        check_answerer(first, may, team)
    with pytest.raises(Refused, match="You offered H-1 yourself"):
        check_answerer(first, "ana", team)
    for outsider in ("eli", "dee", "gone"):
        with pytest.raises(Refused, match="H-1 was not offered to you"):
            check_answerer(first, outsider, team)
    check_answerer(replace(first, rung=Rung.CHANNEL), "eli", team)


def test_who_is_kept_out_is_asked_no_more_by_any_way_and_may_not_answer() -> None:
    first, team = keep_out(offered("", "psychologist"), "bo"), roster()
    assert (first.asked, first.kept_out) == (("cy",), ("bo",))
    on = first
    while on.rung is not Rung.CHANNEL:
        on = ask_next(on, team, URGENT, NOW)
    assert "bo" not in on.asked
    assert ask_cover(first, "bo") == first
    assert [may_answer(on, each, team) for each in ("ana", "bo", "cy")] == [False, False, True]
    with pytest.raises(Refused, match="You were taken off the care team of P-7K3K while H-1 was open"):
        check_answerer(on, "bo", team)


@pytest.mark.parametrize(
    ("saturday", "monday_opens"),
    [
        (datetime(2031, 3, 29, 22, 0, tzinfo=UTC), datetime(2031, 3, 31, 7, 30, tzinfo=UTC)),
        (datetime(2031, 10, 25, 22, 0, tzinfo=UTC), datetime(2031, 10, 27, 8, 30, tzinfo=UTC)),
    ],
)
def test_on_the_nights_when_clocks_change_minutes_are_minutes(
    saturday: datetime, monday_opens: datetime
) -> None:
    fresh = Handoff(1, "t", "P-7K3K", "ana", "emergency", IPASS, saturday, to_member="bo")
    assert ask_first(fresh, roster(), EMERGENCY, saturday).answer_by == saturday + timedelta(minutes=5)
    calm = ask_first(fresh, roster(), ROUTINE, saturday)
    assert calm.answer_by == monday_opens + timedelta(minutes=480)


def test_on_the_last_rung_there_is_no_next() -> None:
    handoff = offered()
    for _ in range(6):
        handoff = ask_next(handoff, roster(), URGENT, NOW)
    assert handoff.rung is Rung.CHANNEL
    assert handoff.answer_by == at(12)
