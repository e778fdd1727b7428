"""Actions in conversation: given, confirmed, done, blocked, late, nobody's, and by two people at once."""

from datetime import UTC, datetime

import pytest

from handlers.people.same_person import merge
from handlers.request import Outcome
from pathway.action import Next, State
from tests.handlers.talk import NAMES, ROOM, Talk, own
from tests.handlers.test_together import together

THURSDAY_EVENING = datetime(2031, 3, 6, 22, 30, tzinfo=UTC)


def cared_for(talk: Talk, *who: str) -> str:
    """A patient of ana's, who lets these members in; the code."""
    code = talk.patient()
    for each in who:
        talk.direct("ana", f"patient let in {code} '{NAMES[each]}'")
    talk.hear()
    return code


def given(talk: Talk, line: str = "bo call the GP by friday") -> str:
    """An action of ana's for somebody; the patient's code."""
    code = cared_for(talk)
    said = talk.direct("ana", f"action add {code} {line}")
    assert said.startswith(f"A-1 · {code} · "), said
    return code


def test_an_action_is_asked_of_its_owner_in_private_and_of_nobody_else(talk: Talk) -> None:
    code = given(talk)
    assert talk.told("bo") == [f"A-1 · {code} · proposed"]
    assert "call the GP" in talk.private("bo")[-1]
    assert "A-1 is due Fri 7 Mar 17:00; Bo Lindqvist has not confirmed it yet." in talk.private("bo")[-1]
    assert (talk.told("cy"), talk.told("lea"), talk.heard()) == ([], [], [])
    assert talk.may_see("bo", code)
    assert "It is yours. Say what came of it when it is done." in talk.press("bo", "Confirm")
    assert talk.action().state is State.OPEN
    assert talk.journal("A-1") == ["action proposed", "action confirmed"]


def test_an_action_said_in_the_room_leaves_no_word_there(talk: Talk) -> None:
    code = cared_for(talk)
    talk.ask("ana", f"action add {code} bo 'ask about numbness' by friday", posts=True)
    talk.ask("bo", "action done A-1 'numb since Sunday'", posts=True)
    room = str(talk.news(ROOM))
    assert "A-1" in room
    assert "numb" not in room


def test_the_last_by_announces_the_date_and_none_is_proposed_by_the_pathway(quick: Talk) -> None:
    code = given(quick, "bo walk by the river with her by thursday")
    assert quick.action().text == "walk by the river with her"
    assert quick.action().due_at == datetime(2031, 3, 6, 17, 0, tzinfo=UTC)
    said = quick.direct("ana", f"action add {code} me ring her")
    assert "Due Mon 10 Mar 17:00, as the pathway proposes." in said
    assert quick.action("A-2").state is State.OPEN, "one's own needs no confirming"


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("friday", datetime(2031, 3, 7, 17, 0, tzinfo=UTC)),
        ("saturday", datetime(2031, 3, 7, 17, 0, tzinfo=UTC)),
        ("3 working days", datetime(2031, 3, 6, 17, 0, tzinfo=UTC)),
        ("in five working days", datetime(2031, 3, 10, 17, 0, tzinfo=UTC)),
        ("tomorrow 14:00", datetime(2031, 3, 4, 14, 0, tzinfo=UTC)),
        ("today", datetime(2031, 3, 3, 17, 0, tzinfo=UTC)),
        ("31 Mar", datetime(2031, 3, 31, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_day_is_the_end_of_its_work(quick: Talk, said: str, due: datetime) -> None:
    given(quick, f"bo 'call the GP' {said}")
    assert quick.action().due_at == due


def test_done_asks_for_the_outcome_and_not_done_for_the_reason(quick: Talk) -> None:
    given(quick)
    assert quick.form("bo", "action done A-1").command == "action done"
    assert quick.form("bo", "action notdone A-1").command == "action notdone"
    assert quick.action().state is State.PROPOSED
    quick.direct("bo", "action done A-1 GP agrees")
    assert (quick.action().state, quick.action().outcome) == (State.DONE, "GP agrees")
    assert quick.may_see("bo", quick.action().patient), "who closed it may follow up for a while"


def test_a_stale_button_is_told_who_closed_it(quick: Talk) -> None:
    given(quick)
    quick.direct("bo", "action done A-1 GP agrees")
    for line in (
        "action done A-1 twice",
        "action drop A-1 no",
        "action reassign A-1 cy",
        "action confirm A-1",
    ):
        reply = quick.ask("bo", line)
        assert reply.outcome is Outcome.REFUSED
        assert quick.direct("bo", line) == "A-1 is done, says Bo Lindqvist, today 10:00."


def test_only_the_owner_confirms_and_others_of_other_patients_hear_that_there_is_none(quick: Talk) -> None:
    given(quick)
    said = "A-1 is for Bo Lindqvist to confirm: `action reassign A-1` gives it to another."
    assert quick.direct("ana", "action confirm A-1") == said
    none = "There is no action {} of yours or of your patients: `action list` shows them."
    for line in ("show {}", "done {} x", "drop {} x", "reassign {} me", "due {} friday", "block {} x"):
        assert quick.direct("cy", f"action {line.format('A-1')}") == none.format("A-1")
        assert quick.direct("cy", f"action {line.format('A-77')}") == none.format("A-77")
    assert quick.action().state is State.PROPOSED


def test_who_cant_do_it_says_why_and_the_lead_gives_it_to_another(talk: Talk) -> None:
    code = given(talk)
    talk.hear()
    talk.direct("bo", "action decline A-1 on leave next week")
    says = "A-1 is nobody's: Bo Lindqvist can't do it"
    assert (talk.told("ana"), talk.told("lea")) == ([says], [says])
    assert "on leave next week" not in talk.private("lea")[-1], "the lead is not on the care team"
    assert not talk.may_see("bo", code)
    assert "A-1 (" in talk.direct("lea", "mine")
    talk.direct("lea", "action reassign A-1 cy")
    assert talk.told("cy") == [f"A-1 · {code} · proposed"]
    assert (talk.action().owner, talk.may_see("cy", code)) == (talk.id("cy"), True)


def test_silence_goes_from_the_owner_to_the_lead_and_back_on_the_agenda(quick: Talk) -> None:
    given(quick, "bo call the GP by 4 Apr")
    quick.hear()
    quick.pass_time(24 * 60 + 60)
    assert (quick.told("bo"), quick.told("lea")) == (["A-1 waits for you to confirm it"], [])
    quick.pass_time(24 * 60)
    assert (quick.told("bo"), quick.told("lea")) == ([], ["A-1 is not confirmed by Bo Lindqvist yet"])
    quick.until(datetime(2031, 4, 3, 6, 59, tzinfo=UTC))
    assert quick.told("bo") == []
    quick.until(datetime(2031, 4, 3, 7, 30, tzinfo=UTC))
    assert quick.told("bo") == ["A-1 is due soon"]
    quick.until(datetime(2031, 4, 4, 16, 0, tzinfo=UTC))
    assert quick.told("bo") == ["A-1 is overdue"]
    assert quick.action().agenda_at is None
    quick.pass_time(3 * 24 * 60)
    assert quick.told("lea") == ["A-1 is overdue, and Bo Lindqvist has not said what came of it"]
    quick.pass_time(24 * 60)
    assert quick.action().agenda_at == datetime(2031, 4, 8, 15, 0, tzinfo=UTC)
    assert quick.action().next is Next.NOTHING
    assert quick.journal("A-1")[-1] == "action back on the agenda"
    quick.pass_time(30 * 24 * 60)
    assert (quick.told("bo"), quick.told("lea"), quick.heard()) == ([], [], [])
    quick.direct("bo", "action due A-1 next friday")
    assert quick.action().agenda_at is None, "a new date takes it off the agenda"


def test_an_outage_only_delays_and_says_so(quick: Talk) -> None:
    given(quick)
    quick.direct("bo", "action confirm A-1")
    quick.hear()
    quick.forward(14 * 24 * 60)
    assert quick.told("bo") == [
        "Late: this was due Fri 7 Mar 17:00. A-1 is overdue",
    ]
    assert quick.told("lea") == [
        "Late: this was due Mon 10 Mar 16:30. A-1 is overdue, and Bo Lindqvist has not said what came of it"
    ]
    assert quick.action().agenda_at == quick.now


def test_nobody_is_disturbed_in_quiet_hours_and_reminders_of_what_is_done_are_taken_back(talk: Talk) -> None:
    talk.now = THURSDAY_EVENING
    code = given(talk, "bo call the GP by tomorrow 06:00")
    assert talk.told("bo") == []
    talk.until(datetime(2031, 3, 7, 6, 30, tzinfo=UTC))
    assert talk.told("bo") == [], "overdue at six, but quiet hours last until seven"
    talk.direct("bo", "action done A-1 GP rang back")
    talk.hear()
    talk.until(datetime(2031, 3, 7, 12, 0, tzinfo=UTC))
    assert (talk.told("bo"), talk.told("lea")) == ([], [])
    assert talk.action().patient == code


def test_another_date_takes_back_what_was_to_be_said_of_the_old_one_but_still_asks(talk: Talk) -> None:
    talk.now = THURSDAY_EVENING
    code = given(talk, "bo call the GP by tomorrow 06:00")
    talk.until(datetime(2031, 3, 7, 6, 10, tzinfo=UTC))
    talk.direct("ana", "action due A-1 wednesday")
    talk.until(datetime(2031, 3, 7, 12, 0, tzinfo=UTC))
    assert talk.told("bo") == [f"A-1 · {code} · proposed"]


def test_an_owner_who_is_away_is_asked_when_they_are_back(talk: Talk) -> None:
    code = cared_for(talk)
    talk.direct("bo", "away until thursday 12:00 cover @cy")
    talk.hear()
    said = talk.direct("ana", f"action add {code} bo 'call the GP' next friday")
    assert "Bo Lindqvist is away until Thu 6 Mar 12:00 and is asked then." in said
    assert (talk.told("bo"), talk.told("cy")) == ([], [])
    talk.pass_time(2 * 24 * 60)
    assert (talk.told("bo"), talk.told("lea")) == ([], []), "nobody is reminded of what was not asked yet"
    talk.until(datetime(2031, 3, 6, 12, 0, tzinfo=UTC))
    assert talk.told("bo") == [f"A-1 · {code} · proposed"]
    assert talk.may_see("bo", code)


def test_who_comes_back_early_is_asked_at_once_and_who_stays_away_longer_later(talk: Talk) -> None:
    code = cared_for(talk)
    talk.direct("bo", "away until thursday 12:00")
    talk.direct("cy", "away until thursday 12:00")
    talk.hear()
    for who in ("bo", "cy"):
        talk.direct("ana", f"action add {code} {who} 'call the GP' 1 Apr")
    talk.direct("bo", "back")
    assert talk.told("bo") == [f"A-1 · {code} · proposed"]
    talk.direct("cy", "away until friday 12:00")
    talk.until(datetime(2031, 3, 6, 13, 0, tzinfo=UTC))
    assert talk.told("cy") == []
    talk.until(datetime(2031, 3, 7, 12, 0, tzinfo=UTC))
    assert talk.told("cy") == [f"A-2 · {code} · proposed"]


def test_what_is_due_before_its_owner_is_back_is_told_to_the_cover(talk: Talk) -> None:
    code = cared_for(talk)
    talk.direct("bo", "away until friday 12:00 cover @cy")
    talk.hear()
    said = talk.direct("ana", f"action add {code} bo 'call the GP' tomorrow")
    assert "Bo Lindqvist is away until Fri 7 Mar 12:00, after it is due: who does it until then?" in said
    assert talk.told("cy") == ["A-1 is due before Bo Lindqvist is back: who does it?"]
    assert "call the GP" not in talk.private("cy")[-1], "the cover is not on the care team yet"
    talk.direct("cy", "action reassign A-1 me")
    assert (talk.action().owner, talk.action().state) == (talk.id("cy"), State.OPEN)
    assert talk.may_see("cy", code)


def test_who_goes_away_leaves_what_is_due_to_their_cover(talk: Talk) -> None:
    given(talk)
    talk.direct("bo", "action confirm A-1")
    talk.hear()
    said = talk.direct("bo", "away until next monday 9am cover @cy")
    assert ", due Fri 7 Mar 17:00: your cover or the lead is told" in said
    assert "A-1 is due before Bo Lindqvist is back: who does it?" in talk.told("cy")


def test_without_a_cover_the_lead_hears_what_the_owner_would(talk: Talk) -> None:
    given(talk)
    talk.direct("bo", "action confirm A-1")
    talk.direct("bo", "away until next wednesday 9am")
    talk.hear()
    talk.pass_time(5 * 24 * 60)
    assert talk.told("bo") == []
    assert talk.told("lea") == ["A-1 is due soon", "A-1 is overdue"]


def test_the_actions_of_who_leaves_are_nobodys_and_the_lead_is_told(talk: Talk) -> None:
    code = given(talk)
    talk.direct("bo", "action confirm A-1")
    talk.hear()
    talk.say("bo", "team leave")
    assert talk.told("lea") == ["Bo Lindqvist has left North team"]
    assert f"A-1 ({code}), theirs to do: now nobody's" in talk.private("lea")[-1]
    assert (talk.action().owner, talk.action().state) == ("", State.PROPOSED)
    talk.pass_time(2 * 24 * 60 + 60)
    assert talk.told("lea") == ["A-1 still has no owner"]
    assert talk.told("bo") == []
    assert talk.ask("bo", "action done A-1 x").outcome is Outcome.REFUSED
    talk.press("lea", "I do it")
    assert (talk.action().owner, talk.action().state) == (talk.id("lea"), State.OPEN)


def test_who_is_let_out_of_the_care_team_keeps_no_action_of_it(talk: Talk) -> None:
    code = cared_for(talk, "bo")
    talk.direct("ana", f"action add {code} bo 'call the GP' friday")
    said = talk.direct("ana", f"patient let out {code} '{NAMES['bo']}'")
    assert "A-1: now nobody's" in said
    assert (talk.action().owner, talk.may_see("bo", code)) == ("", False)


def test_a_blocked_action_says_what_it_waits_for_and_goes_on(quick: Talk) -> None:
    given(quick)
    quick.hear()
    assert "It comes on the agenda until it goes on." in quick.direct("bo", "action block A-1 scan report")
    assert (quick.action().state, quick.action().confirmed_at) == (State.BLOCKED, quick.now)
    code = quick.action().patient
    assert quick.told("ana") == [f"A-1 ({code}) is blocked, says Bo Lindqvist"]
    quick.direct("bo", "action unblock A-1")
    assert (quick.action().state, quick.action().why) == (State.OPEN, "")


def test_of_two_who_close_it_at_one_moment_one_does(talk: Talk) -> None:
    code = cared_for(talk, "bo")
    talk.direct("ana", f"action add {code} bo 'call the GP' friday")
    said = together(
        lambda: talk.ask("bo", "action done A-1 'GP agrees'", lane=own("bo"), event="x1").outcome,
        lambda: talk.ask("ana", "action drop A-1 'moved away'", lane=own("ana"), event="x2").outcome,
    )
    assert sorted(said) == [Outcome.DONE, Outcome.REFUSED]
    assert len(talk.journal("A-1")) == 2


def test_two_who_give_it_away_at_once_both_see_both_and_choose(talk: Talk) -> None:
    code = given(talk)
    talk.direct("ana", f"patient let in {code} cy")
    talk.direct("lea", "action reassign A-1 dee")
    said = talk.direct("ana", "action reassign A-1 cy")
    assert said.startswith("A-1 was changed by Lea Brandt meanwhile, today 10:00. Nothing is done yet.")
    assert "Theirs: Dee Park, due Fri 7 Mar 17:00." in said
    assert "Yours: Cy Osei, due Fri 7 Mar 17:00." in said
    assert talk.action().owner == talk.id("dee")
    line = next(each for each in said.splitlines() if "Mine all the same" in each).split(" — ")[1]
    talk.direct("ana", line)
    assert talk.action().owner == talk.id("cy")
    assert not talk.may_see("dee", code)


def test_a_new_date_beside_a_new_owner_is_no_quarrel(quick: Talk) -> None:
    code = given(quick)
    quick.direct("lea", "action reassign A-1 dee")
    quick.direct("ana", "action due A-1 next friday")
    assert quick.action().owner == quick.id("dee")
    assert quick.action().due_at == datetime(2031, 3, 14, 17, 0, tzinfo=UTC)
    assert quick.action().patient == code


def test_two_dates_at_once_are_shown_and_the_button_does_it_all_the_same(quick: Talk) -> None:
    given(quick)
    quick.direct("lea", "action due A-1 next tuesday")
    said = quick.direct("ana", "action due A-1 next friday")
    assert "Theirs: Bo Lindqvist, due Tue 11 Mar 17:00." in said
    line = next(each for each in said.splitlines() if "Mine all the same" in each).split(" — ")[1]
    quick.direct("ana", line)
    assert quick.action().due_at == datetime(2031, 3, 14, 17, 0, tzinfo=UTC)


def test_a_date_that_is_past_is_refused(quick: Talk) -> None:
    given(quick)
    quick.direct("bo", "action confirm A-1")
    assert quick.ask("bo", "action due A-1 yesterday").outcome is Outcome.UNCLEAR
    assert quick.action().due_at == datetime(2031, 3, 7, 17, 0, tzinfo=UTC)


def test_mine_lists_what_waits_over_all_patients(quick: Talk) -> None:
    code = given(quick)
    other = quick.patient("ana", "name='Una Testcase' goal='Sleep'")
    quick.direct("ana", f"action add {other} bo 'send the form' tomorrow")
    quick.direct("bo", "action confirm A-2")
    said = quick.direct("bo", "mine")
    assert said.startswith("2 waiting for you")
    assert f"A-2 ({other}), due tomorrow 17:00: yours to do" in said
    assert f"A-1 ({code}), due Fri 7 Mar 17:00: confirm it" in said
    listed = quick.direct("bo", "actions")
    assert "send the form" in listed
    assert "No open actions of yours." in quick.direct("cy", "action list mine")
    team = quick.direct("cy", "action list team")
    assert f"A-1 · {code} · Bo Lindqvist · proposed · due Fri 7 Mar 17:00" in team
    assert "send the form" not in team


def test_a_linked_account_takes_its_actions_along(quick: Talk) -> None:
    given(quick)
    bo, cy = quick.id("bo"), quick.id("cy")
    with quick.store.clinic(quick.now) as clinic:
        merge(bo, cy, clinic, quick.now)
    assert quick.action().owner == cy
