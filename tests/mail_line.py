"""A line to a server on loopback that breaks once, just when a program would send something."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Line:
    """Passes connections on to the server at `port`; the first that would send `at` breaks before it does."""

    port: int
    at: bytes
    broke: int = 0
    listens: int = 0
    passing: set[asyncio.Task[None]] = field(default_factory=set)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either end closes it."""
        there, away = await asyncio.open_connection("127.0.0.1", self.port)
        ways = {asyncio.create_task(self._out(reader, away)), asyncio.create_task(_pass(there, writer))}
        self.passing |= ways
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for each in (writer, away):
            each.transport.abort()

    async def _out(self, reader: asyncio.StreamReader, away: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self.at in data.upper() and not self.broke:
                self.broke += 1
                return
            away.write(data)


async def _pass(there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await there.read(65536):
        writer.write(data)


@asynccontextmanager
async def breaking(port: int, at: bytes) -> AsyncIterator[Line]:
    """Such a line, listening."""
    line = Line(port, at)
    server = await asyncio.start_server(line.connected, "127.0.0.1")
    line.listens = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        for each in line.passing:
            each.cancel()
        await asyncio.gather(*line.passing, return_exceptions=True)
