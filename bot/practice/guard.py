"""Who may use the practice page: this machine's own browser, on our own page, and scripts. No other site."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.config import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LONGEST_BODY = 100_000


OWN_NAMES = ("127.0.0.1", "localhost", "::1", "[::1]")


def own_names(settings: Settings) -> list[str]:
    """The names by which this machine's own browser asks for its pages."""
    names = {*OWN_NAMES, settings.http_host, urlsplit(settings.base_url).hostname or ""}
    return sorted(names - {""})


class Guard:
    """Gives every answer the headers that keep a page to itself, and refuses what another site sends.

    A browser lets any site post a form to this machine, but not as `application/json` and not without
    saying where it comes from.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] = HEADERS) -> None:
        self.app = app
        self.headers = headers

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

        refused = _refused(scope)
        if refused is None:
            await self.app(scope, receive, sending)
            return
        await refused(scope, receive, sending)


def _refused(scope: Scope) -> JSONResponse | None:
    if scope["method"] in ("GET", "HEAD"):
        return None
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is not None and origin != f"{scope['scheme']}://{headers.get('host', '')}":
        return _sentence(403, "This comes from another site, so nothing was done.")
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return _sentence(403, "This comes from another site, so nothing was done.")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return _sentence(415, "Send JSON, with the header Content-Type: application/json.")
    length = headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LONGEST_BODY:
        return _sentence(413, f"Send no more than {LONGEST_BODY} bytes, with a Content-Length.")
    return None


def _sentence(status: int, says: str) -> JSONResponse:
    return JSONResponse({"error": says}, status)
