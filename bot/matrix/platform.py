"""Matrix: one account of a homeserver, in encrypted rooms. Events go to the door, posts go out to rooms.

Every device of the people in a room gets its keys, verified or not (`matrix_trust`: all-devices): who may
be in the room is decided by those who invite there.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta

import structlog
from starlette.routing import BaseRoute

from bot.config import Settings
from bot.delivery import Later, Unclear
from bot.door import Door
from bot.matrix.account import Account
from bot.matrix.batches import Batches
from bot.matrix.client import Client
from bot.matrix.inbox import Inbox
from bot.matrix.lock import AccountLock
from bot.matrix.membership import Membership
from bot.matrix.news import News
from bot.matrix.rooms import Rooms
from bot.matrix.send import Sender
from bot.matrix.sync import Follower
from bot.matrix.unread import Unread
from storage.lanes import Outgoing

LOOK_AGAIN_SECONDS = 2
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
NOT_NOW = timedelta(seconds=0.5)
log = structlog.get_logger()


class LockLost(Exception):
    """Another process may follow the account now."""


class MatrixPlatform:
    """The Matrix account of the settings, as `bot.app` holds it."""

    name = "matrix"

    def __init__(self, settings: Settings, door: Door) -> None:
        self.settings = settings
        self.door = door
        self.account = Account(settings, door.store.keyring)
        named = f"{settings.organisation} {settings.matrix_user}"
        self.lock = AccountLock(settings.matrix_store, door.store.engine, named)
        self.follower: Follower | None = None
        self.sender: Sender | None = None
        self._trouble = "not started"
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to connect. Raises BadSettings if the secret keys don't open the login that was kept."""
        self.account.kept()
        self._trouble = "connecting"
        self._running = asyncio.create_task(self._run())

    def ending(self) -> None:
        """Nothing is kept open over HTTP."""

    async def stop(self) -> None:
        """Lets what is being handled end, notes the place, and logs nothing out."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = None

    def routes(self) -> Sequence[BaseRoute]:
        """Nothing is served."""
        return []

    def link(self) -> str:
        """ "" while the link works, else in a few words why not."""
        trouble = self._trouble or (self.follower.trouble if self.follower else "")
        return trouble if self.sender is not None else trouble or "connecting"

    def sends(self) -> bool:
        """Whether posts can go out from this process now."""
        return self.sender is not None and not self.link()

    async def post(self, outgoing: Outgoing) -> str:
        """Posts a message and returns its event id; the first if it needs several."""
        return await self._ready().post(outgoing)

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        """Edits a message. Raises Vanished if it is gone."""
        return await self._ready().edit(outgoing, message)

    async def find(self, outgoing: Outgoing) -> str | None:
        """The event that was sent under the post's id, unless sending it again makes no second one."""
        return await self._ready().find(outgoing)

    def _ready(self) -> Sender:
        if self.sender is None or not self.sends():
            raise Later(NOT_NOW)
        return self.sender

    async def _run(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                if await self.door.run(self.lock.take):
                    wait = FIRST_WAIT
                    await self._serve()
                self._trouble = "stand-by: another process follows the account"
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            except (Later, Unclear) as reason:
                self._trouble = str(reason)
                await asyncio.sleep(wait)
            except Exception as error:
                self._trouble = type(error).__name__
                log.exception("matrix_link_failed", error=type(error).__name__)
                await asyncio.sleep(wait)
            finally:
                await asyncio.shield(self.door.run(self.lock.release))
            wait = min(wait * 2, LONGEST_WAIT)

    async def _serve(self) -> None:
        """Follows the account until something breaks for which it must be opened anew."""
        client = await self.account.open()
        try:
            await self._work(client)
        except ExceptionGroup as group:
            raise group.exceptions[0] from group
        finally:
            self.sender = None
            await asyncio.shield(client.close())

    async def _work(self, client: Client) -> None:
        rooms = Rooms(client, self.settings.matrix_plain_rooms_detail)
        sender = Sender(client, rooms)
        inbox = Inbox(client, rooms, self.door, sender.forget)
        membership = Membership(client, rooms, self.door, self.settings, inbox.ask)
        unread = Unread(client, rooms, inbox)
        news = News(self.account, client, rooms, self.door, self.settings)
        batches = Batches(self.door, client.device_id)
        follower = Follower(client, batches, inbox, membership, unread)
        self.follower, self._trouble = follower, ""
        try:
            since = await follower.begin(news.new_device)
            self.sender = sender
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(follower.follow(since))
                tasks.create_task(batches.keep_place())
                tasks.create_task(self._watch_lock())
                tasks.create_task(membership.look_until_read())
        finally:
            await asyncio.shield(batches.finish())

    async def _watch_lock(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            if not await self.door.run(self.lock.holds):
                raise LockLost
