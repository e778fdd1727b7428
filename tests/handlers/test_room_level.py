"""What a room shows of patients: all that stands there follows its level, and a new room has what is open."""

from datetime import timedelta

import pytest

from cards.card import Detail
from cards.plain import plain
from handlers.people.room import invited, removed
from storage.outbox import Lane
from tests.handlers.meeting import planned
from tests.handlers.talk import MONDAY, ROOM, Talk

WARD = Lane("slack", "C-ward")
WRITTEN = ("Lift my grandson", "saddle numbness", "low mood", "many tablets")


def standing(talk: Talk, lane: Lane = ROOM) -> list[str]:
    """The living cards that stand in a room, by their subjects, as a text each."""
    messages = talk.messages.get(lane, {}).values()
    return [
        plain(each.card) for each in messages if each.subject and each.card.title.startswith(each.subject)
    ]


def written(talk: Talk, lane: Lane = ROOM) -> set[str]:
    """What was written about patients and stands in a room's living cards."""
    together = "\n".join(standing(talk, lane))
    return {each for each in WRITTEN if each in together}


@pytest.fixture
def clinical(talk: Talk) -> str:
    """A room that shows what was written: H-1 over, H-2 open, F-1 over, F-2 open; the patient's code."""
    talk.say("lea", "team detail clinical")
    code = talk.patient(more="consent-team=yes")
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("ana", "handoff cancel H-1 mistake")
    talk.direct("ana", f"handoff offer {code} cy 'many tablets'")
    talk.direct("ana", f"flag {code} 'saddle numbness' urgent psychologist")
    talk.direct("bo", "flag claim F-1")
    talk.direct("bo", "flag resolve F-1 seen")
    talk.direct("ana", f"flag {code} 'saddle numbness' soon psychologist")
    talk.hear()
    return code


def test_all_that_stands_in_a_room_is_shown_anew_at_its_level(talk: Talk, clinical: str) -> None:
    assert written(talk) == set(WRITTEN)
    assert talk.say("lea", "team detail code") == "This room now shows codes only."
    assert written(talk) == set()
    assert [each.split("\n")[0] for each in standing(talk)] == [
        f"H-1 · {clinical} · cancelled", f"H-2 · {clinical} · offered",
        f"F-1 · {clinical} · Urgent · resolved", f"F-2 · {clinical} · Soon · raised",
    ]  # fmt: skip
    assert talk.heard() == [], "they are edited where they stand"
    talk.say("lea", "team detail clinical")
    assert written(talk) == set(WRITTEN)
    assert talk.heard() == []


def test_of_a_room_nothing_else_changes_and_other_rooms_stay_as_they_are(talk: Talk, clinical: str) -> None:
    talk.room_known(WARD, "", Detail.CLINICAL)
    talk.ask("lea", "team connect North team", lane=WARD)
    before = talk.messages[WARD].copy()
    told = [talk.private(who) for who in ("ana", "bo", "cy")]
    talk.say("lea", "team detail code")
    assert talk.messages[WARD] == before
    assert [talk.private(who) for who in ("ana", "bo", "cy")] == told


def test_more_than_a_hundred_cards_follow(quick: Talk) -> None:
    quick.say("lea", "team detail clinical")
    code = quick.patient(more="consent-team=yes")
    for number in range(1, 104):
        quick.direct("ana", f"handoff offer {code} bo 'low mood'")
        quick.direct("ana", f"handoff cancel H-{number} mistake")
    assert len(standing(quick)) == 103
    quick.say("lea", "team detail code")
    assert written(quick) == set()


def test_a_card_that_is_still_to_come_to_a_room_comes_at_its_new_level(talk: Talk, clinical: str) -> None:
    talk.platforms.remove("slack")  # the platform is away
    talk.ask("ana", f"flag {clinical} 'many tablets' urgent psychologist")
    talk.say("lea", "team detail code")
    talk.platforms.append("slack")
    talk.post()
    assert written(talk) == set()


def test_a_room_that_joins_has_the_cards_of_open_flags_and_handoffs(talk: Talk, clinical: str) -> None:
    talk.direct("ana", f"flag {clinical} 'low mood' routine psychologist")
    talk.direct("ana", f"flag {clinical} 'low mood' urgent psychologist private=yes")
    talk.room_known(WARD, "")
    talk.hear()
    talk.ask("lea", "team connect North team", lane=WARD)
    titles = [f"F-2 · {clinical} · Soon · raised", f"H-2 · {clinical} · offered"]
    assert sorted(talk.heard(WARD)) == titles
    assert talk.heard() == []
    assert written(talk, WARD) == set()


def test_a_room_that_is_invited_to_again_has_the_flags_that_were_raised_meanwhile(talk: Talk) -> None:
    code = talk.patient()
    with talk.store.clinic(talk.now) as clinic:
        removed(ROOM, clinic, talk.now)
    talk.direct("ana", f"flag {code} 'saddle numbness' urgent psychologist")
    talk.post()
    talk.hear()
    talk.now += timedelta(minutes=5)
    with talk.store.clinic(talk.now) as clinic:
        invited(ROOM, False, clinic, talk.now)
    talk.post()
    assert sorted(talk.heard()) == ["Baton is back.", f"F-1 · {code} · Urgent · raised"]


def test_a_room_that_is_invited_to_again_shows_what_was_settled_meanwhile(talk: Talk) -> None:
    code = talk.patient()
    for summary in ("low mood", "poor sleep"):
        talk.direct("ana", f"handoff offer {code} bo '{summary}'")
    talk.direct("ana", f"flag {code} 'saddle numbness' urgent psychologist")
    talk.direct("ana", "handoff cancel H-1 'not needed'")
    before = len(talk.messages[ROOM])
    with talk.store.clinic(talk.now) as clinic:
        removed(ROOM, clinic, talk.now)
    talk.direct("ana", "handoff cancel H-2 'not needed'")
    talk.direct("bo", "flag claim F-1")
    talk.direct("bo", "flag resolve F-1 'seen in A&E'")
    talk.post()
    assert "offered" in talk.card("H-2") and "raised" in talk.card("F-1"), "nothing can be shown there"
    talk.hear()
    talk.now += timedelta(minutes=5)
    with talk.store.clinic(talk.now) as clinic:
        invited(ROOM, False, clinic, talk.now)
        assert "H-1" not in {each.subject for each in clinic.outbox.posts}, "it stands as it was"
    talk.post()
    assert talk.heard() == ["Baton is back."]
    assert talk.card("H-2").startswith(f"H-2 · {code} · cancelled")
    assert talk.card("F-1").startswith(f"F-1 · {code} · Urgent · resolved")
    assert len(talk.messages[ROOM]) == before + 1


@pytest.mark.parametrize("over", [False, True])
def test_a_conference_shows_codes_only_while_it_runs_and_afterwards(quick: Talk, over: bool) -> None:
    quick.say("lea", "team detail clinical")
    code = quick.patient()
    planned(quick, ahead=30)
    quick.direct("ana", f"agenda add {code} 'many tablets'")
    quick.direct("lea", "agenda post C-1")
    quick.until(MONDAY + timedelta(minutes=30))
    for line in ("conference start C-1", f"conference take {code}", f"conference park {code} 'low mood'"):
        quick.say("lea", line)
    quick.say("lea", f"conference take {code}")
    if over:
        quick.say("lea", "conference end C-1")
    quick.forward(1)
    shown = {each.subject for each in quick.messages[ROOM].values() if _tells(plain(each.card))}
    assert shown == {"agenda:C-1", f"C-1 {code}", f"C-1 {code}, turn 2"}
    quick.say("lea", "team detail code")
    quick.forward(1)
    assert [plain(each.card) for each in quick.messages[ROOM].values() if _tells(plain(each.card))] == []
    quick.say("lea", "team detail clinical")
    quick.forward(1)
    shown = {each.subject for each in quick.messages[ROOM].values() if _tells(plain(each.card))}
    assert shown == {"agenda:C-1", *([] if over else [f"C-1 {code}, turn 2"])}
    assert not quick.broke


def _tells(text: str) -> bool:
    return any(each in text for each in WRITTEN)
