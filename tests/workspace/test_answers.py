"""What an app's answers do: modals updated, pushed and cleared, originals replaced, connections capped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace import Conversation, Json, Person, Refused, Workspace
from tests.workspace.sample_app import NOTE, Care, buttons, running, section


@pytest.fixture
def care(workspace: Workspace) -> Iterator[Care]:
    app = Care(workspace)
    with running(app.serve_http) as url:
        workspace.app.request_url = url
        yield app


def titled(title: str) -> Json:
    return {**NOTE, "title": {"type": "plain_text", "text": title}}


def test_request_url_is_verified(workspace: Workspace, care: Care) -> None:
    assert workspace.verify_url()


def test_modals_updated_pushed_and_cleared(
    workspace: Workspace, care: Care, ana: Person, channel: Conversation
) -> None:
    async def step(ack: Any, view: Json) -> None:
        words = view["state"]["values"]["words"]["value"]["value"]
        if words == "clear":
            await ack(response_action="clear")
        elif words == "astray":
            await ack(response_action="errors", errors={"no such block": "x"})
        else:
            await ack(response_action=words, view={**titled(words), "callback_id": "step"})

    async def begin(ack: Any, command: Json, client: Any) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view={**NOTE, "callback_id": "step"})
        await ack()

    care.bolt.command("/steps")(begin)
    care.bolt.view("step")(step)
    ana.slash("/steps", "", channel)
    first = workspace.views(ana)[0]
    ana.submit(first, {"Words": "update"})
    assert [one["title"]["text"] for one in workspace.views(ana)] == ["update"]
    ana.submit(first, {"Words": "push"})
    assert [one["title"]["text"] for one in workspace.views(ana)] == ["update", "push"]
    pushed = workspace.views(ana)[-1]
    assert (pushed["root_view_id"], pushed["previous_view_id"]) == (first["id"], first["id"])
    with pytest.raises(Refused, match="invalid_response_action"):
        ana.submit(pushed, {"Words": "astray"})
    ana.submit(pushed, {"Words": "clear"})
    assert workspace.views(ana) == []


def test_choices_and_replaced_originals(
    workspace: Workspace, care: Care, ana: Person, channel: Conversation
) -> None:
    options = [{"text": {"type": "plain_text", "text": one.title()}, "value": one} for one in ("low", "high")]
    menu = {"type": "static_select", "action_id": "severity", "options": options}
    card = {"type": "actions", "block_id": "flag", "elements": [menu, *buttons("Save")["elements"]]}

    async def ask(respond: Any, ack: Any) -> None:
        await ack({"response_type": "ephemeral", "text": "How severe?", "blocks": [section("?"), card]})

    async def chosen(ack: Any, action: Json) -> None:
        await ack()
        care.hear(action["selected_option"]["value"])

    async def save(ack: Any, body: Json, respond: Any) -> None:
        picked = body["state"]["values"]["flag"]["severity"]["selected_option"]["value"]
        await respond(f"Saved as {picked}", replace_original=True)
        await ack()

    care.bolt.command("/ask")(ask)
    care.bolt.action("severity")(chosen)
    care.bolt.action("Save")(save)
    ana.slash("/ask", "", channel)
    (asked,) = workspace.ephemerals(ana, channel)
    ana.choose(asked, "severity", "High")
    ana.press(asked, "Save")
    assert [one["text"] for one in workspace.ephemerals(ana, channel)] == ["Saved as high"]
    assert workspace.ephemerals(workspace.person("bo"), channel) == []
    assert care.heard == ["high"]


def test_ten_connections_at_most(workspace: Workspace) -> None:
    client = WebClient(base_url=workspace.base_url)

    def address() -> str:
        return str(client.apps_connections_open(app_token=workspace.app.app_token)["url"])

    async def connect() -> list[Json]:
        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(address()) for _ in range(11)]
            first = [await socket.receive_json() for socket in sockets]
            for socket in sockets:
                await socket.close()
        return first

    first = asyncio.run(connect())
    assert [one["type"] for one in first] == ["hello"] * 10 + ["disconnect"]
    assert first[-1]["reason"] == "too_many_websockets"


def test_each_payload_goes_to_one_connection(
    workspace: Workspace, ana: Person, channel: Conversation
) -> None:
    one, two = Care(workspace), Care(workspace)
    with running(one.serve_socket), running(two.serve_socket):
        workspace.wait_for(lambda: len(workspace.links.open) == 2)
        for number in range(4):
            ana.slash("/care", str(number), channel)
        assert sorted(one.heard + two.heard) == [f"/care {number}" for number in range(4)]
        assert (len(one.heard), len(two.heard)) == (2, 2)
        before = list(workspace.links.open)
        workspace.warn_connections()
        workspace.wait_for(
            lambda: len(workspace.links.open) == 2 and not set(before) & set(workspace.links.open)
        )


def test_a_send_that_hangs_after_it_was_done(
    workspace: Workspace, client: WebClient, channel: Conversation
) -> None:
    hanging = workspace.fault("chat.postMessage", "hang", times=1, done=True)
    impatient = WebClient(workspace.app.bot_token, base_url=workspace.base_url, timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(channel=channel.id, text="done")
    hanging.release()
    assert [one["text"] for one in workspace.messages(channel)] == ["done"]


def test_the_sdk_repeats_an_unclear_send_unless_told_not_to(
    workspace: Workspace, channel: Conversation
) -> None:
    """Why the app's client needs `retry_handlers=[]`: Slack knows no idempotency key."""
    workspace.fault("chat.postMessage", "drop", times=1)

    async def send() -> None:
        client = AsyncWebClient(workspace.app.bot_token, base_url=workspace.base_url)
        await client.chat_postMessage(channel=channel.id, text="twice")

    asyncio.run(send())
    assert [one["text"] for one in workspace.messages(channel)] == ["twice", "twice"]


def test_random_faults_repeat_with_their_seed(
    workspace: Workspace, client: WebClient, channel: Conversation
) -> None:
    seen = []
    for _ in range(2):
        fault = workspace.fault("auth.test", "code", probability=0.5, seed=7, code="fatal_error")
        outcomes = []
        for _ in range(10):
            try:
                client.auth_test()
                outcomes.append("ok")
            except SlackApiError as refused:
                outcomes.append(str(refused.response["error"]))
        seen.append(outcomes)
        assert outcomes.count("fatal_error") == fault.hits
        workspace.faults.clear()
    assert seen[0] == seen[1]
    assert set(seen[0]) == {"ok", "fatal_error"}
