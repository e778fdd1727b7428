"""People's own calendars over HTTP: fetched again and again by their calendar programs, mostly unchanged."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from agendas.feed import Entry, etag, feed
from bot.door import Door
from bot.pages.entry_guard import Guesses
from handlers.calendars.own import entries
from storage.clinic import Clinic

MOST_KEPT = 200
HEADERS = {
    "Cache-Control": "private, max-age=300",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_NOT_THERE = "There is no calendar here any more: `calendar link` in chat makes an address.\n"


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
        if self.guesses.too_many(caller, now):
            return PlainTextResponse("Too many wrong addresses; wait a minute.\n", 429)
        found = await self.door.look(lambda clinic: self._look(request.path_params["token"], clinic))
        if found is None:
            self.guesses.wrong(caller, now)
            return PlainTextResponse(_NOT_THERE, 404)
        made, tasks = found
        tag = etag(made, tasks)
        headers = HEADERS | {"ETag": tag}
        if _has(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        return Response(await self._content(tag, made, tasks), media_type="text/calendar", headers=headers)

    def _look(self, token: str, clinic: Clinic) -> tuple[tuple[Entry, ...], bool] | None:
        link = clinic.feeds.find(token)
        return (entries(link, clinic, self.door.clock.now()), link.tasks) if link else None

    async def _content(self, tag: str, made: tuple[Entry, ...], tasks: bool) -> bytes:
        if tag not in self._kept:
            self._kept[tag] = await asyncio.to_thread(feed, made, tasks)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(tag)
        return self._kept[tag]


def _has(header: str, tag: str) -> bool:
    """Whether an If-None-Match names this ETag; proxies mark theirs as weak."""
    named = {each.strip().removeprefix("W/") for each in header.split(",")}
    return tag in named or "*" in named
