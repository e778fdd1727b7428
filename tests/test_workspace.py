"""The Slack stand-in, driven as people drive it, with a real Bolt app over HTTP and Socket Mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.workspace import Conversation, Person, Refused, Workspace
from tests.workspace.sample_app import Care, running


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


@pytest.fixture(params=["http", "socket"])
def care(request: pytest.FixtureRequest, workspace: Workspace) -> Iterator[Care]:
    app = Care(workspace)
    with running(app.serve_http if request.param == "http" else app.serve_socket) as url:
        workspace.app.request_url = url or None
        if not url:
            workspace.wait_for(lambda: workspace.links.open)
        yield app
        app.go.set()


@pytest.fixture
def web_care(workspace: Workspace) -> Iterator[Care]:
    app = Care(workspace)
    with running(app.serve_http) as url:
        workspace.app.request_url = url
        yield app
        app.go.set()


def test_command_card_and_button(
    workspace: Workspace, care: Care, ana: Person, channel: Conversation
) -> None:
    ack = ana.slash("/care", "card", channel)
    assert ack.body is not None
    assert 0 < ack.seconds < 3
    assert [one["text"] for one in workspace.ephemerals(ana, channel)] == ["You said card"]
    card = workspace.messages(channel)[0]
    assert workspace.texts(card).buttons == ("Accept", "Decline")
    ana.press(card, "Accept")
    workspace.wait_for(lambda: len(workspace.versions(card)) == 2)
    after = workspace.messages(channel)[0]
    assert workspace.texts(after).texts == (f"Accepted by <@{ana.id}>",)
    assert care.heard == ["/care card", "do Accept"]


def test_modal_with_errors(workspace: Workspace, care: Care, ana: Person, channel: Conversation) -> None:
    ana.slash("/care", "note", channel)
    (view,) = workspace.views(ana)
    with pytest.raises(Refused, match="required_field"):
        ana.submit(view)
    assert ana.submit(view, {"Words": "bad"}).errors == {"words": "Not like that"}
    assert workspace.views(ana) == [view]
    ana.submit(view, {"words": "good"})
    assert workspace.views(ana) == []
    ana.slash("/care", "note", channel)
    ana.close(workspace.views(ana)[0])
    assert care.heard == ["/care note", "note good", "/care note", "closed"]


def test_shortcuts_and_home(workspace: Workspace, care: Care, ana: Person, channel: Conversation) -> None:
    said = ana.say(channel, "Pain 7 of 10")
    ana.shortcut("flag", said)
    ana.shortcut("flag")
    ana.open_home()
    home = workspace.wait_for(lambda: workspace.home(ana))
    assert home is not None
    assert workspace.texts(home).texts == ("Your patients",)
    workspace.wait_for(lambda: len(care.heard) == 3)
    assert sorted(care.heard) == ["flag None", "flag Pain 7 of 10", "message Pain 7 of 10"]


def test_events(workspace: Workspace, care: Care, ana: Person, channel: Conversation) -> None:
    bot = workspace.app.bot_user
    said = ana.mention(channel, "help")
    workspace.wait_for(lambda: len(care.heard) == 2)
    assert sorted(care.heard) == [f"mention <@{bot}> help", f"message <@{bot}> help"]
    care.heard.clear()
    acts: list[tuple[Callable[[], object], str]] = [
        (lambda: ana.react(said, "eyes"), "reaction_added"),
        (lambda: ana.edit(said, "never mind"), "message_changed"),
        (lambda: ana.delete(said), "message_deleted"),
        (lambda: ana.direct("hello"), "message hello"),
        (lambda: ana.leave(channel), "member_left_channel"),
        (lambda: workspace.remove_bot(channel), "channel_left"),
        (lambda: workspace.invite_bot(channel), "member_joined_channel"),
    ]
    for number, (act, _) in enumerate(acts, 1):
        act()
        care.has_heard(*[heard for _, heard in acts[:number]])
    assert len({event["event_id"] for event in workspace.events}) == len(workspace.events)


def test_only_members_and_subscriptions_are_heard(
    workspace: Workspace, web_care: Care, ana: Person, channel: Conversation
) -> None:
    ana.say(workspace.channel("elsewhere", bot=False), "not for the bot")
    workspace.app.subscriptions.discard("message.channels")
    ana.say(channel, "not subscribed")
    workspace.settle()
    assert workspace.events == []


def test_three_seconds(workspace: Workspace, care: Care, ana: Person, channel: Conversation) -> None:
    workspace.terms.timeout = 0.2
    care.go.clear()
    with pytest.raises(Refused, match="operation_timeout") as late:
        ana.slash("/care", "slow", channel)
    assert late.value.seconds >= 0.2
    assert ana.errors == [late.value]


def test_signatures(workspace: Workspace, web_care: Care, ana: Person, channel: Conversation) -> None:
    workspace.terms.sign_with = "somebody else's secret"
    with pytest.raises(Refused, match="dispatch_failed"):
        ana.slash("/care", "forged", channel)
    workspace.terms.sign_with = None
    workspace.terms.skew = -301
    with pytest.raises(Refused, match="dispatch_failed"):
        ana.slash("/care", "replayed", channel)
    workspace.terms.skew = -200
    ana.slash("/care", "in time", channel)
    assert web_care.heard == ["/care in time"]


def test_event_retries(workspace: Workspace, web_care: Care, ana: Person, channel: Conversation) -> None:
    url, workspace.app.request_url = workspace.app.request_url, "http://127.0.0.1:9/nobody"
    ana.say(channel, "anyone?")
    workspace.settle()
    assert [(one.attempt, one.error) for one in workspace.deliveries] == [
        (0, "dispatch_failed"),
        (1, "dispatch_failed"),
    ]
    workspace.app.request_url = url
    workspace.advance(60)
    workspace.wait_for(lambda: len(workspace.deliveries) == 3)
    assert workspace.deliveries[-1].attempt == 2
    assert workspace.deliveries[-1].error is None
    workspace.redeliver(workspace.events[0], 3)
    web_care.has_heard("message anyone?", "message anyone?")


def test_held_events_arrive_out_of_order(
    workspace: Workspace, web_care: Care, ana: Person, channel: Conversation
) -> None:
    workspace.terms.holding = True
    for text in ("one", "two"):
        ana.say(channel, text)
    one, two = workspace.events
    workspace.redeliver(two)
    web_care.has_heard("message two")
    workspace.redeliver(one)
    web_care.has_heard("message two", "message one")


def test_response_url_serves_five_times(
    workspace: Workspace, web_care: Care, ana: Person, channel: Conversation
) -> None:
    ana.slash("/care", "chatty", channel)
    calls = workspace.wait_for(
        lambda: len(workspace.calls("response_url")) == 6 and workspace.calls("response_url")
    )
    assert isinstance(calls, list)
    assert [one.error for one in calls] == [None] * 5 + ["used_url"]
    shown = {one["text"] for one in workspace.ephemerals(ana, channel)}
    assert shown == {"0", "1", "2", "3", "4", "You said chatty"}


def test_no_connection_loses_interactions(workspace: Workspace, ana: Person, channel: Conversation) -> None:
    with pytest.raises(Refused, match="no connection"):
        ana.slash("/care", "lost", channel)


def test_connections_come_back(workspace: Workspace, ana: Person, channel: Conversation) -> None:
    care = Care(workspace)
    with running(care.serve_socket):
        first = workspace.wait_for(lambda: list(workspace.links.open))[0]
        workspace.refresh_connections()
        workspace.wait_for(lambda: workspace.links.open and first not in workspace.links.open)
        ana.slash("/care", "again", channel)
        workspace.restart()
        workspace.wait_for(lambda: workspace.links.open)
        ana.slash("/care", "and again", channel)
    assert care.heard == ["/care again", "/care and again"]
