"""The mail that asks when somebody could come: the times, each with a link that works without an account.

Like an invitation it holds nothing that a person wrote.
"""

from collections.abc import Mapping
from datetime import datetime

from agendas.event import Time
from agendas.invite_mail import Reader, say_time
from agendas.mail_pages import both
from cards.mail import Mail

NONE = "none"
"""As it stands in the address, for who can come at no time."""


def asking(ref: str, times: Mapping[int, Time], reader: Reader, at: datetime) -> Mail:
    """The mail; `times` are the proposed ones by their numbers, `ref` is what a time is looked for."""
    said = reader.language.mail
    summary = said["conference"].format(ref=ref)
    subject = f"{said['poll']} {summary}"
    slots = [
        (number, say_time(time, reader.zone, reader.language), f"{reader.page}?can={number}")
        for number, time in sorted(times.items())
    ]
    text, html = both(
        "poll", subject=subject, mail=said, language=reader.language, summary=summary, slots=slots,
        page=reader.page, never=f"{reader.page}?can={NONE}",
    )  # fmt: skip
    return Mail(subject, text, html, at)
