"""Slack: what happens there becomes requests, and what waits in the outbox becomes messages."""

import asyncio
import contextlib
from collections.abc import Sequence

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import presence
from bot.config import Settings
from bot.door import Door
from bot.slack.api import SlackApi
from bot.slack.asks import SlackAsks
from bot.slack.events import SlackEvents
from bot.slack.home import SlackHome
from bot.slack.people import SlackPeople
from bot.slack.post import SlackPosts
from bot.slack.socket_mode import Connections
from bot.slack.tell import FAILURES, Teller
from storage.lanes import Outgoing

PATH = "/slack/events"
LOOK_SECONDS = 10.0


class SlackPlatform:
    """The bot in one Slack workspace, over HTTP or Socket Mode as the settings say."""

    name = "slack"

    def __init__(self, settings: Settings, door: Door) -> None:
        token, signing = settings.slack_bot_token, settings.slack_signing_secret
        if token is None:
            raise ValueError("Slack needs a bot token")
        self.door = door
        self.transport = settings.slack_transport
        self._app_token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
        self.api = SlackApi(token.get_secret_value(), settings.slack_api_url)
        self.posts = SlackPosts(self.api)
        self.teller = Teller(self.api, door)
        people = SlackPeople(self.api)
        self.home = SlackHome(self.api, door, self.teller)
        door.listen(self.home.told)
        self.app = AsyncApp(
            name="baton",
            client=self.api.client,
            signing_secret=signing.get_secret_value() if signing else "",
            # Slack hears from us only after the commit: an event that we do not live to commit comes again.
            process_before_response=True,
        )
        SlackAsks(door, people, self.teller, self.home).listen(self.app)
        SlackEvents(door, people, self.teller, self.home).listen(self.app)
        self._connections: Connections | None = None
        self._watching: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to connect; a Slack that is down is waited for in the background."""
        await self.api.open()
        self._watching = asyncio.create_task(self._watch())
        if self.transport == "socket":
            self._connections = Connections(self.app, self._app_token, self.api.client)

    def ending(self) -> None:
        """Nothing is kept open over HTTP."""

    async def stop(self) -> None:
        """Answers what is under way, and disconnects."""
        if self._connections is not None:
            await self._connections.close()
        self.home.close()
        await self.teller.close()
        for task in (self._watching, self._looking):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await self.api.close()

    def routes(self) -> Sequence[BaseRoute]:
        """Where Slack sends what happens; nothing in Socket Mode."""
        if self.transport != "http":
            return []
        handler = AsyncSlackRequestHandler(self.app)

        async def happened(request: Request) -> Response:
            return await handler.handle(request)

        return [Route(PATH, happened, methods=["POST"])]

    def link(self) -> str:
        """ "" while the link works, else in a few words why not."""
        if not self.api.wrong and self._connections is not None and not self._connections.open:
            return "no Socket Mode connection is open"
        return self.api.wrong

    def sends(self) -> bool:
        """Any process may post in Slack."""
        return True

    async def post(self, outgoing: Outgoing) -> str:
        """Posts a fresh card and returns its name."""
        return await self.posts.post(outgoing)

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        """Makes an earlier message show the card. Raises `Vanished` if it is gone."""
        return await self.posts.edit(outgoing, message)

    async def find(self, outgoing: Outgoing) -> str | None:
        """The name of the card that went out under this id, if it did."""
        return await self.posts.find(outgoing)

    async def _watch(self) -> None:
        """Looks, for as long as the link is down, whether it is up again; once it is, who left meanwhile."""
        while True:
            if self.api.wrong:
                with contextlib.suppress(*FAILURES):
                    await self.api.look()
            if self._looking is None and self.api.me:
                looking = presence.look_until_read(self.door, self.name, self.api.members, self.api.me)
                self._looking = asyncio.create_task(looking)
            await asyncio.sleep(1.0 if self.api.wrong else LOOK_SECONDS)
