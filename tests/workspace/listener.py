"""The HTTP side: Web API, uploads, response_urls and the Socket Mode address, on one loopback port."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from tests.workspace import api, responses, uploads
from tests.workspace.core import Core
from tests.workspace.errors import SlackError
from tests.workspace.faults import Fault, Faults, Pace
from tests.workspace.links import Links
from tests.workspace.state import ApiCall, Json


class Listener:
    """Answers the app. Can be stopped and started again on the same port; the memory stays."""

    def __init__(self, core: Core, links: Links, faults: Faults) -> None:
        self.core, self.links, self.faults = core, links, faults
        self.pace: Pace | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> int:
        """Listen; the port that it became."""
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/{file}/{key}", self._upload)
        app.router.add_post("/response/{key:.+}", self._response)
        app.router.add_get("/link/", self._link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Refuse connections and break those that are open."""
        if self._runner is not None:
            await self.links.cut()
            await self._runner.cleanup()
            self._runner = None

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            sent = await _arguments(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        token = token or str(sent.get("token") or "")
        sent.pop("token", None)
        return await self._answer(request, method, sent, token)

    async def _answer(self, request: web.Request, name: str, sent: Json, token: str) -> web.StreamResponse:
        fault = self.faults.find(name, sent)
        if fault is not None and not await self._go_on(request, fault):
            return self._fail(request, name, sent, token, fault)
        body, status, headers = self._carry_out(name, sent, token)
        if fault is not None and fault.kind in {"drop", "hang"} and (fault.kind == "drop" or fault.done):
            self._record(name, sent, token, None, 0, fault.kind)
            if fault.kind == "hang":
                await asyncio.shield(asyncio.wrap_future(fault.gate))
            return _break(request)
        self._record(name, sent, token, body, status, None)
        return web.json_response(body, status=status, headers=headers)

    async def _go_on(self, request: web.Request, fault: Fault) -> bool:
        """Whether a call that a fault has struck is carried out all the same."""
        if fault.kind == "hang" and not fault.done:
            with self.core.state.changed():
                pass  # whoever waits for `hits` may look again
            await asyncio.shield(asyncio.wrap_future(fault.gate))
            return request.transport is not None and not request.transport.is_closing()
        return fault.kind in {"drop", "hang"}

    def _fail(
        self, request: web.Request, name: str, sent: Json, token: str, fault: Fault
    ) -> web.StreamResponse:
        answer: Json | None = {"ok": False, "error": fault.code}
        status, headers = 200, {}
        if fault.kind == "ratelimited":
            answer, status = {"ok": False, "error": "ratelimited"}, 429
            headers = {"Retry-After": str(fault.retry_after)}
        elif fault.kind == "error":
            answer, status = None, fault.status
        elif fault.kind != "code":
            answer, status = None, 0
        self._record(name, sent, token, answer, status, fault.kind)
        if status == 0:
            return _break(request)
        if answer is None:
            return web.Response(status=status, text="Internal Server Error")
        return web.json_response(answer, status=status, headers=headers)

    def _carry_out(self, name: str, sent: Json, token: str) -> tuple[Json, int, dict[str, str]]:
        known = api.METHODS.get(name)
        if self.pace is not None and known is not None:
            wait = self.pace.wait(name, known.tier, str(sent.get("channel")), self.core.clock)
            if wait:
                return {"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(wait)}
        headers = {}
        if api.whose(self.core, token) == "bot":
            headers["x-oauth-scopes"] = ",".join(sorted(self.core.app.scopes))
        try:
            return api.call(self.core, name, api.decode(sent), token), 200, headers
        except SlackError as refusal:
            return refusal.answer(), 200, headers

    def _record(
        self, name: str, sent: Json, token: str, answer: Json | None, status: int, fault: str | None
    ) -> None:
        who, now = api.whose(self.core, token), self.core.clock.now()
        with self.core.state.changed():
            self.core.state.calls.append(ApiCall(name, sent, who, now, answer, status, fault))

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.find("upload", {})
        if fault is not None and not await self._go_on(request, fault):
            return self._fail(request, "upload", {}, "", fault)
        content = await _uploaded(request)
        try:
            uploads.receive(self.core, request.match_info["file"], request.match_info["key"], content)
        except SlackError as refusal:
            return web.Response(status=404, text=refusal.code)
        return _break(request) if fault else web.Response(text=f"OK - {len(content)}")

    async def _response(self, request: web.Request) -> web.StreamResponse:
        sent: Json = await request.json()
        fault = self.faults.find("response_url", sent)
        if fault is not None and not await self._go_on(request, fault):
            return self._fail(request, "response_url", sent, "", fault)
        try:
            responses.respond(self.core, request.match_info["key"], sent)
        except SlackError as refusal:
            status = 404 if refusal.code.endswith("_url") else 400
            self._record("response_url", sent, "", refusal.answer(), status, None)
            return web.json_response(refusal.answer(), status=status)
        self._record("response_url", sent, "", {"ok": True}, 200, fault.kind if fault else None)
        return _break(request) if fault else web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.find("link", {})
        if fault is not None and not await self._go_on(request, fault):
            return self._fail(request, "link", {}, "", fault)
        return await self.links.serve(request)


def _break(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _arguments(request: web.Request) -> Json:
    """Arguments from the query, a form or JSON."""
    sent: Json = dict(request.query)
    if request.content_type == "application/json":
        read = await request.json() if await request.read() else {}
        if not isinstance(read, dict):
            raise ValueError("not an object")
        return sent | read
    return sent | dict(await request.post())


async def _uploaded(request: web.Request) -> bytes:
    """The bytes of an upload, sent plain or as a form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    parts: Any = (await request.post()).values()
    for part in parts:
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""
