"""Pages that links in mails open, for people without an account: what is asked of them, and their answer.

Reading one changes nothing, so that what looks into mail before people do answers for nobody: it takes a
press.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import structlog
from starlette.datastructures import FormData, QueryParams
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.door import Door
from bot.pages.entry_guard import Guard, Guesses, from_elsewhere
from bot.pages.entry_show import accepted
from bot.pages.invite_show import notice
from cards.language import nearest
from pathway.invitee import Invitee
from storage.clinic import Clinic

log = structlog.get_logger()

Work = Callable[[Clinic, datetime], None]


class Asks(Protocol):
    """What a link opens: it is for somebody, and shown in their language."""

    @property
    def person(self) -> Invitee:
        """Whom the link is for."""


A = TypeVar("A", bound=Asks)


class LinkSite(ABC, Generic[A]):
    """One kind of such pages, at the path `place`; `name` begins the event ids of its answers."""

    place: str
    name: str
    failed: str
    """The event that is logged when an answer could not be kept."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.guesses = Guesses()

    @abstractmethod
    def opened(self, token: str, clinic: Clinic, now: datetime) -> A | None:
        """What the link asks; None if it is none of ours, or whom it was for is not asked any more."""

    @abstractmethod
    def page(self, asked: A, query: QueryParams, now: datetime) -> str:
        """The page as HTML."""

    @abstractmethod
    def given(self, asked: A, token: str, form: FormData) -> tuple[str, Work] | None:
        """What a form answers: what the page then says was done, and doing it. None if it answers nothing."""

    def routes(self) -> Sequence[BaseRoute]:
        """All of them, behind the guard."""
        inside = [
            Route("/{token}", self.show),
            Route("/{token}", self.answer, methods=["POST"]),
            Route("/{rest:path}", self.show),
        ]
        return [Mount(self.place, routes=inside, middleware=[Middleware(Guard)])]

    async def show(self, request: Request) -> Response:
        """What the link asks, and what was answered."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        return HTMLResponse(self.page(asked, request.query_params, self.door.clock.now()))

    async def answer(self, request: Request) -> Response:
        """An answer is given."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        if from_elsewhere(request.headers):
            return notice(nearest(asked.person.language), "elsewhere", 403)
        token = request.path_params["token"]
        given = self.given(asked, token, await request.form())
        if given is None:
            return RedirectResponse(f"{self.place}/{token}", 303)
        said, work = given
        try:
            await self.door.once(f"{self.name}:{secrets.token_hex(12)}", work)
        except Exception:
            error_id = secrets.token_hex(4)
            log.exception(self.failed, error_id=error_id)
            return notice(nearest(asked.person.language), "trouble", 503)
        return RedirectResponse(f"{self.place}/{token}?{said}=1", 303)

    async def _asked(self, request: Request) -> A | Response:
        """What the token opens; a notice for whoever has none of ours, or tries many."""
        language = accepted(request.headers.get("accept-language", ""))
        now, caller = self.door.clock.now(), request.client.host if request.client else ""
        token = request.path_params.get("token", "")
        asked = await self.door.look(lambda clinic: self.opened(token, clinic, now))
        if asked is None:
            if self.guesses.wrong(caller, now):
                return notice(language, "too_many", 429)
            return notice(language, "unknown", 404)
        return asked
