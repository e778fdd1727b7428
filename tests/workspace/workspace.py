"""The workspace itself: start it, fill it, act in it, read it back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Any, TypeVar

from tests.workspace.core import App, Core
from tests.workspace.courier import Ack, Courier, Terms
from tests.workspace.faults import Fault, Faults, Pace
from tests.workspace.links import Links
from tests.workspace.listener import Listener
from tests.workspace.person import Person
from tests.workspace.records import Records, Room
from tests.workspace.state import Clock, Conversation, Json, State, User

T = TypeVar("T")


class Workspace(Records):
    """A Slack workspace on loopback with one app installed. Use it as a context manager."""

    def __init__(self, team: str = "T0CARETEAM", port: int = 0) -> None:
        self.team, self.port = team, port
        self.clock = Clock()
        self.state = State(team, self.clock)
        bot = User(self.state.new_id("U"), "baton", "Baton", is_bot=True)
        self.state.users[bot.id] = bot
        self.app = App(self.state.new_id("A"), self.state.new_id("B"), bot.id, bot.name)
        self.core = Core(self.state, self.app, self.clock)
        self.faults = Faults()
        self.links = Links(self.core)
        self.courier = Courier(self.core, self.links)
        self.listener = Listener(self.core, self.links, self.faults)
        self.people: dict[str, Person] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="workspace", daemon=True)
        self.core.outlet = lambda event: self.courier.emit(self._loop, event)

    # --- running ---

    def __enter__(self) -> Workspace:
        self._thread.start()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.clear()
        self.stop()
        self.run(self.courier.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def start(self) -> None:
        """Slack is up: on the same port as before, with all that it knew."""
        self.port = self.run(self.listener.start(self.port))
        self.core.url = f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Slack is down: connections are refused, open ones break, the memory stays."""
        self.run(self.listener.stop())

    def restart(self) -> None:
        self.stop()
        self.start()

    def run(self, work: Coroutine[Any, Any, T], timeout: float = 60) -> T:
        """Do something on the workspace's event loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    @property
    def base_url(self) -> str:
        """What `base_url` of the SDK's client has to be."""
        return f"{self.core.url}/api/"

    @property
    def terms(self) -> Terms:
        """The time limit, the retry schedule and the signature of deliveries."""
        return self.courier.terms

    def limit_rates(self, pace: Pace | None) -> None:
        """Switch Slack's rate limits on, or off with None."""
        self.listener.pace = pace

    def advance(self, seconds: float) -> None:
        """Let time pass at Slack: triggers expire, retries fall due, rate limits ease."""
        self.clock.advance(seconds)
        self._loop.call_soon_threadsafe(self.courier.clock_moved)

    def fault(self, pattern: str, kind: str, **how: Any) -> Fault:
        """Switch a fault on; see tests/workspace/faults.py for the kinds."""
        return self.faults.add(Fault(pattern, kind, **how))

    # --- filling ---

    def person(self, handle: str, name: str = "", email: str = "", tz: str = "Europe/Berlin") -> Person:
        """An account; the same person when asked for again."""
        if handle not in self.people:
            user = User(
                self.state.new_id("U"),
                handle,
                name or handle.title(),
                email or f"{handle}@example.org",
                tz=tz,
            )
            with self.state.changed():
                self.state.users[user.id] = user
                self.people[handle] = Person(self, user)
        return self.people[handle]

    def channel(
        self, name: str, private: bool = False, members: Sequence[Person] | None = None, bot: bool = True
    ) -> Conversation:
        """A channel with everyone who has an account by now, unless `members` says who; and the bot."""
        who = [person.id for person in (self.people.values() if members is None else members)]
        kind, letter = ("group", "G") if private else ("channel", "C")
        made = Conversation(self.state.new_id(letter), name, kind, who, creator=who[0] if who else "")
        if bot:
            made.members.append(self.app.bot_user)
        with self.state.changed():
            self.state.conversations[made.id] = made
        return made

    def invite_bot(self, channel: Room, inviter: Person | None = None) -> None:
        self.add_member(channel, self.app.bot_user, inviter)

    def remove_bot(self, channel: Room) -> None:
        """The bot is told with channel_left or group_left, the last thing it hears from there."""
        conversation = self.room(channel)
        kind = "channel_left" if conversation.kind == "channel" else "group_left"
        self.core.emit_in(conversation, {"type": kind, "event_ts": self.state.new_ts()})
        with self.state.changed():
            conversation.members.remove(self.app.bot_user)

    def add_member(self, channel: Room, user: str, inviter: Person | None = None) -> None:
        conversation = self.room(channel)
        with self.state.changed():
            if user in conversation.members:
                return
            conversation.members.append(user)
        extra = {"inviter": inviter.id} if inviter else {}
        self._membership("member_joined_channel", conversation, user, extra)

    def drop_member(self, channel: Room, user: str) -> None:
        conversation = self.room(channel)
        with self.state.changed():
            conversation.members.remove(user)
        self._membership("member_left_channel", conversation, user, {})

    def _membership(self, kind: str, conversation: Conversation, user: str, extra: Json) -> None:
        letter = "C" if conversation.kind == "channel" else "G"
        event = {"type": kind, "user": user, "channel_type": letter, "team": self.team, **extra}
        self.core.emit_in(conversation, event | {"event_ts": self.state.new_ts()})

    # --- delivering ---

    def send(self, kind: str, payload: Json) -> Ack:
        """Hand an interaction to the app and wait for its acknowledgement."""
        return self.run(self.courier.deliver(kind, payload))

    @property
    def events(self) -> list[Json]:
        """Every event so far, in its envelope, whether it could be delivered or not."""
        return list(self.courier.events)

    def verify_url(self) -> bool:
        """Check the request URL as Slack does when it is entered: the challenge has to come back."""
        ack = self.send("events_api", {"type": "url_verification", "challenge": "3eZbrw1a"})
        return ack.body in ("3eZbrw1a", {"challenge": "3eZbrw1a"})

    def redeliver(self, event: Json, number: int = 1, reason: str = "http_timeout") -> Ack:
        """Send an event once more, as one of Slack's retries."""
        return self.run(self.courier.deliver("events_api", event, event["event_id"], (number, reason)))

    def settle(self, timeout: float = 10) -> None:
        """Wait until no event is under way; retries that aren't due yet don't count.

        Acknowledged isn't handled: Bolt acks an event first. Wait for the effect with `wait_for`.
        """
        self.state.wait_for(lambda: self.courier.in_flight == 0, timeout)

    def warn_connections(self) -> None:
        self.run(self.links.warn())

    def refresh_connections(self) -> None:
        self.run(self.links.refresh())

    def cut_connections(self) -> None:
        self.run(self.links.cut())
