"""The mail with the link by which a patient answers for themselves: the page's own words, and no others."""

from datetime import datetime

from agendas.invite_mail import say_date
from agendas.mail_pages import both
from cards.language import Language
from cards.mail import Mail


def letter(page: str, until: datetime, zone: str, language: Language, at: datetime) -> Mail:
    """The mail; `page` is the address of the link, `until` when it stops to work, `zone` the team's."""
    words = language.page
    ends = words["until"].format(date=say_date(until, zone, language))
    text, html = both(
        "entry", subject=words["title"], mail=words, language=language, page=page, until=ends,
    )  # fmt: skip
    return Mail(words["title"], text, html, at)
