"""The event loop on which a test's clients and proxies run, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


_making = threading.Lock()


def shared_loop() -> asyncio.AbstractEventLoop:
    """The one loop of this process for everything that tests speak to synchronously."""
    with _making:  # `cache` alone would let two threads make one each
        return _made()


@cache
def _made() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="loop of the tests", daemon=True).start()
    return loop


def run(doing: Coroutine[Any, Any, T], timeout: float = 60) -> T:
    """Run something on the shared loop and wait for its result."""
    return asyncio.run_coroutine_threadsafe(doing, shared_loop()).result(timeout)
