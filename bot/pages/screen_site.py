"""The conference screen over HTTP: one page that a sealed link opens, kept up to date by server-sent events.

The link is the only key and works for some hours. The page fetches nothing from outside; without script it
loads itself anew. A stream begins with all that there is, so one that a restart cut off misses nothing.
"""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path

import structlog
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.door import Door
from bot.pages.entry_guard import Guard, Guesses
from bot.pages.screen_show import notice, page, regions
from handlers.live.screen import Screen, screen
from handlers.live.screen_link import ScreenLink, opened

STATIC = Path(__file__).parent / "screen" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
LOOK_SECONDS = 1.0
"""How often it is looked whether anything has changed, in this process or another."""
ANEW_SECONDS = 15.0
"""So old may be what is shown though nothing was written: who sees whom also ends by time alone."""
TIME_SECONDS = 5.0
RETRY_MILLISECONDS = 1000
UNKNOWN = "This link opens nothing. `conference screen` in Baton makes a new one."
OVER = "The time of this link is over. `conference screen` in Baton makes a new one."
BUSY = "Too many wrong links came from here. Try again in a minute."
TROUBLE = "Something broke on our side. The conference goes on; try again in a moment."

log = structlog.get_logger()
Handler = Callable[["ScreenSite", Request, ScreenLink], Awaitable[Response]]


def _opened(handler: Handler) -> Callable[["ScreenSite", Request], Awaitable[Response]]:
    """Opens the link for a handler; whoever tries links out, or has an old one, is told so here."""

    @wraps(handler)
    async def answering(site: "ScreenSite", request: Request) -> Response:
        now, caller = site.door.clock.now(), request.client.host if request.client else ""
        try:
            link = await site.door.look(lambda clinic: opened(request.path_params["token"], clinic))
            if link is None:
                if site.guesses.wrong(caller, now):
                    return HTMLResponse(notice(BUSY), 429)
                return HTMLResponse(notice(UNKNOWN), 404)
            return (
                HTMLResponse(notice(OVER), 410) if now >= link.until else await handler(site, request, link)
            )
        except Exception:
            log.exception("screen_failed", error_id=secrets.token_hex(4))
            return HTMLResponse(notice(TROUBLE), 503)

    return answering


@dataclass(frozen=True)
class Look:
    """What was seen of the database: how far its journal goes, and the screen by it."""

    newest: int
    screen: Screen | None


class ScreenSite:
    """The routes of the conference screen."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.guesses = Guesses()
        self._ending = asyncio.Event()

    def end(self) -> None:
        """Lets every stream come to its end."""
        self._ending.set()

    def routes(self) -> Sequence[BaseRoute]:
        """All of them, each behind the guard."""
        inside: list[BaseRoute] = [
            Mount("/static", StaticFiles(directory=STATIC)),
            Route("/{token}", self.whole),
            Route("/{token}/events", self.live),
        ]
        return [Mount("/screen", routes=inside, middleware=[Middleware(Guard, policy=POLICY)])]

    @_opened
    async def whole(self, _: Request, link: ScreenLink) -> Response:
        """The page as things stand."""
        look = await self._look(link)
        if look.screen is None:
            return HTMLResponse(notice(OVER), 410)
        inside = await asyncio.to_thread(regions, look.screen)
        return HTMLResponse(page(look.screen, inside))

    @_opened
    async def live(self, _: Request, link: ScreenLink) -> Response:
        """What changes of it, as it changes."""
        return EventSourceResponse(self.events(link))

    async def events(self, link: ScreenLink) -> AsyncIterator[ServerSentEvent]:
        """Every region, then those that change; the time now and then; a last word when the link is over."""
        sent: dict[str, str] = {}
        newest, looked, said = -1, 0.0, Said(self.door.clock.now)
        while not self._ending.is_set():
            now = self.door.clock.now()
            if now >= link.until:
                yield _event("end", {"says": OVER})
                return
            jumped = said.jumped()
            head = await self.door.look(lambda clinic: clinic.journal.newest())
            if head != newest or jumped or time.monotonic() - looked > ANEW_SECONDS:
                look = await self._look(link)
                if look.screen is None:
                    yield _event("end", {"says": OVER})
                    return
                newest, looked = look.newest, time.monotonic()
                inside = await asyncio.to_thread(regions, look.screen)
                changed = {name: html for name, html in inside.items() if sent.get(name) != html}
                sent = inside
                if changed:
                    yield _event("regions", changed, newest)
            if said.due():
                yield _event("time", {"now": said.say()})
            await self._wait()

    async def _look(self, link: ScreenLink) -> Look:
        now = self.door.clock.now()
        return await self.door.look(lambda clinic: Look(clinic.journal.newest(), screen(link, clinic, now)))

    async def _wait(self) -> None:
        """Until it is time to look again, or the streams end."""
        try:
            await asyncio.wait_for(self._ending.wait(), LOOK_SECONDS)
        except TimeoutError:
            return


class Said:
    """When a page was told the time last: it counts on by itself, but for a clock that is moved."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._at, self._moment = 0.0, now()

    def jumped(self) -> bool:
        """Whether the clock was moved since; once the page is told, it was not."""
        if not self._at:
            return False
        passed = timedelta(seconds=time.monotonic() - self._at)
        return abs(self._now() - self._moment - passed) > timedelta(seconds=1)

    def due(self) -> bool:
        """Whether the page should be told the time."""
        return not self._at or self.jumped() or time.monotonic() - self._at > TIME_SECONDS

    def say(self) -> str:
        """The time, for the page."""
        self._at, self._moment = time.monotonic(), self._now()
        return self._moment.isoformat()


def _event(kind: str, data: dict[str, str], number: int | None = None) -> ServerSentEvent:
    told = None if number is None else str(number)
    return ServerSentEvent(json.dumps(data), event=kind, id=told, retry=RETRY_MILLISECONDS)
