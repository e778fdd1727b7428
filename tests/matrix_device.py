"""One logged-in device of a Matrix account, for tests: it follows its rooms and decrypts what it can.

All devices of a process share one event loop in a thread of its own; whoever asks for something waits
for its result. Waiting is always for something that can be seen, and looks again after each sync.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar
from urllib.parse import quote

import aiohttp
import nio  # type: ignore[import-untyped]
from nio.crypto import decrypt_attachment  # type: ignore[import-untyped]

from tests.matrix_loop import run
from tests.matrix_timeline import Event, Message, fold, received
from tests.patience import PATIENCE

T = TypeVar("T")

FILTER = {"room": {"timeline": {"limit": 500}}, "presence": {"types": []}}
ROOM_KEYS = (nio.RoomKeyEvent, nio.ForwardedRoomKeyEvent)
LONG_POLL = 30_000  # milliseconds
AWAY = (aiohttp.ClientError, TimeoutError, OSError, nio.LocalProtocolError)
"""What is raised while the homeserver is away, or answers a question for keys that is answered already."""


class Refused(AssertionError):
    """The homeserver refused what was asked. `code` is Matrix's own, such as M_FORBIDDEN."""

    def __init__(self, answer: Any) -> None:
        super().__init__(f"{answer.status_code}: {answer.message}")
        self.code = str(answer.status_code)


class MatrixDevice:
    """A real client library with end-to-end encryption, its keys in memory, spoken to synchronously."""

    def __init__(self, url: str, user_id: str, password: str) -> None:
        self.user_id = user_id
        self.password = password
        config = nio.AsyncClientConfig(store=nio.store.SqliteMemoryStore, max_timeout_retry_wait_time=1)
        self.client = nio.AsyncClient(url, user_id, config=config)
        self._events: dict[str, dict[str, Event]] = {}
        self._unreadable: dict[str, Any] = {}  # event id -> MegolmEvent whose key may still come
        self._news = threading.Condition()
        self._failure: BaseException | None = None
        self._following: asyncio.Task[None] | None = None

    def login(self) -> Self:
        """Log in as a new device, publish its keys and follow every room from now on."""
        self.run(self._login())
        return self

    def close(self) -> None:
        """Stop following. The device stays logged in, as when the lid of a laptop is closed."""
        self.run(self._close())

    def events(self, room: str) -> list[Event]:
        """Everything that came in the room, as it came."""
        return list(self._events.get(room, {}).values())

    def messages(self, room: str) -> list[Message]:
        """The messages of the room as they are read now."""
        return fold(self.events(room))

    def transcript(self, room: str) -> str:
        """The room as it is read now, for a failing test to show."""
        return "\n".join(str(message) for message in self.messages(room))

    def file(self, message: Message) -> bytes:
        """The file of a message, decrypted with the keys that stand in it."""
        sealed = message.content.get("file") or {}
        address = sealed.get("url") or message.content["url"]
        content: bytes = accepted(self.run(self.client.download(mxc=address))).body
        if sealed:
            key, digest = sealed["key"]["k"], sealed["hashes"]["sha256"]
            content = decrypt_attachment(content, key, digest, sealed["iv"])
        return content

    def wait_for(
        self, room: str, predicate: Callable[[Message], object], timeout: float = PATIENCE
    ) -> Message:
        """Wait until a message of the room satisfies the predicate, and return the first that does."""
        return self.wait_until(
            lambda: next((message for message in self.messages(room) if predicate(message)), None),
            "a message",
            timeout,
            room,
        )

    def wait_until(
        self, condition: Callable[[], T | None], what: str = "it", timeout: float = 15, room: str = ""
    ) -> T:
        """Wait until the condition gives something true, and return that."""
        with self._news:
            self._news.wait_for(lambda: self._failure or condition(), timeout)
            found = condition()
        if not found:
            seen = f"\n{self.transcript(room)}" if room else ""
            raise AssertionError(f"{self.user_id} waited {timeout} s for {what}{seen}") from self._failure
        return found

    def run(self, doing: Coroutine[Any, Any, T], timeout: float = 60) -> T:
        """Run something of this client on the shared loop, and wait for its result."""
        return run(doing, timeout)

    async def _login(self) -> None:
        accepted(await self.client.login(self.password, device_name="test"))
        await self._publish_keys()
        self._take(accepted(await self.client.sync(sync_filter=FILTER, full_state=True)))
        self._following = asyncio.create_task(self._follow())
        self._following.add_done_callback(self._stopped)

    async def _close(self) -> None:
        if self._following:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        await self.client.close()

    async def _follow(self) -> None:
        while True:
            answer = None
            with contextlib.suppress(*AWAY):
                answer = await self.client.sync(LONG_POLL, FILTER)
            if not isinstance(answer, nio.SyncResponse):
                await asyncio.sleep(0.1)  # the homeserver is unwell; a real client goes on asking
                continue
            with contextlib.suppress(*AWAY):  # what could not be published is published after the next sync
                await self._publish_keys()
            self._take(answer)

    def _stopped(self, following: asyncio.Task[None]) -> None:
        if not following.cancelled():
            with self._news:
                self._failure = following.exception()
                self._news.notify_all()

    async def _publish_keys(self) -> None:
        """What the client library's own sync loop does besides syncing."""
        await self.client.send_to_device_messages()
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()
        if self.client.should_claim_keys:
            await self.client.keys_claim(self.client.get_users_for_key_claiming())

    def _take(self, answer: Any) -> None:
        with self._news:
            for room, info in [*answer.rooms.join.items(), *answer.rooms.leave.items()]:
                for event in info.timeline.events:
                    self._record(room, event)
            for room in answer.rooms.leave:
                self.client.rooms.pop(room, None)  # the library keeps rooms that were left
                self.client.invited_rooms.pop(room, None)
            if any(isinstance(event, ROOM_KEYS) for event in answer.to_device_events):
                for event in list(self._unreadable.values()):
                    self._try_again(event)
            self._news.notify_all()

    def _record(self, room: str, event: Any) -> None:
        unreadable = isinstance(event, nio.MegolmEvent)
        if unreadable:
            event.room_id = room
            self._unreadable[event.event_id] = event
        encrypted = unreadable or bool(getattr(event, "decrypted", False))
        self._events.setdefault(room, {})[event.event_id] = received(event.source, encrypted)

    def _try_again(self, event: Any) -> None:
        try:
            readable = self.client.decrypt_event(event)
        except nio.EncryptionError:
            return
        del self._unreadable[event.event_id]
        self._record(event.room_id, readable)

    async def _send(self, room: str, kind: str, content: dict[str, Any], txn: str | None) -> str:
        if self.client.should_query_keys:
            await self.client.keys_query()
        sending = self.client.room_send(room, kind, content, txn, ignore_unverified_devices=True)
        event_id: str = accepted(await sending).event_id
        return event_id

    async def _put_account_data(self, kind: str, content: dict[str, Any]) -> None:
        path = f"/_matrix/client/v3/user/{quote(self.user_id)}/account_data/{kind}"
        answer = await self.client.send(
            "PUT", path, json.dumps(content), {"Authorization": f"Bearer {self.client.access_token}"}
        )
        answer.raise_for_status()


def accepted(answer: Any) -> Any:
    """The answer, if the homeserver did what it was asked. The client library returns refusals."""
    if isinstance(answer, nio.ErrorResponse):
        raise Refused(answer)
    return answer
