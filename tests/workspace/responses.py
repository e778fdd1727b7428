"""What the app says to an interaction: in the body of its ack, or through a response_url."""

from __future__ import annotations

from tests.workspace.chat import author, content, ephemeral, name_blocks, post, remove, revise
from tests.workspace.core import Core
from tests.workspace.errors import SlackError
from tests.workspace.state import Json


def respond(core: Core, key: str, body: Json) -> None:
    """A post to a response_url: at most five, within thirty minutes."""
    with core.state.changed():
        link = core.state.response_urls.get(key)
        if link is None:
            raise SlackError("invalid_url")
        if core.clock.now() - link.issued > 1800:
            raise SlackError("expired_url")
        if link.uses >= 5:
            raise SlackError("used_url")
        link.uses += 1
    answer(core, link.channel, link.user, body, link.message_ts)


def answer(core: Core, channel: str, user: str, body: Json, message_ts: str | None = None) -> None:
    """What the app says to an interaction, in the body of its ack or through a response_url."""
    conversation = core.state.conversations[channel]
    source = conversation.messages.get(str(message_ts))
    if body.get("delete_original"):
        if source is not None:
            remove(core, conversation, source)
        with core.state.changed():
            conversation.ephemerals[:] = [
                one for one in conversation.ephemerals if one[1]["ts"] != message_ts
            ]
        return
    if body.get("replace_original") and source is not None:
        revise(core, conversation, source, body)
        return
    if body.get("replace_original") and message_ts:
        made = {**author(core), **content(body), "ts": message_ts, "is_ephemeral": True}
        made["blocks"] = name_blocks(core, made.get("blocks") or [])
        with core.state.changed():
            conversation.ephemerals[:] = [
                (who, made if one["ts"] == message_ts else one) for who, one in conversation.ephemerals
            ]
        return
    if body.get("response_type") == "in_channel":
        post(core, conversation, {**author(core), **content(body)}, body)
    else:
        ephemeral(core, conversation, user, content(body), body.get("thread_ts"))
