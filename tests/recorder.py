"""A platform that keeps what it is given, and fails when it is told to."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bot.delivery import Vanished
from storage.lanes import Outgoing
from storage.post import Lane


@dataclass
class Recorder:
    """`messages` are titles by message, as they stand now; `log` is every call that had an effect.

    Each exception in `before` makes one call fail without effect, each in `after` one whose effect
    nevertheless comes. While `gate` is given, calls wait for it.
    """

    messages: dict[str, str] = field(default_factory=dict)
    where: dict[str, Lane] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    called: list[tuple[str, ...]] = field(default_factory=list)
    by_id: dict[str, str] = field(default_factory=dict)
    before: deque[Exception] = field(default_factory=deque)
    after: deque[Exception] = field(default_factory=deque)
    gate: asyncio.Event | None = None
    arrived: asyncio.Event | None = None

    def sends(self) -> bool:
        """Always."""
        return True

    async def post(self, outgoing: Outgoing) -> str:
        await self._begin()
        message = f"m{len(self.messages) + 1}"
        self.messages[message] = outgoing.card.title
        self.where[message] = outgoing.lane
        self.by_id[outgoing.id] = message
        self.called.append(outgoing.called)
        self.log.append(f"post {outgoing.card.title}")
        self._end()
        return message

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        await self._begin()
        if message not in self.messages:
            raise Vanished
        self.messages[message] = outgoing.card.title
        self.log.append(f"edit {message} {outgoing.card.title}")
        self._end()
        return message

    async def find(self, outgoing: Outgoing) -> str | None:
        await self._begin()
        return self.by_id.get(outgoing.id)

    def at(self, lane: Lane) -> list[str]:
        """The titles that stand at a place, in the order in which they came."""
        return [title for message, title in self.messages.items() if self.where[message] == lane]

    async def _begin(self) -> None:
        if self.arrived is not None:
            self.arrived.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.before:
            raise self.before.popleft()

    def _end(self) -> None:
        if self.after:
            raise self.after.popleft()
