"""Drains the outbox: what was committed goes to the platforms, in order, and is marked once it is there.

Each lane has a task of its own while something waits in it. `wake` after a commit starts at once; a look
every second finds what fell due, what waits to be repeated, and what a process that died left behind.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar

import structlog

from bot.delivery import Later, Pace, Platform, Unclear, Undeliverable, Vanished
from bot.pacing import Pacing, backoff
from storage.lanes import Lanes, Outgoing
from storage.post import Lane

P = ParamSpec("P")
R = TypeVar("R")

POLL_SECONDS = 1.0
CALL_SECONDS = 20.0  # shorter than a lease, so that nobody takes a lane over while a call is under way
FAULTS_BEFORE_GIVING_UP = 10
STORAGE_THREADS = 4

log = structlog.get_logger(__name__)


class Poster:
    """Posts what waits in `lanes` to `platforms`, by their names.

    `undeliverable` is awaited before a post is given up, again if the process dies in between, so it goes
    by the post's id. `count` is told of every attempt: platform, kind, and its outcome.
    """

    def __init__(
        self,
        lanes: Lanes,
        platforms: Mapping[str, Platform],
        clock: Callable[[], datetime],
        undeliverable: Callable[[Outgoing, str], Awaitable[None]],
        *,
        paces: Mapping[str, Pace] | None = None,
        count: Callable[[str, str, str], None] = lambda platform, kind, outcome: None,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self.lanes = lanes
        self.platforms = platforms
        self.clock = clock
        self.undeliverable = undeliverable
        self.count = count
        self.call_seconds = call_seconds
        self._pacing = Pacing(paces or {})
        self._threads = ThreadPoolExecutor(STORAGE_THREADS, thread_name_prefix="post")
        self._faults: Counter[str] = Counter()
        self._tasks: dict[Lane, asyncio.Task[None]] = {}
        self._again: set[Lane] = set()
        self._stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self, lanes: Iterable[Lane]) -> None:
        """Starts on lanes to which something was just committed. Any thread may call it."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._start, tuple(lanes))

    async def run(self) -> None:
        """Drains until `stop`; then ends what is under way and lets every lane go."""
        self._loop = asyncio.get_running_loop()
        try:
            while not self._stopping.is_set():
                await self._poll()
                await self._rest(POLL_SECONDS)
        finally:
            self._stopping.set()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
            self._threads.shutdown()

    def stop(self) -> None:
        """Makes `run` end, once what is being sent right now has been marked."""
        self._stopping.set()

    async def drained(self) -> None:
        """Waits until nothing is due that this process can send now."""
        await self._poll()
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    async def _poll(self) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            here = [name for name, platform in self.platforms.items() if platform.sends()]
            self._start(await self._stored(self.lanes.due, here, self.clock()))
        except Exception as error:  # the database may be away for a while; nothing is lost meanwhile
            log.warning("outbox_not_read", error=type(error).__name__)

    def _start(self, lanes: Iterable[Lane]) -> None:
        for lane in lanes:
            platform = self.platforms.get(lane.platform)
            if platform is None or not platform.sends() or self._stopping.is_set():
                continue
            if lane in self._tasks:
                self._again.add(lane)
                continue
            task = self._tasks[lane] = asyncio.create_task(self._drain(lane))
            task.add_done_callback(partial(self._ended, lane))

    def _ended(self, lane: Lane, _: asyncio.Task[None]) -> None:
        del self._tasks[lane]
        if lane in self._again:
            self._again.remove(lane)
            self._start([lane])

    async def _drain(self, lane: Lane) -> None:
        try:
            await self._rest(self._pacing.wait(lane))
            if self._stopping.is_set():
                return
            self._again.discard(lane)
            outgoing = await self._stored(self.lanes.take, lane, self.clock())
            while outgoing is not None:
                outgoing = await self._send(outgoing)
        except Exception as error:  # storage failed: the lease runs out, and the lane is found again
            log.warning("lane_left", platform=lane.platform, error=type(error).__name__)

    async def _send(self, outgoing: Outgoing) -> Outgoing | None:
        """One attempt; what follows in the lane, or None when it was let go."""
        try:
            async with asyncio.timeout(self.call_seconds):
                message = await self._deliver(outgoing)
        except Undeliverable as reason:
            return await self._give_up(outgoing, str(reason), reason)
        except Later as wait:
            # What an earlier attempt may have done is still unclear.
            return await self._retry(outgoing, wait, wait.after, unclear=outgoing.maybe_sent)
        except (Unclear, OSError) as reason:
            return await self._retry(outgoing, reason, backoff(outgoing.attempts))
        except Exception as fault:
            self._faults[outgoing.id] += 1
            if self._faults[outgoing.id] >= FAULTS_BEFORE_GIVING_UP:
                says = f"It failed again and again ({type(fault).__name__})."
                return await self._give_up(outgoing, says, fault)
            return await self._retry(outgoing, fault, backoff(outgoing.attempts))
        return await self._sent(outgoing, message)

    async def _sent(self, outgoing: Outgoing, message: str) -> Outgoing | None:
        self._note(outgoing, "sent")
        self._faults.pop(outgoing.id, None)
        now = self.clock()  # before the allowance is looked at, so that the pause is over when that says so
        seconds = self._pacing.spend(outgoing.lane)
        if seconds == 0 and not self._stopping.is_set():
            return await self._stored(self.lanes.sent, outgoing, message, now)
        await self._stored(self.lanes.sent, outgoing, message, now, timedelta(seconds=seconds))
        self._again.add(outgoing.lane)
        return None

    async def _deliver(self, outgoing: Outgoing) -> str:
        platform = self.platforms[outgoing.lane.platform]
        if outgoing.edits:
            try:
                return await platform.edit(outgoing, outgoing.edits)
            except Vanished:
                await self._stored(self.lanes.vanished, outgoing)
        elif outgoing.maybe_sent and (found := await platform.find(outgoing)) is not None:
            return found
        return await platform.post(outgoing)

    async def _give_up(self, outgoing: Outgoing, reason: str, why: Exception) -> Outgoing | None:
        try:
            await self.undeliverable(outgoing, reason)
        except Exception as error:  # nobody knows yet, so it must not be given up yet
            return await self._retry(outgoing, error, backoff(outgoing.attempts))
        self._note(outgoing, "failed", why)
        self._faults.pop(outgoing.id, None)
        pause = timedelta(0) if self._stopping.is_set() else None
        return await self._stored(self.lanes.failed, outgoing, self.clock(), pause)

    async def _retry(
        self, outgoing: Outgoing, why: Exception, after: timedelta, unclear: bool = True
    ) -> Outgoing | None:
        outcome = "limited" if isinstance(why, Later) else "retried"
        self._note(outgoing, outcome, why, after)
        now = self.clock()
        await self._stored(partial(self.lanes.retry, outgoing, now + after, now, unclear=unclear))
        return None

    def _note(
        self, outgoing: Outgoing, outcome: str, why: Exception | None = None, after: timedelta = timedelta(0)
    ) -> None:
        self.count(outgoing.lane.platform, outgoing.kind, outcome)
        said = log.bind(
            outcome=outcome, outgoing=outgoing.id, platform=outgoing.lane.platform,
            kind=outgoing.kind.value, subject=outgoing.subject or "none", attempts=outgoing.attempts,
        )  # fmt: skip
        if why is None:
            said.debug("post")
        else:  # of a failure only the class: its words may be a server's, or quote a card
            said.warning("post", error=type(why).__name__, seconds=after.total_seconds())

    async def _stored(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(call, *args, **kwargs))

    async def _rest(self, seconds: float) -> None:
        """Waits, but no longer than until `stop`."""
        if seconds > 0:
            try:
                await asyncio.wait_for(self._stopping.wait(), seconds)
            except TimeoutError:
                return
