"""The board of open flags is pinned where it comes to stand; without that right it stands there unpinned."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.matrix_bot import MatrixBot
from tests.matrix_scene import Scene, scene
from tests.stages.slack import SlackStage
from tests.stages.stage import PEOPLE

PINNED = "m.room.pinned_events"
UP = "kept up to date here"


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[SlackStage]:
    """A team in its channel on Slack."""
    made = SlackStage(sqlite_url, PEOPLE)
    made.say("lea", "team setup name='North team' phone='01632 960001' role=lead")
    made.wait_for(lambda: any("North team" in each for each in made.room()))
    yield made
    made.close()


def boards(stage: SlackStage) -> list[str]:
    """The ts of every board in the channel."""
    said = stage.workspace.messages(stage.channel)
    return [each["ts"] for each in said if each["text"].startswith("Open flags in North team")]


@pytest.mark.parametrize("allowed", [True, False])
def test_on_slack(stage: SlackStage, allowed: bool) -> None:
    if not allowed:
        stage.workspace.app.scopes.discard("pins:write")
    stage.say("lea", "flag board")
    stage.wait_for(lambda: any(UP in each for each in stage.room()))
    stage.wait_for(lambda: len(boards(stage)) == 1)
    stage.wait_for(lambda: bool(stage.workspace.calls("pins.add")))
    assert stage.channel.pins == (boards(stage) if allowed else [])
    stage.say("lea", "flag board")
    stage.wait_for(lambda: sum(UP in each for each in stage.room()) == 2)
    assert len(boards(stage)) == 1
    assert len(stage.workspace.calls("pins.add")) == 1, "an edit pins nothing"


@pytest.fixture
def team(homeserver: object, sqlite_url: str, tmp_path: Path) -> Iterator[Scene]:
    """A team in its room on Matrix."""
    with scene(MatrixBot(sqlite_url, tmp_path / "data")) as made:
        yield made


def pinned(team: Scene) -> list[str] | None:
    """What is pinned in the room; None if nothing ever was."""
    answer = team.ana.run(team.ana.client.room_get_state_event(team.room, PINNED))
    content: dict[str, list[str]] = getattr(answer, "content", {})
    return content.get("pinned")


def test_on_matrix_beside_what_people_pinned_and_not_without_the_right_to_it(team: Scene) -> None:
    team.ask("!care flag board")
    first = team.ana.wait_for(team.room, lambda m: "Open flags in North: none" in m.body)
    assert (pinned(team), first.sender) == (None, team.bot.user_id), "the bot may not"


def test_on_matrix_with_the_right_to_it(team: Scene) -> None:
    theirs = team.ana.say(team.room, "Read this first")
    team.ana.run(team.ana.client.room_put_state(team.room, PINNED, {"pinned": [theirs]}))
    levels = team.ana.run(team.ana.client.room_get_state_event(team.room, "m.room.power_levels")).content
    users = {**levels["users"], team.bot.user_id: 50}
    team.ana.run(team.ana.client.room_put_state(team.room, "m.room.power_levels", {**levels, "users": users}))
    team.ask("!care flag board")
    stands = team.ana.wait_for(team.room, lambda m: "Open flags in North: none" in m.body)
    assert pinned(team) == [theirs, stands.event_id]
