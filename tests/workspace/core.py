"""What every part of the workspace shares: its memory, the app installed in it, the way events leave."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.workspace.errors import SlackError
from tests.workspace.state import Clock, Conversation, Json, State

SCOPES = frozenset(
    [
        "commands",
        "chat:write",
        "app_mentions:read",
        "channels:read",
        "groups:read",
        "im:read",
        "mpim:read",
        "channels:history",
        "groups:history",
        "im:history",
        "im:write",
        "users:read",
        "users:read.email",
        "reactions:read",
        "reactions:write",
        "files:read",
        "files:write",
        "pins:write",
    ]
)
SUBSCRIPTIONS = frozenset(
    [
        "app_mention",
        "app_home_opened",
        "member_joined_channel",
        "member_left_channel",
        "channel_left",
        "group_left",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "reaction_added",
        "reaction_removed",
    ]
)
PLURAL = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


@dataclass
class App:
    """The app under test, as its page at Slack describes it."""

    id: str
    bot_id: str
    bot_user: str
    name: str
    bot_token: str = field(default_factory=lambda: f"xoxb-{secrets.token_hex(12)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-{secrets.token_hex(12)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    subscriptions: set[str] = field(default_factory=lambda: set(SUBSCRIPTIONS))
    request_url: str | None = None  # None: Socket Mode


class Core:
    """State, app and the outlet for events."""

    def __init__(self, state: State, app: App, clock: Clock) -> None:
        self.state, self.app, self.clock = state, app, clock
        self.outlet: Callable[[Json], None] = lambda event: None
        self.url = ""
        self.shares_after = 0.0  # seconds from the answer to an upload until the file is shared
        self.tickets: set[str] = set()  # Socket Mode addresses given out and not yet used

    def channel(self, name: object) -> Conversation:
        """The conversation of this id, `#name`, or of a direct message with this user."""
        wanted = str(name or "")
        found = self.state.conversations.get(wanted)
        if found is not None:
            return found
        if wanted in self.state.users:
            return self.state.direct(wanted, self.app.bot_user)
        for conversation in self.state.conversations.values():
            if conversation.name and conversation.name == wanted.removeprefix("#"):
                return conversation
        raise SlackError("channel_not_found")

    def visible(self, name: object) -> Conversation:
        """The same, as far as the bot may know of it: private rooms exist only for their members."""
        conversation = self.channel(name)
        if conversation.kind != "channel" and self.app.bot_user not in conversation.members:
            raise SlackError("channel_not_found")
        return conversation

    def emit(self, event: Json) -> None:
        """Send an event to the app if it subscribed to events of this kind."""
        kind = event["type"]
        if kind == "message":
            kind = f"message.{PLURAL[event['channel_type']]}"
        if kind in self.app.subscriptions:
            self.outlet(event)

    def emit_in(self, conversation: Conversation, event: Json) -> None:
        """The same for what happens in a conversation: the bot hears it only as a member."""
        if self.app.bot_user in conversation.members:
            self.emit({**event, "channel": conversation.id})

    def emit_message(self, conversation: Conversation, message: Json) -> None:
        """The event of a message that was just posted."""
        shown = {key: value for key, value in message.items() if key != "metadata"}
        self.emit_in(
            conversation,
            {**shown, "channel_type": conversation.kind, "event_ts": message["ts"]},
        )

    def emit_changed(self, conversation: Conversation, message: Json | None, before: Json) -> None:
        """The event of an edit, or of a deletion when there is no message any more."""
        event: Json = {
            "type": "message",
            "subtype": "message_changed" if message else "message_deleted",
            "previous_message": before,
            "hidden": True,
            "channel_type": conversation.kind,
            "ts": self.state.new_ts(),
        }
        if message:
            event["message"] = message
        else:
            event["deleted_ts"] = before["ts"]
        self.emit_in(conversation, {**event, "event_ts": event["ts"]})
