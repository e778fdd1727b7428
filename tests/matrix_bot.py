"""The bot on Matrix, for tests: in this process, or in one of its own that can be killed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from pydantic import SecretStr

from bot.app import PACES, App, Build
from bot.config import Settings, load
from bot.door import MovableClock
from bot.matrix.platform import MatrixPlatform
from storage.secrets import new_key
from tests.matrix_homeserver import PASSWORD, fresh_user, shared_homeserver
from tests.matrix_loop import run
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]
KEY = new_key()


def eventually(what: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Whether something comes to be within so many seconds; it is looked at again and again."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.05)
    return True


def monday_morning() -> MovableClock:
    """A clock that goes on by itself from the next Monday, ten o'clock."""
    clock = MovableClock()
    now = datetime.now(UTC)
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=10, minute=0, second=0)
    clock.forward(monday - now)
    return clock


class MatrixBot:
    """A bot in this process, on the tests' loop. `start` and `stop` may alternate: its folder is kept."""

    def __init__(
        self, database_url: str, folder: Path, builds: Sequence[Build] = (MatrixPlatform,), **settings: Any
    ) -> None:
        self.builds = builds
        self.user_id = settings.pop("matrix_user", None) or fresh_user("baton")
        self.settings = Settings(
            data_folder=folder,
            database_url=SecretStr(database_url),
            secret_keys=(SecretStr(KEY),),
            http_port=0,
            matrix_homeserver=settings.pop("matrix_homeserver", shared_homeserver().url),
            matrix_user=self.user_id,
            matrix_password=SecretStr(PASSWORD),
            matrix_allowed=settings.pop("matrix_allowed", (":localhost",)),
            **settings,
        )
        self.clock = monday_morning()
        self.paces = PACES
        self._stack: AsyncExitStack | None = None

    @property
    def app(self) -> App:
        """The running bot."""
        return self._app

    @property
    def platform(self) -> MatrixPlatform:
        """Its Matrix side."""
        platform = self.app.links["matrix"]
        assert isinstance(platform, MatrixPlatform)
        return platform

    def start(self, link: str = "") -> Self:
        """Starts it, and waits until its link says this; "" is up."""
        run(self._start())
        self.link_is(link)
        return self

    def stop(self) -> None:
        """Stops it as an administrator would."""
        if self._stack is not None:
            run(self._stack.aclose())
            self._stack = None

    def link_is(self, wanted: str, seconds: float = PATIENCE) -> None:
        """Waits until the link says this."""

        assert eventually(lambda: self.platform.link() == wanted, seconds), self.platform.link()

    async def _start(self) -> None:
        self._app = App(self.settings, self.builds, self.clock, self.paces)
        self._stack = AsyncExitStack()
        await self._stack.enter_async_context(self._app.running(ticking=False))


class MatrixBotProcess:
    """A bot in a process of its own, with the same settings as a `MatrixBot` would have."""

    def __init__(self, like: MatrixBot) -> None:
        settings = like.settings
        self.log = settings.data_folder / "bot.log"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("BATON_")},
            "PYTHONPATH": str(ROOT),
            "BATON_DATA_FOLDER": str(settings.data_folder),
            "BATON_DATABASE_URL": settings.database_url.get_secret_value(),
            "BATON_SECRET_KEYS": KEY,
            "BATON_MATRIX_HOMESERVER": settings.matrix_homeserver,
            "BATON_MATRIX_USER": settings.matrix_user,
            "BATON_MATRIX_PASSWORD": PASSWORD,
            "BATON_MATRIX_ALLOWED": ",".join(settings.matrix_allowed),
            "BATON_HTTP_PORT": "0",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and does not wait."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.matrix_bot"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """Ends it at once, as a power cut would. Nothing happens if it is not running."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


async def main() -> None:
    """Runs a bot on Matrix until it is killed."""
    async with App(load(), [MatrixPlatform], monday_morning()).running():
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
