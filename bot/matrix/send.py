"""Posts as Matrix messages: sent under the post's id, edited in place, found again after unclear attempts."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import nio  # type: ignore[import-untyped]
from nio.api import RelationshipType  # type: ignore[import-untyped]

from bot.delivery import Later, Unclear, Undeliverable, Vanished
from bot.matrix.client import NOT_THERE, Client
from bot.matrix.errors import accepted, reaching
from bot.matrix.pin import pin
from bot.matrix.rooms import Rooms
from cards.card import File, Image
from cards.matrix import PREFIX, Content, contents, edit_of, in_thread
from cards.picture import file_of, media_type, size_of
from storage.lanes import Outgoing
from storage.post import Kind, Lane

MESSAGE = "m.room.message"
FILES = ("m.image", "m.file")
"""A living card's pictures and files came with it, and stay while its words change."""
ID, FIRST = "care.baton.id", "care.baton.first"
SAME_ID_SECONDS = 20 * 60
"""How long the homeserver surely takes the same transaction id for the same event (Synapse: about 30 min)."""
REMEMBERED = 2_000
PAGES, PAGE = 5, 100


class Sender:
    """Sends through one client. It remembers, within bounds, what it sent and where that stands."""

    def __init__(self, client: Client, rooms: Rooms) -> None:
        self.client = client
        self.rooms = rooms
        self._first_tried: OrderedDict[str, float] = OrderedDict()
        self._further: OrderedDict[str, tuple[str, ...]] = OrderedDict()  # message -> its further texts

    async def post(self, outgoing: Outgoing) -> str:
        """Sends all parts of a post and returns the id of the first. May be repeated: nothing comes twice."""
        _keep(self._first_tried, outgoing.id, self._first_tried.get(outgoing.id, time.monotonic()))
        room_id = await self._room(outgoing.lane)
        first = await self._send(outgoing, room_id, {})
        if outgoing.pinned:
            await pin(self.client, room_id, first)
        return first

    async def find(self, outgoing: Outgoing) -> str | None:
        """The first part of a post whose sending was unclear, or None if sending it again does no harm.

        That is so soon after the first attempt, for the homeserver knows the id. Later, and if another
        process made that attempt, our last messages in the room are looked through; what of it is
        missing is sent.
        """
        tried = self._first_tried.get(outgoing.id)
        if tried is not None and time.monotonic() - tried < SAME_ID_SECONDS:
            return None
        lane = outgoing.lane
        room_id = self.rooms.found_direct(lane.account) if lane.direct else await self._room(lane)
        sent = await self._sent(room_id, outgoing.id) if room_id else {}
        return await self._send(outgoing, room_id, sent) if outgoing.id in sent else None

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        """Makes a message, with its further parts, show the card. Raises Vanished if it is not there."""
        room_id = await self._room(outgoing.lane)
        further = await self._standing(room_id, message)
        first, *rest = self._contents(outgoing, room_id)
        await self.client.put(room_id, MESSAGE, edit_of(first, message), f"{outgoing.id}.edit")
        try:
            standing = await self._edit_rest(outgoing, room_id, message, rest, list(further))
        except Later as later:  # the first part shows it, so it must not be taken for unsent
            raise Unclear("some parts are edited, the next must wait") from later
        _keep(self._further, message, standing)
        return message

    async def _edit_rest(
        self, outgoing: Outgoing, room_id: str, message: str, rest: Sequence[Content], further: list[str]
    ) -> tuple[str, ...]:
        """Makes the `further` parts of a message show the rest of a card; which parts stand then."""
        for at, content in enumerate(rest):
            tx_id = f"{outgoing.id}.{at + 1}"
            if at < len(further):
                await self.client.put(room_id, MESSAGE, edit_of(content, further[at]), f"{tx_id}.edit")
            else:
                part = in_thread(content | {ID: tx_id, FIRST: message}, message)
                further.append(await self.client.put(room_id, MESSAGE, part, tx_id))
        for surplus in further[len(rest) :]:
            with reaching():
                accepted(await self.client.room_redact(room_id, surplus, tx_id=f"{outgoing.id}.{surplus}"))
        return tuple(further[: len(rest)])

    def forget(self, message: str) -> None:
        """Somebody deleted a message."""
        self._further.pop(message, None)

    async def _send(self, outgoing: Outgoing, room_id: str, sent: dict[str, str]) -> str:
        """Sends the parts that are not in `sent`, which is by transaction id."""
        said = self._contents(outgoing, room_id)
        parts: Sequence[Content | Image | File] = (*said, *outgoing.card.files)
        ids: list[str] = []
        for at, part in enumerate(parts):
            tx_id = f"{outgoing.id}.{at}" if at else outgoing.id
            if tx_id not in sent:
                try:
                    content = part if isinstance(part, dict) else await self._file(room_id, part)
                    placed = self._placed(content, outgoing, ids[0] if ids else "")
                    sent[tx_id] = await self.client.put(room_id, MESSAGE, placed | {ID: tx_id}, tx_id)
                except Later as later:
                    if ids:  # part of it is out, so it must not be taken for unsent
                        raise Unclear("some parts are sent, the next must wait") from later
                    raise
            ids.append(sent[tx_id])
        if outgoing.kind is Kind.SHOW:
            _keep(self._further, ids[0], tuple(ids[1 : len(said)]))
        return ids[0]

    def _contents(self, outgoing: Outgoing, room_id: str) -> tuple[Content, ...]:
        called = [(account, self.rooms.name(room_id, account)) for account in outgoing.called]
        prefix = "" if outgoing.lane.direct else PREFIX
        return contents(outgoing.card, called, outgoing.everyone, prefix)

    def _placed(self, content: Content, outgoing: Outgoing, first: str) -> Content:
        """A part where it belongs. Those of a living card gather in a thread, as they come and go."""
        if first:
            content = content | {FIRST: first}
            if outgoing.kind is Kind.SHOW:
                return in_thread(content, first)
        return in_thread(content, outgoing.thread) if outgoing.thread else content

    async def _room(self, lane: Lane) -> str:
        """The room in which a post for this lane goes out."""
        if lane.direct:
            return await self.rooms.direct(lane.account)
        room_id = lane.target
        if room_id.startswith("#"):
            with reaching():
                room_id = accepted(await self.client.room_resolve_alias(lane.target)).room_id
        if room_id not in self.client.rooms:
            raise Undeliverable(NOT_THERE)
        return room_id

    async def _standing(self, room_id: str, message: str) -> tuple[str, ...]:
        """The further parts of a message that stands in the room. Raises Vanished if it does not."""
        if message not in self._further:
            event = await self.client.look_up(room_id, message)
            if event is None or "redacted_because" in event.source.get("unsigned", {}):
                raise Vanished
            _keep(self._further, message, await self._parts(room_id, message))
        return self._further[message]

    async def _parts(self, room_id: str, message: str) -> tuple[str, ...]:
        found: dict[str, int] = {}
        thread = RelationshipType.thread
        try:
            with reaching():
                async for event in self.client.room_get_event_relations(room_id, message, thread):
                    if isinstance(event, nio.MegolmEvent):
                        event = self._read(room_id, event)
                    content = event.source.get("content", {})
                    ours = event.sender == self.client.user_id and content.get(FIRST) == message
                    if ours and content.get("msgtype") not in FILES:
                        found[event.event_id] = int(str(content.get(ID, "")).rpartition(".")[2] or 0)
        except AttributeError:  # how the library takes a refusal here
            raise Unclear("the message's thread can't be read") from None
        return tuple(sorted(found, key=lambda each: found[each]))

    def _read(self, room_id: str, event: nio.MegolmEvent) -> nio.Event:
        event.room_id = room_id
        try:
            return self.client.decrypt_event(event)
        except nio.EncryptionError:
            return event

    async def _sent(self, room_id: str, post_id: str) -> dict[str, str]:
        """The parts of a post among the last messages of a room: transaction id -> event id."""
        sent: dict[str, str] = {}
        page: str | None = self.client.next_batch
        for _ in range(PAGES):
            with reaching():
                back = nio.MessageDirection.back
                answer = accepted(await self.client.room_messages(room_id, page, direction=back, limit=PAGE))
            for event in answer.chunk:
                if event.sender == self.client.user_id:
                    unsigned = event.source.get("unsigned", {}).get("transaction_id", "")
                    tx_id = str(event.source.get("content", {}).get(ID) or unsigned)
                    if tx_id.startswith(post_id):
                        sent[tx_id] = event.event_id
            page = answer.end if answer.chunk else None
            if not page or post_id in sent:
                break
        return sent

    async def _file(self, room_id: str, part: Image | File) -> Content:
        encrypt = bool(self.client.rooms[room_id].encrypted)
        file, kind = await asyncio.to_thread(file_of, part), media_type(part)
        with reaching():
            async with asyncio.timeout(60):
                answer, keys = await self.client.upload(
                    lambda *_: file, kind, part.name, encrypt=encrypt, filesize=len(file)
                )
        url = accepted(answer).content_uri
        content: dict[str, Any] = {
            "msgtype": "m.image" if isinstance(part, Image) else "m.file",
            "body": part.alt,
            "filename": part.name,
            "info": {"mimetype": kind, "size": len(file)} | _measured(file),
            "m.mentions": {},
        }
        return content | ({"file": keys | {"url": url}} if encrypt else {"url": url})


def _measured(file: bytes) -> dict[str, int]:
    """Width and height, so that clients keep the room for a picture that they have not read yet."""
    size = size_of(file)
    return {"w": size[0], "h": size[1]} if size else {}


def _keep(shelf: OrderedDict[str, Any], key: str, value: Any) -> None:
    """Puts something on a shelf of bounded length, whose oldest falls off."""
    shelf[key] = value
    shelf.move_to_end(key)
    while len(shelf) > REMEMBERED:
        shelf.popitem(last=False)
