"""The Web API of the stand-in, asked by the real SDK: answers, refusals, limits, faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.workspace import Conversation, Json, Pace, Person, Refused, Workspace
from tests.workspace.remote import separate
from tests.workspace.sample_app import NOTE, buttons, section


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def test_posting(workspace: Workspace, client: WebClient, ana: Person, channel: Conversation) -> None:
    assert client.auth_test()["user_id"] == workspace.app.bot_user
    assert "chat:write" in client.auth_test().headers["x-oauth-scopes"]
    sent = client.chat_postMessage(channel=channel.id, text="one")
    reply = client.chat_postMessage(channel="#msk-pain", text="two", thread_ts=sent["ts"])
    changed = client.chat_update(channel=channel.id, ts=sent["ts"], text="three")
    assert changed["message"]["text"] == "three"
    assert [one["text"] for one in workspace.messages(channel)] == ["three", "two"]
    assert [one["text"] for one in workspace.versions(sent["ts"])] == ["one", "three"]
    assert [one["text"] for one in client.conversations_history(channel=channel.id)["messages"]] == ["three"]
    thread = client.conversations_replies(channel=channel.id, ts=sent["ts"])["messages"]
    assert [one["ts"] for one in thread] == [sent["ts"], reply["ts"]]
    client.chat_delete(channel=channel.id, ts=sent["ts"])
    orphan = client.chat_postMessage(channel=channel.id, text="four", thread_ts=sent["ts"])
    assert "thread_ts" not in orphan["message"]


def test_refusals(workspace: Workspace, client: WebClient, ana: Person, channel: Conversation) -> None:
    post = client.chat_postMessage
    private = workspace.channel("board", private=True, bot=False)
    public = workspace.channel("hall", bot=False)
    assert refusal(post, channel=private.id, text="x") == "channel_not_found"
    assert refusal(post, channel=public.id, text="x") == "not_in_channel"
    assert refusal(client.api_call, api_method="chat.postMessage", json={"channel": channel.id}) == "no_text"
    assert refusal(post, channel=channel.id, text="x" * 40_001) == "msg_too_long"
    assert (
        refusal(post, channel=channel.id, text="x", blocks=[section("x" * 2900)] * 5) == "msg_blocks_too_long"
    )
    said = ana.say(channel, "mine")
    assert refusal(client.chat_update, channel=channel.id, ts=said["ts"], text="x") == "cant_update_message"
    assert refusal(client.chat_update, channel=channel.id, ts="1.2", text="x") == "message_not_found"
    stranger = WebClient("xoxb-wrong", base_url=workspace.base_url)
    assert refusal(stranger.auth_test) == "invalid_auth"
    workspace.app.scopes.discard("pins:write")
    assert refusal(client.pins_add, channel=channel.id, timestamp=said["ts"]) == "missing_scope"
    answer = workspace.calls("pins.add")[0].answer
    assert answer is not None
    assert answer["needed"] == "pins:write"


MENU = {"type": "static_select", "action_id": "m", "options": []}


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        [section("x" * 3001)],
        [section("")],
        [{"type": "section", "fields": [section("x")["text"]] * 11}],
        [{"type": "section", "fields": [section("x" * 2001)["text"]]}],
        [{"type": "context", "elements": [section("x")["text"]] * 11}],
        [buttons(*[str(number) for number in range(26)])],
        [buttons("x" * 76)],
        [buttons("twice", "twice")],
        [{**section("x"), "block_id": "same"}, {**section("x"), "block_id": "same"}],
        [{**section("x"), "block_id": "x" * 256}],
        [{"type": "actions", "elements": [MENU]}],
        [{"type": "image", "image_url": "https://example.org/x.png"}],
        [{"type": "nonsense"}],
    ],
)
def test_block_limits(client: WebClient, channel: Conversation, blocks: list[Json]) -> None:
    assert refusal(client.chat_postMessage, channel=channel.id, text="x", blocks=blocks) == "invalid_blocks"


def test_views(workspace: Workspace, client: WebClient, ana: Person) -> None:
    def trigger() -> str:
        return workspace.state.new_trigger(ana.id)

    once = trigger()
    view = client.views_open(trigger_id=once, view=NOTE)["view"]
    assert refusal(client.views_open, trigger_id=once, view=NOTE) == "exchanged_trigger_id"
    late = trigger()
    workspace.advance(3.5)
    assert refusal(client.views_open, trigger_id=late, view=NOTE) == "expired_trigger_id"
    client.views_update(view_id=view["id"], hash=view["hash"], view=NOTE)
    assert refusal(client.views_update, view_id=view["id"], hash=view["hash"], view=NOTE) == "hash_conflict"
    client.views_push(trigger_id=trigger(), view=NOTE)
    client.views_push(trigger_id=trigger(), view=NOTE)
    assert refusal(client.views_push, trigger_id=trigger(), view=NOTE) == "push_limit_reached"
    assert len(workspace.views(ana)) == 3
    for wrong in (
        {**NOTE, "title": {"type": "plain_text", "text": "x" * 25}},
        {**NOTE, "submit": None},
        {**NOTE, "private_metadata": "x" * 3001},
    ):
        assert refusal(client.views_open, trigger_id=trigger(), view=wrong) == "invalid_arguments"


def test_people_files_and_marks(
    workspace: Workspace, client: WebClient, ana: Person, channel: Conversation
) -> None:
    assert client.users_lookupByEmail(email="ana@example.org")["user"]["id"] == ana.id
    assert client.users_info(user=ana.id)["user"]["real_name"] == "Ana Ruiz"
    assert client.conversations_members(channel=channel.id)["members"] == [ana.id, workspace.app.bot_user]
    im = client.conversations_open(users=ana.id)["channel"]["id"]
    assert im == ana.im.id
    client.files_upload_v2(
        channel=channel.id, filename="agenda.txt", content="first", initial_comment="Agenda"
    )
    message = workspace.messages(channel)[0]
    assert (message["text"], message["files"][0]["title"]) == ("Agenda", "agenda.txt")
    assert workspace.files()[0]["content"] == b"first"
    root = client.chat_postMessage(channel=channel.id, text="root")["ts"]
    reply = client.chat_postMessage(channel=channel.id, text="reply", thread_ts=root)["ts"]
    for wrong, code in (
        ({"content": ""}, "missing_argument"),
        ({"content": "x", "alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ({"content": "x", "thread_ts": reply}, "invalid_thread_ts"),
    ):
        assert refusal(client.files_upload_v2, channel=channel.id, filename="x.txt", **wrong) == code
    client.files_upload_v2(channel=channel.id, filename="lost.txt", content="x", alt_txt="what it shows")
    assert [each["name"] for one in workspace.messages(channel) for each in one.get("files", [])] == [
        "agenda.txt"
    ]
    client.reactions_add(channel=channel.id, timestamp=message["ts"], name="eyes")
    client.pins_add(channel=channel.id, timestamp=message["ts"])
    assert workspace.messages(channel)[0]["reactions"][0]["name"] == "eyes"
    link = client.chat_getPermalink(channel=channel.id, message_ts=message["ts"])["permalink"]
    assert link.endswith(f"/archives/{channel.id}/p{message['ts'].replace('.', '')}")


def test_unclear_send_is_found_by_its_metadata(
    workspace: Workspace, client: WebClient, channel: Conversation
) -> None:
    workspace.fault("chat.postMessage", "drop", times=1)
    metadata = {"event_type": "post", "event_payload": {"id": "42"}}
    with pytest.raises(OSError, match="Remote end closed"):
        client.chat_postMessage(channel=channel.id, text="once", metadata=metadata)
    found = client.conversations_history(channel=channel.id, include_all_metadata=True)["messages"]
    assert [one["metadata"]["event_payload"]["id"] for one in found] == ["42"]
    assert "metadata" not in client.conversations_history(channel=channel.id)["messages"][0]
    assert workspace.calls("chat.postMessage")[0].fault == "drop"


def test_faults(workspace: Workspace, client: WebClient, channel: Conversation) -> None:
    post = client.chat_postMessage
    workspace.fault("chat.*", "ratelimited", times=1, retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        post(channel=channel.id, text="x")
    assert (limited.value.response.status_code, limited.value.response.headers["retry-after"]) == (429, "7")
    workspace.fault("chat.postMessage", "error", times=1, where={"channel": channel.id})
    with pytest.raises(SlackApiError) as broken:
        post(channel=channel.id, text="x")
    assert broken.value.response.status_code == 500
    hanging = workspace.fault("chat.postMessage", "hang")
    impatient = WebClient(workspace.app.bot_token, base_url=workspace.base_url, timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(channel=channel.id, text="x")
    hanging.release()
    workspace.stop()
    with pytest.raises(OSError, match="refused"):
        post(channel=channel.id, text="x")
    workspace.start()
    post(channel=channel.id, text="at last")
    assert [one["text"] for one in workspace.messages(channel)] == ["at last"]


def test_rate_limits(workspace: Workspace, client: WebClient, channel: Conversation) -> None:
    workspace.limit_rates(Pace(a_second=1, burst=2))
    for _ in range(2):
        client.chat_postMessage(channel=channel.id, text="x")
    assert refusal(client.chat_postMessage, channel=channel.id, text="x") == "ratelimited"
    workspace.advance(1)
    client.chat_postMessage(channel=channel.id, text="x")


def test_from_another_process() -> None:
    with separate() as remote:
        channel = remote.workspace("channel", name="msk-pain")
        remote.workspace("configure", scopes=["chat:write", "channels:history"])
        remote.person("ana", "join", channel="msk-pain")
        app = remote.app
        client = WebClient(app["bot_token"], base_url=app["base_url"], retry_handlers=[])
        client.chat_postMessage(channel=channel["id"], text="hello", blocks=[buttons("Accept")])
        card = remote.workspace("messages", channel="msk-pain")[0]
        assert remote.workspace("seen", where=card["ts"])["buttons"] == ["Accept"]
        with pytest.raises(Refused, match="dispatch_failed"):
            remote.person("ana", "press", where=card["ts"], which="Accept")
        remote.workspace("stop")
        with pytest.raises(OSError, match="refused"):
            client.auth_test()
        remote.workspace("start")
        assert client.auth_test()["ok"]
