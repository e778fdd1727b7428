"""What `baton doctor` looks at in HTTP: where it is served, and how it is reached from outside."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.config import Settings

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (asked here, not listened at)
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
ANSWER_SECONDS = 3

Finding = tuple[bool, str, str]


def check_http(settings: Settings) -> Iterator[Finding]:
    """For each thing that was looked at: whether it is as it should be, what it is, and how to mend it."""
    yield _port(settings.http_host, settings.http_port)
    yield _outside(settings)


def _port(host: str, port: int) -> Finding:
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        if _alive(host, port):
            return True, f"Baton runs at {host}:{port}, and its health page answers", ""
        mend = "Something else listens there, or the address is not this machine's: see BATON_HTTP_PORT."
        return False, f"{host}:{port} can't be listened at ({type(error).__name__})", mend
    return True, f"{host}:{port} is free for the health page", ""


def _alive(host: str, port: int) -> bool:
    """Whether what listens there is a Baton that lives."""
    asking = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=ANSWER_SECONDS)
    try:
        asking.request("GET", "/healthz")
        answer = asking.getresponse()
        return (answer.status, answer.read(10)) == (200, b"alive\n")
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _outside(settings: Settings) -> Finding:
    url = settings.public_url
    if not url:
        mend = "Only links to its pages need that: for them set BATON_BASE_URL to its https address."
        return True, "nobody said where Baton is reached from outside", mend
    if not url.startswith("https://") and urlsplit(url).hostname not in OWN_MACHINE:
        mend = "Put Baton behind https, and set BATON_BASE_URL to the address that begins with https://."
        return False, f"{url} does not begin with https, so no links to pages can be given out", mend
    return True, f"links to its pages begin with {url}", ""
