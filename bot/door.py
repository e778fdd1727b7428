"""The asynchronous side of the one door: it calls the core in a worker thread and says what became of it.

Platforms give it Requests and what they saw happen; it answers after the commit, wakes the post, counts,
and turns what broke into a sentence with an id that is in the log.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

import structlog

from bot.metrics import Metrics
from cards.card import Card, Text, Tone
from handlers.answer import Busy, NotKnown, answer, once
from handlers.people.presence import Seen
from handlers.request import Outcome, Reply, Request
from pathway.when import read_day
from storage.clinic import Clinic, Store, TooLate
from storage.outbox import Lane

WORKERS = 8
T = TypeVar("T")
log = structlog.get_logger()


class Clock(Protocol):
    """Where the running bot takes the time from."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""


class MovableClock:
    """The real time, and as much more as it was moved forward: for the practice page and for tests."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start
        self._moved = timedelta()

    def now(self) -> datetime:
        """The moment that it stands at; without a `start` it goes on by itself."""
        from_clock = self._start if self._start is not None else _real_now()
        return from_clock + self._moved

    def forward(self, by: timedelta) -> None:
        """Moves time forward. Raises ValueError for a step back."""
        if by < timedelta():
            raise ValueError("time goes forward only")
        self._moved += by


def _real_now() -> datetime:
    return datetime.now(UTC)


class Door:
    """One store, seen from the event loop."""

    def __init__(
        self, store: Store, clock: Clock, metrics: Metrics, wake: Callable[[Iterable[Lane]], None]
    ) -> None:
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self._wakes = [wake]
        self.seen: dict[Lane, Seen] = {}  # what platforms have read of who is in which room
        self.workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="core")
        # The first date with a month takes 0.1 s to read: better now than while a request holds locks.
        self.workers.submit(read_day, "3 Dec 2026", "UTC", clock.now())

    def listen(self, wake: Callable[[Iterable[Lane]], None]) -> None:
        """Has this called too wherever something was put in line, with where that is."""
        self._wakes.append(wake)

    def wake(self, lanes: Iterable[Lane]) -> None:
        """Says that something was committed which waits to be posted in these lanes."""
        woken = frozenset(lanes)
        for wake in self._wakes:
            wake(woken)

    async def answer(self, request: Request, within: float | None = None) -> Reply:
        """Answers a request. The commit begins within so many seconds, or nothing is done and that is said.

        Raises nothing: what broke is answered with a sentence, and is logged under the id in it.
        """
        began = time.monotonic()
        may_commit = (lambda: True) if within is None else lambda: time.monotonic() - began < within
        try:
            reply = await self.run(lambda: answer(request, self.store, self.clock.now(), may_commit))
            outcome: str = reply.outcome
        except (TooLate, Busy):
            reply, outcome = Reply(Outcome.REFUSED, NOT_DONE), "late"
        except NotKnown:
            log.warning("commit_unknown", request=request.event_id)
            reply, outcome = Reply(Outcome.REFUSED, MAYBE_DONE), "unknown"
        except Exception:
            error_id = secrets.token_hex(4)
            log.exception("request_failed", request=request.event_id, error_id=error_id)
            reply, outcome = Reply(Outcome.REFUSED, broken(error_id)), "failed"
        self.wake(reply.lanes)
        seconds = time.monotonic() - began
        self.metrics.request(request.sender.platform, outcome, seconds)
        return reply

    async def once(self, event_id: str, work: Callable[[Clinic, datetime], None]) -> None:
        """Does what a platform's event asks for, once; raises what broke, so that the event comes again."""
        now = self.clock.now()
        lanes = await self.run(lambda: once(event_id, self.store, now, lambda clinic: work(clinic, now)))
        self.wake(lanes)

    async def look(self, read: Callable[[Clinic], T]) -> T:
        """Reads something in a transaction of its own."""

        def reading() -> T:
            with self.store.clinic(self.clock.now()) as clinic:
                return read(clinic)

        return await self.run(reading)

    async def run(self, work: Callable[[], T]) -> T:
        """Runs synchronous work in a worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self.workers, work)

    def close(self) -> None:
        """Lets the workers finish."""
        self.workers.shutdown(wait=True)


NOT_DONE = Card(
    "That took too long and was NOT done.",
    (Text("Nothing was changed. Please try again.", Tone.WARNING),),
)

MAYBE_DONE = Card(
    "The database went away: it is not known whether that was done.",
    (Text("Look in a minute, with `mine` or at the card, before you try again.", Tone.WARNING),),
)


def broken(error_id: str) -> Card:
    """What a person hears when something broke on our side."""
    says = f"Nothing was changed. Please try again; if it happens again, tell your administrator {error_id}."
    return Card("Something broke on our side.", (Text(says, Tone.WARNING),))
