"""What happens in Matrix rooms, told to the door: lines, reactions, people who come and go.

Every method may be called again with the same event, and then has no second effect.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from itertools import count

import nio  # type: ignore[import-untyped]

from bot.door import MAYBE_DONE, NOT_DONE, Door, broken
from bot.matrix.client import Client
from bot.matrix.membership import now_encrypted
from bot.matrix.rooms import Rooms
from bot.matrix.said import Said, line_for, link_to, reaction_key, said, thread_of, without_prefix
from cards.card import Card, Text
from cards.matrix import contents, in_thread
from cards.wire import loads
from handlers import from_message
from handlers.from_message import Wrote, line_from
from handlers.people import room
from handlers.request import ChatId, Request
from storage.clinic import Clinic
from storage.post import Lane, direct_lane

NAME = "matrix"
PATIENT_TRIES = 6
LONGEST_WAIT = 10.0
KEPT = Card(
    "I can't reach my records right now.",
    (Text("What you wrote is kept, and I answer it as soon as I can."),),
)
ELSEWHERE = Card(
    "I answer you in an encrypted room.",
    (Text("This room is not encrypted. Please accept my invitation to the other one."),),
)
READABLE = Card(
    "This came without encryption, so I did nothing.",
    (Text("In this room I only act on encrypted messages. Please say it again from an app that encrypts."),),
)


class Inbox:
    """Reads the events of rooms. `gone` is told which messages were deleted."""

    def __init__(self, client: Client, rooms: Rooms, door: Door, gone: Callable[[str], None]) -> None:
        self.client = client
        self.rooms = rooms
        self.door = door
        self.gone = gone

    async def take(self, room_id: str, event: nio.Event) -> None:
        """One event of a room that the bot is in, readable."""
        if event.sender == self.client.user_id or room_id not in self.client.rooms:
            return
        match event:
            case nio.RoomMessageText():
                await self._message(room_id, event)
            case nio.ReactionEvent():
                await self._reaction(room_id, event)
            case nio.RoomMemberEvent():
                await self._member(room_id, event)
            case nio.RoomEncryptionEvent():
                await self._encryption(room_id, event)
            case nio.RedactionEvent():
                self.gone(event.redacts)
                await self._changed(room_id, event, event.redacts, None)

    async def remark(self, room_id: str, once: str, card: Card, thread: str = "") -> None:
        """Says something in a room by ourselves, one time for each `once`."""

        def work(clinic: Clinic, now: datetime) -> None:
            clinic.outbox.say(Lane(NAME, room_id), card, now, thread=thread)

        await self.door.once(once, work)

    async def ask(
        self, room_id: str, event_id: str, sender: str, lane: Lane, line: str, thread: str, link: str = ""
    ) -> None:
        """Has a line answered. Waits as long as it takes for the database: the message is kept by Matrix."""
        who = ChatId(NAME, sender, self.rooms.name(room_id, sender))
        request = Request(event_id, who, lane, line, thread, link=link)
        for attempt in count(1):
            reply = await self.door.answer(request)
            if reply.card not in (NOT_DONE, MAYBE_DONE):  # either is cleared up by asking again
                break
            if attempt == PATIENT_TRIES:
                await self._say_now(room_id, request, KEPT, "kept")
            await asyncio.sleep(min(0.1 * 2**attempt, LONGEST_WAIT))
        if reply.card is not None and reply.card.title == broken("").title and not reply.lanes:
            await self._say_now(room_id, request, reply.card, "broken")

    async def _message(self, room_id: str, event: nio.RoomMessageText) -> None:
        message = said(event.source["content"])
        if message.replaces:
            original = await self.client.look_up(room_id, message.replaces)
            if original is not None and original.sender == event.sender:
                await self._changed(room_id, event, message.replaces, message.instead or message.body)
            return
        found = await self._line(room_id, event, message)
        if found is None:
            return
        line, thread = found
        encrypted = self.client.rooms[room_id].encrypted
        if encrypted and not event.decrypted:
            await self.remark(room_id, f"readable:{event.event_id}", READABLE, thread)
            return
        lane = self._lane(room_id, event.sender)
        if lane.direct and not encrypted and not self.rooms.plain_direct:
            await self.remark(room_id, f"elsewhere:{room_id}", ELSEWHERE)
        link = "" if lane.direct else link_to(room_id, event.event_id)
        if not lane.direct and message.reply_to:
            line = await self._with_what_it_answers(room_id, message.reply_to, line)
        await self.ask(room_id, event.event_id, event.sender, lane, line, thread, link)

    async def _with_what_it_answers(self, room_id: str, event_id: str, line: str) -> str:
        """The line of a reply, with what a person wrote in the message that it answers."""
        wrote = await self._wrote(room_id, event_id)
        return from_message.replied(line, wrote) if wrote else line

    async def _wrote(self, room_id: str, event_id: str) -> Wrote | None:
        """What a person wrote in a message; None for what is ours, or no text."""
        event = await self.client.look_up(room_id, event_id)
        if not isinstance(event, nio.RoomMessageText) or event.sender == self.client.user_id:
            return None
        return Wrote(said(event.source["content"]).body, link_to(room_id, event_id))

    async def _line(self, room_id: str, event: nio.Event, message: Said) -> tuple[str, str] | None:
        """The line that a message says to us and the thread in which it is answered."""
        if self.rooms.person(room_id):
            return without_prefix(message.body), ""
        line = line_for(message, self.client.user_id, self.rooms.own_names(room_id))
        thread = message.thread
        if not thread and message.reply_to:
            # Where threads are not shown, people answer a question of ours by a plain reply.
            thread = await self._thread_of(room_id, message.reply_to)
        if line is not None:
            return line, thread or event.event_id
        if thread and await self._is_asked(room_id, event.sender, thread):
            return message.body.strip(), thread
        return None

    async def _is_asked(self, room_id: str, sender: str, thread: str) -> bool:
        """Whether somebody has a form open in this thread."""

        def look(clinic: Clinic) -> bool:
            member = clinic.people.by_account(NAME, sender)
            draft = clinic.memory.draft(Lane(NAME, room_id), member.id) if member else None
            return draft is not None and draft.thread == thread

        return await self.door.look(look)

    async def _reaction(self, room_id: str, event: nio.ReactionEvent) -> None:
        payload = await self._post_at(event.reacts_to)
        root = ""
        if not payload or not self.rooms.person(room_id):
            message = await self.client.look_up(room_id, event.reacts_to)
            content = message.source["content"] if message is not None else {}
            root = thread_of(content) or event.reacts_to
            if not payload and message is not None and message.sender == self.client.user_id:
                payload = await self._post_at(str(content.get("care.baton.first", "")))
        if not payload:
            await self._made_of(room_id, event, root)
            return
        key = reaction_key(event.key)
        for choice in loads(json.loads(payload)["card"]).choices:
            if choice.reaction and reaction_key(choice.reaction) == key:
                lane = self._lane(room_id, event.sender)
                thread = "" if lane.direct else root
                await self.ask(room_id, event.event_id, event.sender, lane, choice.says, thread)
                return

    async def _made_of(self, room_id: str, event: nio.ReactionEvent, thread: str) -> None:
        """Some reactions make a command of what a person wrote in a room."""
        taking = from_message.reacted(reaction_key(event.key))
        wrote = await self._wrote(room_id, event.reacts_to) if taking and thread else None
        if taking is not None and wrote is not None and wrote.text.strip():
            line = line_from(taking, wrote)
            await self.ask(room_id, event.event_id, event.sender, Lane(NAME, room_id), line, thread)

    async def _member(self, room_id: str, event: nio.RoomMemberEvent) -> None:
        ended = event.membership in ("leave", "ban") and event.prev_membership == "join"
        if ended and event.state_key != self.client.user_id and room_id in self.rooms.shared:
            lane, account = Lane(NAME, room_id), event.state_key
            await self.door.once(event.event_id, lambda clinic, now: room.left(lane, account, clinic, now))

    async def _encryption(self, room_id: str, event: nio.RoomEncryptionEvent) -> None:
        if room_id in self.rooms.shared:
            await self.door.once(event.event_id, lambda clinic, now: now_encrypted(room_id, clinic, now))

    async def _changed(self, room_id: str, event: nio.Event, message: str, instead: str | None) -> None:
        """A message says something else `instead`, or was deleted (None)."""
        lane, link = self._lane(room_id, event.sender), link_to(room_id, message)
        says = None if instead is None else self._asked(room_id, instead)

        def matters(clinic: Clinic) -> bool:
            return clinic.memory.answered(message) is not None or from_message.concerns(link, clinic)

        def work(clinic: Clinic, now: datetime) -> None:
            if clinic.memory.answered(message) is not None:
                room.changed(lane, message, instead is None, clinic, now)
            from_message.changed(link, says, clinic, now)

        if await self.door.look(matters):
            await self.door.once(event.event_id, work)

    def _asked(self, room_id: str, body: str) -> str:
        """What a message says, without the words by which it is addressed to us."""
        return line_for(said({"body": body}), self.client.user_id, self.rooms.own_names(room_id)) or body

    async def _post_at(self, message: str) -> str:
        return await self.door.look(lambda clinic: clinic.memory.post_at(NAME, message)) if message else ""

    async def _thread_of(self, room_id: str, event_id: str) -> str:
        event = await self.client.look_up(room_id, event_id)
        return thread_of(event.source["content"]) if event is not None else ""

    def _lane(self, room_id: str, sender: str) -> Lane:
        return direct_lane(NAME, sender) if self.rooms.person(room_id) else Lane(NAME, room_id)

    async def _say_now(self, room_id: str, request: Request, card: Card, mark: str) -> None:
        """Says something that can't wait in the outbox, because the database does not take it."""
        for content in contents(card):
            placed = in_thread(content, request.thread) if request.thread else content
            await self.client.put(room_id, "m.room.message", placed, f"{request.event_id}.{mark}")
