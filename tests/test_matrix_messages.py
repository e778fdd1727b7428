"""What people write in Matrix becomes a question to the conference, and follows its message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pathway.question import Question
from tests.matrix_bot import MatrixBot, eventually
from tests.matrix_scene import Scene, scene
from tests.test_matrix_platform import code_of

pytestmark = pytest.mark.usefixtures("homeserver")


@pytest.fixture
def team(sqlite_url: str, tmp_path: Path) -> Iterator[Scene]:
    with scene(MatrixBot(sqlite_url, tmp_path / "data")) as made:
        yield made


def asked(team: Scene, code: str) -> list[Question]:
    """What is asked about a patient."""
    return team.look(lambda clinic: clinic.questions.open_of_patient(code))


def test_a_reply_asks_what_it_answers_and_follows_its_edits_until_it_is_taken_back(team: Scene) -> None:
    code = code_of(team)
    message = team.ana.say(team.room, "Is it time to stop the tablets?")
    reply = team.ana.say(team.room, f"!care agenda add {code}", reply_to=message)
    assert team.answer(reply).body.startswith(f"Q-1 · {code} · for the next conference")
    link = f"https://matrix.to/#/{team.room}/{message}"
    found = asked(team, code)
    assert [(each.text, each.link) for each in found] == [("Is it time to stop the tablets?", link)]
    team.ana.say(team.room, "Is it time to halve the tablets?", edit_of=message)
    assert eventually(lambda: asked(team, code)[0].amended == "Is it time to halve the tablets?")
    team.ana.redact(team.room, message)
    assert eventually(lambda: asked(team, code) == [])


def test_a_reaction_makes_a_question_of_what_somebody_wrote(team: Scene) -> None:
    code = code_of(team)
    message = team.ana.say(team.room, f"{code} sleeps badly again")
    team.ana.react(team.room, message, "🎉")
    team.ana.react(team.room, message, "🗓️")
    assert eventually(lambda: [each.text for each in asked(team, code)] == [f"{code} sleeps badly again"])
    typed = team.ana.say(team.room, f"!care agenda add {code} What about work?")
    assert eventually(lambda: len(asked(team, code)) == 2)
    team.ana.say(team.room, f"!care agenda add {code} What about night work?", edit_of=typed)
    assert eventually(lambda: asked(team, code)[1].amended == "What about night work?")
