"""The Home tab: what waits for this person, and what they can do."""

import asyncio
from collections.abc import Iterable

from bot.door import Door
from bot.slack.api import SlackApi
from bot.slack.tell import FAILURES, Teller
from cards.card import Card, Choice
from cards.slack import home
from handlers.answer import glance, stranger
from handlers.request import ChatId, Request
from storage.clinic import Clinic
from storage.post import Lane, direct_lane

PAUSE_SECONDS = 1.0  # between two tabs of those who did nothing: Slack takes about a hundred a minute


class SlackHome:
    """Publishes Home tabs: when they are opened, and when their people did something or are told something.

    Who is told gets it though they never opened it here: that may have been at another process, or earlier.
    """

    def __init__(self, api: SlackApi, door: Door, teller: Teller) -> None:
        self.api = api
        self.door = door
        self.teller = teller
        self._watched: set[str] = set()
        self._told: dict[str, None] = {}
        self._telling: asyncio.Task[None] | None = None

    async def opened(self, user: str) -> None:
        """Somebody looks at their Home tab."""
        self._watched.add(user)
        await self.publish(user)

    def soon(self, user: str) -> None:
        """Somebody did something that may have changed what waits for them."""
        if user in self._watched:
            self.teller.soon(self.publish(user))

    def told(self, lanes: Iterable[Lane]) -> None:
        """Something waits to be posted in these lanes: so what waits for their people may have changed."""
        self._told |= {each.account: None for each in lanes if each.platform == "slack" and each.direct}
        if self._told and (self._telling is None or self._telling.done()):
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        """One after the other; who is told twice meanwhile sees it once."""
        while self._told:
            user = next(iter(self._told))
            del self._told[user]
            self.teller.soon(self.publish(user))
            await asyncio.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        """Lets those be who still wait: they see it when they open the tab."""
        if self._telling is not None:
            self._telling.cancel()

    async def publish(self, user: str) -> None:
        """Shows how it stands now; if Slack can't take it, it is shown when the tab is opened again."""
        view = home(await self._sections(user), more=Choice("Show all", "mine"))
        try:
            await self.api.done(self.api.client.views_publish(user_id=user, view=view))
        except FAILURES:
            return

    async def _sections(self, user: str) -> list[Card]:
        sender, lane = ChatId("slack", user), direct_lane("slack", user)

        def look(clinic: Clinic) -> list[Card]:
            # Looking does not make anybody a member: that takes a command of their own.
            if clinic.people.by_account("slack", user) is None:
                return [stranger()]
            asked = (
                Request("", sender, lane, line, posts_answer=False, shows_forms=True)
                for line in ("mine", "help")
            )
            cards = (glance(each, clinic, self.door.clock.now()) for each in asked)
            return [each for each in cards if each is not None]

        return await self.door.look(look)
