"""What is done and said once when the bot has a new device."""

from datetime import datetime

from bot.config import Settings
from bot.door import Door
from bot.matrix.account import Account
from bot.matrix.client import Client
from bot.matrix.rooms import Rooms
from cards.card import Card, Text
from storage.clinic import Clinic
from storage.post import Lane

NEW_DEVICE = Card(
    "I have a new device: the keys of the old one are lost.",
    (Text("What you wrote in the meantime I can't read. If you got no answer, please say it again."),),
)


class News:
    """Tells of a new device, by which people's clients see a new sender of the bot's messages."""

    def __init__(
        self, account: Account, client: Client, rooms: Rooms, door: Door, settings: Settings
    ) -> None:
        self.account = account
        self.client = client
        self.rooms = rooms
        self.door = door
        self.settings = settings

    async def new_device(self, replaces: bool) -> None:
        """Deletes the devices that this one replaces; says so in the rooms where another one was before."""
        await self.account.delete_older_devices(self.client)
        if not replaces:
            return
        encrypted = {each for each in self.rooms.shared if self.client.rooms[each].encrypted}
        admins = {self.settings.matrix_admin_room} - {""}

        def work(clinic: Clinic, now: datetime) -> None:
            for room_id in sorted(encrypted | admins):
                clinic.outbox.say(Lane("matrix", room_id), NEW_DEVICE, now)

        await self.door.once(f"device:{self.client.device_id}", work)
