"""What people do in Slack without waiting for an answer: write, edit, react, join, leave."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tests.workspace import chat, marks
from tests.workspace.core import Core
from tests.workspace.errors import Refused
from tests.workspace.records import Room
from tests.workspace.state import Conversation, Json, User

if TYPE_CHECKING:
    from tests.workspace.workspace import Workspace


class Account:
    """Someone who can write, react, come and go."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        self._workspace, self.user = workspace, user
        self.id, self.name = user.id, user.name

    def __repr__(self) -> str:
        return f"{self.name} ({self.id})"

    def say(self, channel: Room, text: str, thread_ts: str | None = None) -> Json:
        """Write a message; the app hears of it, also as app_mention if its name is in it."""
        conversation = self._room(channel)
        elements = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]
        message = {
            "type": "message",
            "user": self.id,
            "text": text,
            "team": self._workspace.team,
            "client_msg_id": secrets.token_hex(16),
            "blocks": [{"type": "rich_text", "elements": elements}],
        }
        made = chat.post(self._core, conversation, message, {"thread_ts": thread_ts})
        if f"<@{self._core.app.bot_user}>" in text and conversation.kind != "im":
            shown = {key: made[key] for key in made.keys() - {"type"}}
            self._core.emit_in(conversation, {"type": "app_mention", **shown, "event_ts": made["ts"]})
        return made

    def mention(self, channel: Room, text: str, thread_ts: str | None = None) -> Json:
        return self.say(channel, f"<@{self._core.app.bot_user}> {text}", thread_ts)

    def direct(self, text: str, thread_ts: str | None = None) -> Json:
        """Write to the bot in a direct message."""
        return self.say(self.im, text, thread_ts)

    @property
    def im(self) -> Conversation:
        """The direct message between this person and the bot."""
        return self._core.state.direct(self.id, self._core.app.bot_user)

    def edit(self, message: Json | str, text: str) -> Json:
        conversation, before = self._workspace.find(message)
        ts = self._core.state.new_ts()
        after = {**before, "text": text, "edited": {"user": self.id, "ts": ts}}
        after.pop("blocks", None)
        self._core.state.store(conversation.id, after)
        self._core.emit_changed(conversation, after, before)
        return after

    def delete(self, message: Json | str) -> None:
        chat.remove(self._core, *self._workspace.find(message))

    def react(self, message: Json | str, emoji: str) -> None:
        conversation, found = self._workspace.find(message)
        marks.react(self._core, conversation, found["ts"], emoji, self.id)

    def join(self, channel: Room) -> None:
        self._workspace.add_member(channel, self.id)

    def leave(self, channel: Room) -> None:
        self._workspace.drop_member(channel, self.id)

    @property
    def _core(self) -> Core:
        return self._workspace.core

    def _room(self, channel: Room) -> Conversation:
        conversation = self._workspace.room(channel)
        if self.id not in conversation.members:
            raise Refused("not_in_channel", detail=f"{self.name} is not in {conversation.name}")
        return conversation
