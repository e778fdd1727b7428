"""The page on which somebody who is invited answers without an account, from a link in their mail.

Reading it changes nothing, so that what looks into mail before people do answers for nobody: it takes a
press.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from agendas.invite_mail import MOST_DATES, say_time
from bot.door import Door
from bot.pages.entry_guard import Guard, Guesses, from_elsewhere
from bot.pages.entry_show import accepted
from bot.pages.invite_show import PAGES, notice
from cards.language import nearest
from handlers.invitations import answer_page
from handlers.invitations.answer_page import ANSWERS, Asked
from handlers.invitations.links import PLACE
from pathway.reminder import Span
from storage.clinic import Clinic

log = structlog.get_logger()


class InviteSite:
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
        return [Mount(PLACE, routes=inside, middleware=[Middleware(Guard)])]

    async def show(self, request: Request) -> Response:
        """What the link asks, and what was answered."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        chosen = request.query_params.get("answer", "")
        said = next((each for each in ("thanks", "kept") if request.query_params.get(each) == "1"), "")
        return HTMLResponse(page(asked, chosen, said, self.door.clock.now()))

    async def answer(self, request: Request) -> Response:
        """An answer is given."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        if from_elsewhere(request.headers):
            return notice(nearest(asked.person.language), "elsewhere", 403)
        form, token = await request.form(), request.path_params["token"]
        given = ANSWERS.get(str(form.get("answer", "")))
        spans = tuple(each for each in Span if each in form.getlist("remind"))
        if given is None and "reminders" not in form:
            return RedirectResponse(f"{PLACE}/{token}", 303)

        def work(clinic: Clinic, now: datetime) -> None:
            if given is None:
                answer_page.remind(token, spans, clinic, now)
            else:
                answer_page.answer(token, given, clinic, now)

        try:
            await self.door.once(f"answer:{secrets.token_hex(12)}", work)
        except Exception:
            error_id = secrets.token_hex(4)
            log.exception("answer_failed", error_id=error_id)
            return notice(nearest(asked.person.language), "trouble", 503)
        return RedirectResponse(f"{PLACE}/{token}?{'kept' if given is None else 'thanks'}=1", 303)

    async def _asked(self, request: Request) -> Asked | Response:
        """What the token opens; a notice for whoever has none of ours, or tries many."""
        language = accepted(request.headers.get("accept-language", ""))
        now, caller = self.door.clock.now(), request.client.host if request.client else ""
        if self.guesses.too_many(caller, now):
            return notice(language, "too_many", 429)
        token = request.path_params.get("token", "")
        asked = await self.door.look(lambda clinic: answer_page.opened(token, clinic, now))
        if asked is None:
            self.guesses.wrong(caller, now)
            return notice(language, "unknown", 404)
        return asked


def page(asked: Asked, chosen: str, said: str, now: datetime) -> str:
    """The page: when and where it is, and the answers, of which `chosen` was pressed in the mail.

    `said` is what was done on it just now: `thanks` for an answer, `kept` for how to be reminded.
    """
    language = nearest(asked.person.language)
    times = asked.event.days(now, MOST_DATES) if asked.event else []
    summary = language.mail["conference"].format(ref=asked.ref) if asked.title else language.mail["talk"]
    said_by = {answer: language.mail[name] for name, answer in ANSWERS.items()}
    days = [
        (say_time(e.time, asked.zone, language), said_by.get(e.answer, ""), f"{PLACE}/{e.token}")
        for e in asked.days
    ]
    return PAGES.get_template("page.html.j2").render(
        language=language, mail=language.mail, asked=asked, summary=summary, said=said, chosen=chosen,
        dates=[say_time(each, asked.zone, language) for each in times], given=said_by.get(asked.answer, ""),
        days=days,
        answers=[(name, language.mail[name]) for name in ANSWERS], link=_link(asked.where),
        spans=[(each.value, language.mail[f"remind_{each}"], each in asked.reminded) for each in Span],
    )  # fmt: skip


def _link(where: str) -> str:
    """The place, if it is an address of the web."""
    parts = urlsplit(where.strip()) if where.strip().isprintable() else urlsplit("")
    return where.strip() if parts.scheme == "https" and parts.hostname and " " not in where.strip() else ""
