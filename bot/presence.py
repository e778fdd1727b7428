"""Reading who is in the teams' rooms: when the bot starts, until all were read, and when it comes to one."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

import structlog

from bot.door import Door
from handlers.people.presence import Seen, left_meanwhile, rooms_of
from storage.post import Lane

PAUSE_SECONDS = 0.7
"""Between rooms: Slack answers this a hundred times a minute."""
LATELY = timedelta(minutes=10)
"""So long does what one platform has read count beside what another reads: people may be on both."""
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0
"""Seconds until what could not be read is read again; twice as long each time."""
log = structlog.get_logger()

Read = Callable[[str], Awaitable[Collection[str]]]


async def look_until_read(door: Door, platform: str, read: Read, me: str, pause: float = FIRST_PAUSE) -> None:
    """Reads who is in every team's rooms on a platform, again while one of them could not be read."""
    while not await look(door, platform, read, me):
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def look(door: Door, platform: str, read: Read, me: str, room: Lane | None = None) -> bool:
    """Reads who is in every team's rooms on a platform, or those of the team whose `room` it is.

    `read` gives the accounts in the room of an address, and `me` is the bot's own, without which a list is
    not taken for whole. Raises nothing: what can't be read changes nothing, and makes the answer False.
    """
    whole = True
    try:
        lanes = await door.look(lambda clinic: rooms_of(platform, room, clinic))
        for number, lane in enumerate(lanes):
            await asyncio.sleep(PAUSE_SECONDS if number else 0)
            whole = await _read(door, lane, read, me) and whole
        if not lanes:
            return True
        since = door.clock.now() - LATELY
        seen = {lane: each for lane, each in door.seen.items() if each.at > since}
        work = f"present:{secrets.token_hex(8)}"  # no event of the platform stands for this
        await door.once(work, lambda clinic, now: left_meanwhile(seen, clinic, now))
    except Exception as error:
        log.exception("presence_not_looked_at", platform=platform, error=type(error).__name__)
        return False
    return whole


async def _read(door: Door, lane: Lane, read: Read, me: str) -> bool:
    """Whether it was read; a list without the bot says that this is no room of it any more."""
    door.seen.pop(lane, None)
    began = door.clock.now()
    try:
        accounts = frozenset(await read(lane.target))
    except Exception as error:
        log.warning("members_not_read", platform=lane.platform, error=type(error).__name__)
        return False
    if me in accounts:
        door.seen[lane] = Seen(began, accounts)
    return True
