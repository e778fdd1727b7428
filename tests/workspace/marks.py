"""Reactions and pins."""

from __future__ import annotations

from tests.workspace.chat import writable
from tests.workspace.core import Core
from tests.workspace.errors import SlackError
from tests.workspace.state import Conversation, Json


def react(core: Core, conversation: Conversation, ts: str, emoji: str, user: str) -> None:
    """Add a reaction of a user to a message, and tell the app."""
    with core.state.changed():
        message = conversation.messages.get(ts)
        if message is None:
            raise SlackError("message_not_found")
        reactions = {one["name"]: one["users"] for one in message.get("reactions", [])}
        if user in reactions.get(emoji, []):
            raise SlackError("already_reacted")
        reactions[emoji] = [*reactions.get(emoji, []), user]
        listed = [{"name": name, "users": who, "count": len(who)} for name, who in reactions.items()]
        conversation.messages[ts] = {**message, "reactions": listed}
    if core.app.bot_user in conversation.members:
        item = {"type": "message", "channel": conversation.id, "ts": ts}
        core.emit(
            {
                "type": "reaction_added",
                "user": user,
                "reaction": emoji,
                "item": item,
                "item_user": message.get("user"),
                "event_ts": core.state.new_ts(),
            }
        )


def add_reaction(core: Core, args: Json) -> Json:
    react(
        core, writable(core, args.get("channel")), str(args.get("timestamp")), args["name"], core.app.bot_user
    )
    return {}


def add_pin(core: Core, args: Json) -> Json:
    conversation, ts = writable(core, args.get("channel")), str(args.get("timestamp"))
    if ts not in conversation.messages:
        raise SlackError("message_not_found")
    if ts in conversation.pins:
        raise SlackError("already_pinned")
    with core.state.changed():
        conversation.pins.append(ts)
    return {}
