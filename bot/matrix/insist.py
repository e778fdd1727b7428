"""Doing something until it is done: what came from Matrix waits until homeserver and database are back."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import DBAPIError

from bot.delivery import Later, Unclear, Undeliverable
from bot.matrix.errors import LoggedOut
from handlers.answer import Busy, NotKnown
from storage.clinic import CommitUnknown

FIRST_WAIT, LONGEST_WAIT = 0.25, 10.0  # seconds
MOST_FAULTS = 3
log = structlog.get_logger()


async def insist(work: Callable[[], Awaitable[None]]) -> None:
    """Does it again and again, waiting longer each time, until it is done or can't be.

    A fault of ours is tried three times and then left, so that nothing stands still for it. Raises nothing.
    """
    wait, faults = FIRST_WAIT, 0
    while True:
        try:
            return await work()
        except Undeliverable:
            return None
        except Later as later:
            await asyncio.sleep(later.after.total_seconds())
        except (Unclear, LoggedOut, OSError, DBAPIError, CommitUnknown, Busy, NotKnown) as error:
            log.warning("matrix_work_waits", error=type(error).__name__)
            await asyncio.sleep(wait)
        except Exception as error:
            faults += 1
            log.exception("matrix_work_failed", error=type(error).__name__)
            if faults >= MOST_FAULTS:
                return None
            await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)
