"""Messages that can't be read: a while is waited for their key, then one is asked to say it again."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterable

import nio  # type: ignore[import-untyped]

from bot.matrix.client import Client
from bot.matrix.errors import accepted, reaching
from bot.matrix.inbox import Inbox
from bot.matrix.rooms import Rooms
from cards.card import Card, Text

KEY_COMES_WITHIN_SECONDS = 5


class Unread:
    """What waits for a key. Keys come to the device, before the message as a rule but not always."""

    def __init__(self, client: Client, rooms: Rooms, inbox: Inbox) -> None:
        self.client = client
        self.rooms = rooms
        self.inbox = inbox
        self._came: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def keys_came(self, events: Iterable[nio.ToDeviceEvent]) -> None:
        """Wakes what waits for one of these keys."""
        for event in events:
            if isinstance(event, nio.RoomKeyEvent) and event.session_id in self._came:
                self._came[event.session_id].set()

    async def take(self, room_id: str, event: nio.MegolmEvent) -> None:
        """Reads a message once its key is there; if none comes, its sender is told, once for each key."""
        if event.sender == self.client.user_id or room_id not in self.client.rooms:
            return
        event.room_id = room_id
        readable = self._read(event)
        if readable is None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(KEY_COMES_WITHIN_SECONDS):
                    await self._came[event.session_id].wait()
            self._came.pop(event.session_id, None)
            readable = self._read(event)
        if readable is None:
            await self.say_again(room_id, event)
        else:
            await self.inbox.take(room_id, readable)

    async def is_genuine(self, event: nio.Event) -> bool:
        """Whether a decrypted message was encrypted by a device of the account that it says it is from."""
        ours = event.sender == self.client.user_id  # not acted upon anyway
        if ours or not event.decrypted or self.client.wrote(event):
            return True
        self.client.olm.users_for_key_query.add(event.sender)
        with reaching():
            accepted(await self.client.keys_query())
        return self.client.wrote(event)

    async def say_again(self, room_id: str, event: nio.Event) -> None:
        """Asks, visibly and once for each sender and key, to say it again."""
        name = self.rooms.name(room_id, event.sender)
        card = Card(
            f"I can't read what {name} wrote here.",
            (Text("I did not get the key to it. Please say it again if it was meant for me."),),
        )
        thread = "" if self.rooms.person(room_id) else event.event_id
        await self.inbox.remark(room_id, f"unread:{room_id}:{event.sender}:{event.session_id}", card, thread)

    def _read(self, event: nio.MegolmEvent) -> nio.Event | None:
        try:
            return self.client.decrypt_event(event)
        except nio.EncryptionError:
            return None
