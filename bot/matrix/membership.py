"""The bot's own coming and going: invitations taken or refused, rooms joined, rooms it was put out of."""

import secrets
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime

import nio  # type: ignore[import-untyped]

from bot import presence
from bot.config import Settings
from bot.door import Door
from bot.matrix.client import Client
from bot.matrix.errors import Declined, accepted, reaching
from bot.matrix.rooms import Rooms, enter
from cards.card import Card, Choice, Facts, Text
from handlers.people import room
from storage.clinic import Clinic
from storage.post import Lane, direct_lane

NAME = "matrix"
MOST_REPORTS = 5
"""So many refused invitations of one inviter are reported in a day, and then that there are more."""
Ask = Callable[[str, str, str, Lane, str, str], Awaitable[None]]


class Membership:
    """Which rooms the bot is in, as storage must know it. `ask` has a line answered (`Inbox.ask`)."""

    def __init__(self, client: Client, rooms: Rooms, door: Door, settings: Settings, ask: Ask) -> None:
        self.client = client
        self.rooms = rooms
        self.door = door
        self.settings = settings
        self.ask = ask

    async def recall(self) -> None:
        """Learns from storage which of the rooms that we are in are shared rooms."""

        def look(clinic: Clinic) -> set[str]:
            known = ((each, clinic.people.room(NAME, each)) for each in here)
            return {address for address, found in known if found is not None and found.joined}

        here = list(self.client.rooms)
        self.rooms.shared |= await self.door.look(look)

    async def settle(self, room_id: str) -> None:
        """Makes a room in which several people meet known to storage, and greets them."""
        if room_id in self.rooms.shared or not self.rooms.is_shared(room_id):
            return
        encrypted = bool(self.client.rooms[room_id].encrypted)

        def work(clinic: Clinic, now: datetime) -> None:
            known = clinic.people.room(NAME, room_id)
            if known is None or not known.joined:
                room.invited(Lane(NAME, room_id), encrypted, clinic, now)

        # No event stands for this, as it may be noticed long after joining; `work` sees to it itself.
        await self.door.once(f"joined:{room_id}:{secrets.token_hex(8)}", work)
        self.rooms.shared.add(room_id)
        await self.look(Lane(NAME, room_id))

    async def look(self, room: Lane) -> None:
        """Looks who is in the rooms of the team whose room this is."""
        await presence.look(self.door, NAME, self.client.members, self.client.user_id, room)

    async def look_until_read(self) -> None:
        """Looks who is in the rooms of all teams, until each could be read."""
        await presence.look_until_read(self.door, NAME, self.client.members, self.client.user_id)

    async def invitation(self, room_id: str, state: Iterable[nio.InviteEvent]) -> None:
        """Follows an invitation from one who may invite the bot; refuses and reports any other."""
        ours = [each for each in state if is_our_invitation(each, self.client.user_id)]
        if not ours or room_id in self.client.rooms:
            return
        inviter, direct = ours[-1].sender, ours[-1].content.get("is_direct") is True
        if not is_allowed(inviter, self.settings.matrix_allowed):
            await self._refuse(room_id, inviter)
            return
        if direct:
            await self.rooms.note_direct(inviter, room_id)
        if not await enter(self.client, room_id):
            return
        await self.rooms.seen(lambda: room_id in self.client.rooms)
        if self.rooms.person(room_id) == inviter:
            lane = direct_lane(NAME, inviter)
            await self.ask(room_id, f"hello:{room_id}", inviter, lane, "help", "")

    async def put_out(self, room_id: str, event_id: str) -> None:
        """The bot was removed from a room, or left it."""
        await self.door.once(
            f"out:{event_id}", lambda clinic, now: room.removed(Lane(NAME, room_id), clinic, now)
        )

    async def _refuse(self, room_id: str, inviter: str) -> None:
        with reaching():
            answer = await self.client.room_leave(room_id)
        try:
            accepted(answer)
        except Declined:
            return  # it was taken back meanwhile
        admins = self.settings.matrix_admin_room
        if not admins:
            return
        today = f"{self.door.clock.now():%Y-%m-%d}"
        places = [f"refused:{inviter}:{today}:{number}" for number in range(MOST_REPORTS + 1)]

        def work(clinic: Clinic, now: datetime) -> None:
            free = [place for place in places if clinic.memory.answered(place) is None]
            if free:
                clinic.memory.remember(free[0], "", now)
                card = refusal(inviter, room_id) if len(free) > 1 else more_refusals(inviter)
                clinic.outbox.say(Lane(NAME, admins), card, now)

        await self.door.once(f"refused:{inviter}:{room_id}:{today}", work)


def refusal(inviter: str, room_id: str) -> Card:
    """What the admins read of an invitation that was refused."""
    says = "If it was right, add that person or server to BATON_MATRIX_ALLOWED and restart me."
    return Card("I refused an invitation", (Facts((("From", inviter), ("Room", room_id))), Text(says)))


def more_refusals(inviter: str) -> Card:
    """What they read in place of further ones: nobody can flood the admins' room."""
    says = "I go on refusing them, and report no more of them today."
    return Card("I refused more invitations", (Facts((("From", inviter),)), Text(says)))


def is_our_invitation(event: nio.InviteEvent, me: str) -> bool:
    """Whether a piece of an invited room's state is the invitation to us."""
    return isinstance(event, nio.InviteMemberEvent) and (event.state_key, event.membership) == (me, "invite")


def is_allowed(inviter: str, allowed: Collection[str]) -> bool:
    """Whether this account, or its whole server, may invite the bot."""
    return inviter in allowed or f":{inviter.partition(':')[2]}" in allowed


def now_encrypted(room_id: str, clinic: Clinic, now: datetime) -> None:
    """A room's encryption was turned on; what it may show stays as it was until the lead changes it."""
    known = clinic.people.room(NAME, room_id)
    if known is None or known.encrypted:
        return
    clinic.people.save_room(replace(known, encrypted=True))
    clinic.journal.write("room encrypt", f"room:{NAME}", now, became=known.team)
    says = Text("The lead can let it show more of patients than their codes.")
    choices = (Choice("What may be shown here", "team detail"),)
    clinic.outbox.say(Lane(NAME, room_id), Card("This room is encrypted now.", (says,), choices), now)
