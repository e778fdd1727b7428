"""A practice page that runs beside a test, on the loop that tests share; its time moves only if asked to."""

import tempfile
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.app import App, Build, store_of
from bot.config import Settings
from bot.demo import seed
from bot.door import MovableClock
from bot.practice.mail import SENDER, PracticeMail
from bot.practice.people import PEOPLE, Person
from bot.practice.platform import PracticePlatform
from cards.card import Detail
from storage.practice import PracticeMessages
from storage.secrets import new_key
from tests.matrix_loop import run

START = datetime(2026, 1, 13, 10, 0, tzinfo=UTC)
"""A Tuesday morning."""


class PracticeApp:
    """A running bot whose only platform is the practice page, with the demonstration's team or with none.

    With `mail`, what would go out by mail is shown too, as in the demonstration.
    """

    def __init__(
        self,
        database_url: str,
        people: Iterable[Person] = PEOPLE,
        *,
        seeded: bool = True,
        start: datetime = START,
        settings: Settings | None = None,
        mail: bool = False,
    ) -> None:
        self.mail = mail
        self._rest = AsyncExitStack()
        folder = self._rest.enter_context(tempfile.TemporaryDirectory())
        self.settings = settings or Settings(
            data_folder=Path(folder),
            database_url=SecretStr(database_url),
            secret_keys=(SecretStr(new_key()),),
            direct_detail=Detail.IDENTIFIED if seeded else Detail.CLINICAL,
            http_port=0,
        )
        if seeded:
            store = store_of(self.settings)
            store.mail_from = SENDER if mail else ""
            seed(store, start)
            store.close()
        run(self._start(people, start))

    async def _start(self, people: Iterable[Person], start: datetime) -> None:
        build = partial(PracticePlatform, people=tuple(people))
        builds: list[Build] = [build, *([PracticeMail] if self.mail else [])]
        self.app = App(self.settings, builds, MovableClock(start=start))
        await self._rest.enter_async_context(self.app.running(ticking=False))

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.app.port}"

    def settle(self) -> int:
        """Waits until all posts have gone out; the number of the last change on the page."""
        run(self.app.poster.drained())
        return run(self.app.door.look(lambda clinic: PracticeMessages(clinic.rows).last_change()))

    def close(self) -> None:
        """Ends it."""
        run(self._rest.aclose())
