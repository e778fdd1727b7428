"""The mail that reminds of a conference, for people whom no chat reaches: when it is, and how to answer.

Like an invitation it holds nothing that a person wrote, and nothing of what will be talked about.
"""

from dataclasses import dataclass
from datetime import datetime

from agendas.event import Time
from agendas.invite_mail import ANSWERS, Reader, say_time
from agendas.mail_pages import both
from cards.mail import Mail
from pathway.invitee import Answer

_SAID = {Answer.ACCEPTED: "accepted", Answer.TENTATIVE: "tentative"}


@dataclass(frozen=True)
class Reminding:
    """Of what somebody is reminded: `ref` is what people call it, `thread` its invitation's UID."""

    ref: str
    time: Time
    answer: Answer
    thread: str


def reminder(of: Reminding, reader: Reader, at: datetime) -> Mail:
    """The mail that reminds of this."""
    said = reader.language.mail
    summary = (said["talk"] if reader.own_item else said["conference"]).format(ref=of.ref)
    when = say_time(of.time, reader.zone, reader.language)
    subject = f"{said['remind']}: {summary}, {when}"
    text, html = both(
        "remind", subject=subject, mail=said, language=reader.language, summary=summary, when=when,
        page=reader.page, answered=said[_SAID[of.answer]] if of.answer in _SAID else "",
        answers=[(said[each], f"{reader.page}?answer={each}") for each in ANSWERS],
    )  # fmt: skip
    return Mail(subject, text, html, at, thread=of.thread)
