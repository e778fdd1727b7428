"""The rooms that the bot is in: which are somebody's direct messages, and who is called what there."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import nio  # type: ignore[import-untyped]

from bot.delivery import Unclear
from bot.matrix.client import Client
from bot.matrix.errors import Declined, accepted, reaching
from storage.post import Lane, direct_lane

SEEN_WITHIN_SECONDS = 10
OK = 200
ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


class Rooms:
    """The rooms of one client. `shared` are those that storage knows as rooms; they are nobody's alone.

    `plain_direct` lets direct messages go to a room without encryption.
    """

    def __init__(self, client: Client, plain_direct: bool) -> None:
        self.client = client
        self.plain_direct = plain_direct
        self.shared: set[str] = set()
        self._listed: dict[str, list[str]] = {}
        self._making: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._news = asyncio.Condition()

    async def load(self) -> None:
        """Reads which rooms the account notes as direct (`m.direct`)."""
        path = f"/_matrix/client/v3/user/{quote(self.client.user_id)}/account_data/m.direct"
        told = await self._account_data("GET", path)
        self._listed = {user: list(rooms) for user, rooms in told.items() if isinstance(rooms, list)}

    async def synced(self) -> None:
        """Wakes those who wait to see a room."""
        async with self._news:
            self._news.notify_all()

    def lane(self, room_id: str) -> Lane:
        """Where what is said in a room belongs: to the room, or to somebody's direct messages."""
        person = self.person(room_id)
        return direct_lane("matrix", person) if person else Lane("matrix", room_id)

    def is_shared(self, room_id: str) -> bool:
        """Whether several people meet here, so that it may be a team's. A room without others is nothing."""
        room = self.client.rooms.get(room_id)
        return room is not None and len(room.users) > 1 and not self.person(room_id)

    def person(self, room_id: str) -> str:
        """Whose direct messages these are, or "": a room for two that is noted as such or has no name."""
        room = self.client.rooms.get(room_id)
        if room is None or room_id in self.shared:
            return ""
        others = set(room.users) - {self.client.user_id}
        if len(others) != 1:
            return ""
        person: str = others.pop()
        named = room.name or room.canonical_alias
        return person if not named or room_id in self._listed.get(person, []) else ""

    def name(self, room_id: str, account: str) -> str:
        """What somebody calls themselves in a room, or the first part of their id."""
        room = self.client.rooms.get(room_id)
        user = room.users.get(account) if room else None
        return (user.display_name if user else None) or local_part(account)

    def own_names(self, room_id: str) -> set[str]:
        """By what people may call the bot here."""
        return {
            self.name(room_id, self.client.user_id),
            self.client.user_id.removeprefix("@").partition(":")[0],
        }

    def found_direct(self, account: str) -> str:
        """The room of somebody's direct messages in which something may be said, or ""."""
        fit = [room for room in self.client.rooms.values() if self._fits(room, account)]
        fit.sort(key=lambda room: (room.users[account].invited, not room.encrypted, room.room_id))
        return fit[0].room_id if fit else ""

    async def direct(self, account: str) -> str:
        """That room, made if there is none. Raises Undeliverable if the person can't be invited."""
        async with self._making[account]:
            if not self.found_direct(account):
                await self._invite(account)
                await self.seen(lambda: bool(self.found_direct(account)))
            return self.found_direct(account)

    async def note_direct(self, account: str, room_id: str) -> None:
        """Notes in the account that a room is for this person's direct messages."""
        rooms = self._listed.get(account, [])
        if room_id in rooms:
            return
        changed = {**self._listed, account: [*rooms, room_id]}
        path = f"/_matrix/client/v3/user/{quote(self.client.user_id)}/account_data/m.direct"
        await self._account_data("PUT", path, changed)
        self._listed = changed

    def _fits(self, room: nio.MatrixRoom, account: str) -> bool:
        return self.person(room.room_id) == account and (room.encrypted or self.plain_direct)

    async def _invite(self, account: str) -> None:
        """Invites somebody to a room for two: the one they left, else a new one.

        It is made and noted before anybody is invited, so that one who can't be does not leave a new
        room behind at every attempt.
        """
        room_id = next((each for each in self._listed.get(account, []) if self._is_left(each)), "")
        if not room_id:
            with reaching():
                creating = self.client.room_create(
                    is_direct=True, preset=nio.RoomPreset.private_chat, initial_state=[ENCRYPTION]
                )
                room_id = accepted(await creating).room_id
            await self.note_direct(account, room_id)
            await self.seen(lambda: room_id in self.client.rooms)
        content = {"membership": "invite", "is_direct": True}
        with reaching():
            accepted(await self.client.room_put_state(room_id, "m.room.member", content, account))

    def _is_left(self, room_id: str) -> bool:
        room = self.client.rooms.get(room_id)
        return room is not None and room.encrypted and set(room.users) == {self.client.user_id}

    async def seen(self, condition: Callable[[], bool]) -> None:
        """Waits until a sync has made something so. Raises Unclear if none does."""
        try:
            async with asyncio.timeout(SEEN_WITHIN_SECONDS), self._news:
                await self._news.wait_for(condition)
        except TimeoutError:
            raise Unclear("the homeserver does not show the room") from None

    async def _account_data(self, method: str, path: str, content: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.client.access_token}"}
        data = None if content is None else json.dumps(content)
        with reaching():
            answer = await self.client.send(method, path, data, headers)
            if answer.status != OK and (method, answer.status) != ("GET", 404):
                raise Unclear(f"HTTP {answer.status}")
            told = await answer.json()
        return told if isinstance(told, dict) and answer.status == OK else {}


def local_part(account: str) -> str:
    """`ana` of `@ana:example.org`."""
    return account.removeprefix("@").partition(":")[0]


async def enter(client: Client, room_id: str) -> bool:
    """Takes up an invitation; False if it is not there any more."""
    with reaching():
        answer = await client.join(room_id)
    try:
        accepted(answer)
    except Declined:
        return False
    return True
