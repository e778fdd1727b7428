"""Socket Mode: the websockets the app holds open, and the envelopes that go through them."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.workspace.core import Core
from tests.workspace.state import Json

MOST_LINKS = 10


@dataclass(eq=False)
class Link:
    """One open connection and the envelopes it has not acknowledged yet."""

    socket: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    retired: bool = False  # told to go; gets nothing any more
    gone: asyncio.Event = field(default_factory=asyncio.Event)


class NoLink(ConnectionError):
    """No connection is open, or it broke before the acknowledgement came."""


class Links:
    """Up to ten connections; each payload goes to one of them, in turn."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.open: list[Link] = []
        self._turn = itertools.count()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A connection from its hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.core.tickets:
            return web.Response(status=403)
        self.core.tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.open) >= MOST_LINKS:
            await socket.send_json(self._disconnect("too_many_websockets"))
            await socket.close()
            return socket
        link = Link(socket, request)
        hello = {"app_id": self.core.app.id}
        debug = {"host": "applink-1", "approximate_connection_time": 18060}
        with self.core.state.changed():
            self.open.append(link)
            greeting = {"type": "hello", "num_connections": len(self.open), "connection_info": hello}
        try:
            await socket.send_json({**greeting, "debug_info": debug})
            await self._listen(link)
        finally:
            with self.core.state.changed():
                self.open.remove(link)
            link.gone.set()
            for future in link.waiting.values():
                if not future.done():
                    future.set_exception(NoLink("connection lost"))
        return socket

    async def _listen(self, link: Link) -> None:
        async for message in link.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            reply: Json = message.json()
            # An ack may come back over another connection than the envelope went out on.
            for one in self.open:
                future = one.waiting.get(reply.get("envelope_id", ""))
                if future is not None and not future.done():
                    future.set_result(reply.get("payload"))

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None) -> Any:
        """Hand an envelope to one connection; the payload of its ack."""
        ready = [link for link in self.open if not link.retired]
        if not ready:
            raise NoLink("no connection")
        link = ready[next(self._turn) % len(ready)]
        envelope: Json = {"envelope_id": str(uuid.uuid4()), "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        link.waiting[envelope["envelope_id"]] = future
        try:
            await link.socket.send_json(envelope)
            return await future
        finally:
            link.waiting.pop(envelope["envelope_id"], None)

    def _disconnect(self, reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}

    async def warn(self) -> None:
        """Announce that the connections will be closed soon."""
        for link in list(self.open):
            await link.socket.send_json(self._disconnect("warning"))

    async def refresh(self, grace: float = 5.0) -> None:
        """Ask the app to replace its connections; those it doesn't close in time are closed."""
        leaving = list(self.open)
        for link in leaving:
            link.retired = True
            await link.socket.send_json(self._disconnect("refresh_requested"))
        for link in leaving:
            try:
                async with asyncio.timeout(grace):
                    await link.gone.wait()
            except TimeoutError:
                await link.socket.close()

    async def cut(self) -> None:
        """Break the connections without a word."""
        for link in list(self.open):
            if link.request.transport is not None:
                link.request.transport.close()
