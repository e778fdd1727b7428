"""The page on which somebody without an account says when they could come, from a link in their mail.

As with invitations, reading it changes nothing: it takes a press.
"""

import secrets
from collections.abc import Sequence

import structlog
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from agendas.invite_mail import say_time
from bot.door import Door
from bot.pages.entry_guard import Guard, Guesses, from_elsewhere
from bot.pages.entry_show import accepted
from bot.pages.invite_show import PAGES, notice
from cards.language import nearest
from handlers.invitations import poll_page
from handlers.invitations.links import POLLS
from handlers.invitations.poll_page import PollAsked

log = structlog.get_logger()


class PollSite:
    """The routes of the page."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.guesses = Guesses()

    def routes(self) -> Sequence[BaseRoute]:
        """All of them, behind the guard."""
        inside = [
            Route("/{token}", self.show),
            Route("/{token}", self.answer, methods=["POST"]),
            Route("/{rest:path}", self.show),
        ]
        return [Mount(POLLS, routes=inside, middleware=[Middleware(Guard)])]

    async def show(self, request: Request) -> Response:
        """The times, and what was answered."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        chosen = request.query_params.get("can", "")
        return HTMLResponse(page(asked, chosen, request.query_params.get("thanks", "") == "1"))

    async def answer(self, request: Request) -> Response:
        """An answer is given: all times at which they can come, which may be none."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        if from_elsewhere(request.headers):
            return notice(nearest(asked.person.language), "elsewhere", 403)
        form, token = await request.form(), request.path_params["token"]
        if "send" not in form:
            return RedirectResponse(f"{POLLS}/{token}", 303)
        said = {str(each) for each in form.getlist("can")}
        places = [] if form["send"] == "none" else [each for each in asked.times if str(each) in said]
        try:
            await self.door.once(
                f"poll:{secrets.token_hex(12)}",
                lambda clinic, now: poll_page.answer(token, places, clinic, now),
            )
        except Exception:
            error_id = secrets.token_hex(4)
            log.exception("poll_answer_failed", error_id=error_id)
            return notice(nearest(asked.person.language), "trouble", 503)
        return RedirectResponse(f"{POLLS}/{token}?thanks=1", 303)

    async def _asked(self, request: Request) -> PollAsked | Response:
        """What the token opens; a notice for whoever has none of ours, or tries many."""
        language = accepted(request.headers.get("accept-language", ""))
        now, caller = self.door.clock.now(), request.client.host if request.client else ""
        if self.guesses.too_many(caller, now):
            return notice(language, "too_many", 429)
        token = request.path_params.get("token", "")
        asked = await self.door.look(lambda clinic: poll_page.opened(token, clinic, now))
        if asked is None:
            self.guesses.wrong(caller, now)
            return notice(language, "unknown", 404)
        return asked


def page(asked: PollAsked, chosen: str, thanks: bool) -> str:
    """The page: every time with what was said of it; `chosen` is what was pressed in the mail."""
    language = nearest(asked.person.language)
    can = (asked.can or frozenset()) | ({int(chosen)} if chosen.isdecimal() and len(chosen) < 3 else set())
    times = [
        (place, say_time(time, asked.zone, language), place in can) for place, time in asked.times.items()
    ]
    return PAGES.get_template("poll.html.j2").render(
        language=language, mail=language.mail, asked=asked, thanks=thanks, times=times,
        summary=language.mail["conference"].format(ref=asked.ref), title=asked.poll.title,
    )  # fmt: skip
