"""Time on the practice page: the real one, and as much more as people let pass."""

import asyncio
import contextlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import broke
from bot.door import Door, MovableClock
from bot.practice.people import ZONE
from handlers.tick import first_due, tick
from pathway.hours import Hours, read_hours
from storage.lanes import Lanes

MOVED = "practice clock"
POSTED_WITHIN_SECONDS = 2.0
LOOK_SECONDS = 0.02
LONGEST = timedelta(days=31)
UNTIL_THERE_IS_A_TEAM = read_hours(ZONE, "Mon-Fri 08:30-17:00", "20:00-07:00")


class WrongStep(ValueError):
    """Time can't be moved by that much. Its str is one sentence."""


class PracticeTime:
    """The clock of a running practice page, which is kept over a restart."""

    def __init__(self, door: Door) -> None:
        if not isinstance(door.clock, MovableClock):
            raise TypeError("the practice page needs a clock that can be moved")
        self.door = door
        self.clock = door.clock
        self.moved = timedelta()
        self._turn = asyncio.Lock()
        self._lanes = Lanes(door.store, "practice clock")

    def now(self) -> datetime:
        """The moment on the page."""
        return self.clock.now()

    async def resume(self) -> None:
        """Goes on where it was; outside working hours, when nobody would be asked, from the next morning."""
        kept = await self.door.look(lambda clinic: clinic.memory.cursor(MOVED))
        self._move(timedelta(seconds=float(kept or 0)))
        opens = (await self.hours()).next_open(self.now())
        await self._advance(opens)

    async def forward(self, by: timedelta) -> None:
        """Lets time pass, and returns when all that fell due meanwhile has been done and posted.

        Raises WrongStep for none, a step back, or one of more than a month.
        """
        if not timedelta() < by <= LONGEST:
            raise WrongStep("Time goes forward, and by no more than 31 days at once.")
        await self._advance(self.now() + by)

    async def to_morning(self) -> None:
        """Lets time pass until the team's work starts next."""
        hours = await self.hours()
        now = self.now()
        if hours.open_at(now):
            local = now.astimezone(ZoneInfo(hours.zone))
            now = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        await self._advance(hours.next_open(now))

    async def hours(self) -> Hours:
        """The hours of the page's team."""
        teams = await self.door.look(lambda clinic: clinic.people.teams())
        return teams[0].hours if teams else UNTIL_THERE_IS_A_TEAM

    async def _advance(self, target: datetime) -> None:
        """Stops at each deadline on the way, so that nothing comes late only because time leapt."""
        async with self._turn:
            tried: set[str] = set()
            while (due := await self.door.look(lambda clinic: first_due(clinic, target, tried))) is not None:
                before = self.now()
                self._move(due.at - before)
                await self._tick()
                if due.at <= before:
                    tried.add(due.subject)  # it is due and stays so; the clock must not wait for it
            self._move(target - self.now())
            await self._tick()
            await self.door.look(lambda clinic: clinic.memory.move_cursor(MOVED, self._kept()))

    async def _tick(self) -> None:
        now = self.now()
        self.door.wake(await self.door.run(lambda: tick(self.door.store, now, broke)))
        # What was posted should carry the time at which it was due. It goes on without if that takes long.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POSTED_WITHIN_SECONDS):
                # It may be another process that posts, so there is nothing here to wait for.
                while (await self.door.run(lambda: self._lanes.waiting(now)))[0]:  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_SECONDS)

    def _move(self, by: timedelta) -> None:
        if by > timedelta():
            self.clock.forward(by)
            self.moved += by

    def _kept(self) -> str:
        return str(self.moved.total_seconds())
