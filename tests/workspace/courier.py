"""The way from Slack to the app: signed HTTP requests or Socket Mode envelopes, and event retries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.workspace.core import Core
from tests.workspace.links import Links, NoLink
from tests.workspace.state import Delivery, Json


@dataclass(frozen=True)
class Ack:
    """How the app acknowledged: in which time, and with what. `error` is what a person would see."""

    seconds: float
    body: Any = None
    error: str | None = None
    reason: str = ""  # why, in the words of x-slack-retry-reason
    retry: bool = True
    status: int | None = None

    @property
    def response_action(self) -> str | None:
        return self.body.get("response_action") if isinstance(self.body, dict) else None

    @property
    def errors(self) -> dict[str, str]:
        """The faults that a modal shows at its fields, by block_id."""
        found: dict[str, str] = self.body.get("errors") or {} if isinstance(self.body, dict) else {}
        return found


@dataclass
class Terms:
    """What a test may change about deliveries."""

    timeout: float = 3.0
    retry_after: tuple[float, ...] = (0, 60, 300)
    sign_with: str | None = None  # another secret than the app's
    skew: float = 0.0  # seconds added to the timestamp that is signed
    holding: bool = False  # record events without delivering them


@dataclass
class Courier:
    """Delivers payloads; lives on the workspace's event loop."""

    core: Core
    links: Links
    terms: Terms = field(default_factory=Terms)

    def __post_init__(self) -> None:
        self.session: aiohttp.ClientSession | None = None
        self.events: list[Json] = []
        self.in_flight = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._moved = asyncio.Event()

    async def deliver(
        self, kind: str, payload: Json, event_id: str | None = None, retry: tuple[int, str] | None = None
    ) -> Ack:
        """One attempt; what came of it is also recorded."""
        send = self._post if self.core.app.request_url else self._envelope
        start = time.perf_counter()
        try:
            async with asyncio.timeout(self.terms.timeout):
                ack = await send(kind, payload, retry, start)
        except TimeoutError:
            ack = Ack(time.perf_counter() - start, None, "operation_timeout", "http_timeout")
        except (aiohttp.ClientError, ConnectionError, OSError) as broken:
            why = str(broken) if isinstance(broken, NoLink) else "connection_failed"
            ack = Ack(time.perf_counter() - start, None, "dispatch_failed", why)
        attempt = retry[0] if retry else 0
        with self.core.state.changed():
            self.core.state.deliveries.append(
                Delivery(kind, event_id, attempt, ack.seconds, ack.error, ack.body)
            )
        return ack

    async def _envelope(self, kind: str, payload: Json, retry: tuple[int, str] | None, start: float) -> Ack:
        body = await self.links.send(kind, payload, retry)
        return Ack(time.perf_counter() - start, body)

    async def _post(self, kind: str, payload: Json, retry: tuple[int, str] | None, start: float) -> Ack:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Slackbot 1.0"}
        if kind == "events_api":
            headers["Content-Type"], body = "application/json", json.dumps(payload)
        elif kind == "slash_commands":
            body = urlencode(payload)
        else:
            body = urlencode({"payload": json.dumps(payload)})
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        headers |= self.sign(body)
        if self.session is None:
            # A kept connection may die just as it is used again; that would look like a fault of the app.
            connector = aiohttp.TCPConnector(limit=0, force_close=True)
            self.session = aiohttp.ClientSession(connector=connector)
        url = str(self.core.app.request_url)
        async with self.session.post(
            url, data=body.encode(), headers=headers, allow_redirects=False
        ) as answer:
            text = await answer.text()
            read: Any = text
            if "json" in answer.content_type and text:
                read = json.loads(text)
            seconds = time.perf_counter() - start
            if answer.status >= 300:
                again = answer.headers.get("X-Slack-No-Retry") != "1"
                return Ack(seconds, read, "dispatch_failed", "http_error", again, answer.status)
            return Ack(seconds, read or None, status=answer.status)

    def sign(self, body: str) -> dict[str, str]:
        """The headers of a request signed by Slack, version v0."""
        at = str(int(time.time() + self.terms.skew))
        secret = self.terms.sign_with or self.core.app.signing_secret
        digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}

    def wrap(self, event: Json) -> Json:
        """The outer event, with an id of its own."""
        authorization = {
            "enterprise_id": None,
            "team_id": self.core.state.team,
            "user_id": self.core.app.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "verification",
            "team_id": self.core.state.team,
            "api_app_id": self.core.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self.core.state.new_id("Ev"),
            "event_time": int(self.core.clock.now()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }

    def emit(self, loop: asyncio.AbstractEventLoop, event: Json) -> None:
        """Send an event in the background, from any thread."""
        outer = self.wrap(event)
        with self.core.state.changed():
            self.events.append(outer)
            if self.terms.holding:
                return
            self.in_flight += 1
        loop.call_soon_threadsafe(self._begin, outer)

    def _begin(self, outer: Json) -> None:
        task = asyncio.ensure_future(self._see_through(outer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _see_through(self, outer: Json) -> None:
        """An event with its retries. Only attempts count as in flight, not the time between them."""
        ack = await self.deliver("events_api", outer, outer["event_id"])
        for number, delay in enumerate(self.terms.retry_after, 1):
            if ack.error is None or not ack.retry:
                break
            if delay:
                self._landed()
                await self._until(self.core.clock.now() + delay)
                self.in_flight += 1
            ack = await self.deliver("events_api", outer, outer["event_id"], (number, ack.reason))
        self._landed()

    def _landed(self) -> None:
        with self.core.state.changed():
            self.in_flight -= 1

    async def _until(self, due: float) -> None:
        while (left := due - self.core.clock.now()) > 0:
            try:
                async with asyncio.timeout(left):
                    await self._moved.wait()
            except TimeoutError:
                continue

    def clock_moved(self) -> None:
        """Wake the retries that may have become due."""
        self._moved.set()
        self._moved = asyncio.Event()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.session is not None:
            await self.session.close()
