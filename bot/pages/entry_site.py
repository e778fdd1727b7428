"""The patients' own page over HTTP: one question a screen, plain forms, one cookie that is not needed.

The token in the address is the only key: it opens one person's questions until they are sent. What was
answered is shown again only in the browser in which it was begun (`bot.pages.entry_browser`). Reading never
changes anything, so that a preview of the link uses nothing up; the page that the link itself opens says
nothing of what is asked. Every answer is committed before the next page is shown.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path

import structlog
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.door import Door
from bot.pages.entry_browser import began_here, new_browser, remember
from bot.pages.entry_guard import Guard, Guesses, from_elsewhere
from bot.pages.entry_show import (
    Page,
    accepted,
    closed,
    notice,
    question_page,
    review_page,
    start,
    thanks,
    urgent,
)
from cards.language import Language, languages, nearest
from handlers.entries import answers as entry_answers
from handlers.entries.answers import Closed, NoSuchAnswer, needs_help, questions
from pathway.people import Team
from storage.clinic import Clinic
from storage.entries import Entry, Stage

STATIC = Path(__file__).parent / "entry" / "static"
log = structlog.get_logger()

Change = Callable[[Entry, Clinic, datetime], Entry]


@dataclass(frozen=True)
class Open:
    """What a token opened: the link, its team, and how it is said."""

    token: str
    entry: Entry
    team: Team | None
    language: Language
    own: bool = False


Handler = Callable[["EntrySite", Request, Open], Awaitable[Response]]


def _opened(handler: Handler) -> Callable[["EntrySite", Request], Awaitable[Response]]:
    """Opens the link for a handler; whoever tries links out, or has an old one, is told so here."""

    @wraps(handler)
    async def answering(site: "EntrySite", request: Request) -> Response:
        language = accepted(request.headers.get("accept-language", ""))
        now, caller = site.door.clock.now(), request.client.host if request.client else ""
        token = request.path_params["token"]
        try:
            found = await site.find(token)
            if found is None:
                if site.guesses.wrong(caller, now):
                    return _html(notice(language, "too_many"), 429)
                return _html(notice(language, "unknown"), 404)
            language = found.language
            if request.method == "POST" and from_elsewhere(request.headers):
                return _html(notice(language, "elsewhere", found.team), 403)
            own = began_here(request, found.entry)
            return await handler(site, request, replace(found, own=own))
        except (Closed, NoSuchAnswer):
            return RedirectResponse(f"/e/{token}", 303)
        except Exception:
            error_id = secrets.token_hex(4)
            log.exception("entry_failed", error_id=error_id)
            return _html(notice(language, "trouble"), 503)

    return answering


class EntrySite:
    """The routes of the patients' page."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.guesses = Guesses()
        languages()  # a file that lacks a word refuses now, not when a patient opens the page

    def routes(self) -> Sequence[BaseRoute]:
        """All of them, each behind the guard."""
        inside: list[BaseRoute] = [
            Mount("/static", StaticFiles(directory=STATIC)),
            Route("/{token}", self.first),
            Route("/{token}/language", self.speak, methods=["POST"]),
            Route("/{token}/anew", self.anew, methods=["POST"]),
            Route("/{token}/check", self.check),
            Route("/{token}/send", self.send, methods=["POST"]),
            Route("/{token}/help", self.help),
            Route("/{token}/{at:int}", self.ask),
            Route("/{token}/{at:int}", self.keep, methods=["POST"]),
            Route("/{rest:path}", self.nowhere),
        ]
        return [Mount("/e", routes=inside, middleware=[Middleware(Guard)])]

    async def find(self, token: str) -> Open | None:
        """What this token opens, if anything."""

        def look(clinic: Clinic) -> Open | None:
            entry = clinic.entries.find(token)
            if entry is None:
                return None
            patient = clinic.patients.find(entry.patient)
            team = clinic.people.team(patient.team) if patient else None
            return Open(token, entry, team, nearest(entry.language))

        return await self.door.look(look)

    async def nowhere(self, request: Request) -> Response:
        """An address that no link of ours leads to."""
        return _html(notice(accepted(request.headers.get("accept-language", "")), "unknown"), 404)

    @_opened
    async def first(self, request: Request, found: Open) -> Response:
        """What the link opens: a word on what comes, or how it stands."""
        now = self.door.clock.now()
        match found.entry.stage(now):
            case Stage.OPEN:
                return _html(start(_page(found), languages().values()))
            case Stage.USED:
                return _html(thanks(_page(found)))
            case stage:
                return _html(closed(_page(found), stage), 410)

    @_opened
    async def speak(self, request: Request, found: Open) -> Response:
        """Another language is chosen."""
        said = (await request.form()).get("language")
        if isinstance(said, str) and said in languages():
            await self._change(
                found, lambda entry, clinic, now: entry_answers.speak(entry, said, clinic, now)
            )
        return RedirectResponse(f"/e/{found.token}", 303)

    @_opened
    async def ask(self, request: Request, found: Open) -> Response:
        """One question."""
        self._must_be_open(found)
        return _html(question_page(_page(found), _place(request, found)))

    @_opened
    async def keep(self, request: Request, found: Open) -> Response:
        """An answer to a question, or that it is skipped."""
        at = _place(request, found)
        form = await request.form()
        said = form.get("value")
        skipped = "skip" in form
        if not skipped and not (isinstance(said, str) and said.isdecimal() and len(said) < 4):
            self._must_be_open(found)
            return _html(question_page(_page(found), at, missing=True), 422)
        value = None if skipped else float(str(said))
        browser = new_browser()
        saved = await self._change(
            found,
            lambda entry, clinic, now: entry_answers.save(entry, at - 1, value, clinic, now, browser=browser),
        )
        way_on = _next(found.token, saved, at)
        if needs_help(questions(saved)[at - 1][0], value):
            way_on = f"/e/{found.token}/help?after={at}"
        answer = RedirectResponse(way_on, 303)
        return self._remember(answer, found, saved) if saved.draft.browser == browser else answer

    @_opened
    async def anew(self, request: Request, found: Open) -> Response:
        """What was answered is dropped, and this browser begins."""
        browser = new_browser()
        begun = await self._change(
            found, lambda entry, clinic, now: entry_answers.begin_anew(entry, browser, clinic, now)
        )
        return self._remember(RedirectResponse(f"/e/{found.token}/1", 303), found, begun)

    def _remember(self, answer: Response, found: Open, entry: Entry) -> Response:
        secure = self.door.store.base_url.startswith("https:")
        return remember(answer, found.token, entry, self.door.clock.now(), secure=secure)

    @_opened
    async def check(self, request: Request, found: Open) -> Response:
        """All answers, to be looked at before they are sent."""
        self._must_be_open(found)
        return _html(review_page(_page(found)))

    @_opened
    async def send(self, request: Request, found: Open) -> Response:
        """The answers are sent, once."""
        await self._change(found, lambda entry, clinic, now: entry_answers.send(entry, clinic, now))
        return RedirectResponse(f"/e/{found.token}", 303)

    @_opened
    async def help(self, request: Request, found: Open) -> Response:
        """Whom to call now; after an answer that can't wait, or whenever somebody asks for it."""
        after = request.query_params.get("after", "")
        asked = questions(found.entry)
        at = int(after) if after.isdecimal() and len(after) < 4 and 1 <= int(after) <= len(asked) else 0
        way_on = _next(found.token, found.entry, at) if at else f"/e/{found.token}"
        return _html(urgent(_page(found), asked[at - 1][0] if at else "", way_on))

    def _must_be_open(self, found: Open) -> None:
        if found.entry.stage(self.door.clock.now()) is not Stage.OPEN:
            raise Closed

    async def _change(self, found: Open, change: Change) -> Entry:
        """Does one thing with a link as it is now, and says so only when it has committed. Raises Closed."""
        made: list[Entry] = []

        def work(clinic: Clinic, now: datetime) -> None:
            entry = clinic.entries.find(found.token)
            if entry is None:
                raise Closed
            made.append(change(entry, clinic, now))

        await self.door.once(f"entry:{secrets.token_hex(12)}", work)
        return made[-1]


def _next(token: str, entry: Entry, at: int) -> str:
    """Where to go from a question: to the next that was not answered yet; after the last, to look at all."""
    asked = [name for name, _, _ in questions(entry)]
    open_ones = [place for place, name in enumerate(asked, start=1) if name not in entry.draft.answers]
    following = [place for place in open_ones if place > at] or open_ones
    return f"/e/{token}/{following[0]}" if following else f"/e/{token}/check"


def _place(request: Request, found: Open) -> int:
    """Which question is meant, counted from 1. Raises NoSuchAnswer."""
    at: int = request.path_params["at"]
    if not 1 <= at <= len(questions(found.entry)):
        raise NoSuchAnswer
    return at


def _page(found: Open) -> Page:
    return Page(found.token, found.entry, found.team, found.language, found.own)


def _html(body: str, status: int = 200) -> Response:
    return HTMLResponse(body, status)
