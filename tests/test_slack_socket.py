"""Socket Mode: two connections, of which one may go at any time; and what the doctor says of Slack."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from bot.slack.check import SCOPES, check_slack
from tests.patience import PATIENCE
from tests.stages.slack_bot import Mode, RunningBot, slack_settings, working_clock
from tests.workspace import Conversation, Person, Workspace
from tests.workspace.reading import seen


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as made:
        yield made


@pytest.fixture
def ana(workspace: Workspace) -> Person:
    return workspace.person("ana", name="Ana Ruiz")


@pytest.fixture
def channel(workspace: Workspace, ana: Person) -> Conversation:
    return workspace.channel("msk-pain")


@pytest.fixture
def bot(workspace: Workspace, channel: Conversation, sqlite_url: str, tmp_path: Path) -> Iterator[RunningBot]:
    settings = slack_settings(workspace, sqlite_url, tmp_path, "socket")
    running = RunningBot(workspace, settings, working_clock())
    yield running
    running.close()


def test_one_connection_may_be_cut(
    workspace: Workspace, bot: RunningBot, ana: Person, channel: Conversation
) -> None:
    ana.slash("/care", "team setup name=North phone=01632 role=lead", channel)
    cut = workspace.links.open[0]

    async def cutting() -> None:
        if cut.request.transport is not None:
            cut.request.transport.close()

    workspace.run(cutting())
    workspace.wait_for(lambda: len(workspace.links.open) == 1)
    for _ in range(2):
        assert ana.slash("/care", "team show", channel).body is not None
    assert bot.slack.link() == ""
    assert "North" in str(seen(workspace.ephemerals(ana, channel)[-1]))
    ana.mention(channel, "team show")
    workspace.wait_for(lambda: any(each.get("bot_id") for each in workspace.messages(channel)))
    workspace.wait_for(lambda: len(workspace.links.open) == 2)


def test_no_connection_is_said(workspace: Workspace, bot: RunningBot) -> None:
    bot.slack.api.wrong = ""
    workspace.fault("link", "refuse")
    workspace.fault("apps.connections.open", "error")
    workspace.cut_connections()
    workspace.wait_for(lambda: not workspace.links.open)
    bot.wait_for(lambda: bot.slack.link() == "no Socket Mode connection is open")


@pytest.mark.parametrize("mode", ["http", "socket"])
def test_slack_is_not_there_when_the_bot_starts(
    workspace: Workspace, ana: Person, channel: Conversation, sqlite_url: str, tmp_path: Path, mode: Mode
) -> None:
    settings = slack_settings(workspace, sqlite_url, tmp_path, mode)
    workspace.stop()
    running = RunningBot(workspace, settings, working_clock(), connects=False)
    assert running.slack.link() != ""
    workspace.start()
    running.wait_for(lambda: running.slack.link() == "")
    assert ana.slash("/care", "team show", channel).body is not None
    if mode == "socket":
        workspace.wait_for(lambda: len(workspace.links.open) == 2, PATIENCE)
    running.close()


def test_slack_opens_no_connection_when_the_bot_starts(
    workspace: Workspace, ana: Person, channel: Conversation, sqlite_url: str, tmp_path: Path
) -> None:
    workspace.fault("apps.connections.open", "error", times=3)
    settings = slack_settings(workspace, sqlite_url, tmp_path, "socket")
    running = RunningBot(workspace, settings, working_clock())
    running.wait_for(lambda: running.slack.link() == "")
    assert ana.slash("/care", "team show", channel).body is not None
    running.close()


def test_the_doctor_finds_everything_in_order(
    workspace: Workspace, channel: Conversation, sqlite_url: str, tmp_path: Path
) -> None:
    at = "https://baton.example.org"
    for mode, says in (
        ("socket", "Slack opens Socket Mode connections"),
        ("http", f"Slack has to reach {at}/slack/events, and its requests are checked"),
    ):
        settings = slack_settings(workspace, sqlite_url, tmp_path, mode, at)  # type: ignore[arg-type]
        found = asyncio.run(check_slack(settings))
        clock = found.pop(2)
        assert clock[0]
        assert clock[1].startswith("this clock and Slack's differ by")
        assert found == [
            (True, f"Slack takes the bot token of baton in {workspace.team}", ""),
            (True, "the app has every permission that it needs", ""),
            (True, says, ""),
            (True, "Baton is in #msk-pain", ""),
        ]


def test_the_doctor_names_what_is_wrong(
    workspace: Workspace, channel: Conversation, sqlite_url: str, tmp_path: Path
) -> None:
    settings = slack_settings(workspace, sqlite_url, tmp_path, "socket")
    workspace.app.scopes = set(SCOPES) - {"im:write", "files:write"}
    workspace.app.app_token = "xapp-another"
    workspace.remove_bot(channel)
    wrong = [(what, mend) for ok, what, mend in asyncio.run(check_slack(settings)) if not ok]
    assert [what for what, _ in wrong] == [
        "the app lacks permissions: files:write, im:write",
        "Slack opens no Socket Mode connection: Slack refuses the app (invalid_auth)",
        "Baton is in no channel",
    ]
    assert all(mend for _, mend in wrong)
    workspace.app.bot_token = "xoxb-another"
    ((ok, what, mend),) = asyncio.run(check_slack(settings))
    assert (ok, what) == (False, "Slack does not take the bot token: Slack refuses the app (invalid_auth)")
    assert "xoxb" not in what + mend


@pytest.mark.parametrize("at", ["", "http://baton.example.org"])
def test_the_doctor_says_that_slack_calls_https_only(
    workspace: Workspace, channel: Conversation, sqlite_url: str, tmp_path: Path, at: str
) -> None:
    settings = slack_settings(workspace, sqlite_url, tmp_path, "http", at)
    assert [(what, mend) for ok, what, mend in asyncio.run(check_slack(settings)) if not ok] == [
        (
            f"Slack can't call {at or 'http://localhost:0'}/slack/events, which is not https",
            "Set BATON_BASE_URL to the https address at which this machine is reached from outside, or "
            "BATON_SLACK_APP_TOKEN for Socket Mode, which needs none.",
        )
    ]


def test_the_doctor_knows_the_scopes_of_the_manifest() -> None:
    manifest = yaml.safe_load((Path(__file__).parent.parent / "slack/manifest.yaml").read_text("utf-8"))
    assert sorted(SCOPES) == manifest["oauth_config"]["scopes"]["bot"]
