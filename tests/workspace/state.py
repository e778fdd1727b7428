"""What the workspace holds: users, conversations, messages, views, files, and the lock around them.

Everything in here is changed with `State.changed()` held, which wakes whoever waits for a change.
A message or view is never altered in place: an edit stores a new dictionary, so what a test has read
stays as it was.
"""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

Json = dict[str, Any]
T = TypeVar("T")


class Clock:
    """The workspace's time: the real one plus what a test has added with `advance`."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


@dataclass
class User:
    id: str
    name: str
    real_name: str
    email: str = ""
    is_bot: bool = False
    tz: str = "Europe/Berlin"
    deleted: bool = False


@dataclass
class Conversation:
    """A channel, private group or direct message."""

    id: str
    name: str
    kind: str  # "channel", "group", "im", "mpim": Slack's channel_type
    members: list[str]
    creator: str = ""
    is_archived: bool = False
    messages: dict[str, Json] = field(default_factory=dict)
    versions: dict[str, list[Json]] = field(default_factory=dict)
    ephemerals: list[tuple[str, Json]] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)


@dataclass
class Trigger:
    user: str
    issued: float
    view: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    user: str
    channel: str
    issued: float
    message_ts: str | None = None
    uses: int = 0


@dataclass(frozen=True)
class ApiCall:
    """One request that the app made: `args` as sent, and what it was told (None: no answer)."""

    method: str
    args: Json
    token: str  # "bot", "app", "none" or "unknown"
    at: float
    answer: Json | None
    status: int
    fault: str | None = None

    @property
    def error(self) -> str | None:
        return None if self.answer is None else self.answer.get("error")


@dataclass(frozen=True)
class Delivery:
    """One attempt to hand a payload to the app, and how it went."""

    kind: str  # "events_api", "interactive" or "slash_commands"
    event_id: str | None
    attempt: int
    seconds: float
    error: str | None
    body: Any = None


class State:
    """The memory of the workspace."""

    def __init__(self, team: str, clock: Clock) -> None:
        self.team, self.clock = team, clock
        self.condition = threading.Condition(threading.RLock())
        self.users: dict[str, User] = {}
        self.conversations: dict[str, Conversation] = {}
        self.placed: dict[str, str] = {}  # ts of a message, also an ephemeral one -> its conversation
        self.views: dict[str, Json] = {}
        self.stacks: dict[str, list[str]] = {}  # user -> open modals, the topmost last
        self.homes: dict[str, Json] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, Json] = {}
        self.calls: list[ApiCall] = []
        self.deliveries: list[Delivery] = []
        self._serial = itertools.count(1)
        self._last_ts = 0

    @contextmanager
    def changed(self) -> Iterator[None]:
        """Hold the lock, then wake all who wait."""
        with self.condition:
            yield
            self.condition.notify_all()

    def wait_for(self, predicate: Callable[[], T], timeout: float) -> T:
        """The first true value of `predicate`; TimeoutError if there is none in time."""
        with self.condition:
            found = self.condition.wait_for(predicate, timeout)
        if not found:
            raise TimeoutError(f"still {found!r} after {timeout} s: {predicate}")
        return found

    def new_id(self, letter: str) -> str:
        """An id that looks like Slack's and doesn't repeat, e.g. `C0000000A3`."""
        digits, number = "", next(self._serial)
        while number:
            number, rest = divmod(number, 36)
            digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
        return letter + "0" + digits.rjust(9, "0")

    def new_ts(self) -> str:
        """A timestamp that names a message: unique, and in order."""
        with self.condition:
            self._last_ts = max(self._last_ts + 1, int(self.clock.now() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_trigger(self, user: str, view: str | None = None) -> str:
        trigger_id = f"{next(self._serial)}.{int(self.clock.now())}.{secrets.token_hex(16)}"
        self.triggers[trigger_id] = Trigger(user, self.clock.now(), view)
        return trigger_id

    def new_response_url(self, user: str, channel: str, message_ts: str | None) -> str:
        """The part of a response_url that follows the address of the workspace."""
        key = f"{self.team}/{next(self._serial)}/{secrets.token_hex(12)}"
        self.response_urls[key] = ResponseUrl(user, channel, self.clock.now(), message_ts)
        return f"/response/{key}"

    def store(self, channel: str, message: Json) -> Json:
        """Keep a message, or a new version of it."""
        conversation = self.conversations[channel]
        with self.changed():
            before = conversation.messages.get(message["ts"])
            if before is not None:
                conversation.versions.setdefault(message["ts"], []).append(before)
            conversation.messages[message["ts"]] = message
            self.placed[message["ts"]] = channel
        return message

    def direct(self, *users: str) -> Conversation:
        """The direct message of these users, made when it isn't there yet."""
        members = sorted(users)
        with self.changed():
            for conversation in self.conversations.values():
                if conversation.kind in {"im", "mpim"} and sorted(conversation.members) == members:
                    return conversation
            kind = "im" if len(members) <= 2 else "mpim"
            made = Conversation(self.new_id("D" if kind == "im" else "G"), "", kind, members)
            if kind == "mpim":
                made.name = "mpdm-" + "--".join(self.users[user].name for user in members) + "-1"
            self.conversations[made.id] = made
            return made
