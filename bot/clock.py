"""Time for the running bot: what has fallen due is done every few seconds, and the house is kept."""

import time
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.busy import Calendars
from bot.door import Door
from handlers.tick import keep_house, tick
from storage.lanes import Lanes

OUTBOX_SECONDS = 15
HOUSE_HOURS = 6
CALENDAR_MINUTES = 2
log = structlog.get_logger()


class Ticker:
    """Calls `tick` and the housekeeping. It holds nothing itself: every deadline is a column in storage."""

    def __init__(self, door: Door, lanes: Lanes, seconds: float) -> None:
        self.door = door
        self.lanes = lanes
        self.scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        # At once too: what fell due while nothing ran waits no longer, however often we are restarted.
        self.scheduler.add_job(self.tick, "interval", seconds=seconds, next_run_time=datetime.now(UTC))
        self.scheduler.add_job(self.watch_outbox, "interval", seconds=OUTBOX_SECONDS)
        self.scheduler.add_job(Calendars(door).look, "interval", minutes=CALENDAR_MINUTES)
        self.scheduler.add_job(self.keep_house, "interval", hours=HOUSE_HOURS)

    def start(self) -> None:
        """Starts calling."""
        self.scheduler.start()

    def stop(self) -> None:
        """Stops calling, if that has begun."""
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Does what has fallen due and starts what it wants posted. What breaks is tried again next time."""
        began = time.monotonic()
        try:
            lanes = await self.door.run(lambda: tick(self.door.store, self.door.clock.now(), broke))
        except Exception:
            log.exception("tick_failed")
            return
        self.door.metrics.tick(time.monotonic() - began)
        self.door.wake(lanes)

    async def keep_house(self) -> None:
        """Forgets what nobody will ask about again."""
        try:
            await self.door.run(lambda: keep_house(self.door.store, self.door.clock.now()))
        except Exception:
            log.exception("housekeeping_failed")

    async def watch_outbox(self) -> None:
        """Tells the metrics how long the line of posts is."""
        try:
            count, oldest = await self.door.run(lambda: self.lanes.waiting(self.door.clock.now()))
        except Exception:
            log.exception("outbox_not_read")
            return
        self.door.metrics.outbox(count, oldest.total_seconds())


def broke(subject: str, error: Exception) -> None:
    """One thing that had fallen due could not be done; the others were."""
    log.error("due_failed", subject=subject, error=type(error).__name__, exc_info=error)
