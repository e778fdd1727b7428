"""The workspace for other processes: the same calls as in Python, over HTTP and JSON.

It listens on a port of its own, so it goes on answering while Slack itself is "down".

    GET  /control/app                     url, base_url, ids, tokens, signing secret, scopes
    POST /control/workspace/<call>        one of WORKSPACE below, arguments by name
    POST /control/person/<handle>/<call>  one of PERSON below; the person is made when not there yet

Channels are given by name or id, messages by ts, views by id, people by handle. The answer is
`{"ok": true, "result": ...}` or `{"ok": false, "error": code, "seconds": s, "detail": text}` with what
the person saw. Beyond the calls of `Workspace` there are:

    configure     {request_url, scopes, subscriptions, bot_token, app_token, signing_secret,
                   timeout, retry_after, sign_with, skew, holding, pace: {a_second, burst, tiers} or null}
    fault         {pattern, kind, times, probability, seed, retry_after, status, code, done, where}
                  -> its number; release {number} lets go what hangs; faults lists, clear_faults ends all
    seen          {where} -> texts and buttons of a message or view
    since         {channel, ts, handle} -> messages there after ts, and ephemerals shown to this person
    wait_text     {channel, text, timeout} -> the first message that shows this text
    wait_calls    {method, count, timeout} -> the calls of this method, once there are so many
    wait_links    {count, timeout} -> once so many Socket Mode connections are open

Example: curl -d '{"command": "/care", "text": "help", "channel": "msk-pain"}' \\
    $CONTROL/control/person/ana/slash
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from itertools import takewhile
from typing import Any

from aiohttp import web

from tests.workspace.courier import Ack
from tests.workspace.errors import Refused, SlackError
from tests.workspace.faults import Fault, Pace
from tests.workspace.reading import Seen
from tests.workspace.state import ApiCall, Conversation, Delivery, Json
from tests.workspace.workspace import Workspace

PERSON = frozenset(
    {"say", "mention", "direct", "edit", "delete", "react", "join", "leave", "slash", "press", "choose"}
    | {"suggest", "submit", "close", "shortcut", "open_home"}
)
WORKSPACE = frozenset(
    {"start", "stop", "restart", "advance", "channel", "person", "invite_bot", "remove_bot", "settle"}
    | {"warn_connections", "refresh_connections", "cut_connections", "messages", "versions", "ephemerals"}
    | {"home", "views", "calls", "redeliver", "verify_url", "forget"}
)
TERMS = frozenset({"timeout", "retry_after", "sign_with", "skew", "holding"})
APP = frozenset({"request_url", "bot_token", "app_token", "signing_secret"})


def plain(value: Any) -> Any:
    """A value as JSON can carry it."""
    if isinstance(value, Conversation):
        return {"id": value.id, "name": value.name, "kind": value.kind, "members": value.members}
    if isinstance(value, Ack | Delivery | ApiCall | Seen | Fault):
        return plain(asdict(value))
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return {"id": value.id, "name": value.name}


class Control:
    """The calls, by name."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.own: dict[str, Callable[..., Any]] = {
            name: getattr(self, name)
            for name in (
                "configure",
                "fault",
                "release",
                "faults",
                "clear_faults",
                "seen",
                "since",
                "events",
                "deliveries",
                "wait_text",
                "wait_calls",
                "wait_links",
            )
        }

    def application(self) -> web.Application:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_get("/control/app", self._app)
        app.router.add_post("/control/workspace/{call}", self._workspace)
        app.router.add_post("/control/person/{handle}/{call}", self._person)
        return app

    async def serve(self, port: int) -> int:
        """Listen until the process ends; the port that it became."""
        runner = web.AppRunner(self.application(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return int(runner.addresses[0][1])

    async def _app(self, request: web.Request) -> web.Response:
        shown = asdict(self.workspace.app) | {"url": self.workspace.core.url}
        return web.json_response(
            plain(shown | {"base_url": self.workspace.base_url, "team": self.workspace.team})
        )

    async def _workspace(self, request: web.Request) -> web.Response:
        name = request.match_info["call"]
        known = getattr(self.workspace, name) if name in WORKSPACE else self.own.get(name)
        return await _answer(request, known)

    async def _person(self, request: web.Request) -> web.Response:
        person = self.workspace.person(request.match_info["handle"])
        name = request.match_info["call"]
        return await _answer(request, getattr(person, name) if name in PERSON else None)

    def configure(self, **settings: Any) -> None:
        app, terms = self.workspace.app, self.workspace.terms
        for name, value in settings.items():
            if name in APP:
                setattr(app, name, value)
            elif name in {"scopes", "subscriptions"}:
                setattr(app, name, set(value))
            elif name in TERMS:
                setattr(terms, name, tuple(value) if name == "retry_after" else value)
            elif name == "pace":
                self.workspace.limit_rates(None if value is None else Pace(**value))
            else:
                raise TypeError(f"no setting {name}")

    def fault(self, pattern: str, kind: str, **how: Any) -> int:
        self.workspace.fault(pattern, kind, **how)
        return len(self.workspace.faults.all) - 1

    def release(self, number: int) -> None:
        self.workspace.faults.all[number].release()

    def faults(self) -> list[Fault]:
        return self.workspace.faults.all

    def clear_faults(self) -> None:
        self.workspace.faults.clear()

    def seen(self, where: str) -> Seen:
        return self.workspace.texts(self.workspace.place(where))

    def since(self, channel: str, ts: str = "", handle: str = "") -> Json:
        with self.workspace.state.condition:
            there = self.workspace.room(channel)
            user = self.workspace.user_id(handle)
            # The newest first, so that a long conversation is not read from its beginning.
            messages = list(takewhile(lambda one: one["ts"] > ts, reversed(there.messages.values())))
            shown = takewhile(lambda pair: pair[1]["ts"] > ts, reversed(there.ephemerals))
            ephemerals = [message for who, message in shown if who == user]
        return {"messages": messages[::-1], "ephemerals": ephemerals[::-1]}

    def events(self) -> list[Json]:
        return self.workspace.events

    def deliveries(self) -> list[Delivery]:
        return self.workspace.deliveries

    def wait_text(self, channel: str, text: str, timeout: float = 5) -> Json:
        def shown() -> Json | None:
            there = self.workspace.messages(channel)
            return next((one for one in there if text in str(self.workspace.texts(one))), None)

        return self.workspace.wait_for(shown, timeout) or {}

    def wait_calls(self, method: str, count: int = 1, timeout: float = 5) -> list[ApiCall]:
        self.workspace.wait_for(lambda: len(self.workspace.calls(method)) >= count, timeout)
        return self.workspace.calls(method)

    def wait_links(self, count: int = 1, timeout: float = 5) -> int:
        self.workspace.wait_for(lambda: len(self.workspace.links.open) >= count, timeout)
        return len(self.workspace.links.open)


async def _answer(request: web.Request, known: Callable[..., Any] | None) -> web.Response:
    """Make the call in a thread: most of them wait for the loop that this runs on."""
    if known is None:
        return web.json_response({"ok": False, "error": "unknown_call"}, status=404)
    try:
        arguments = await request.json() if await request.read() else {}
        result = await asyncio.to_thread(known, **arguments)
        return web.json_response({"ok": True, "result": plain(result)})
    except Refused as wrong:
        shown = {"ok": False, "error": wrong.code, "seconds": wrong.seconds, "detail": wrong.detail}
        return web.json_response(shown)
    except SlackError as wrong:
        return web.json_response(wrong.answer())
    except TimeoutError as wrong:
        return web.json_response({"ok": False, "error": "timeout", "detail": str(wrong)})
    except (LookupError, TypeError, ValueError) as wrong:
        return web.json_response({"ok": False, "error": "bad_call", "detail": str(wrong)}, status=400)
