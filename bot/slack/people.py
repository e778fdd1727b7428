"""Who speaks: name and time zone of a Slack account."""

import asyncio
import time

from bot.delivery import Later, Unclear, Undeliverable, Vanished
from bot.slack.api import SlackApi, SlackRefuses
from handlers.request import ChatId

KNOWN_SECONDS = 3600.0
LOOK_SECONDS = 0.6  # of the three seconds that an answer may take; a name, or a link, is not worth more


class SlackPeople:
    """Asks `users.info`, and remembers the answer for an hour."""

    def __init__(self, api: SlackApi) -> None:
        self.api = api
        self._known: dict[str, tuple[float, ChatId]] = {}

    async def who(self, account: str, called: str = "") -> ChatId:
        """The account with its holder's name and zone; with `called` alone if Slack does not say in time."""
        until, known = self._known.get(account, (0.0, None))
        if known is not None and time.monotonic() < until:
            return known
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                user = (await self.api.done(self.api.client.users_info(user=account)))["user"]
        except (Later, Unclear, Undeliverable, Vanished, SlackRefuses, TimeoutError):
            return known or ChatId("slack", account, called)
        name = user.get("real_name") or user.get("profile", {}).get("real_name") or user.get("name") or called
        found = ChatId("slack", account, name, user.get("tz") or "")
        self._known[account] = time.monotonic() + KNOWN_SECONDS, found
        return found
