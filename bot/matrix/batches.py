"""The work that syncs bring: in order within a room, side by side between rooms, noted as read when done."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from bot.door import Door
from bot.matrix.insist import insist

CURSOR = "matrix"
MOST_OPEN = 50
SAVE_SECONDS = 0.25
STOP_SECONDS = 5
Work = Callable[[], Awaitable[None]]


class Batch:
    """What one sync brought, up to `token`, and the work that it made."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.tasks: list[asyncio.Task[None]] = []

    @property
    def is_read(self) -> bool:
        """Whether nothing of it is left to do."""
        return all(task.done() for task in self.tasks)

    async def read(self) -> None:
        """Waits until nothing is left, of what was added meanwhile too."""
        while waiting := [task for task in self.tasks if not task.done()]:
            await asyncio.wait(waiting)

    def add(self, work: Work) -> None:
        """Has something done besides, for which nobody waits."""
        self.tasks.append(asyncio.create_task(insist(work)))


class Batches:
    """The batches that are being read, and the place in the account before which everything is read.

    A token is the account's, but keys wait for a device: so the place is noted for both.
    """

    def __init__(self, door: Door, device: str) -> None:
        self.door = door
        self.device_cursor = f"{CURSOR} {device}"
        self._open: deque[Batch] = deque()
        self._opened = asyncio.Event()
        self._last: dict[str, asyncio.Task[None]] = {}

    async def places(self) -> tuple[str, str]:
        """How far the account has been read, and how far by this device; "" at the start."""
        names = (CURSOR, self.device_cursor)
        return await self.door.look(lambda c: (c.memory.cursor(names[0]), c.memory.cursor(names[1])))

    def in_turn(self, batch: Batch, room_id: str, work: Work) -> None:
        """Has a room's work done after all that it had before."""
        before = self._last.get(room_id)

        async def turn() -> None:
            if before is not None:
                await asyncio.wait([before])
            await insist(work)

        task = self._last[room_id] = asyncio.create_task(turn())
        batch.tasks.append(task)

    async def open(self, batch: Batch) -> None:
        """Takes in a batch whose work has begun. Waits if far too much is under way."""
        self._open.append(batch)
        self._opened.set()
        if len(self._open) > MOST_OPEN:
            await self._open[0].read()

    async def keep_place(self) -> None:
        """Notes, for ever, how far everything is read; a moment later, as what is read twice does no harm."""
        while True:
            await self._opened.wait()
            self._opened.clear()
            while self._open:
                await self._open[0].read()
                await asyncio.sleep(SAVE_SECONDS)
                await self.save()

    async def save(self) -> None:
        """Notes the end of the last batch before which everything is read."""
        token = ""
        while self._open and self._open[0].is_read:
            token = self._open.popleft().token
        if token:
            await insist(lambda: self.door.run(lambda: self._write(token)))

    async def finish(self) -> None:
        """Lets what is being done end, within some seconds, and notes the place."""
        tasks = [task for batch in self._open for task in batch.tasks if not task.done()]
        late = (await asyncio.wait(tasks, timeout=STOP_SECONDS))[1] if tasks else set()
        if late:
            # What is cut off here is not done, so nothing from its batch on counts as read.
            whole = next(at for at, batch in enumerate(self._open) if not batch.is_read)
            self._open = deque(list(self._open)[:whole])
            for task in late:
                task.cancel()
            await asyncio.wait(late)
        await self.save()

    def _write(self, token: str) -> None:
        with self.door.store.clinic(self.door.clock.now()) as clinic:
            clinic.memory.move_cursor(CURSOR, token)
            clinic.memory.move_cursor(self.device_cursor, token)
