"""In which browser a patient's answers were begun: only there are they shown again. A link may be found."""

import secrets
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from storage.entries import Entry

COOKIE = "began"


def new_browser() -> str:
    """What a browser may be known by from now on: 192 bits that say nothing."""
    return secrets.token_urlsafe(24)


def began_here(request: Request, entry: Entry) -> bool:
    """Whether the answers so far were begun in this browser. Never without cookies."""
    known, said = entry.draft.browser, request.cookies.get(COOKIE, "")
    return bool(known) and secrets.compare_digest(said.encode(), known.encode())


def remember(answer: Response, token: str, entry: Entry, now: datetime, *, secure: bool) -> Response:
    """The answer, which lets the browser be known by as long as the link works, on its pages alone."""
    left = int((entry.expires_at - now).total_seconds())
    answer.set_cookie(
        COOKIE, entry.draft.browser, max_age=left, path=f"/e/{token}", secure=secure, httponly=True,
        samesite="strict",
    )  # fmt: skip
    return answer
