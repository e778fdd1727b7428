"""The mail server that mail leaves by: a few connections, kept while they are used, and whether it is there.

What is known of a failure decides what follows: before the text of a mail was handed over it certainly was
not taken; after that, without an answer, it may have been.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPResponseException

from bot.config import Settings
from bot.delivery import Later, Unclear, Undeliverable

CONNECTIONS = 4
SECONDS = 15.0
"""So long may one answer take: shorter than a post's whole attempt."""
IDLE_SECONDS = 20.0
FREE_WITHIN_SECONDS = 3.0
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 2.0, 60.0
IMPLICIT_TLS = 465
BUSY = timedelta(seconds=2)
NOT_YET = "not connected yet"


class AddressRefused(Undeliverable):
    """The server says that there is no such mailbox; `code` is the number of its answer."""

    def __init__(self, code: int) -> None:
        super().__init__(f"there is no such mailbox (it answered {code})")
        self.code = code


class MailServer:
    """The server that the settings name. All of it runs on one event loop."""

    def __init__(self, settings: Settings, *, wait_seconds: float = FIRST_WAIT_SECONDS) -> None:
        self.settings = settings
        self.wrong = NOT_YET
        self.up = asyncio.Event()
        self.wait_at_first = wait_seconds
        self._wait = wait_seconds
        self._idle: list[tuple[SMTP, float]] = []
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._lost = asyncio.Event()
        self._tls: ssl.SSLContext | None = None
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Looks whether the server is there, and goes on looking whenever it is not."""
        self._lost.set()
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Ends every connection."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        while self._idle:
            await _quit(self._idle.pop()[0])

    async def send(self, sender: str, recipient: str, content: bytes, again: timedelta) -> None:
        """Hands one mail over.

        Raises AddressRefused, Undeliverable, Unclear, or Later: after `again` if the server takes nothing for
        this recipient now.
        """
        async with self._connection() as client:
            await self._open_envelope(client, sender, recipient, again)
            try:
                await client.data(content)
            except SMTPDataError as answer:
                raise _refused_text(answer, again) from None
            except (SMTPException, OSError) as error:
                raise Unclear(f"no answer to a mail ({type(error).__name__})") from None

    async def _open_envelope(self, client: SMTP, sender: str, recipient: str, again: timedelta) -> None:
        """Says from whom and to whom. Nothing is taken yet, whatever fails."""
        try:
            await client.mail(sender)
        except SMTPResponseException as answer:
            if answer.code >= 500:
                self._is_down(f"it takes no mail from BATON_SMTP_FROM ({answer.code})")
            raise Later(again) from None
        except (SMTPException, OSError) as error:
            self._is_down(type(error).__name__)
            raise Later(BUSY) from None
        try:
            await client.rcpt(recipient)
        except SMTPResponseException as answer:
            raise _refusal(answer, again) from None
        except (SMTPException, OSError):
            raise Later(BUSY) from None

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """A connection of our own for one mail; kept for the next unless something went wrong with it."""
        try:
            async with asyncio.timeout(FREE_WITHIN_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise Later(BUSY) from None
        try:
            client = await self._connected()
            try:
                yield client
            except (Later, Undeliverable):
                await self._keep(client, reset=True)
                raise
            except BaseException:
                client.close()
                raise
            await self._keep(client)
        finally:
            self._turns.release()

    async def _keep(self, client: SMTP, reset: bool = False) -> None:
        """Keeps a connection for the next mail; one that can't be `reset` is of no use any more."""
        try:
            if reset and client.is_connected:
                await client.rset()
        except (SMTPException, OSError):
            client.close()
        if client.is_connected:
            self._idle.append((client, time.monotonic()))

    async def _connected(self) -> SMTP:
        while self._idle:
            client, since = self._idle.pop()
            if client.is_connected and time.monotonic() - since < IDLE_SECONDS:
                return client
            client.close()
        try:
            return await self._connect()
        except (SMTPException, OSError) as error:
            self._is_down(_in_short(error))
            raise Later(BUSY) from None

    async def _connect(self) -> SMTP:
        settings = self.settings
        password = settings.smtp_password
        if self._tls is None:  # once: reading whom to trust takes longer than connecting
            self._tls = await asyncio.to_thread(ssl.create_default_context)
        client = SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=password.get_secret_value() if password else None,
            use_tls=settings.smtp_port == IMPLICIT_TLS,
            start_tls=settings.smtp_starttls and settings.smtp_port != IMPLICIT_TLS,
            tls_context=self._tls,
            timeout=SECONDS,
        )
        await client.connect()
        return client

    def _is_down(self, wrong: str) -> None:
        self.wrong = wrong
        self.up.clear()
        self._lost.set()

    async def _reach(self) -> SMTP:
        """A connection on which mail from our address is taken."""
        client = await self._connect()
        try:
            await client.mail(self.settings.smtp_from)
            await client.rset()
        except BaseException:
            client.close()
            raise
        return client

    async def _watch(self) -> None:
        """While the server is away, tries to reach it, ever more rarely; nothing is sent meanwhile."""
        while True:
            await self._lost.wait()
            try:
                client = await self._reach()
            except (SMTPException, OSError) as error:
                self.wrong = _in_short(error)
                await asyncio.sleep(self._wait)
                self._wait = min(self._wait * 2, LONGEST_WAIT_SECONDS)
                continue
            self._lost.clear()
            self.wrong = ""
            self._wait = self.wait_at_first
            await self._keep(client)
            self.up.set()


def _refused_text(answer: SMTPDataError, again: timedelta) -> Later | Undeliverable:
    """What follows from an answer to the mail itself."""
    if answer.code < 500:
        return Later(again)
    return Undeliverable(f"the mail server refused the mail (it answered {answer.code})")


def _refusal(answer: SMTPResponseException, again: timedelta) -> Later | Undeliverable:
    """What follows from an answer to RCPT. A policy (5.7) or a full mailbox says nothing of the address."""
    if answer.code < 500:
        return Later(again)
    if answer.code in (550, 551, 553) and not answer.message.startswith(("5.7", "5.2")):
        return AddressRefused(answer.code)
    return Undeliverable(f"the mail server takes nothing for this address (it answered {answer.code})")


def _in_short(error: Exception) -> str:
    """What went wrong, without a word of the server's: it may quote what it was told."""
    code = f" {error.code}" if isinstance(error, SMTPResponseException) else ""
    return f"{type(error).__name__}{code}"


async def _quit(client: SMTP) -> None:
    with contextlib.suppress(SMTPException, OSError):
        await client.quit()
