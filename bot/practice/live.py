"""What happens on the practice page, as it happens: a stream of server-sent events from the database.

Every message carries the number of its last change as the event's id, so a browser that was away gets
what it missed, even from another process.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

from sse_starlette import ServerSentEvent

from bot.door import Door
from storage.clinic import Clinic
from storage.practice import Message, PracticeMessages

RETRY_MILLISECONDS = 1000


class Live:
    """Rings when something has changed; each open page listens."""

    def __init__(self, door: Door, now: Callable[[], datetime], shown: Callable[[Message], Any]) -> None:
        self.door = door
        self.now = now
        self.shown = shown
        self._ended = False
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Something has changed. To be called on the event loop."""
        ringing, self._bell = self._bell, asyncio.Event()
        ringing.set()

    def end(self) -> None:
        """Lets every stream come to its end."""
        self._ended = True
        self.ring()

    async def events(self, change: int) -> AsyncIterator[ServerSentEvent]:
        """The time, then every message that came or changed after `change`; then the same as it happens."""
        while not self._ended:
            bell = self._bell
            messages = await self.door.look(lambda clinic, after=change: _since(clinic, after))  # type: ignore[misc]
            for message in messages:
                change = message.changed
                shown = await asyncio.to_thread(self.shown, message)  # it may have a chart to draw
                yield ServerSentEvent(json.dumps(shown), event="message", id=str(change))
            yield ServerSentEvent(
                json.dumps({"now": self.now().isoformat()}), event="time", retry=RETRY_MILLISECONDS
            )
            await bell.wait()


def _since(clinic: Clinic, change: int) -> list[Message]:
    return PracticeMessages(clinic.rows).since(change)
