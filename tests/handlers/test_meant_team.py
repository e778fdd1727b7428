"""Somebody of two teams, in private: what they name says in which team they speak."""

import re

import pytest

from handlers.request import Outcome
from storage.outbox import Lane
from tests.handlers.talk import Talk, own, text

SOUTH = Lane("slack", "C-south")


@pytest.fixture
def both(talk: Talk) -> str:
    """Ana works in the south team too, where another Bo works; the code of a patient there."""
    talk.room_known(SOUTH, "")
    talk.ask("eli", "team setup name='South team' phone=1 role=psychologist", lane=SOUTH)
    talk.ask("ana", "team join physio", lane=SOUTH)
    said = talk.ask("eli", "patient add name='Sam Sample' goal='swim'", lane=own("eli")).card
    assert said is not None
    code = re.search(r"P-\w+", said.title)
    assert code is not None
    talk.ask("eli", f"patient let in {code[0]} @ana", lane=SOUTH)
    talk.hear()
    return code[0]


def test_whom_is_looked_for_in_the_patients_team(talk: Talk, both: str) -> None:
    assert talk.direct("ana", f"handoff offer {both} eli 'low mood'").startswith(f"H-1 · {both} · offered")
    refused = talk.direct("ana", f"handoff offer {both} bo 'low mood'")
    assert "“bo” is neither a person in this team nor a role of it" in refused
    north = talk.patient("lea")
    talk.say("lea", f"patient let in {north} @ana")
    assert talk.direct("ana", f"handoff offer {north} bo 'low mood'").startswith(f"H-2 · {north} · offered")


def test_questions_one_by_one_know_the_team_too(talk: Talk, both: str) -> None:
    talk.direct("ana", f"handoff offer {both}")
    asked = talk.direct("ana", "eli")
    assert "nor a role of it" not in asked
    assert "(3 of" in asked


def test_what_names_nothing_is_asked_for_in_a_room(talk: Talk, both: str) -> None:
    reply = talk.ask("ana", "patient add name='Tim Test' goal='run'", lane=own("ana"))
    assert reply.outcome is Outcome.REFUSED
    assert reply.card is not None
    assert reply.card.title == (
        "You work in more than one team: ask in the room of the one you mean, North team or South team."
    )


def test_what_is_another_teams_is_not_answered_in_a_room_that_could_read_it(talk: Talk, both: str) -> None:
    talk.say("lea", "team detail clinical")
    talk.direct("ana", f"plan goal {both} 'Swim in the sea'")
    talk.hear()
    for line in (f"plan show {both}", f"patient show {both}"):
        said = text(talk.ask("ana", line, posts=True))
        assert said == "Answered in private: this belongs to another team than the room."
        assert both in talk.told("ana")[0]
        talk.hear()
    north = talk.patient("bo")
    talk.direct("bo", f"patient let in {north} ana")
    assert text(talk.ask("ana", f"plan show {north}", posts=True)).startswith(f"Care plan of {north}")
