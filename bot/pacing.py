"""How fast posts may follow each other at one place, and how long to wait after a failure."""

import random
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.delivery import Pace
from storage.post import Lane

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=1)


class Pacing:
    """For each lane the moment at which its allowance is whole again (GCRA). `clock` counts seconds."""

    def __init__(self, paces: Mapping[str, Pace], clock: Callable[[], float] = time.monotonic) -> None:
        self.paces = paces
        self.clock = clock
        self._whole_at: dict[Lane, float] = {}

    def wait(self, lane: Lane) -> float:
        """Seconds until the next post may go out here."""
        pace = self.paces.get(lane.platform)
        if pace is None:
            return 0.0
        ahead = self._whole_at.get(lane, 0.0) - self.clock()
        if ahead <= 0:
            self._whole_at.pop(lane, None)
        return max(ahead - pace.every.total_seconds() * (pace.burst - 1), 0.0)

    def spend(self, lane: Lane) -> float:
        """Notes that a post went out here; seconds until the next may."""
        pace = self.paces.get(lane.platform)
        if pace is None:
            return 0.0
        start = max(self._whole_at.get(lane, 0.0), self.clock())
        self._whole_at[lane] = start + pace.every.total_seconds()
        return self.wait(lane)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1 s, doubled each time up to 5 min, by up to a half less."""
    longest: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, 16), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1)  # noqa: S311 (spreads the load, keeps no secret)
