"""Flags in conversation: raised by people, claimed, put off, lapsed, escalated, closed, and kept private."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from handlers.answer import answer
from handlers.request import ChatId, Outcome, Request
from pathway.duty import Shift
from pathway.flag import State
from pathway.hours import read_hours
from tests.handlers.stored import account
from tests.handlers.talk import ROOM, Talk, own

EMERGENCY_WORDS = "If life or limb is at risk, call the local emergency number now."
BO_HAS_IT = "F-1 was claimed by Bo Lindqvist, today 10:00; what was done is due today 12:00."


def raised(talk: Talk, severity: str = "urgent", role: str = "psychologist", more: str = "") -> str:
    """A flag of ana's; the patient's code."""
    code = talk.patient()
    talk.hear()
    said = talk.direct("ana", f"flag {code} 'saddle numbness' {severity} {role} {more}")
    assert said.startswith(f"F-1 · {code} · {severity.capitalize()} · raised\n"), said
    return code


def test_a_flag_is_asked_of_its_role_and_the_room_shows_the_code_alone(talk: Talk) -> None:
    code = raised(talk)
    title = f"F-1 · {code} · Urgent · raised"
    assert (talk.told("bo"), talk.told("cy"), talk.heard()) == ([title], [title], [title])
    assert (talk.told("ana"), talk.told("dee"), talk.told("lea")) == ([], [], [])
    assert "saddle numbness" not in talk.card("F-1")
    assert "F-1 waits for an answer from Bo Lindqvist, Cy Osei, until today 10:15." in talk.card("F-1")
    assert "saddle numbness" in talk.private("bo")[-1]
    assert talk.may_see("bo", code)
    assert talk.journal("F-1") == ["flag raised"]


def test_claiming_stops_everything_everywhere(talk: Talk) -> None:
    code = raised(talk)
    said = talk.press("bo", "Claim")
    note = (
        "It is yours. Say what was done by today 12:00, or that you are still on it; else others are asked."
    )
    assert note in said
    talk.hear()
    talk.pass_time(60)
    assert (talk.told("cy"), talk.told("lea"), talk.told("ana"), talk.heard()) == ([], [], [], [])
    assert talk.card("F-1").startswith(f"F-1 · {code} · Urgent · claimed\n\n{BO_HAS_IT}")
    assert talk.card("F-1", own("cy")).startswith(f"F-1 · {code} · Urgent · claimed\n")


def test_a_stale_button_and_the_second_of_two_are_told_who_has_it(talk: Talk) -> None:
    raised(talk)
    talk.direct("bo", "flag claim F-1")
    for line in (
        "flag claim F-1",
        "flag snooze F-1 in 30 min",
        "flag resolve F-1 seen",
        "flag dismiss F-1 known",
    ):
        assert talk.ask("cy", line).outcome is Outcome.REFUSED
        assert talk.direct("cy", line) == BO_HAS_IT
    assert talk.flag().holder == talk.id("bo")
    assert talk.journal("F-1") == ["flag raised", "flag claimed"]


def test_of_two_who_claim_at_one_moment_one_has_it(talk: Talk) -> None:
    raised(talk)
    with ThreadPoolExecutor(2) as both:
        said = list(both.map(lambda who: talk_once(talk, who), ("bo", "cy")))
    assert sorted(said) == [Outcome.DONE, Outcome.REFUSED]
    assert talk.journal("F-1") == ["flag raised", "flag claimed"]


def talk_once(talk: Talk, who: str) -> Outcome:
    request = Request(f"at-once-{who}", ChatId("slack", account(who)), own(who), "flag claim F-1")
    return answer(request, talk.store, talk.now).outcome


def test_silence_goes_on_to_the_lead_and_the_channel_with_the_phone_number(talk: Talk) -> None:
    code = raised(talk, "emergency")
    assert EMERGENCY_WORDS in talk.card("F-1")
    talk.hear()
    talk.pass_time(5)
    assert talk.told("lea") == [f"F-1 · {code} · Emergency · escalated"]
    talk.pass_time(3)
    assert talk.heard() == [f"Nobody has taken F-1 ({code}) yet"]
    talk.pass_time(30)
    rung = talk.news(ROOM)[-1]
    assert (rung.card.title, rung.everyone) == (f"Nobody took F-1 ({code})", True)
    assert rung.card.parts[0].text == "If nobody can, ring 01632 960001."  # type: ignore[union-attr]
    assert talk.flag().state is State.EXPIRED
    talk.pass_time(24 * 60)
    assert talk.heard() == [f"Nobody took F-1 ({code})"] * 8, "said again, and not for ever"
    assert talk.press("cy", "Claim after all").startswith(f"F-1 · {code} · Emergency · claimed\n")


def test_with_nobody_there_everybody_is_told_at_once(talk: Talk) -> None:
    for who in ("bo", "cy", "lea"):
        talk.direct(who, "away until in 20 h")
    code = raised(talk, "emergency")
    assert talk.heard() == [f"F-1 · {code} · Emergency · raised", f"Nobody has taken F-1 ({code}) yet"]


def test_a_claim_without_a_word_lapses(talk: Talk) -> None:
    code = raised(talk)
    talk.press("bo", "Claim")
    talk.hear()
    talk.pass_time(119)
    assert talk.told("bo") == ["F-1 waits for you to say what was done"]
    talk.pass_time(1)
    says = "F-1 is asked again: Bo Lindqvist had it and has not said what was done"
    assert (talk.told("bo"), talk.told("cy")) == ([says], [says])
    assert talk.told("lea") == [f"F-1 · {code} · Urgent · escalated"]
    assert (talk.flag().state, talk.flag().holder) == (State.ESCALATED, "")


def test_who_is_still_on_it_says_so_with_the_same_button(talk: Talk) -> None:
    raised(talk)
    talk.press("bo", "Claim")
    talk.pass_time(100)
    assert "Good. Say what was done by today 13:40." in talk.press("bo", "Still on it")
    talk.pass_time(60)
    assert talk.flag().state is State.CLAIMED
    assert talk.journal("F-1") == [
        "flag raised", "flag claimed", "flag holder reminded", "flag confirmed"
    ]  # fmt: skip


def test_a_snooze_is_told_is_limited_and_asks_again(talk: Talk) -> None:
    code = raised(talk)
    talk.hear()
    assert "Then it is asked again." in talk.direct("bo", "flag snooze F-1 in 40 min")
    assert talk.told("cy") == [f"F-1 ({code}) is put off until today 10:40 by Bo Lindqvist"]
    assert "F-1 was put off until today 10:40 by Bo Lindqvist." in talk.card("F-1")
    talk.hear()
    talk.pass_time(39)
    assert (talk.told("bo"), talk.told("cy"), talk.told("lea")) == ([], [], [])
    talk.pass_time(1)
    says = "F-1 is asked again: Bo Lindqvist had put it off until now"
    assert (talk.told("bo"), talk.told("cy")) == ([says], [says])
    too_long = "F-1 can be put off for 60 minutes of working time in all: name an earlier time."
    assert talk.direct("bo", "flag snooze F-1 in 30 min") == too_long
    assert talk.flag().state is State.RAISED


def test_resolved_needs_what_was_done_and_tells_who_raised_it(talk: Talk) -> None:
    code = raised(talk)
    talk.press("bo", "Claim")
    talk.hear()
    assert talk.form("bo", "flag resolve F-1").command == "flag resolve"
    said = talk.direct("bo", "flag resolve F-1 'Seen, sent to hospital'")
    assert "Done: Seen, sent to hospital" in said
    assert talk.told("ana") == ["F-1: resolved, says Bo Lindqvist"]
    assert talk.flag().done == "Seen, sent to hospital"
    assert "Seen, sent" not in talk.card("F-1")
    assert not talk.may_see("cy", code), "who was only asked sees the patient no more"
    assert talk.direct("cy", "flag claim F-1") == "F-1 was resolved by Bo Lindqvist, today 10:00."
    talk.hear()
    talk.pass_time(48 * 60)
    assert (talk.told("bo"), talk.told("cy"), talk.heard()) == ([], [], [])


def test_a_second_worry_is_added_and_a_worse_one_asks_again(talk: Talk) -> None:
    code = raised(talk, "soon")
    talk.press("bo", "Claim")
    talk.hear()
    said = talk.direct("ana", f"flag {code} 'worse today' soon psychologist")
    assert "F-1 was open already: yours is added to it." in said
    assert talk.told("bo") == ["Something was added to F-1, which is yours"], "who holds it must know"
    assert talk.private("bo")[-1].startswith(
        "Something was added to F-1, which is yours\n\n- worse today\n\n1. Resolve"
    )
    assert (talk.told("cy"), talk.heard()) == ([], []), "an edit, no new message"
    talk.direct("bo", f"flag {code} 'I rang, no answer' soon psychologist")
    assert (talk.told("bo"), talk.told("cy"), talk.heard()) == ([], [], []), "nor of what they added"
    talk.direct("bo", "flag snooze F-1 in 2 h")
    talk.hear()
    talk.direct("ana", f"flag {code} 'and dizzy' soon psychologist")
    assert talk.told("bo") == ["Something was added to F-1, which is yours"], "put off, and still theirs"
    talk.direct("ana", f"flag {code} 'cannot pass water' emergency psychologist")
    assert talk.told("bo") == ["F-1 is asked anew: emergency"]
    assert talk.told("cy") == ["F-1 is asked anew: emergency"]
    assert (talk.flag().state, talk.flag().holder, talk.flag().severity) == (State.RAISED, "", "emergency")
    why = talk.direct("bo", "flag show F-1")
    assert [each in why for each in ("saddle numbness", "worse today", "cannot pass water")] == [True] * 3


def test_quiet_hours_hold_what_is_not_an_emergency(talk: Talk) -> None:
    talk.now = datetime(2031, 3, 3, 22, 0, tzinfo=UTC)
    code = raised(talk)
    assert talk.told("bo") == []
    talk.pass_time(9 * 60)
    assert talk.told("bo") == [f"F-1 · {code} · Urgent · raised"]
    assert talk.flag().answer_by == datetime(2031, 3, 4, 8, 45, tzinfo=UTC)


def test_an_emergency_wakes_people(talk: Talk) -> None:
    talk.now = datetime(2031, 3, 30, 0, 59, tzinfo=UTC)  # the night on which the clocks change
    code = raised(talk, "emergency")
    assert talk.told("bo") == [f"F-1 · {code} · Emergency · raised"]
    talk.hear()
    talk.pass_time(5)
    assert talk.told("lea") == [f"F-1 · {code} · Emergency · escalated"]


def test_a_routine_flag_interrupts_nobody(talk: Talk) -> None:
    code = talk.patient()
    talk.hear()
    said = talk.direct("ana", f"flag {code} 'sleeps badly' routine psychologist")
    assert "It comes in the daily digest." in said
    talk.pass_time(60)
    assert (talk.told("bo"), talk.told("cy"), talk.heard()) == ([], [], [])
    assert talk.may_see("bo", code)
    talk.pass_time(14 * 24 * 60)
    assert f"Nobody took F-1 ({code})" in talk.told("lea")
    assert not [each for each in talk.told("bo") if "F-1" in each], "it is gathered, and never told by itself"


def test_a_private_flag_is_in_no_room(talk: Talk) -> None:
    code = talk.patient()
    talk.hear()
    in_room = talk.say("ana", f"flag {code} 'bruises' emergency psychologist yes")
    assert in_room.startswith("Say that in a direct message with Baton")
    talk.direct("ana", f"flag {code} 'bruises' emergency psychologist yes")
    assert len(talk.told("bo")) == 1
    talk.hear()
    talk.pass_time(120)
    assert talk.heard() == []
    assert f"Nobody took F-1 ({code})" in talk.told("lea")
    assert talk.told("dee") == []
    nothing = talk.direct("dee", "flag show F-9").replace("F-9", "F-1")
    assert talk.direct("dee", "flag show F-1") == nothing
    assert talk.say("bo", "flag show F-1") == nothing, "nor for those who may see it, in a room"
    assert "bruises" in talk.direct("bo", "flag show F-1")
    assert "flag" not in talk.direct("ana", f"patient timeline {code}")


def test_what_is_added_to_a_private_flag_shows_nothing_of_it_to_who_adds(talk: Talk) -> None:
    code = talk.patient()
    talk.say("eli", "team join physio")
    talk.direct("ana", f"patient let in {code} @eli")
    talk.direct("ana", f"flag {code} 'bruises on both arms' urgent psychologist private=yes")
    talk.direct("bo", "flag claim F-1")
    talk.hear()
    said = talk.direct("eli", f"flag {code} 'afraid to go home' urgent psychologist private=yes")
    assert said == (
        f"F-1 · {code} · Urgent · raised\n\n"
        "⚠️ Nobody is asked outside working hours: if it cannot wait that long, use the local out-of-hours "
        "service now.\n\nThose who must answer it have it.\n\nafraid to go home"
    )
    assert talk.told("bo") == ["Something was added to F-1, which is yours"]
    assert [each.says for each in talk.flag().causes] == ["bruises on both arms", "afraid to go home"]
    assert "bruises" in talk.direct("ana", f"flag {code} 'and so' urgent psychologist private=yes")


def test_who_goes_away_passes_flags_on(talk: Talk) -> None:
    code = raised(talk)
    talk.press("bo", "Claim")
    talk.hear()
    said = talk.direct("bo", "away until friday cover @cy")
    assert f"F-1 ({code}): asked of the others who were asked" in said
    assert talk.told("cy")[0] == "F-1 is asked again: Bo Lindqvist gave it back"
    assert (talk.flag().state, talk.flag().holder) == (State.RAISED, "")


def test_who_leaves_the_team_leaves_no_flag_behind(talk: Talk) -> None:
    code = raised(talk)
    talk.press("bo", "Claim")
    talk.hear()
    talk.say("bo", "team leave")
    assert talk.flag().holder == ""
    assert talk.told("cy") == ["F-1 is asked again: someone who has left the team gave it back"]
    assert f"- F-1 ({code}), held by them: now asked of others" in talk.private("lea")[-1]


def test_release_asks_the_others(talk: Talk) -> None:
    raised(talk)
    talk.press("bo", "Claim")
    talk.hear()
    assert "It is nobody's now. Asked: Cy Osei." in talk.press("bo", "Release")
    assert talk.told("cy") == ["F-1 is asked again: Bo Lindqvist gave it back"]


@pytest.mark.parametrize("who", ["dee", "eli"])
def test_who_may_not_answer_flags_is_refused(quick: Talk, who: str) -> None:
    raised(quick)
    assert quick.ask(who, "flag claim F-1").outcome is Outcome.REFUSED
    assert quick.flag().holder == ""


def test_the_severity_has_to_be_said(quick: Talk) -> None:
    code = quick.patient()
    form = quick.form("ana", f"flag {code} numb between the legs urgent")
    assert (form.command, form.values["text"]) == ("flag raise", "numb between the legs urgent")


def test_who_is_on_duty_is_asked_first(talk: Talk) -> None:
    hours = read_hours("Europe/London", "Mon-Fri 08:30-17:00", "20:00-07:00")
    cy, lea = talk.id("cy"), talk.id("lea")
    with talk.store.clinic(talk.now) as clinic:
        team = clinic.people.teams_of(cy)[0]
        shift = Shift(cy, hours.days, hours.work, date(2031, 3, 3))
        clinic.duty.add_shift(team, "psychologist", shift, hours, talk.now, lea)
    code = raised(talk)
    assert (talk.told("cy"), talk.told("bo")) == ([f"F-1 · {code} · Urgent · raised"], [])
    talk.pass_time(15)
    assert talk.told("bo") == [f"F-1 · {code} · Urgent · escalated"]


def test_a_flag_is_among_what_waits(quick: Talk) -> None:
    code = raised(quick)
    assert f"F-1 ({code}), urgent, raised: your answer" in quick.direct("bo", "mine")
    quick.direct("bo", "flag claim F-1")
    assert f"F-1 ({code}), urgent, claimed: you hold it" in quick.direct("bo", "mine")
    assert quick.direct("cy", "mine").startswith("Nothing waits for you.")
