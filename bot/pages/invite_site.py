"""The page on which somebody who is invited answers without an account, from a link in their mail."""

from datetime import datetime
from urllib.parse import urlsplit

from starlette.datastructures import FormData, QueryParams

from agendas.invite_mail import MOST_DATES, say_time
from bot.pages.invite_show import PAGES
from bot.pages.link_site import LinkSite, Work
from cards.language import nearest
from handlers.invitations import answer_page
from handlers.invitations.answer_page import ANSWERS, Asked
from handlers.invitations.links import PLACE
from pathway.reminder import Span
from storage.clinic import Clinic


class InviteSite(LinkSite[Asked]):
    """The routes of the page."""

    place = PLACE
    name = "answer"
    failed = "answer_failed"

    def opened(self, token: str, clinic: Clinic, now: datetime) -> Asked | None:
        """What the link asks."""
        return answer_page.opened(token, clinic, now)

    def page(self, asked: Asked, query: QueryParams, now: datetime) -> str:
        """What is asked, and what was answered."""
        said = next((each for each in ("thanks", "kept") if query.get(each) == "1"), "")
        return page(asked, query.get("answer", ""), said, now)

    def given(self, asked: Asked, token: str, form: FormData) -> tuple[str, Work] | None:
        """An answer, or how long before they are reminded."""
        given = ANSWERS.get(str(form.get("answer", "")))
        if given is not None:
            return "thanks", lambda clinic, now: answer_page.answer(token, given, clinic, now)
        if "reminders" not in form:
            return None
        spans = tuple(each for each in Span if each in form.getlist("remind"))
        return "kept", lambda clinic, now: answer_page.remind(token, spans, clinic, now)


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
