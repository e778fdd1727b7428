"""The Matrix client library, where it fails quietly made to fail so that one can tell and try again."""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

import nio  # type: ignore[import-untyped]
from nio.responses import ShareGroupSessionError  # type: ignore[import-untyped]

from bot.delivery import Later, Unclear, Undeliverable
from bot.matrix.errors import LoggedOut, accepted, reaching

REQUEST_SECONDS = 10
LONG_POLL_MS = 30_000
FULL_SYNC_SECONDS = 180
FILTER: dict[str, Any] = {"room": {"timeline": {"limit": 500}}, "presence": {"types": []}}
ONLY_TO_DEVICE: dict[str, Any] = {
    "room": {"rooms": []},
    "presence": {"types": []},
    "account_data": {"types": []},
}
NOT_THERE = "Baton is not in that room"


class Client(nio.AsyncClient):  # type: ignore[misc]
    """One device of the bot's account. It trusts every device of the people it talks with: that is policy."""

    def __init__(self, homeserver: str, user_id: str, store: Path, pickle_key: str) -> None:
        config = nio.AsyncClientConfig(
            max_limit_exceeded=0, max_timeouts=0, request_timeout=REQUEST_SECONDS,
            store=nio.store.SqliteStore, store_name="crypto.db", store_sync_tokens=False,
            pickle_key=pickle_key,
        )  # fmt: skip
        super().__init__(homeserver, user_id, store_path=str(store), config=config)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def receive_response(self, response: nio.Response) -> None:
        """Takes up what the homeserver said.

        Without the failed sharing of a key: the library builds that with its fields shifted, takes it for
        a soft logout, and would forget our access token.
        """
        if not isinstance(response, ShareGroupSessionError):
            await super().receive_response(response)

    async def read_on(self, since: str) -> nio.SyncResponse:
        """What happened since, waiting for something to happen."""
        with reaching():
            answer = await self.sync(timeout=LONG_POLL_MS, sync_filter=FILTER, since=since)
        return accepted(answer)

    async def read_in_full(self, since: str) -> nio.SyncResponse:
        """What happened since, and the whole state of every room: who is there, whether it is encrypted.

        The first sync of every process must be this. The library learns that a room is encrypted from its
        state alone, and what is sent to a room of which it has not seen the state goes out readable.
        """
        self.next_batch = ""  # the library drops a batch that ends where it already is
        with reaching():
            async with asyncio.timeout(FULL_SYNC_SECONDS):
                answer = await self.sync(timeout=0, sync_filter=FILTER, since=since or None, full_state=True)
        return accepted(answer)

    async def fetch_keys(self, since: str) -> None:
        """Takes in the room keys that were sent to this device while another one read the account."""
        while True:
            with reaching():
                answer = accepted(await self.sync(timeout=0, sync_filter=ONLY_TO_DEVICE, since=since))
            if not answer.to_device_events or answer.next_batch == since:
                return
            since = answer.next_batch

    async def tend_keys(self) -> None:
        """What encryption needs after each sync. What fails is needed again, and done then."""
        try:
            with reaching():
                for answer in await self.send_to_device_messages():
                    accepted(answer)
                if self.should_upload_keys:
                    accepted(await self.keys_upload())
                await self._learn_devices()
        except LoggedOut:
            raise
        except (Later, Unclear, Undeliverable):
            return

    async def put(self, room_id: str, kind: str, content: dict[str, Any], tx_id: str) -> str:
        """Sends an event, encrypted where the room is, and returns its id. May be repeated with its `tx_id`.

        Raises Undeliverable, Later or Unclear; then no key was lost and nobody was left out.
        """
        if room_id not in self.rooms:
            raise Undeliverable(NOT_THERE)
        async with self._turns[room_id]:
            with reaching():
                await self._share_key(room_id)
                answer = await self.room_send(room_id, kind, content, tx_id, ignore_unverified_devices=True)
        event_id: str = accepted(answer).event_id
        return event_id

    async def look_up(self, room_id: str, event_id: str) -> Any:
        """One event of a room, decrypted if possible; None if it is not there."""
        with reaching():
            answer = await self.room_get_event(room_id, event_id)
        try:
            return accepted(answer).event
        except Undeliverable:
            return None

    async def members(self, room_id: str) -> frozenset[str]:
        """The accounts of all who are in a room."""
        with reaching():
            answer = await self.joined_members(room_id)
        return frozenset(each.user_id for each in accepted(answer).members)

    def wrote(self, event: nio.Event) -> bool:
        """Whether an encrypted event comes from a device of the account that it names as its sender."""
        known = self.device_store.active_user_devices(event.sender)
        return any(device.curve25519 == event.sender_key for device in known)

    async def close(self) -> None:
        """Lets connections and files go."""
        await super().close()
        if self.store:
            self.store.database.close()

    async def _learn_devices(self) -> None:
        if self.should_query_keys:
            accepted(await self.keys_query())
        if self.should_claim_keys:
            await self._claim(self.get_users_for_key_claiming())

    async def _share_key(self, room_id: str) -> None:
        """Gives everybody in the room the key of what is sent next; raises if anybody did not get it."""
        room = self.rooms[room_id]
        if not room.encrypted:
            return
        if not room.members_synced:
            accepted(await self.joined_members(room_id))
        if self.should_query_keys:
            accepted(await self.keys_query())
        if not self.olm.should_share_group_session(room_id):
            return
        if missing := self.get_missing_sessions(room_id):
            await self._claim(missing)
        try:
            await self.share_group_session(room_id, ignore_unverified_devices=True)
        finally:
            # The library does not let go of this if it was cut off while claiming keys.
            if waiting := self.sharing_session.pop(room_id, None):
                waiting.set()
        if left := self._without_key(room):
            # The library says that all have it, whatever became of the requests.
            self.olm.outbound_group_sessions[room_id].shared = False
            raise Unclear(f"{left} devices did not get the room's key")

    async def _claim(self, missing: Any) -> None:
        try:
            accepted(await self.keys_claim(missing))
        except TypeError:  # how the library takes a refusal here
            raise Unclear("no one-time keys") from None

    def _without_key(self, room: nio.MatrixRoom) -> int:
        session = self.olm.outbound_group_sessions[room.room_id]
        given = session.users_shared_with | session.users_ignored
        return sum(
            1
            for user in room.users
            for device in self.device_store.active_user_devices(user)
            if device.id != self.device_id
            and self.olm.session_store.get(device.curve25519)
            and (user, device.id) not in given
        )
