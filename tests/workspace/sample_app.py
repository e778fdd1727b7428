"""A small real Bolt app, served over HTTP or Socket Mode, to try the workspace with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.workspace.state import Json
from tests.workspace.workspace import Workspace


def buttons(*labels: str) -> Json:
    elements = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": one},
            "value": f"do {one}",
            "action_id": one,
        }
        for one in labels
    ]
    return {"type": "actions", "elements": elements}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


NOTE = {
    "type": "modal",
    "callback_id": "note",
    "title": {"type": "plain_text", "text": "A note"},
    "submit": {"type": "plain_text", "text": "Save"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": {"type": "plain_text", "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
    ],
}


class Care:
    """A small Bolt app; `heard` is what reached it, `go` holds it up while it is cleared."""

    def __init__(self, workspace: Workspace) -> None:
        self.heard: list[str] = []
        self.workspace = workspace
        self.go = threading.Event()
        self.go.set()
        client = AsyncWebClient(workspace.app.bot_token, base_url=workspace.base_url, retry_handlers=[])
        self.bolt = AsyncApp(client=client, signing_secret=workspace.app.signing_secret)
        self.bolt.command("/care")(self.command)
        self.bolt.action("Accept")(self.accept)
        self.bolt.view("note")(self.note)
        self.bolt.view_closed("note")(self.closed)
        self.bolt.shortcut("flag")(self.flag)
        self.bolt.event("app_mention")(self.mentioned)
        self.bolt.event("message")(self.message)
        self.bolt.event("app_home_opened")(self.home)
        for name in ("reaction_added", "member_joined_channel", "channel_left", "member_left_channel"):
            self.bolt.event(name)(self.other)

    def hear(self, what: str) -> None:
        with self.workspace.state.changed():
            self.heard.append(what)

    def has_heard(self, *expected: str) -> None:
        """Wait for exactly this: Bolt acknowledges an event before it runs the listener."""
        self.workspace.wait_for(lambda: len(self.heard) >= len(expected))
        assert self.heard == list(expected)

    async def command(self, ack: Any, command: Json, client: Any, respond: Any) -> None:
        await asyncio.to_thread(self.go.wait)
        self.hear(f"/care {command['text']}")
        if command["text"] == "note":
            await client.views_open(trigger_id=command["trigger_id"], view=NOTE)
        if command["text"] == "card":
            await client.chat_postMessage(
                channel=command["channel_id"],
                text="H-1",
                blocks=[section("*H-1*"), buttons("Accept", "Decline")],
            )
        await ack(f"You said {command['text']}")
        if command["text"] == "chatty":
            for number in range(6):
                await respond(f"{number}")

    async def accept(self, ack: Any, body: Json, client: Any, action: Json) -> None:
        await ack()
        self.hear(action["value"])
        await client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            text="Accepted",
            blocks=[section(f"Accepted by <@{body['user']['id']}>")],
        )

    async def note(self, ack: Any, view: Json) -> None:
        words = view["state"]["values"]["words"]["value"]["value"]
        if words == "bad":
            await ack(response_action="errors", errors={"words": "Not like that"})
        else:
            self.hear(f"note {words}")
            await ack()

    async def closed(self, ack: Any) -> None:
        await ack()
        self.hear("closed")

    async def flag(self, ack: Any, shortcut: Json) -> None:
        await ack()
        self.hear(f"flag {shortcut.get('message', {}).get('text')}")

    async def mentioned(self, event: Json) -> None:
        self.hear(f"mention {event['text']}")

    async def message(self, event: Json) -> None:
        self.hear(f"{event.get('subtype', 'message')} {event.get('text', '')}".strip())

    async def home(self, event: Json, client: Any) -> None:
        view = {"type": "home", "blocks": [section("Your patients")]}
        await client.views_publish(user_id=event["user"], view=view)

    async def other(self, event: Json) -> None:
        self.hear(event["type"])

    async def serve_http(self, ready: Callable[[str], None], over: asyncio.Event) -> None:
        handler = AsyncSlackRequestHandler(self.bolt)

        async def events(request: Request) -> Response:
            return await handler.handle(request)

        web = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(web, port=0, log_level="error", lifespan="off"))
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup()
        port = server.servers[0].sockets[0].getsockname()[1]
        ready(f"http://127.0.0.1:{port}/slack/events")
        await over.wait()
        await server.shutdown()

    async def serve_socket(self, ready: Callable[[str], None], over: asyncio.Event) -> None:
        handler = AsyncSocketModeHandler(self.bolt, self.workspace.app.app_token, ping_interval=1)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        ready("")
        await over.wait()
        await handler.close_async()  # type: ignore[no-untyped-call]


@contextmanager
def running(serve: Callable[[Callable[[str], None], asyncio.Event], Awaitable[None]]) -> Iterator[str]:
    """The app in a thread of its own; gives its request URL."""
    loop, over, urls = asyncio.new_event_loop(), asyncio.Event(), list[str]()
    up = threading.Event()

    def ready(url: str) -> None:
        urls.append(url)
        up.set()

    async def serving() -> None:
        await serve(ready, over)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serving()))
    thread.start()
    try:
        assert up.wait(10)
        yield urls[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
