"""Who left a Slack channel while the bot was out of it, or down: their place in the team ends too."""

from collections.abc import Iterator

import pytest

from bot import presence
from tests.stages.slack import SlackStage, at_work
from tests.stages.slack_bot import RunningBot
from tests.stages.stage import PEOPLE


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[SlackStage]:
    """A team at work in a channel that has more people than one page of a listing holds."""
    made = SlackStage(sqlite_url, PEOPLE)
    at_work(made)
    with made.workspace.state.changed():
        made.channel.members[:0] = [f"U0GUEST{number}" for number in range(250)]
    yield made
    made.bot.close()
    made.close()


def goes_unseen(stage: SlackStage, who: str) -> None:
    """Somebody leaves, and no event says so."""
    with stage.workspace.state.changed():
        stage.channel.members.remove(stage.people[who].id)


def team(stage: SlackStage) -> list[str]:
    """Who has a place in the team."""
    with stage.bot.app.store.clinic(stage.bot.clock.now()) as clinic:
        return sorted(each.member.name for each in clinic.people.roster("north-team").places)


def restarted(stage: SlackStage) -> None:
    """The bot is stopped and started again, and has asked who is in the channel."""
    asked = len(stage.workspace.calls("conversations.members"))
    stage.bot.close()
    stage.bot = RunningBot(stage.workspace, stage.bot.app.settings, stage.bot.clock)
    stage.wait_for(lambda: len(stage.workspace.calls("conversations.members")) > asked)


def gone(stage: SlackStage, who: str) -> None:
    """Waits until somebody has no place any more."""
    stage.bot.wait_for(lambda: PEOPLE[who] not in team(stage))


def test_who_left_while_the_bot_was_out_of_the_channel(stage: SlackStage) -> None:
    before = team(stage)
    stage.workspace.remove_bot(stage.channel)
    stage.wait_for(lambda: any("Baton was removed" in each for each in stage.private("lea")))
    stage.people["bo"].leave(stage.channel)
    assert team(stage) == before
    stage.workspace.invite_bot(stage.channel)
    gone(stage, "bo")
    assert team(stage) == [each for each in before if each != PEOPLE["bo"]]
    stage.wait_for(lambda: any(f"{PEOPLE['bo']} has left" in each for each in stage.private("lea")))


def test_who_left_while_the_bot_was_down(stage: SlackStage) -> None:
    before = team(stage)
    goes_unseen(stage, "bo")
    restarted(stage)
    gone(stage, "bo")
    assert team(stage) == [each for each in before if each != PEOPLE["bo"]]


def test_what_can_not_be_read_changes_nothing_and_is_read_at_the_next_start(stage: SlackStage) -> None:
    before = team(stage)
    goes_unseen(stage, "bo")
    fault = stage.workspace.fault("conversations.members", "code", code="internal_error", times=1)
    restarted(stage)
    stage.bot.wait_for(lambda: fault.hits == 1)
    stage.say("lea", "team show")
    stage.wait_for(lambda: any("Working hours" in each for each in stage.room()))
    assert team(stage) == before
    restarted(stage)
    gone(stage, "bo")


def test_what_could_not_be_read_is_read_again_by_itself(stage: SlackStage) -> None:
    goes_unseen(stage, "bo")
    calls: list[str] = []

    async def read(address: str) -> list[str]:
        calls.append(address)
        if len(calls) == 1:
            raise TimeoutError
        return list(stage.channel.members)

    app, me = stage.bot.app, stage.workspace.app.bot_user
    stage.bot.run(presence.look_until_read(app.door, "slack", read, me, pause=0.01))
    assert calls == [stage.channel.id] * 2
    assert PEOPLE["bo"] not in team(stage)


def test_a_list_without_the_bot_is_not_taken_for_whole(stage: SlackStage) -> None:
    before = team(stage)
    with stage.workspace.state.changed():
        stage.channel.members.remove(stage.workspace.app.bot_user)
    goes_unseen(stage, "bo")
    restarted(stage)
    stage.bot.run(stage.bot.app.poster.drained())
    assert team(stage) == before
