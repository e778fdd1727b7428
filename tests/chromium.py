"""Debian's Chromium for tests that also run a bot: driven from the loop that tests share."""

import atexit
import shutil
from functools import cache

from playwright.async_api import Browser, async_playwright

from tests.matrix_loop import run
from tests.needs import require
from tests.patience import MILLISECONDS

# Without its sandbox, as CI runs as root; it opens nothing but our own pages.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@cache
def shared_chromium() -> Browser:
    """The one browser of this process; it is started when first asked for."""
    path = shutil.which("chromium")
    if path is None:
        require("chromium", "it is not installed (apt-get install chromium).")
    browser = run(_launch(path or ""))
    atexit.register(lambda: run(browser.close()))
    return browser


async def _launch(path: str) -> Browser:
    playwright = await async_playwright().start()
    return await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS), timeout=MILLISECONDS)
