"""Following the account: sync after sync, gaps filled, each event handed on to where it belongs."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar

import nio  # type: ignore[import-untyped]
import structlog

from bot.delivery import Later, Unclear, Undeliverable
from bot.matrix.batches import Batch, Batches
from bot.matrix.client import Client
from bot.matrix.errors import LoggedOut, accepted, reaching
from bot.matrix.inbox import Inbox
from bot.matrix.insist import insist
from bot.matrix.membership import Membership
from bot.matrix.unread import Unread

T = TypeVar("T")
PAGE = 100
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=0.25), timedelta(seconds=5)
log = structlog.get_logger()


class Follower:
    """Reads the account and hands on what happens. `trouble` says what is wrong with the link, or ""."""

    def __init__(
        self, client: Client, batches: Batches, inbox: Inbox, membership: Membership, unread: Unread
    ) -> None:
        self.client = client
        self.batches = batches
        self.inbox = inbox
        self.membership = membership
        self.unread = unread
        self.rooms = inbox.rooms
        self.trouble = "connecting"

    async def begin(self, new_device: Callable[[bool], Awaitable[None]]) -> str:
        """Reads every room in full, from where the last process came to; returns where that led.

        `new_device` is called if this device never read before, with whether another one did. One that
        did not read the last batches itself fetches its keys first: asking on from the newer token would
        delete those that wait for it.
        """
        since, own = await self.batches.places()
        if own and own != since:
            await self._patiently(lambda: self.client.fetch_keys(own))
        try:
            response = await self._patiently(lambda: self.client.read_in_full(since))
        except Undeliverable:
            log.exception("matrix_place_forgotten")
            since = ""
            response = await self._patiently(lambda: self.client.read_in_full(""))
        await self._patiently(self.rooms.load)
        await self.membership.recall()
        await self.client.tend_keys()
        batch = Batch(response.next_batch)
        if not own:
            batch.add(lambda: new_device(bool(since)))
        await self._hand_out(batch, response, since)
        return batch.token

    async def follow(self, since: str) -> None:
        """Reads on, for ever. Raises LoggedOut."""
        while True:
            response = await self._patiently(partial(self.client.read_on, since))
            await self.client.tend_keys()
            if response.next_batch != since:
                await self._hand_out(Batch(response.next_batch), response, since)
                since = response.next_batch

    async def _hand_out(self, batch: Batch, response: nio.SyncResponse, since: str) -> None:
        in_turn, membership = self.batches.in_turn, self.membership
        for room_id, info in response.rooms.invite.items():
            in_turn(batch, room_id, partial(membership.invitation, room_id, info.invite_state))
        for room_id, info in response.rooms.leave.items():
            self.client.rooms.pop(room_id, None)  # the library keeps rooms that were left
            self.rooms.shared.discard(room_id)
            event_id = own_event(info.timeline.events, self.client.user_id) or f"{room_id}:{batch.token}"
            in_turn(batch, room_id, partial(membership.put_out, room_id, event_id))
        for room_id, info in response.rooms.join.items():
            in_turn(batch, room_id, partial(self._read, batch, room_id, info.timeline, since))
        self.unread.keys_came(response.to_device_events)
        await self.rooms.synced()
        await self.batches.open(batch)

    async def _read(self, batch: Batch, room_id: str, timeline: nio.Timeline, since: str) -> None:
        """All that happened in a room, in order; nothing of it if the account was never read before."""
        await self.membership.settle(room_id)
        if not since:
            return
        missed = await self._gap(room_id, timeline.prev_batch, since) if timeline.limited else []
        for event in since_joining([*missed, *timeline.events], self.client.user_id):
            if isinstance(event, nio.MegolmEvent):
                # Nobody else waits while this one waits for its key.
                batch.add(partial(self.unread.take, room_id, event))
            else:
                await insist(partial(self._take, room_id, event))

    async def _take(self, room_id: str, event: nio.Event) -> None:
        if await self.unread.is_genuine(event):
            await self.inbox.take(room_id, event)
        else:
            await self.unread.say_again(room_id, event)

    async def _gap(self, room_id: str, start: str, end: str) -> list[nio.Event]:
        """What happened between two syncs and was left out of the second."""
        missed: list[nio.Event] = []
        page: str | None = start
        while page:
            with reaching():
                answer = await self.client.room_messages(
                    room_id, start=page, end=end, direction=nio.MessageDirection.back, limit=PAGE
                )
            missed += accepted(answer).chunk
            joined = any(is_joining(event, self.client.user_id) for event in answer.chunk)
            page = answer.end if answer.chunk and not joined else None
        return missed[::-1]

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        wait = FIRST_WAIT
        while True:
            try:
                done = await work()
            except LoggedOut:
                raise
            except Later as later:
                self.trouble = "the homeserver asks to wait"
                await asyncio.sleep(min(later.after, LONGEST_WAIT).total_seconds())
            except Unclear as reason:
                self.trouble = f"the homeserver does not answer ({reason})"
                await asyncio.sleep(wait.total_seconds())
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                self.trouble = ""
                return done


def is_joining(event: nio.Event, me: str) -> bool:
    """Whether this is the moment at which we joined the room."""
    ours = isinstance(event, nio.RoomMemberEvent) and event.state_key == me
    return ours and event.membership == "join" and event.prev_membership != "join"


def since_joining(events: Sequence[nio.Event], me: str) -> list[nio.Event]:
    """The events after we joined: what people said before was not said to us."""
    joined = [at for at, event in enumerate(events) if is_joining(event, me)]
    return list(events[joined[-1] + 1 :] if joined else events)


def own_event(events: Sequence[nio.Event], me: str) -> str:
    """The id of the last event about our own membership, or ""."""
    ours = [e.event_id for e in events if isinstance(e, nio.RoomMemberEvent) and e.state_key == me]
    return ours[-1] if ours else ""
