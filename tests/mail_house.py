"""A real mail server on loopback, and Baton's mail platform at work with it."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.config import Settings
from bot.delivery import Platform
from bot.door import Door, MovableClock
from bot.mail.platform import MailPlatform
from bot.mail.server import NOT_YET
from bot.metrics import Metrics
from bot.post import Poster
from storage.clinic import Store
from storage.lanes import Lanes, Outgoing

SENDER = "baton@clinic.example"
GONE = "(the line goes dead)"
"""As an answer to a mail: it is taken, and the connection breaks before that was said."""


@dataclass
class Postbox:
    """What a mail server does: `taken` is what it took, each of `answers` is its next answer to a step.

    A step is `mail`, `data` or a recipient's address.
    """

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    answers: dict[str, deque[str]] = field(default_factory=dict)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: int = 0

    def answer(self, step: str, *says: str) -> None:
        """Lets the next answers to a step be these."""
        self.answers.setdefault(step, deque()).extend(says)

    def _next(self, step: str) -> str:
        waiting = self.answers.get(step)
        return waiting.popleft() if waiting else ""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if says := self._next("mail"):
            return says
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if says := self._next(address):
            return says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        says = self._next("data")
        if not says or says == GONE:
            content = cast(bytes, envelope.original_content)
            self.taken += [(address, content) for address in envelope.rcpt_tos]
            self.encrypted.append(session.ssl is not None)
        if says == GONE and server.transport is not None:
            server.transport.close()
        return says or "250 OK"

    def check(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        """A login: the password is `secret`."""
        login = cast(LoginPassword, data)
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == b"secret", handled=False)

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that came for an address, read."""
        return [message_from_bytes(each, policy=default) for to, each in self.taken if to == address]

    @property
    def recipients(self) -> list[str]:
        """For whom mail came, in order."""
        return [address for address, _ in self.taken]


@asynccontextmanager
async def listening(
    postbox: Postbox, port: int = 0, tls: ssl.SSLContext | None = None, login: bool = False
) -> AsyncIterator[int]:
    """The server, at work on a port of loopback."""

    def connection() -> SMTP:
        postbox.connections += 1
        return SMTP(
            postbox,
            hostname="mail.clinic.example",
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=login,
            auth_require_tls=False,
            authenticator=postbox.check,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@dataclass
class MailHouse:
    """Baton's side: the platform, what drains the outbox to it, and what was given up."""

    platform: MailPlatform
    poster: Poster
    clock: MovableClock
    given_up: list[tuple[str, str]]

    async def tried(self) -> None:
        """Waits until it has tried to reach the server, with or without success."""
        while self.platform.link() == NOT_YET:  # noqa: ASYNC110 (nothing rings when it fails)
            await asyncio.sleep(0.01)


@asynccontextmanager
async def mailing(
    store: Store, port: int, clock: MovableClock, more: Mapping[str, object] | None = None
) -> AsyncIterator[MailHouse]:
    """The mail platform of a process, at work."""
    given: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_from": SENDER, "smtp_starttls": False}
    settings = Settings(**given | {"smtp_port": port, **(more or {})})
    given_up: list[tuple[str, str]] = []

    async def undeliverable(outgoing: Outgoing, reason: str) -> None:
        given_up.append((outgoing.subject, reason))

    door = Door(store, clock, Metrics(), lambda lanes: None)
    platform = MailPlatform(settings, door)
    platforms: dict[str, Platform] = {platform.name: platform}
    poster = Poster(Lanes(store, "one"), platforms, clock.now, undeliverable)
    await platform.start()
    try:
        yield MailHouse(platform, poster, clock, given_up)
    finally:
        await platform.stop()
        door.close()
