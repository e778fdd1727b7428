"""Who left a team's rooms while the bot was not there: their place ends, and nobody else's."""

from datetime import timedelta

import pytest

from handlers.people.presence import Seen, left_meanwhile, rooms_of
from storage.outbox import Lane
from tests.handlers.stored import account
from tests.handlers.talk import NAMES, ROOM, SETUP, Talk

WARD = Lane("slack", "C-ward")
MATRIX = Lane("matrix", "!north")
SOUTH = Lane("slack", "C-south")
EVERYBODY = ("ana", "bo", "cy", "dee", "lea")


def read(talk: Talk, *who: str, lane: Lane = ROOM, ago: int = 0) -> dict[Lane, Seen]:
    """What a platform reads of a room in which these people are."""
    seen = Seen(talk.now - timedelta(minutes=ago), frozenset(map(account, who)))
    return {lane: seen}


def looked(talk: Talk, seen: dict[Lane, Seen]) -> None:
    """The platforms have read rooms."""
    with talk.store.clinic(talk.now) as clinic:
        left_meanwhile(seen, clinic, talk.now)
    talk.post()


def members(talk: Talk, team: str = "north-team") -> list[str]:
    """Who is in a team."""
    with talk.store.clinic(talk.now) as clinic:
        there = [each.member.name for each in clinic.people.roster(team).places]
    return sorted(who for who, name in NAMES.items() if name in there)


def matrix_too(talk: Talk, who: str) -> None:
    """The team works in a Matrix room too, and this person has an account there."""
    talk.room_known(MATRIX, "north-team")
    member = talk.id(who)
    with talk.store.clinic(talk.now) as clinic:
        clinic.people.give_account("matrix", account(who), member, talk.now)


def test_who_is_in_no_room_any_more_has_left_and_nobody_is_dropped(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("bo", "handoff accept H-1")
    talk.hear()
    looked(talk, read(talk, "ana", "cy", "dee", "lea"))
    assert members(talk) == ["ana", "cy", "dee", "lea"]
    assert not talk.may_see("bo", code)
    assert talk.handoff().state == "offered"
    assert (talk.told("lea"), talk.told("bo")) == (["Bo Lindqvist has left North team"], [])
    assert talk.told("cy") == [f"H-1 · {code} · offered"]
    looked(talk, read(talk, "ana", "cy", "dee", "lea"))
    assert talk.told("lea") == [], "once"
    talk.say("bo", "team join psychologist")
    assert members(talk) == list(EVERYBODY), "who comes back joins again"


def test_who_is_in_another_room_of_the_team_stays(quick: Talk) -> None:
    quick.room_known(WARD, "north-team")
    nobody, ward = read(quick), read(quick, *EVERYBODY, lane=WARD)
    looked(quick, nobody)
    assert members(quick) == list(EVERYBODY), "the other room was not read"
    looked(quick, nobody | ward)
    assert members(quick) == list(EVERYBODY)
    looked(quick, nobody | read(quick, "lea", lane=WARD))
    assert members(quick) == ["lea"]


def test_who_has_an_account_elsewhere_may_be_in_the_room_there(quick: Talk) -> None:
    matrix_too(quick, "bo")
    others = read(quick, "ana", "cy", "dee", "lea")
    looked(quick, others)
    assert "bo" in members(quick), "the room there was not read"
    looked(quick, others | read(quick, "bo", lane=MATRIX))
    assert "bo" in members(quick)
    looked(quick, read(quick, lane=MATRIX))
    assert members(quick) == list(EVERYBODY), "the others have no account there"
    looked(quick, others | read(quick, lane=MATRIX))
    assert members(quick) == ["ana", "cy", "dee", "lea"]


def test_who_came_after_the_room_was_read_stays(quick: Talk) -> None:
    before = read(quick, *EVERYBODY)
    quick.now += timedelta(minutes=1)
    quick.say("eli", "team join pharmacist")
    looked(quick, before)
    assert members(quick) == ["ana", "bo", "cy", "dee", "eli", "lea"]


def test_the_place_in_another_team_stays(quick: Talk) -> None:
    quick.room_known(SOUTH, "")
    quick.ask("eli", SETUP.replace("North", "South"), lane=SOUTH)
    quick.ask("bo", "team join psychologist", lane=SOUTH)
    quick.now += timedelta(minutes=1)
    looked(quick, read(quick, "ana", "cy", "dee", "lea"))
    assert (members(quick), members(quick, "south-team")) == (["ana", "cy", "dee", "lea"], ["bo", "eli"])


@pytest.mark.parametrize(
    ("platform", "room", "found"),
    [
        ("slack", None, [ROOM, SOUTH, WARD]), ("slack", WARD, [ROOM, WARD]), ("slack", SOUTH, [SOUTH]),
        ("matrix", None, [MATRIX]), ("matrix", WARD, [MATRIX]), ("slack", Lane("slack", "C-new"), []),
        ("slack", Lane("slack", "C-nobodys"), []),
    ],
)  # fmt: skip
def test_which_rooms_are_read(quick: Talk, platform: str, room: Lane | None, found: list[Lane]) -> None:
    quick.room_known(SOUTH, "")
    quick.ask("eli", SETUP.replace("North", "South"), lane=SOUTH)
    quick.room_known(WARD, "north-team")
    quick.room_known(MATRIX, "north-team")
    quick.room_known(Lane("slack", "C-nobodys"), "")
    with quick.store.clinic(quick.now) as clinic:
        assert sorted(rooms_of(platform, room, clinic)) == found
