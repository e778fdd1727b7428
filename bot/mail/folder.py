"""A folder of a mail account over IMAP: what is unread in it, one mail, and waiting for more.

Sizes are asked for before anything is fetched, and never more than a mail's beginning is, so that nobody can
fill our memory by mail.
"""

import asyncio
import re
import ssl
from collections.abc import Sequence
from typing import Any

from aioimaplib import IMAP4, AioImapException  # type: ignore[import-untyped]

from agendas.mail_in import MOST_BYTES
from bot.config import Settings

SECONDS = 30
"""So long an answer of the server may take."""
IDLE_SECONDS = 9 * 60
"""After so long it is looked anyway: routers on the way forget a connection that says nothing."""


class NoMailbox(Exception):
    """The server can't be used; the text says at which step, in words of ours."""


class Folder:
    """An open connection to one folder. Every method raises NoMailbox if the server can't be used."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lost = asyncio.Event()
        self._client: Any = None

    async def open(self) -> None:
        """Connects, logs in and opens the folder."""
        settings = self.settings
        password = settings.imap_password.get_secret_value() if settings.imap_password else ""
        self._client = IMAP4(
            settings.imap_host, settings.imap_port, timeout=SECONDS, conn_lost_cb=self._on_lost,
            ssl_context=ssl.create_default_context() if settings.imap_tls else None,
        )  # fmt: skip
        await self._do("connection", self._client.wait_hello_from_server())
        await self._do("login", self._client.login(settings.imap_user, password))
        await self._do(f"folder {settings.imap_folder}", self._client.select(settings.imap_folder))

    async def close(self) -> None:
        """Says good-bye, if anybody still listens."""
        if self._client is None:
            return
        try:
            if self._client.has_pending_idle():  # until it ends, the server answers to nothing else
                self._client.idle_done()
            await asyncio.wait_for(self._client.logout(), 2)
        except (TimeoutError, OSError, AioImapException):
            pass
        finally:
            transport = self._client.protocol.transport
            if transport is not None:
                transport.abort()

    @property
    def tells(self) -> bool:
        """Whether the server says by itself what comes (IDLE)."""
        return bool(self._client.has_capability("IDLE"))

    async def unread(self) -> list[str]:
        """The ids of the mails that were not read yet, oldest first."""
        # A server may look for what has come only when a command is over: a search alone finds it next time.
        await self._do("noop", self._client.noop())
        lines = await self._do("search", self._client.uid_search("UNSEEN", charset=None))
        return sorted(_words(lines), key=int)

    async def fetch(self, uid: str) -> bytes:
        """A mail, or the beginning of one that is too large; nothing for one that is gone."""
        parts = f"(UID BODY.PEEK[]<0.{MOST_BYTES + 1}>)"
        lines = await self._do("fetch", self._client.uid("fetch", uid, parts))
        return next((bytes(each) for each in lines if isinstance(each, bytearray)), b"")

    async def mark_read(self, uid: str, *, flagged: bool = False) -> None:
        """Notes that a mail was dealt with; a flag calls for somebody's eyes."""
        flags = r"(\Seen \Flagged)" if flagged else r"(\Seen)"
        await self._do("mark", self._client.uid("store", uid, "+FLAGS.SILENT", flags))

    async def wait(self) -> None:
        """Waits until something may have come: until the server says so, or for a while if it can't."""
        if not self.tells:
            await self._sleep(self.settings.imap_poll_seconds)
            return
        idle = await self._do("idle", self._client.idle_start(IDLE_SECONDS), plain=True)
        pushed = asyncio.ensure_future(self._client.wait_server_push(IDLE_SECONDS))
        lost = asyncio.ensure_future(self._lost.wait())
        try:
            await asyncio.wait({pushed, lost}, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pushed.cancel()
            lost.cancel()
        self._check()
        self._client.idle_done()
        await self._do("idle", asyncio.wait_for(idle, SECONDS), plain=True)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._lost.wait(), seconds)
        except TimeoutError:
            return
        self._check()

    def _on_lost(self, error: Exception | None) -> None:
        self._lost.set()

    def _check(self) -> None:
        if self._lost.is_set():
            raise NoMailbox("the connection was lost")

    async def _or_lost(self, step: str, work: Any) -> Any:
        """What a step gives; the client itself goes on waiting for an answer when the connection is lost."""
        answer, lost = asyncio.ensure_future(work), asyncio.ensure_future(self._lost.wait())
        try:
            await asyncio.wait({answer, lost}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise NoMailbox(f"the connection was lost ({step})")
            return await answer
        finally:
            answer.cancel()
            lost.cancel()

    async def _do(self, step: str, work: Any, *, plain: bool = False) -> Any:
        """What the server answers to a step; `plain` for steps that give no response of its own."""
        try:
            response = await self._or_lost(step, work)
        except (TimeoutError, OSError, AioImapException) as error:
            raise NoMailbox(f"{step} failed ({type(error).__name__})") from error
        if plain or response is None:
            return response
        if response.result != "OK":
            raise NoMailbox(f"{step} was refused")
        return response.lines


def _words(lines: Sequence[bytes]) -> list[str]:
    """The numbers in the answer to a search, whose last line is a sentence."""
    return [each.decode() for line in lines[:-1] for each in re.findall(rb"\d+", line)]
