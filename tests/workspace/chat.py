"""The chat.* methodsmethods: everything that puts words in a channel."""

from __future__ import annotations

from typing import Any

from tests.workspace.core import Core
from tests.workspace.errors import SlackError
from tests.workspace.limits import TEXT_CHARACTERS, UPDATE_CHARACTERS, block_errors, too_long
from tests.workspace.state import Conversation, Json


def content(args: Json) -> Json:
    """Text, blocks, attachments and metadata of a message, checked as Slack checks them."""
    text, blocks = args.get("text") or "", args.get("blocks")
    if not text and not blocks and not args.get("attachments"):
        raise SlackError("no_text")
    if len(text) > TEXT_CHARACTERS:
        raise SlackError("msg_too_long")
    made: Json = {"text": text}
    if blocks is not None:
        found = block_errors(blocks, "message")
        if found:
            raise SlackError("invalid_blocks", *found)
        if too_long(blocks):
            raise SlackError("msg_blocks_too_long")
        made["blocks"] = blocks
    if args.get("attachments"):
        made["attachments"] = args["attachments"]
    metadata = args.get("metadata")
    if metadata:
        if not isinstance(metadata, dict) or not {"event_type", "event_payload"} <= metadata.keys():
            raise SlackError("invalid_metadata_format")
        made["metadata"] = metadata
    return made


def name_blocks(core: Core, blocks: list[Json]) -> list[Json]:
    """Blocks as Slack gives them back: each with a block_id, each element with an action_id."""
    named = []
    for block in blocks:
        made = {**block, "block_id": block.get("block_id") or core.state.new_id("b")}
        if "elements" in made and made["type"] == "actions":
            made["elements"] = [_with_action(core, element) for element in made["elements"]]
        for place in ("element", "accessory"):
            if place in made:
                made[place] = _with_action(core, made[place])
        named.append(made)
    return named


def _with_action(core: Core, element: Json) -> Json:
    if element.get("type") == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": core.state.new_id("a")}


def author(core: Core) -> Json:
    """The fields that say a message is the bot's own."""
    app = core.app
    profile = {"id": app.bot_id, "app_id": app.id, "name": app.name, "team_id": core.state.team}
    return {
        "type": "message",
        "user": app.bot_user,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "team": core.state.team,
        "bot_profile": profile,
    }


def post(core: Core, conversation: Conversation, message: Json, args: Json | None = None) -> Json:
    """Put a message into a conversation, in its thread, and tell the app of it."""
    args = args or {}
    state = core.state
    with state.changed():
        made = {**message, "ts": state.new_ts()}
        if "blocks" in made:
            made["blocks"] = name_blocks(core, made["blocks"])
        parent = conversation.messages.get(str(args.get("thread_ts")))
        if parent is not None:
            # A reply to a reply goes to the thread's root; one whose parent is gone goes to the channel.
            root = conversation.messages.get(str(parent.get("thread_ts")), parent)
            made |= {"thread_ts": root["ts"], "parent_user_id": root.get("user")}
            if args.get("reply_broadcast"):
                made["subtype"] = "thread_broadcast"
            conversation.messages[root["ts"]] = {
                **root,
                "thread_ts": root["ts"],
                "reply_count": root.get("reply_count", 0) + 1,
                "latest_reply": made["ts"],
            }
        state.store(conversation.id, made)
    core.emit_message(conversation, made)
    return made


def writable(core: Core, name: object) -> Conversation:
    """The conversation, if the bot may post in it."""
    conversation = core.visible(name)
    if conversation.is_archived:
        raise SlackError("is_archived")
    member = core.app.bot_user in conversation.members
    if not member and "chat:write.public" not in core.app.scopes:
        raise SlackError("not_in_channel")
    return conversation


def own(core: Core, args: Json, refusal: str) -> tuple[Conversation, Json]:
    """The bot's own message that is meant, or the refusal."""
    conversation = core.visible(args.get("channel"))
    message = conversation.messages.get(str(args.get("ts")))
    if message is None:
        raise SlackError("message_not_found")
    if message.get("bot_id") != core.app.bot_id:
        raise SlackError(refusal)
    return conversation, message


def post_message(core: Core, args: Json) -> Json:
    conversation = writable(core, args.get("channel"))
    made = post(core, conversation, {**author(core), **content(args)}, args)
    return {"channel": conversation.id, "ts": made["ts"], "message": made}


def post_ephemeral(core: Core, args: Json) -> Json:
    conversation = writable(core, args.get("channel"))
    user = str(args.get("user"))
    if user not in conversation.members:
        raise SlackError("user_not_in_channel")
    return {"message_ts": ephemeral(core, conversation, user, content(args), args.get("thread_ts"))["ts"]}


def ephemeral(core: Core, conversation: Conversation, user: str, what: Json, thread: Any = None) -> Json:
    """Show a message to one person only."""
    made = {**author(core), **what, "ts": core.state.new_ts(), "is_ephemeral": True}
    if thread:
        made["thread_ts"] = thread
    if "blocks" in made:
        made["blocks"] = name_blocks(core, made["blocks"])
    with core.state.changed():
        conversation.ephemerals.append((user, made))
        core.state.placed[made["ts"]] = conversation.id
    return made


def update(core: Core, args: Json) -> Json:
    if len(args.get("text") or "") > UPDATE_CHARACTERS:
        raise SlackError("msg_too_long")
    conversation, message = own(core, args, "cant_update_message")
    return {"channel": conversation.id, "ts": message["ts"], **revise(core, conversation, message, args)}


def revise(core: Core, conversation: Conversation, message: Json, args: Json) -> Json:
    """A new version of a message of the bot; what isn't given stays as it was."""
    kept: Json = {
        key: message[key] for key in ("text", "blocks", "attachments", "metadata") if key in message
    }
    given = {
        key: args[key] for key in kept.keys() | {"text", "blocks", "metadata"} if args.get(key) is not None
    }
    checked = content({**kept, **given})
    if "blocks" in checked:
        checked["blocks"] = name_blocks(core, checked["blocks"])
    edited = {"user": core.app.bot_user, "ts": core.state.new_ts()}
    with core.state.changed():
        # The newest version may be newer than what the caller looked up.
        latest = conversation.messages.get(message["ts"], message)
        made = {**latest, **checked, "edited": edited}
        core.state.store(conversation.id, made)
    core.emit_changed(conversation, made, latest)
    return {"text": made["text"], "message": made}


def delete(core: Core, args: Json) -> Json:
    conversation, message = own(core, args, "cant_delete_message")
    remove(core, conversation, message)
    return {"channel": conversation.id, "ts": message["ts"]}


def remove(core: Core, conversation: Conversation, message: Json) -> None:
    """Take a message away, whoever's it is."""
    with core.state.changed():
        conversation.versions.setdefault(message["ts"], []).append(message)
        conversation.messages.pop(message["ts"], None)
    core.emit_changed(conversation, None, message)


def permalink(core: Core, args: Json) -> Json:
    conversation = core.visible(args.get("channel"))
    ts = str(args.get("message_ts"))
    if ts not in conversation.messages:
        raise SlackError("message_not_found")
    link = f"https://{core.state.team.lower()}.slack.com/archives/{conversation.id}/p{ts.replace('.', '')}"
    return {"channel": conversation.id, "permalink": link}
