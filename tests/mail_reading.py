"""Baton's mailbox being read out of a real Dovecot."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.config import Settings
from bot.door import Door, MovableClock
from bot.mail.mailbox import Mailbox
from bot.metrics import Metrics
from storage.secrets import new_key
from tests.handlers.post import BATON
from tests.handlers.talk import Talk
from tests.mail_servers import PASSWORD
from tests.patience import PATIENCE

SECONDS = PATIENCE


def settings(port: int, folder: Path, **more: object) -> Settings:
    given: dict[str, Any] = {
        "imap_host": "127.0.0.1", "imap_port": port, "imap_tls": False, "imap_trusts": "anybody",
        "imap_user": f"{folder.name}@x.example", "imap_password": SecretStr(PASSWORD),
        "smtp_from": BATON, "smtp_host": "127.0.0.1", "data_folder": folder,
        "secret_keys": (SecretStr(new_key()),),
    }  # fmt: skip
    return Settings(**given | more)


@asynccontextmanager
async def reading(talk: Talk, given: Settings) -> AsyncIterator[Mailbox]:
    """The mailbox of a process, being read."""
    door = Door(talk.store, MovableClock(talk.now), Metrics(), lambda lanes: None)
    box = Mailbox(given, door)
    await box.start()
    try:
        yield box
    finally:
        await box.stop()
        door.close()


async def until(holds: Callable[[], bool], what: str) -> None:
    """Waits for something that another process brings about; `what` names it if it does not come."""
    try:
        async with asyncio.timeout(SECONDS):
            while not await asyncio.to_thread(holds):  # noqa: ASYNC110 (nothing rings in another process)
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise AssertionError(f"this did not happen: {what}") from error
