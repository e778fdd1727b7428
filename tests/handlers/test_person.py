"""What people say of themselves: joining, away and back, leaving in the middle, accounts linked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from handlers.answer import answer
from handlers.request import ChatId, Outcome, Request
from storage.outbox import Lane
from tests.handlers.stored import account
from tests.handlers.talk import MONDAY, ROLES, SETUP, Talk, own

SOUTH = Lane("slack", "C-south")


@pytest.fixture
def code(talk: Talk) -> str:
    """A patient of ana's."""
    return talk.patient(more="consent-team=yes")


def test_a_joiner_is_welcomed_in_private_with_what_waits_in_the_role(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} pharmacist 'many tablets'")
    assert talk.say("eli", "team join pharmacist").startswith("Eli Novak is now pharmacist in North team.")
    assert talk.private("eli") == [
        "Welcome to North team\n\n"
        "You are pharmacist in North team. What is asked of your role is asked of you here.\n\n"
        "`help` shows what you can do; `away until friday cover @name` sends it to your cover.\n\n"
        f"Waiting in your role:\n- H-1 ({code}), offered\n\n"
        "1. Help — help\n2. What waits for me — mine"
    ]
    assert "accepted by Eli Novak" in talk.direct("eli", "handoff accept H-1"), "a role's joiner may answer"


def test_the_lead_hears_who_has_joined_but_not_at_night(talk: Talk) -> None:
    talk.say("eli", "team join pharmacist")
    assert talk.told("lea") == ["Eli Novak has joined North team as pharmacist"]
    assert talk.private("lea")[-1].endswith("If that is not their role, `team role` gives them another.")
    assert (talk.told("ana"), talk.heard()) == ([], [])
    talk.say("eli", "team join pharmacist")
    talk.say("lea", "team join lead")
    assert talk.told("lea") == ["Welcome to North team"], "nobody has joined"
    talk.pass_time(11 * 60)
    talk.hear()
    talk.say("zoe", "team join nurse")
    assert talk.told("lea") == []
    talk.pass_time(11 * 60)
    assert talk.told("lea") == ["zoe has joined North team as nurse care manager"]


def test_a_joiner_hears_of_the_flags_that_wait_for_the_role(talk: Talk, code: str) -> None:
    talk.direct("ana", f"flag {code} 'saddle numbness' urgent primary-care")
    talk.direct("ana", f"flag {code} 'low mood' routine psychologist")
    other = talk.patient(more="name='Tom Testcase' goal=walk")
    talk.direct("ana", f"flag {other} 'fever' urgent primary-care")
    talk.direct("lea", "flag claim F-3")
    talk.say("eli", "team join primary-care")
    assert f"Waiting in your role:\n- F-1 ({code}), urgent, raised\n\n" in talk.private("eli")[0]
    assert "numbness" not in talk.private("eli")[0]
    assert talk.direct("eli", "flag claim F-1").startswith(f"F-1 · {code} · Urgent · claimed")


def test_what_waits_passes_to_the_cover_and_what_is_asked_later_goes_there(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    talk.hear()
    assert talk.direct("bo", "away until friday 9am cover @cy") == (
        "You are away until Fri 7 Mar 09:00; Cy Osei covers for you.\n\n"
        f"Passed on:\n- H-1 ({code}): now asked of Cy Osei\n\n1. I am back — back"
    )
    you_cover = "You cover for Bo Lindqvist until Fri 7 Mar 09:00"
    assert sorted(talk.told("cy")) == [f"H-1 · {code} · offered", you_cover]
    talk.forward(30)
    assert talk.told("cy") == ["H-1 still waits for your answer, until today 11:00"]
    assert talk.told("bo") == []
    talk.direct("cy", "handoff accept H-1")
    assert talk.direct("bo", "back").startswith("Welcome back.")
    assert talk.direct("bo", "back") == "You were not away."


def test_away_without_cover_goes_on_to_the_next_at_once(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    talk.hear()
    said = talk.direct("bo", "away until friday")
    assert "⚠️ Nobody covers: what is asked of you goes on to your role and the lead." in said
    assert f"- H-1 ({code}): now asked of Cy Osei" in said
    assert talk.told("cy") == [f"H-1 · {code} · offered"]


def test_a_cover_who_is_away_too_is_followed_and_a_loop_is_told(talk: Talk, code: str) -> None:
    talk.direct("cy", "away until friday cover @lea")
    said = talk.direct("bo", "away until friday cover @cy")
    assert "⚠️ Cy Osei is away too, so Lea Brandt covers instead." in said
    talk.direct("lea", "away until friday cover @bo")
    assert "nobody covers for either of you" in talk.direct("cy", "away until friday cover @bo")
    talk.hear()
    said = talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    assert "so this went to the whole channel." in said
    assert talk.heard()[-1] == f"Nobody has taken H-1 ({code}) yet"


def test_a_sender_who_covers_is_not_reminded_of_their_own_offer(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} psychologist urgent 'low mood'")
    talk.direct("bo", "away until friday cover @ana")
    talk.hear()
    talk.forward(30)
    assert talk.told("cy") == ["H-1 still waits for your answer, until today 11:00"]
    assert (talk.told("ana"), talk.told("bo")) == ([], [])


@pytest.fixture
def both(talk: Talk) -> Talk:
    """Bo works in the south team too, which eli leads; cy does not."""
    talk.room_known(SOUTH, "")
    talk.ask("eli", SETUP.replace("North", "South"), lane=SOUTH)
    talk.ask("bo", "team join psychologist", lane=SOUTH)
    talk.hear()
    return talk


def test_who_covers_is_said_for_each_team_of_who_goes_away(both: Talk) -> None:
    nobody = "nobody covers: what is asked of you goes on to your role and the lead."
    back = "1. I am back — back"
    assert both.direct("bo", "away until friday 9am cover @cy") == (
        "You are away until Fri 7 Mar 09:00.\n\nIn North team Cy Osei covers for you.\n\n"
        f"⚠️ In South team {nobody}\n\n{back}"
    )
    assert (both.told("cy"), both.told("eli")) == (["You cover for Bo Lindqvist until Fri 7 Mar 09:00"], [])
    both.direct("cy", "away until friday 9am")
    assert both.say("bo", "away until friday 9am cover @cy") == (
        "You are away until Fri 7 Mar 09:00.\n\n"
        "⚠️ In North team Cy Osei is away too, so nobody covers for either of you.\n\n"
        f"⚠️ In South team {nobody}\n\n{back}"
    )
    assert both.direct("bo", "away until friday 9am") == (
        f"You are away until Fri 7 Mar 09:00.\n\n⚠️ In North team {nobody}\n\n"
        f"⚠️ In South team {nobody}\n\n{back}"
    )


def test_who_covers_in_two_teams_is_told_once_and_where_they_may_not_it_is_said(both: Talk) -> None:
    both.ask("cy", "team join coordinator", lane=SOUTH)
    both.hear()
    assert both.direct("bo", "away until friday 9am cover @cy") == (
        "You are away until Fri 7 Mar 09:00.\n\nIn North team Cy Osei covers for you.\n\n"
        "⚠️ In South team Cy Osei can't take patients over: those go on to your role and the lead.\n\n"
        "1. I am back — back"
    )
    assert both.told("cy") == ["You cover for Bo Lindqvist until Fri 7 Mar 09:00"]


def evening(talk: Talk) -> datetime:
    """It is nine in the evening, and quiet; when that ends."""
    talk.now = MONDAY.replace(hour=21)
    talk.hear()
    return MONDAY.replace(hour=7) + timedelta(days=1)


def test_nobody_is_woken_by_who_covers_leads_leaves_or_has_which_role(talk: Talk) -> None:
    morning = evening(talk)
    talk.direct("bo", "away until friday 9am cover @cy")
    talk.say("lea", "team role @dee pharmacist")
    talk.say("ana", "team leave")
    talk.say("lea", "team lead @cy")
    talk.say("cy", "team setup lead=@lea")
    people = ("ana", "bo", "cy", "dee", "lea")
    assert [talk.told(who) for who in people] == [[]] * 5
    talk.until(morning - timedelta(minutes=1))
    assert [talk.told(who) for who in people] == [[]] * 5
    talk.until(morning)
    assert {who: talk.told(who) for who in people} == {
        "ana": [], "bo": [], "dee": ["You are now pharmacist in North team"],
        "cy": ["You cover for Bo Lindqvist until Fri 7 Mar 09:00", "You lead North team now"],
        "lea": ["Ana Ruiz has left North team", "You lead North team now"],
    }  # fmt: skip


def test_who_acts_in_quiet_hours_hears_of_it_at_once(talk: Talk) -> None:
    morning = evening(talk)
    talk.say("eli", "team join pharmacist")
    assert talk.told("eli") == ["Welcome to North team"]
    talk.say("lea", "team lead @lea")
    assert talk.told("lea") == ["You lead North team now"]
    talk.say("lea", "team leave")
    assert talk.heard() == [], "nobody can answer that tonight"
    talk.until(morning)
    assert talk.heard() == ["North team has no lead any more"]


def test_an_absence_that_can_not_be(quick: Talk) -> None:
    assert quick.direct("bo", "away until tomorrow cover @bo") == (
        "You can't cover for yourself: name somebody else, or nobody."
    )
    assert quick.direct("bo", "away until tomorrow cover @dee") == (
        "Dee Park can't take patients over, by the pathway: name another cover, or nobody."
    )
    assert "That is already past" in quick.direct("bo", "away until 3 Dec 2030 cover @cy")


def test_a_sender_who_is_away_is_spoken_for_by_their_cover(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("ana", "away until friday cover @lea")
    talk.hear()
    talk.direct("bo", "handoff ask H-1 'any allergies?'")
    assert (talk.told("lea"), talk.told("ana")) == (["Bo Lindqvist asks you about H-1"], [])
    assert "any allergies?" not in talk.private("lea")[-1], "the cover is not on the care team"
    assert "Your reply has been passed on." in talk.direct("lea", "handoff reply H-1 none")
    assert talk.told("bo")[-1] == "Lea Brandt replied about H-1"


def test_who_leaves_holding_a_patient_leaves_nobody_without(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("bo", "handoff accept H-1")
    talk.hear()
    talk.say("bo", "team leave")
    assert talk.handoff().state == "offered"
    assert talk.told("cy") == [f"H-1 · {code} · offered"]
    assert talk.told("lea") == ["Bo Lindqvist has left North team"]
    assert f"- H-1 ({code}), held by them: now offered again" in talk.private("lea")[-1]
    assert not talk.may_see("bo", code)
    talk.hear()
    talk.pass_time(60)
    assert talk.told("bo") == []


def test_who_leaves_while_asked_passes_the_question_on(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    talk.hear()
    talk.say("bo", "team leave")
    assert talk.told("cy") == [f"H-1 · {code} · offered"]
    assert "from Cy Osei" in talk.card("H-1")


def test_when_the_sender_leaves_the_lead_answers_for_them(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    talk.say("ana", "team leave")
    talk.hear()
    talk.direct("bo", "handoff ask H-1 'any allergies?'")
    assert (talk.told("lea"), talk.told("ana")) == (["Bo Lindqvist asks you about H-1"], [])
    assert "passed on" in talk.direct("lea", "handoff reply H-1 none")
    assert "From: someone who has left the team" in talk.card("H-1")


def test_a_team_without_a_lead_hears_of_it_and_somebody_can_become_it(quick: Talk) -> None:
    quick.say("lea", "team leave")
    assert quick.heard() == ["North team has no lead any more"]
    assert quick.say("ana", "team join lead").startswith("Ana Ruiz is now team lead")
    assert "Cy Osei is now" in quick.say("ana", "team role cy pharmacist")


def test_a_role_change_is_told_and_ends_what_it_ended(quick: Talk) -> None:
    quick.say("lea", "team role @bo coordinator")
    assert quick.told("bo") == ["You are now coordinator in North team"]
    assert quick.direct("bo", "handoff accept H-1").startswith("As coordinator you can't")


def test_linked_accounts_are_one_person_and_nothing_is_left_behind(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    talk.say("eli", "team join psychologist")
    talk.direct("eli", "handoff accept H-1")
    talk.direct("bo", "link account slack U-eli")
    linked = talk.private("eli")[-1].split("link code ")[1].split("\n")[0]
    bo = talk.id("bo")
    assert talk.direct("cy", f"link code {linked}").startswith("That code is wrong or older")
    assert talk.direct("bo", f"link code {linked.lower()}").startswith("Your accounts are linked")
    assert talk.id("eli") == bo
    assert talk.handoff().receiver == bo
    assert "Eli" not in talk.say("ana", "team show")
    assert "H-1" in talk.direct("eli", "mine")
    assert talk.may_see("bo", code)
    assert "is with Bo Lindqvist" in talk.direct("eli", "handoff introduce H-1 phone")
    assert talk.direct("bo", f"link code {linked}").startswith("That code is wrong or older")


def test_a_link_code_lasts_a_quarter_of_an_hour(quick: Talk) -> None:
    quick.say("eli", "team join pharmacist")
    quick.direct("bo", "link account slack U-eli")
    code = quick.private("eli")[-1].split("link code ")[1].split("\n")[0]
    quick.forward(15)
    assert quick.direct("bo", f"link code {code}").startswith("That code is wrong or older than 15 minutes")
    assert quick.id("eli") != quick.id("bo")


def test_everybody_goes_away_at_one_moment(talk: Talk) -> None:
    def goes(turn: int, who: str) -> Outcome:
        line = "back" if turn % 2 else "away until 'in 5 minutes'"
        request = Request(f"{turn}-{who}", ChatId("slack", account(who)), own(who), line)
        return answer(request, talk.store, talk.now).outcome

    people = list(ROLES)
    with ThreadPoolExecutor(len(people)) as at_once:
        for turn in range(10):
            said = at_once.map(goes, [turn] * len(people), people)
            assert set(said) == {Outcome.DONE}, "nobody is refused because others were faster"
