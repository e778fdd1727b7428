"""The practice page over HTTP: the page itself, and the same things for people who script their training."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Literal, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sse_starlette import EventSourceResponse
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.config import Settings
from bot.door import Door
from bot.practice.guard import Guard, own_names
from bot.practice.live import Live
from bot.practice.people import ROOMS
from bot.practice.show import message_json, people_json
from bot.practice.talk import Asked, Talk, Unknown
from bot.practice.time import PracticeTime, WrongStep
from handlers.line import say
from storage.clinic import Clinic
from storage.practice import PracticeMessages

Answering = Callable[["Site", Request], Awaitable[Response]]
Body = TypeVar("Body", bound=BaseModel)
STATIC = Path(__file__).parent / "page" / "static"


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SayBody(_Json):
    """A line, or the command and values of a form."""

    who: str = Field(alias="as")
    room: str
    line: str = Field(default="", max_length=20_000)
    command: str = Field(default="", max_length=100)
    values: dict[str, str] = {}
    label: str = Field(default="", max_length=200)
    id: str = Field(default="", pattern="^[A-Za-z0-9-]{0,64}$")


class ReactBody(_Json):
    """A reaction to a message."""

    who: str = Field(alias="as")
    room: str
    message: str = Field(max_length=200)
    reaction: str = Field(max_length=20)


class ForwardBody(_Json):
    """So many minutes, or until the team's next working morning."""

    minutes: float = Field(default=0, ge=0, allow_inf_nan=False)
    until: Literal["", "morning"] = ""


def _answers(handler: Answering) -> Answering:
    """Says in a sentence what was wrong with a request."""

    @wraps(handler)
    async def answering(site: "Site", request: Request) -> Response:
        try:
            return await handler(site, request)
        except ValidationError as error:
            places = sorted({".".join(map(str, each["loc"])) or "body" for each in error.errors()})
            return _wrong(f"These are missing or wrong: {', '.join(places)}. See /practice/api.")
        except (Unknown, WrongStep) as error:
            return _wrong(str(error))

    return answering


class Site:
    """The routes of one practice page."""

    def __init__(self, settings: Settings, door: Door, talk: Talk, live: Live, time: PracticeTime) -> None:
        self.settings = settings
        self.door = door
        self.talk = talk
        self.live = live
        self.time = time

    def routes(self) -> Sequence[BaseRoute]:
        """All of them, each behind the guard."""
        names = own_names(self.settings)
        guards = [
            Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False),
            Middleware(Guard),
        ]
        inside: list[BaseRoute] = [
            Route("/say", self.say, methods=["POST"]),
            Route("/react", self.react, methods=["POST"]),
            Route("/forward", self.forward, methods=["POST"]),
            Route("/rooms/{room}", self.room),
            Route("/people", self.everybody),
            Route("/events", self.events),
            Route("/api", self.documentation),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
        return [
            Route("/", self.page, middleware=guards),
            Mount("/practice", routes=inside, middleware=guards),
        ]

    async def page(self, _: Request) -> Response:
        """The page."""
        return HTMLResponse(await self._render("page.html.j2"))

    async def documentation(self, _: Request) -> Response:
        """What can be asked over HTTP."""
        return HTMLResponse(await self._render("api.html.j2"))

    @_answers
    async def say(self, request: Request) -> Response:
        """A line, a button or a form."""
        asked = await _body(request, SayBody)
        line = say(asked.command, asked.values) if asked.command else asked.line
        label = asked.label or asked.command
        said = Asked(asked.who, asked.room, line, label, asked.id, filled=bool(asked.command))
        return JSONResponse(await self.talk.say(said))

    @_answers
    async def react(self, request: Request) -> Response:
        """A reaction."""
        asked = await _body(request, ReactBody)
        return JSONResponse(await self.talk.react(asked.who, asked.room, asked.message, asked.reaction))

    @_answers
    async def forward(self, request: Request) -> Response:
        """Time passes."""
        asked = await _body(request, ForwardBody)
        if asked.until:
            await self.time.to_morning()
        else:
            await self.time.forward(timedelta(minutes=asked.minutes))
        self.live.ring()
        change = await self.door.look(lambda clinic: PracticeMessages(clinic.rows).last_change())
        return JSONResponse({"now": self.time.now().isoformat(), "change": change})

    @_answers
    async def room(self, request: Request) -> Response:
        """The messages of a room, as somebody sees them."""
        who, room = request.query_params.get("as", ""), request.path_params["room"]
        lane = self.talk.lane(who or next(iter(self.talk.people)), room)
        if lane.direct and not who:
            raise Unknown("Say whose: /practice/rooms/direct?as=ana.")
        messages = await self.door.look(lambda clinic: PracticeMessages(clinic.rows).at(lane.target, who))
        people = self.talk.people
        shown = await asyncio.to_thread(lambda: [message_json(each, people) for each in messages])
        return JSONResponse({"room": room, "as": who, "messages": shown})

    async def everybody(self, _: Request) -> Response:
        """The people, their roles and their patients."""
        return JSONResponse(await self._everybody())

    async def events(self, request: Request) -> Response:
        """What happens, live; goes on after the event that the browser had last."""
        last = request.headers.get("last-event-id") or request.query_params.get("after", "")
        change = int(last) if last.isdecimal() and len(last) < 16 else 0
        newest = await self.door.look(lambda clinic: PracticeMessages(clinic.rows).last_change())
        # A number from before the database was made anew means nothing here.
        return EventSourceResponse(self.live.events(change if change <= newest else 0))

    async def _everybody(self) -> dict[str, object]:
        def read(clinic: Clinic) -> list[dict[str, object]]:
            return people_json(self.talk.people.values(), clinic, self.time.now())

        people = await self.door.look(read)
        hours = await self.time.hours()
        return {"people": people, "now": self.time.now().isoformat(), "zone": hours.zone}

    async def _render(self, template: str) -> str:
        return _PAGES.get_template(template).render(
            **await self._everybody(), rooms=ROOMS, address=self.settings.base_url
        )


_PAGES = Environment(
    loader=PackageLoader("bot", "practice/page/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


async def _body(request: Request, kind: type[Body]) -> Body:
    return kind.model_validate_json(await request.body())


def _wrong(says: str) -> Response:
    return JSONResponse({"error": says}, 400)
