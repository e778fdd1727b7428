"""Ways in which something could get lost, be seen by the wrong person or be done twice; each was one once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from cards.plain import plain
from handlers.answer import answer
from handlers.people import room
from handlers.request import ChatId, Request
from storage.outbox import Lane, direct_lane
from tests.handlers.talk import ROOM, Talk, own, text

SOUTH = Lane("slack", "C-south")


@pytest.fixture
def code(quick: Talk) -> str:
    """A patient of ana's."""
    return quick.patient(more="consent-team=yes")


def south(talk: Talk, name: str = "South team") -> None:
    """Another team of the same organisation, led by eli."""
    talk.room_known(SOUTH, "")
    talk.ask("eli", f"team setup name='{name}' phone=1 role=physio", lane=SOUTH)


def at_once(talk: Talk, who: Sequence[str], line: str, lane: Lane | None = None) -> list[str]:
    """The same line from several people at the same instant; what each hears."""
    start = Barrier(len(who))

    def say(name: str) -> str:
        sender = ChatId("slack", f"U-{name}", name)
        there = lane or direct_lane("slack", sender.account)
        said = line.replace("NAME", name)
        request = Request(f"once-{name}-{line}", sender, there, said, posts_answer=False)
        start.wait()
        return text(answer(request, talk.store, talk.now))

    with ThreadPoolExecutor(len(who)) as people:
        return list(people.map(say, who))


def test_what_is_asked_of_somebody_is_found_behind_a_hundred_that_are_not_theirs(
    quick: Talk, code: str
) -> None:
    for number in range(101):
        quick.direct("ana", f"handoff offer {code} cy 'low mood {number}'")
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    assert "H-102" in quick.direct("bo", "mine")
    assert f"H-102 ({code}): now asked of" in quick.direct("bo", "away until friday")


def test_what_somebody_holds_is_found_behind_a_hundred_that_they_sent(quick: Talk, code: str) -> None:
    for number in range(101):
        quick.direct("ana", f"handoff offer {code} cy 'low mood {number}'")
    quick.direct("ana", f"patient let in {code} bo")
    quick.direct("bo", f"handoff offer {code} ana 'pacing'")
    quick.direct("ana", "handoff accept H-102")
    assert "H-102" in quick.direct("ana", "mine")
    quick.say("ana", "team leave")
    assert (quick.handoff("H-102").state, quick.handoff("H-102").receiver) == ("offered", "")


def test_who_is_asked_about_a_second_handoff_of_a_patient_goes_on_seeing_the_patient(
    talk: Talk,
) -> None:
    code = talk.patient(more="consent-team=yes")
    for summary in ("low mood", "poor sleep"):
        talk.direct("ana", f"handoff offer {code} psychologist '{summary}'")
    talk.direct("cy", "handoff accept H-1")
    assert talk.may_see("bo", code)
    assert "poor sleep" in talk.direct("bo", "handoff show H-2")
    talk.direct("bo", "handoff decline H-2 'full'")
    assert not talk.may_see("bo", code)


def test_who_gives_one_of_two_handoffs_back_goes_on_seeing_the_patient(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    for summary in ("low mood", "poor sleep", "pacing"):
        talk.direct("ana", f"handoff offer {code} psychologist '{summary}'")
    talk.direct("cy", "handoff accept H-1")
    talk.direct("cy", "handoff accept H-2")
    talk.direct("cy", "handoff giveback H-2 'full'")
    assert talk.may_see("cy", code), "for H-1, which is still theirs"
    talk.direct("cy", "handoff giveback H-1 'full'")
    assert talk.may_see("cy", code), "for H-3, which still asks them"
    talk.direct("cy", "handoff decline H-3 'full'")
    assert not talk.may_see("cy", code)


def test_at_night_an_answer_is_whole_where_no_card_stands_yet(quick: Talk, code: str) -> None:
    quick.now = quick.now.replace(hour=23)
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.hear()
    quick.ask("bo", "handoff ask H-1 'since when?'", lane=own("bo"), posts=True)
    quick.ask("bo", "handoff accept H-1", lane=own("bo"), posts=True)
    assert quick.told("bo") == [f"H-1 · {code} · question asked", f"H-1 · {code} · accepted"]
    assert "low mood" in quick.private("bo")[-1]


def test_what_waits_for_the_morning_tells_somebody_who_left_no_more_than_codes(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    talk.now = talk.now.replace(hour=23)
    talk.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    talk.hear()
    talk.say("bo", "team leave")
    talk.pass_time(12 * 60)
    assert [each for each in talk.private("bo") if "low mood" in each] == []
    assert any("low mood" in each for each in talk.private("cy"))


def test_a_room_that_may_show_less_shows_less_at_once(quick: Talk, code: str) -> None:
    quick.say("lea", "team detail clinical")
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    assert "low mood" in quick.card("H-1")
    quick.say("lea", "team detail code")
    assert "low mood" not in quick.card("H-1")


def test_a_room_that_the_bot_was_put_out_of_is_left_alone_and_caught_up_with(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    with quick.store.clinic(quick.now) as clinic:
        room.removed(ROOM, clinic, quick.now)
    before = quick.card("H-1")
    quick.direct("bo", "handoff accept H-1")
    assert quick.card("H-1") == before
    with quick.store.clinic(quick.now) as clinic:
        room.invited(ROOM, False, clinic, quick.now)
    quick.post()
    assert "H-1 was accepted by Bo Lindqvist" in quick.card("H-1")


def test_a_cover_whose_accounts_are_linked_still_covers(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    talk.say("eli", "team join pharmacist")
    talk.direct("bo", "away until friday cover @eli")
    matrix = direct_lane("matrix", "U-eli")
    talk.ask("eli", "help", lane=matrix)
    talk.ask("eli", "link account slack U-eli", lane=matrix)
    linked = talk.private("eli")[-1].split("link code ")[1].split("\n")[0]
    assert "one person to the team now" in text(talk.ask("eli", f"link code {linked}", lane=matrix))
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    assert talk.handoff().asked == (talk.id("eli"),)


def test_who_is_away_is_away_by_the_linked_account_too(quick: Talk, code: str) -> None:
    quick.direct("bo", "away until friday")
    matrix = direct_lane("matrix", "U-bo")
    quick.ask("bo", "help", lane=matrix)
    quick.ask("bo", "link account slack U-bo", lane=matrix)
    linked = quick.private("bo")[-1].split("link code ")[1].split("\n")[0]
    quick.ask("bo", f"link code {linked}", lane=matrix)
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    assert quick.handoff().asked == (quick.id("cy"),)


def test_a_time_zone_that_nobody_knows_is_not_kept(quick: Talk) -> None:
    zoe = ChatId("slack", "U-zoe", "Zoe Zell", "Nowhere/Land")
    answer(Request("zoe", zoe, ROOM, "team join nurse", posts_answer=False), quick.store, quick.now)
    assert quick.direct("zoe", "away until friday 9am").startswith("You are away until Fri 7 Mar 09:00.")


def test_of_two_teams_of_one_name_the_one_that_the_caller_leads_is_connected(quick: Talk) -> None:
    south(quick, "North team")
    other = Lane("slack", "C-other")
    quick.room_known(other, "")
    said = text(quick.ask("eli", "team connect 'North team'", lane=other))
    assert said.startswith("North team works here too now.")
    assert quick.ask("bo", "team show", lane=other).card is not None
    assert "Eli Novak" in text(quick.ask("eli", "team show", lane=other))


def test_a_role_that_hands_over_in_one_team_only_hands_nobody_over_in_another(quick: Talk) -> None:
    south(quick)
    for who, role in (("ana", "coordinator"), ("cy", "psychologist")):
        quick.ask(who, f"team join {role}", lane=SOUTH)
    added = quick.ask("eli", "patient add name='Sam Sample' goal='swim'", lane=SOUTH).card
    assert added is not None
    code = added.title.removeprefix("Patient ")
    quick.ask("eli", f"patient let in {code} ana", lane=SOUTH)
    refused = f"{code} belongs to South team, where your role can't do that."
    assert quick.direct("ana", f"handoff offer {code} cy 'pain'") == refused
    assert "offered" in plain(quick.ask("eli", f"handoff offer {code} cy 'pain'", lane=SOUTH).card or added)


def test_a_person_whom_three_register_at_the_same_instant_is_one_patient(talk: Talk) -> None:
    heard = at_once(talk, ["ana", "bo", "cy"], "patient add name='Tess Testcase' goal=x record=MRN-1")
    assert sorted(each.split(" ")[0] for each in heard) == ["A", "A", "Patient"]


def test_a_room_that_three_set_up_at_the_same_instant_becomes_one_teams(talk: Talk) -> None:
    talk.room_known(SOUTH, "")
    heard = at_once(talk, ["ana", "bo", "cy"], "team setup name='NAME pain' phone=1", SOUTH)
    won = [each for each in heard if "Working hours" in each]
    assert len(won) == 1, heard
    name = won[0].split("\n")[0]
    told = f"This is {name}'s room already; its lead can change it."
    assert sorted(heard) == sorted([*won, told, told])
