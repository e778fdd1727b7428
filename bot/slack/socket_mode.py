"""Socket Mode: the connections over which Slack hands us what happens, when it can't reach us by HTTP."""

import asyncio

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.pacing import backoff

CONNECTIONS = 2  # Slack replaces each every few hours; while none is open, a pressed button is lost
PING_SECONDS = 5
CONNECT_SECONDS = 60  # then a fresh address is asked for: Slack's hold for a short time
STOP_SECONDS = 5

log = structlog.get_logger()


class Connection(AsyncSocketModeHandler):
    """One connection, which the SDK opens again whenever it ends."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        super().__init__(app, app_token, web_client=client, ping_interval=PING_SECONDS)
        self.under_way: set[asyncio.Future[None]] = set()
        self.connecting = asyncio.create_task(self._connect())

    @property
    def open(self) -> bool:
        """Whether Slack can hand us something here."""
        session = self.client.current_session
        return session is not None and not session.closed

    async def _connect(self) -> None:
        """Tries until it is connected. The SDK repeats nothing before its first connection has been open."""
        attempts = 0
        while not await self._connected():
            attempts += 1
            await asyncio.sleep(backoff(attempts).total_seconds())

    async def _connected(self) -> bool:
        """One attempt, and whether it worked."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self.client.connect_to_new_endpoint(force=True)
        except Exception as error:
            log.warning("slack_not_connected", error=type(error).__name__)
            return False
        return True

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
