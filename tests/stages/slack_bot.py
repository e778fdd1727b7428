"""The running bot beside a loopback Slack workspace, in a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import SecretStr

from bot.app import App
from bot.config import Settings
from bot.door import MovableClock
from bot.slack.platform import PATH, SlackPlatform
from storage.secrets import new_key
from tests.patience import PATIENCE
from tests.workspace import Workspace

T = TypeVar("T")
Mode = Literal["http", "socket"]


def working_clock(start: datetime | None = None) -> MovableClock:
    """A clock that goes on by itself, from a moment to come or from ten on the next Monday."""
    now = datetime.now(UTC)
    ten = now.replace(hour=10, minute=0, second=0, microsecond=0)
    clock = MovableClock()
    clock.forward((start or ten + timedelta(days=(7 - now.weekday()) % 7 or 7)) - now)
    return clock


def slack_settings(
    workspace: Workspace, database_url: str, folder: Path, mode: Mode = "http", base_url: str = ""
) -> Settings:
    """Settings of a bot that works in this workspace, reached by HTTP at `base_url` if that is said."""
    reached = {"base_url": base_url} if base_url else {}
    return Settings(
        data_folder=folder,
        database_url=SecretStr(database_url),
        secret_keys=(SecretStr(new_key()),),
        http_port=0,
        slack_bot_token=SecretStr(workspace.app.bot_token),
        slack_app_token=SecretStr(workspace.app.app_token),
        slack_signing_secret=SecretStr(workspace.app.signing_secret),
        slack_api_url=workspace.base_url.rstrip("/"),
        slack_mode=mode,
        **reached,  # type: ignore[arg-type]
    )


class RunningBot:
    """A bot in a thread of its own; Slack reaches it over HTTP or over its Socket Mode connections.

    `connects=False` does not wait for these, where Slack is not there yet.
    """

    def __init__(
        self, workspace: Workspace, settings: Settings, clock: MovableClock, *, connects: bool = True
    ) -> None:
        self.workspace = workspace
        self.clock = clock
        self.app = App(settings, [SlackPlatform], clock)
        link = self.app.links["slack"]
        assert isinstance(link, SlackPlatform)
        self.slack = link
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="bot")
        self._thread.start()
        assert self._up.wait(20), "the bot did not come up"
        if settings.slack_transport == "http":
            workspace.app.request_url = f"http://127.0.0.1:{self.app.port}{PATH}"
        elif connects:
            workspace.wait_for(lambda: len(workspace.links.open) == 2, PATIENCE)

    def _serve(self) -> None:
        async def serving() -> None:
            async with self.app.running(ticking=False):
                self._up.set()
                await self._over.wait()

        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(serving())

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 60) -> T:
        """Does something on the bot's event loop and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def wait_for(self, what: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Waits until something is so in the bot, which tells nobody of it."""
        patience, until = threading.Event(), time.monotonic() + seconds
        while not what():
            assert time.monotonic() < until, f"still not so after {seconds} s"
            patience.wait(0.02)

    def forward(self, minutes: float) -> None:
        """Lets time pass and waits for what it brings."""

        async def passing() -> None:
            self.clock.forward(timedelta(minutes=minutes))
            await self.app.ticker.tick()
            await self.app.poster.drained()

        self.run(passing())

    def close(self) -> None:
        """Stops it as it stops in earnest."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(30)
