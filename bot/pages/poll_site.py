"""The page on which somebody without an account says when they could come, from a link in their mail."""

from datetime import datetime

from starlette.datastructures import FormData, QueryParams

from agendas.invite_mail import say_time
from bot.pages.invite_show import PAGES
from bot.pages.link_site import LinkSite, Work
from cards.language import nearest
from handlers.invitations import poll_page
from handlers.invitations.links import POLLS
from handlers.invitations.poll_page import PollAsked
from storage.clinic import Clinic


class PollSite(LinkSite[PollAsked]):
    """The routes of the page."""

    place = POLLS
    name = "poll"
    failed = "poll_answer_failed"

    def opened(self, token: str, clinic: Clinic, now: datetime) -> PollAsked | None:
        """What the link asks."""
        return poll_page.opened(token, clinic, now)

    def page(self, asked: PollAsked, query: QueryParams, now: datetime) -> str:
        """The times, and what was answered."""
        return page(asked, query.get("can", ""), query.get("thanks", "") == "1")

    def given(self, asked: PollAsked, token: str, form: FormData) -> tuple[str, Work] | None:
        """All times at which they can come, which may be none."""
        if "send" not in form:
            return None
        said = {str(each) for each in form.getlist("can")}
        places = [] if form["send"] == "none" else [each for each in asked.times if str(each) in said]
        return "thanks", lambda clinic, now: poll_page.answer(token, places, clinic, now)


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
