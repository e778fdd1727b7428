"""The practice page as a platform: rooms and private messages that are rows in the database.

Anybody can be anybody on it, so it refuses to run beside real accounts.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from starlette.routing import BaseRoute

from bot.config import Settings
from bot.delivery import Undeliverable, Vanished
from bot.door import Door
from bot.practice.live import Live
from bot.practice.people import PEOPLE, PLATFORM, ROOMS, Person, Room
from bot.practice.show import message_json
from bot.practice.site import Site
from bot.practice.talk import Talk
from bot.practice.time import PracticeTime
from handlers.people.room import invited
from storage.clinic import Clinic
from storage.lanes import Outgoing
from storage.post import Lane
from storage.practice import PracticeMessages, Said


class PracticePlatform:
    """One page on which one can be any of `people`. Raises `BadSettings` beside real accounts."""

    name = PLATFORM

    def __init__(self, settings: Settings, door: Door, people: Iterable[Person] = PEOPLE) -> None:
        settings.refuse_practice_beside_credentials()
        self.settings = settings
        self.door = door
        self.people = {person.handle: person for person in people}
        self.rooms = {room.address: room.label for room in ROOMS}
        self.time = PracticeTime(door)
        self.live = Live(door, self.time.now, lambda message: message_json(message, self.people))
        self.talk = Talk(door, self.live, self.people, self.rooms)

    async def start(self) -> None:
        """Brings Baton into the rooms, and the clock to where it was."""
        for room in ROOMS:
            await self.door.once(f"practice:invited:{room.address}", partial(_invite, room))
        await self.time.resume()

    def ending(self) -> None:
        """Ends the streams of events, which would stay open as long as a page does."""
        self.live.end()

    async def stop(self) -> None:
        """Ends what open pages listen to."""
        self.live.end()

    def routes(self) -> Sequence[BaseRoute]:
        """The page, what it needs, and the interface for people's own scripts."""
        return Site(self.settings, self.door, self.talk, self.live, self.time).routes()

    def link(self) -> str:
        """Works wherever the database does."""
        return ""

    def sends(self) -> bool:
        """Any process may post here."""
        return True

    async def post(self, outgoing: Outgoing) -> str:
        """A new message; what waits for somebody who is not on the page can't be delivered."""
        lane = outgoing.lane
        if (lane.account not in self.people) if lane.direct else (lane.target not in self.rooms):
            raise Undeliverable("there is no such place on the practice page")
        said, now = _said(outgoing), self.door.clock.now()
        await self.door.look(
            lambda clinic: PracticeMessages(clinic.rows).add(outgoing.id, lane.target, said, now)
        )
        self.live.ring()
        return outgoing.id

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        """A message that says something else from now on."""
        said, now = _said(outgoing), self.door.clock.now()
        if not await self.door.look(lambda clinic: PracticeMessages(clinic.rows).edit(message, said, now)):
            raise Vanished
        self.live.ring()
        return message

    async def find(self, outgoing: Outgoing) -> str | None:
        """The message that was posted under this id."""
        found = await self.door.look(lambda clinic: PracticeMessages(clinic.rows).find(outgoing.id))
        return found.id if found else None


def _said(outgoing: Outgoing) -> Said:
    return Said(card=outgoing.card, called=outgoing.called, everyone=outgoing.everyone)


def _invite(room: Room, clinic: Clinic, now: datetime) -> None:
    """Baton is invited to a room that it does not know yet."""
    lane = Lane(PLATFORM, room.address)
    if clinic.people.room(lane.platform, lane.target) is None:
        invited(lane, room.encrypted, clinic, now)
