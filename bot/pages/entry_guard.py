"""Who may use pages that a link opens: whoever has the link, by our own page. Nobody may try links out."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # The address is the key: no other site hears of it. Within our own, a form says that it is from here.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
LONGEST_BODY = 1_000
MOST_GUESSES = 20
GUESSING = timedelta(minutes=1)
MOST_ADDRESSES = 10_000


class Guard:
    """Gives every answer the headers that keep a page to itself; refuses bodies that no form of ours has."""

    def __init__(self, app: ASGIApp, policy: str = POLICY) -> None:
        self.app = app
        self.headers = {**HEADERS, "Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
            await send(message)

        if scope["method"] == "POST" and not _is_small_form(Headers(scope=scope)):
            await PlainTextResponse("Send the form of the page.\n", 413)(scope, receive, sending)
            return
        await self.app(scope, receive, sending)


def _is_small_form(headers: Headers) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    length = headers.get("content-length", "")
    if length == "0":
        return True
    return kind == "application/x-www-form-urlencoded" and length.isdecimal() and int(length) <= LONGEST_BODY


def from_elsewhere(headers: Headers) -> bool:
    """Whether a form was sent by another site: browsers say so, older ones by the origin alone."""
    said = headers.get("sec-fetch-site")
    if said is not None:
        return said not in ("same-origin", "none")
    origin = headers.get("origin", "")
    return origin not in ("", "null") and urlsplit(origin).netloc != headers.get("host", "")


class Guesses:
    """Counts wrong links by the address that they come from; forgets them after a minute.

    A link cannot be guessed (131 bits); this only lets those who try wait. Whoever has one is never asked
    to: many people share an address.
    """

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[datetime, int]] = {}

    def wrong(self, address: str, now: datetime) -> bool:
        """One more wrong link from this address; whether there were too many, so that it has to wait."""
        since, count = self._wrong.get(address, (now, 0))
        if now - since >= GUESSING:
            since, count = now, 0
        if len(self._wrong) >= MOST_ADDRESSES and address not in self._wrong:
            self._wrong = {key: told for key, told in self._wrong.items() if now - told[0] < GUESSING}
            if len(self._wrong) >= MOST_ADDRESSES:
                self._wrong.clear()
        self._wrong[address] = (since, count + 1)
        return count >= MOST_GUESSES
