"""Baton's mailbox: what people answer by mail. Each mail is dealt with once, and marked as read after that.

One process reads it at a time. A mail that can't be dealt with, whatever is in it, is set aside after a few
tries and told to the leads: those behind it are not held up.
"""

import asyncio
import contextlib
from collections import Counter
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError

from agendas.letter import Letter, read_letter
from agendas.refusal import Reason
from bot.config import Settings
from bot.door import Door
from bot.mail.folder import Folder, NoMailbox
from bot.matrix.lock import AccountLock
from handlers.answer import Busy, NotKnown
from handlers.invitations.mail_in import receive
from storage.clinic import Clinic

LOOK_AGAIN_SECONDS = 2
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
MOST_TRIES = 3
log = structlog.get_logger()


class Mailbox:
    """The mailbox that the settings name."""

    name = "mailbox"

    def __init__(self, settings: Settings, door: Door) -> None:
        self.settings = settings
        self.door = door
        named = f"mailbox {settings.organisation} {settings.imap_user}"
        self.lock = AccountLock(settings.data_folder / "mailbox", door.store.engine, named)
        self.tries: Counter[str] = Counter()
        self._trouble = "not started"
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to look for the server."""
        self._trouble = "connecting"
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends after the mail that is being dealt with."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = None

    def link(self) -> str:
        """ "" while mail is read, else in a few words why not."""
        return self._trouble

    async def _run(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                if await self.door.run(self.lock.take):
                    await self._serve()
                self._trouble = "stand-by: another process reads the mailbox"
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            except NoMailbox as reason:
                wait = FIRST_WAIT if not self._trouble else wait
                self._trouble = str(reason)
            except Exception as error:
                self._trouble = type(error).__name__
                log.exception("mailbox_failed", error=type(error).__name__)
            finally:
                await asyncio.shield(self.door.run(self.lock.release))
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _serve(self) -> None:
        """Reads what is there and what comes, until the connection breaks or the lock is lost."""
        folder = Folder(self.settings)
        try:
            await folder.open()
            while await self.door.run(self.lock.holds):
                for uid in await folder.unread():
                    await self._take(folder, uid)
                self._trouble = ""
                # One that broke us is tried again soon, and then set aside.
                await (asyncio.sleep(FIRST_WAIT) if self.tries else folder.wait())
        finally:
            await asyncio.shield(folder.close())

    async def _take(self, folder: Folder, uid: str) -> None:
        """Deals with one mail, and then marks it as read."""
        data = await folder.fetch(uid)
        if not data:
            return  # somebody took it away
        letter = await self.door.run(lambda: read_letter(data, self.settings.mail_proof))
        # What is under way is finished and marked, also when the process is told to stop.
        await asyncio.shield(asyncio.ensure_future(self._deal_with(folder, uid, letter)))

    async def _deal_with(self, folder: Folder, uid: str, letter: Letter) -> None:
        try:
            outcome = await self._received(letter)
        except (DBAPIError, Busy, NotKnown):
            raise  # the database, not the mail: all of it is tried again later
        except Exception as error:
            self.tries[uid] += 1
            log.exception("mail_failed", error=type(error).__name__, attempts=self.tries[uid])
            if self.tries[uid] < MOST_TRIES:
                return
            broken = Letter(letter.key, letter.sender, refused=Reason.BROKEN)
            outcome = await self._received(broken)
        self.tries.pop(uid, None)
        log.info("mail_read", outcome=outcome)
        await folder.mark_read(uid, flagged=outcome.upper() in Reason.__members__)

    async def _received(self, letter: Letter) -> str:
        """What became of a mail; one that was dealt with before has no second effect."""
        outcome = "repeated"

        def work(clinic: Clinic, now: datetime) -> None:
            nonlocal outcome
            outcome = receive(letter, clinic, now)

        await self.door.once(f"mail:{letter.key}", work)
        return outcome
