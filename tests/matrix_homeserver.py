"""One private homeserver for a whole test session, and new accounts on it for each test."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot.homeserver import Homeserver
from tests.matrix_person import MatrixPerson

PASSWORD = "correct horse battery staple"
MEMORY = Path("/dev/shm")  # noqa: S108 - a RAM disk, where there is one

numbers = itertools.count(1)


@cache
def shared_homeserver() -> Homeserver:
    """The homeserver of this test session; it is started when first asked for."""
    homeserver = Homeserver(scratch_folder())
    homeserver.start()
    atexit.register(homeserver.kill)  # registered later than the folder's removal, so it runs first
    return homeserver


def scratch_folder() -> Path:
    """A folder that is gone when the session ends, in memory where that is possible."""
    folder = Path(tempfile.mkdtemp(prefix="baton-homeserver-", dir=MEMORY if MEMORY.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def fresh_user(prefix: str, homeserver: Homeserver | None = None) -> str:
    """A new account, `@prefix-7:localhost`, with the password that all accounts of tests have."""
    return (homeserver or shared_homeserver()).register(f"{prefix}-{next(numbers)}", PASSWORD, prefix.title())


def fresh_person(prefix: str, homeserver: Homeserver | None = None, url: str = "") -> MatrixPerson:
    """A new account and a client logged in to it, through `url` if it must go another way."""
    homeserver = homeserver or shared_homeserver()
    return MatrixPerson(url or homeserver.url, fresh_user(prefix, homeserver), PASSWORD).login()
