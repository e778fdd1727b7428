"""Calendars that members share are read again and again; what is kept is when they are busy.

An address that a person typed is fetched by us, so it may lead nowhere but into the public internet: by
https, to an address that is nobody's own network, also after a redirect.
"""

import asyncio
import ipaddress
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.door import Door
from pathway.find_time import Interval
from storage.busy import Calendar

AHEAD = timedelta(days=60)
EVERY = timedelta(hours=1)
AFTER_FAILURE = timedelta(hours=4)
MOST_BYTES = 5_000_000
MOST_REDIRECTS = 3
SECONDS = 20
log = structlog.get_logger()


class Unreadable(Exception):
    """A calendar that can't be read. Its text is one sentence for its owner, which quotes nothing of it."""


class Outside(AbstractResolver):
    """Resolves names to public addresses only."""

    def __init__(self, may_reach: Callable[[str], bool]) -> None:
        self.may_reach = may_reach
        self.names = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        """The addresses of a host. Raises OSError if one of them is not public."""
        found = await self.names.resolve(host, port, family)
        if not all(self.may_reach(each["host"]) for each in found):
            raise OSError("not a public address")
        return found

    async def close(self) -> None:
        """Ends it."""
        await self.names.close()


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False


@dataclass(frozen=True)
class Calendars:
    """Reads the calendars that are due. `schemes` and `may_reach` are wider in tests alone."""

    door: Door
    schemes: tuple[str, ...] = ("https",)
    may_reach: Callable[[str], bool] = is_public
    seconds: float = SECONDS

    async def look(self) -> None:
        """Reads what is due, one after the other; what can't be read is tried again later."""
        now = self.door.clock.now()
        for calendar, zone in await self.door.run(lambda: self._due(now)):
            busy, wrong = None, ""
            try:
                text = await self.fetch(calendar.address)
                busy = await read(text, zone, now, self.seconds)
            except Unreadable as error:
                wrong = str(error)
            except Exception as error:
                wrong = "The calendar can't be reached."
                log.warning("calendar_not_read", member=calendar.member, error=type(error).__name__)
            await self.door.run(lambda: self._keep(calendar, busy, wrong, now))  # noqa: B023 (awaited here)

    def _due(self, now: datetime) -> list[tuple[Calendar, str]]:
        with self.door.store.clinic(now) as clinic:
            return [(each, clinic.people.zone_of(each.member)) for each in clinic.busy.due(now)]

    def _keep(self, calendar: Calendar, busy: tuple[Interval, ...] | None, wrong: str, now: datetime) -> None:
        with self.door.store.clinic(now) as clinic:
            clinic.busy.put(calendar, busy, wrong, now, now + (AFTER_FAILURE if wrong else EVERY))

    async def fetch(self, address: str) -> bytes:
        """What an address gives. Raises Unreadable, or what aiohttp raises."""
        connector = aiohttp.TCPConnector(resolver=Outside(self.may_reach))
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            for _ in range(MOST_REDIRECTS + 1):
                self._check(address)
                async with session.get(address, allow_redirects=False) as answer:
                    if answer.status in (301, 302, 303, 307, 308) and "Location" in answer.headers:
                        address = urljoin(address, answer.headers["Location"])
                        continue
                    if answer.status != 200:
                        raise Unreadable(f"The calendar's server answers with {answer.status}.")
                    text = await answer.content.read(MOST_BYTES + 1)
                    while len(text) <= MOST_BYTES and (more := await answer.content.read(MOST_BYTES)):
                        text += more
                    if len(text) > MOST_BYTES:
                        raise Unreadable("The calendar is larger than 5 MB.")
                    return text
        raise Unreadable("The calendar's address leads on and on.")

    def _check(self, address: str) -> None:
        parts = urlsplit(address)
        host = parts.hostname or ""
        literal = host.replace(".", "").isdecimal() or ":" in host
        if parts.scheme not in self.schemes or not host or (literal and not self.may_reach(host)):
            raise Unreadable("A calendar's address begins with https:// and is a public one.")


async def read(text: bytes, zone: str, now: datetime, seconds: float) -> tuple[Interval, ...]:
    """What the calendar says, read in a process that is ended if it takes too long."""
    reader = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.busy_read", zone, now.isoformat(), (now + AHEAD).isoformat(),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(reader.communicate(text), seconds)
    except TimeoutError:
        reader.kill()
        await reader.wait()
        raise Unreadable("The calendar takes too long to read.") from None
    if reader.returncode:
        raise Unreadable("The calendar can't be read.")
    answer = json.loads(said)
    if "wrong" in answer:
        raise Unreadable(answer["wrong"])
    return tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in answer["busy"])
