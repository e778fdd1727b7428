"""People's own calendars over HTTP: fetched again and again by their calendar programs, mostly unchanged."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from agendas.feed import Entry, feed
from bot.door import Door
from bot.pages.entry_guard import Guesses
from handlers.calendars.own import entries, sources
from storage.clinic import Clinic

MOST_KEPT = 200
HEADERS = {
    "Cache-Control": "private, max-age=300",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_NOT_THERE = "There is no calendar here any more: `calendar link` in chat makes an address.\n"


@dataclass(frozen=True)
class Found:
    """A calendar that was asked for: as it was `kept`, else what is in it, if that has to be sent."""

    tag: str
    tasks: bool
    made: tuple[Entry, ...] = ()
    kept: bytes | None = None


class FeedSite:
    """The route of all calendars. What was made is kept by its ETag, for the next who asks for the same."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.guesses = Guesses()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def routes(self) -> Sequence[BaseRoute]:
        """It."""
        return [Route("/calendar/{token}.ics", self.fetch)]

    async def fetch(self, request: Request) -> Response:
        """A calendar; 304 to a program that has it as it is."""
        now, caller = self.door.clock.now(), request.client.host if request.client else ""
        token, known = request.path_params["token"], request.headers.get("if-none-match", "")
        found = await self.door.look(lambda clinic: self._look(token, known, clinic, now))
        if found is None:
            if self.guesses.wrong(caller, now):
                return PlainTextResponse("Too many wrong addresses; wait a minute.\n", 429)
            return PlainTextResponse(_NOT_THERE, 404)
        headers = HEADERS | {"ETag": found.tag}
        if _has(known, found.tag):
            return Response(status_code=304, headers=headers)
        return Response(await self._content(found), media_type="text/calendar", headers=headers)

    def _look(self, token: str, known: str, clinic: Clinic, now: datetime) -> Found | None:
        link = clinic.feeds.find(token)
        if link is None:
            return None
        made_of = sources(link, clinic, now)
        tag = made_of.tag
        kept = self._kept.get(tag)
        if kept is not None or _has(known, tag):
            return Found(tag, link.tasks, kept=kept)
        return Found(tag, link.tasks, entries(made_of, clinic))

    async def _content(self, found: Found) -> bytes:
        content = found.kept
        if content is None:
            content = await asyncio.to_thread(feed, found.made, found.tasks)
        self._kept[found.tag] = content
        self._kept.move_to_end(found.tag)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return content


def _has(header: str, tag: str) -> bool:
    """Whether an If-None-Match names this ETag; proxies mark theirs as weak."""
    named = {each.strip().removeprefix("W/") for each in header.split(",")}
    return tag in named or "*" in named
