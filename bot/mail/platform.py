"""Mail as a platform: what waits for an address goes out by the mail server, in order, and once if it can be.

A mail server can't be asked whether it took a mail. One that may have gone out is sent again as the same
bytes under the same Message-ID, and its calendar with the same UID, SEQUENCE and DTSTAMP: programs show one.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from starlette.routing import BaseRoute

from bot.config import Settings
from bot.delivery import Undeliverable, Vanished
from bot.door import Door
from bot.mail.message import mail_bytes, message_id
from bot.mail.server import AddressRefused, MailServer
from storage.addresses import PLATFORM, Address
from storage.clinic import Clinic
from storage.lanes import Outgoing

MOST_ATTEMPTS = 30
"""About a day: 1, 2, 4 … minutes apart, and an hour from the seventh on."""
LONGEST_WAIT = timedelta(hours=1)


class MailPlatform:
    """The mail server that the settings name."""

    name = PLATFORM

    def __init__(self, settings: Settings, door: Door) -> None:
        self.settings = settings
        self.door = door
        self.server = MailServer(settings)

    async def start(self) -> None:
        """Begins to look for the server."""
        self.server.start()

    def ending(self) -> None:
        """Keeps nothing open that others wait for."""

    async def stop(self) -> None:
        """Ends its connections."""
        await self.server.stop()

    def routes(self) -> Sequence[BaseRoute]:
        """It serves nothing."""
        return ()

    def link(self) -> str:
        """ "" while the server is there."""
        return self.server.wrong

    def sends(self) -> bool:
        """While the server is away nothing is tried, so that nothing is given up meanwhile either."""
        return not self.server.wrong

    async def post(self, outgoing: Outgoing) -> str:
        """Sends a mail and returns its Message-ID."""
        if outgoing.mail is None:
            raise TypeError("this post is no mail")
        address = await self._address(outgoing)
        sender = self.settings.smtp_from
        content = await asyncio.to_thread(mail_bytes, outgoing.mail, outgoing.id, sender, address.address)
        if outgoing.attempts > MOST_ATTEMPTS:
            raise Undeliverable("its mail server has not taken it for a day")
        try:
            await self.server.send(sender, address.address, content, again(outgoing.attempts))
        except AddressRefused as refused:
            await self._refuse(address, str(refused.code))
            raise
        return message_id(outgoing.id, sender)

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        """What was mailed can't be changed."""
        raise Vanished

    async def find(self, outgoing: Outgoing) -> str | None:
        """Nobody can be asked."""
        return None

    async def _refuse(self, address: Address, code: str) -> None:
        now = self.door.clock.now()
        await self.door.look(lambda clinic: clinic.addresses.refuse(address.id, code, now))

    async def _address(self, outgoing: Outgoing) -> Address:
        def look(clinic: Clinic) -> Address | None:
            return clinic.addresses.by_id(outgoing.lane.account)

        address = await self.door.look(look)
        if address is None:
            raise Undeliverable("its address is not kept any more")
        return address


def again(attempts: int) -> timedelta:
    """How long to wait after so many attempts that the server put off."""
    longest: timedelta = min(timedelta(minutes=2 ** min(attempts - 1, 6)), LONGEST_WAIT)
    return longest
