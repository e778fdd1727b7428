"""A reverse proxy in front of a homeserver that fails on demand, the ways real ones do.

In a test: `with FaultProxy(homeserver.url) as proxy: proxy.add(Fault("cut", "PUT .*/send/", taken=True))`.
From another process: `python -m tests.matrix_faults --upstream URL --port N --control M`, and then
`POST /faults` with the fields of a `Fault` as JSON, `GET /faults`, `DELETE /faults`, `GET /seen`,
`POST /down` and `POST /up` on the control port.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import threading
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from tests.matrix_fault_control import control_app, listen
from tests.matrix_fault_kinds import LOOPBACK, Fault, Seen, complaint, limited
from tests.matrix_loop import run
from tests.patience import PATIENCE

__all__ = ["Fault", "FaultProxy", "Seen", "limited"]

HOP_BY_HOP = {"connection", "content-encoding", "content-length", "host", "keep-alive", "transfer-encoding"}


class FaultProxy:
    """Passes requests on to `upstream`, except those that a fault is meant for."""

    def __init__(self, upstream: str, port: int = 0, control: int = 0, seed: int = 1) -> None:
        self.upstream = upstream.rstrip("/")
        self.port = port
        self.control = control
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self._dice = random.Random(seed)
        self._news = threading.Condition()
        self._cleared = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None
        self._listening: web.AppRunner | None = None
        self._controlling: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where clients reach it."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def control_url(self) -> str:
        """Where other processes tell it what should fail."""
        return f"http://{LOOPBACK}:{self.control}"

    def add(self, fault: Fault) -> None:
        """From now on, this goes wrong too. Faults added earlier are looked at first."""
        self.faults.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong any more; what hangs is cut."""
        run(self.aclear())

    def down(self) -> None:
        """Refuse connections, and cut those there are."""
        run(self.adown())

    def up(self) -> None:
        """Listen again, at the same address."""
        run(self.aup())

    def wait_for(self, line: str, fate: str = "passed", count: int = 1, timeout: float = PATIENCE) -> None:
        """Wait until so many requests with `line` (a regular expression) in them had that fate."""
        with self._news:
            if not self._news.wait_for(lambda: self.count(line, fate) >= count, timeout):
                raise AssertionError(f"waited {timeout} s for {count} of {line!r} {fate}: {self.seen[-20:]}")

    def count(self, line: str, fate: str = "passed") -> int:
        """How many requests with `line` (a regular expression) in them had that fate."""
        return sum(1 for one in list(self.seen) if one.fate == fate and re.search(line, one.line))

    def __enter__(self) -> Self:
        run(self.start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        run(self.stop())

    async def start(self) -> None:
        """Listen for clients, and for control."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None),
            connector=aiohttp.TCPConnector(limit=0),
        )
        await self.aup()
        self._controlling, self.control = await listen(control_app(self), self.control)

    async def stop(self) -> None:
        """Stop for good."""
        await self.aclear()
        await self.adown()
        if self._controlling:
            await self._controlling.cleanup()
        if self._session:
            await self._session.close()

    async def aclear(self) -> None:
        """`clear`, on the loop."""
        self.faults.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()

    async def adown(self) -> None:
        """`down`, on the loop."""
        listening, self._listening = self._listening, None
        if listening:
            await listening.cleanup()

    async def aup(self) -> None:
        """`up`, on the loop."""
        if not self._listening:
            app = web.Application(client_max_size=1 << 30)
            app.router.add_route("*", "/{path:.*}", self._handle)
            self._listening, self.port = await listen(app, self.port)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        line = f"{request.method} {request.path}"
        fault = self._due(line)
        self._saw(line, fault.outcome if fault else "passed")
        if fault is None:
            return await self._pass_on(request)
        taken = await self._pass_on(request) if fault.taken else None
        if fault.outcome == "answer":
            return web.json_response(complaint(fault), status=fault.status)
        if fault.outcome == "slow":
            await asyncio.sleep(fault.seconds)
            return taken or await self._pass_on(request)
        if fault.outcome == "hang":
            await self._cleared.wait()
        if request.transport:
            request.transport.abort()
        return web.Response()

    def _due(self, line: str) -> Fault | None:
        for fault in self.faults:
            if fault.times == 0 or not re.search(fault.where, line) or self._dice.random() >= fault.chance:
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None

    def _saw(self, line: str, fate: str) -> None:
        with self._news:
            self.seen.append(Seen(line, fate))
            self._news.notify_all()

    async def _pass_on(self, request: web.Request) -> web.Response:
        assert self._session
        headers = {key: value for key, value in request.headers.items() if key.lower() not in HOP_BY_HOP}
        try:
            async with self._session.request(
                request.method, self.upstream + request.raw_path, headers=headers, data=await request.read()
            ) as answer:
                kept = {key: value for key, value in answer.headers.items() if key.lower() not in HOP_BY_HOP}
                return web.Response(status=answer.status, headers=kept, body=await answer.read())
        except aiohttp.ClientError as error:
            return web.json_response({"errcode": "M_UNKNOWN", "error": f"upstream: {error}"}, status=502)


async def serve(upstream: str, port: int, control: int, seed: int) -> None:
    """Run a proxy until the process is ended."""
    await FaultProxy(upstream, port, control, seed).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="A homeserver that fails on demand.")
    arguments.add_argument("--upstream", required=True)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--control", type=int, required=True)
    arguments.add_argument("--seed", type=int, default=1)
    asyncio.run(serve(**vars(arguments.parse_args())))
