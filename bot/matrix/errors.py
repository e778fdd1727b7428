"""What refusals and broken connections of Matrix mean for a post: too early, impossible, or nobody knows.

The client library raises what breaks on the way and returns what the homeserver refuses; from here on both
are exceptions of `bot.delivery`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import nio  # type: ignore[import-untyped]

from bot.delivery import Later, Unclear, Undeliverable

TOO_MANY, SERVER_FAULT = 429, 500
SENTENCES = {
    "M_FORBIDDEN": "Baton may not write there",
    "M_NOT_FOUND": "that room or person is not there",
    "M_TOO_LARGE": "the message is too large for the homeserver",
}


class LoggedOut(Unclear):
    """The homeserver does not know our device any more."""


class Declined(Undeliverable):
    """The homeserver will not do what was asked. `code` is Matrix's own, such as M_FORBIDDEN."""

    def __init__(self, code: str) -> None:
        self.code = code if re.fullmatch(r"[A-Za-z0-9_.]{1,60}", code) else "no code"
        super().__init__(SENTENCES.get(code, f"the homeserver refuses it ({self.code})"))


def accepted(answer: Any) -> Any:
    """The answer, if the homeserver did what it was asked.

    Raises Later, Declined, LoggedOut, or Unclear for a fault on its side.
    """
    if not isinstance(answer, nio.ErrorResponse):
        return answer
    code, sent = str(answer.status_code or ""), answer.transport_response
    status = sent.status if sent is not None else 0
    if status == TOO_MANY or code == "M_LIMIT_EXCEEDED":
        raise Later(timedelta(milliseconds=answer.retry_after_ms or _seconds(sent) * 1000))
    if code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"):
        raise LoggedOut("the homeserver does not know our device any more")
    if not code or status >= SERVER_FAULT:
        raise Unclear(f"HTTP {status}")
    raise Declined(code)


@contextmanager
def reaching() -> Iterator[None]:
    """Turns what breaks between us and the homeserver into Unclear."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError) as broken:
        raise Unclear(type(broken).__name__) from broken
    except nio.LocalProtocolError as unready:  # for one, that it knows no such room yet
        raise Unclear(type(unready).__name__) from unready


def _seconds(sent: Any) -> int:
    told = sent.headers.get("Retry-After", "") if sent is not None else ""
    return int(told) if told.isdecimal() else 1
