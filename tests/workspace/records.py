"""Reading the workspace back: what was posted, shown, opened and asked of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from tests.patience import PATIENCE
from tests.workspace import reading
from tests.workspace.core import Core
from tests.workspace.state import ApiCall, Conversation, Delivery, Json, State

T = TypeVar("T")
Room = str | Conversation


class Named(Protocol):
    """Whoever has an id: a Person."""

    id: str


class Records:
    """The part of a workspace that only looks."""

    state: State
    core: Core

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to hand something to the app."""
        return list(self.state.deliveries)

    def room(self, channel: Room) -> Conversation:
        """A conversation by itself, its id or its name."""
        return channel if isinstance(channel, Conversation) else self.core.channel(channel)

    def messages(self, channel: Room) -> list[Json]:
        """All messages as they are now, replies too, oldest first."""
        with self.state.condition:
            return list(self.room(channel).messages.values())

    def versions(self, message: Json | str) -> list[Json]:
        """Every version of a message, the oldest first; also of one that was deleted."""
        ts = message if isinstance(message, str) else message["ts"]
        with self.state.condition:
            conversation = self.conversation_of(ts)
            now = conversation.messages.get(ts)
            return conversation.versions.get(ts, []) + ([now] if now else [])

    def ephemerals(self, person: Named | str, channel: Room) -> list[Json]:
        """What only this person was shown in a channel."""
        user = self.user_id(person)
        with self.state.condition:
            return [message for who, message in self.room(channel).ephemerals if who == user]

    def home(self, person: Named | str) -> Json | None:
        return self.state.homes.get(self.user_id(person))

    def views(self, person: Named | str) -> list[Json]:
        """The open modals of a person, the topmost last."""
        with self.state.condition:
            return [self.state.views[one] for one in self.state.stacks.get(self.user_id(person), [])]

    def files(self) -> list[Json]:
        """All uploads, with their bytes as `content`."""
        return list(self.state.files.values())

    def calls(self, method: str | None = None) -> list[ApiCall]:
        """The app's requests so far, of one method or all."""
        with self.state.condition:
            return [one for one in self.state.calls if method in {None, one.method}]

    def forget(self) -> None:
        """Drop the records of calls and deliveries, which a long run would pile up."""
        with self.state.changed():
            self.state.calls.clear()
            self.state.deliveries.clear()

    def texts(self, where: Json) -> reading.Seen:
        """What a person sees of a message or view."""
        return reading.seen(where)

    def wait_for(self, predicate: Callable[[], T], timeout: float = PATIENCE) -> T:
        """The first true value of `predicate`, looked at whenever something changes."""
        return self.state.wait_for(predicate, timeout)

    def user_id(self, person: Named | str) -> str:
        if not isinstance(person, str):
            return person.id
        for user in self.state.users.values():
            if user.name == person:
                return user.id
        return person

    def find(self, message: Json | str) -> tuple[Conversation, Json]:
        """A message that everyone sees, as it is now, and where it stands."""
        ts = message if isinstance(message, str) else message["ts"]
        with self.state.condition:
            conversation = self.conversation_of(ts)
            if ts not in conversation.messages:
                raise LookupError(f"no message {ts} any more")
            return conversation, conversation.messages[ts]

    def place(self, where: Json | str) -> Json:
        """A view or message (also an ephemeral one) as it is now."""
        name = str(where if isinstance(where, str) else where.get("id") or where["ts"])
        with self.state.condition:
            if name in self.state.views:
                return self.state.views[name]
            for _, message in reversed(self.conversation_of(name).ephemerals):
                if message["ts"] == name:
                    return message
            return self.find(name)[1]

    def conversation_of(self, message: Json | str) -> Conversation:
        """Where a message stands or stood."""
        ts = message if isinstance(message, str) else message["ts"]
        if ts not in self.state.placed:
            raise LookupError(f"no message or view {ts}")
        return self.state.conversations[self.state.placed[ts]]
