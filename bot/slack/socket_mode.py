"""Socket Mode: the connections over which Slack hands us what happens, when it can't reach us by HTTP."""

import asyncio

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

CONNECTIONS = 2  # Slack replaces each every few hours; while none is open, a pressed button is lost
PING_SECONDS = 5
STOP_SECONDS = 5


class Connection(AsyncSocketModeHandler):
    """One connection, which the SDK opens again whenever it ends."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        super().__init__(app, app_token, web_client=client, ping_interval=PING_SECONDS)
        self.under_way: set[asyncio.Future[None]] = set()
        self.connecting = asyncio.create_task(self.client.connect_to_new_endpoint(force=True))

    @property
    def open(self) -> bool:
        """Whether Slack can hand us something here."""
        session = self.client.current_session
        return session is not None and not session.closed

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Hands a payload to the app and its answer to Slack."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.under_way.add(done)
        try:
            await super().handle(client, req)
        finally:
            self.under_way.discard(done)
            done.set_result(None)


class Connections:
    """All connections of one process."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self.all = [Connection(app, app_token, client) for _ in range(CONNECTIONS)]

    @property
    def open(self) -> bool:
        """Whether there is at least one."""
        return any(each.open for each in self.all)

    async def close(self) -> None:
        """Answers what is under way, and leaves."""
        under_way = [each for connection in self.all for each in connection.under_way]
        if under_way:
            await asyncio.wait(under_way, timeout=STOP_SECONDS)
        for each in self.all:
            each.connecting.cancel()
            await each.close_async()  # type: ignore[no-untyped-call]
