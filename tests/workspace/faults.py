"""Faults that can be switched on, and Slack's rate limits.

A fault applies to methods by pattern (`chat.*`), to a number of calls or with a probability from a
seeded generator, and optionally only to calls with certain arguments. Kinds:

    ratelimited  429 with Retry-After; nothing is done
    error        an HTTP error of `status`; nothing is done
    refuse       the connection breaks; nothing is done
    drop         the call is carried out, then the connection breaks: an unclear send
    hang         no answer until `release()`; carried out first if `done`, else on release if still wanted
    code         `{"ok": false, "error": code}` with HTTP 200; nothing is done

Besides Web API methods, a pattern may name `upload`, `response_url` and `link` (the Socket Mode address).
"""

from __future__ import annotations

import math
import random
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tests.workspace.state import Clock, Json

KINDS = {"ratelimited", "error", "refuse", "drop", "hang", "code"}


@dataclass
class Fault:
    """One fault that is switched on; `hits` counts how often it has struck."""

    pattern: str
    kind: str
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    retry_after: int = 1
    status: int = 500
    code: str = "internal_error"
    done: bool = False
    where: Json = field(default_factory=dict)
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is none of {sorted(KINDS)}")
        self.random = random.Random(self.seed)
        self.gate: Future[None] = Future()

    def strikes(self, method: str, args: Json) -> bool:
        """Whether this call is hit; counts it if so."""
        if self.times is not None and self.hits >= self.times:
            return False
        if not fnmatchcase(method, self.pattern) or any(args.get(k) != v for k, v in self.where.items()):
            return False
        if self.random.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def release(self) -> None:
        """Let go of every call that hangs here, and of all that follow."""
        self.times = 0
        if not self.gate.done():
            self.gate.set_result(None)


class Faults:
    """All faults that are switched on; the first that strikes wins."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self.all.append(fault)
        return fault

    def clear(self) -> None:
        for fault in self.all:
            fault.release()
        self.all.clear()

    def find(self, method: str, args: Json) -> Fault | None:
        return next((fault for fault in self.all if fault.strikes(method, args)), None)


@dataclass
class Pace:
    """Slack's rate limits. `None` in a workspace means that they are off.

    `a_second` posts a second in each channel with bursts of `burst`; other methods by their tier, in
    calls a minute, unless `tiers` is off.
    """

    a_second: float = 1.0
    burst: int = 5
    tiers: bool = True
    buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    recent: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, method: str, tier: int, channel: str, clock: Clock) -> int:
        """Seconds for Retry-After; 0 if the call may pass."""
        now = clock.now()
        if method == "chat.postMessage":
            left, since = self.buckets.get(channel, (float(self.burst), now))
            left = min(float(self.burst), left + (now - since) * self.a_second)
            if left < 1:
                self.buckets[channel] = (left, now)
                return max(1, math.ceil((1 - left) / self.a_second))
            self.buckets[channel] = (left - 1, now)
            return 0
        if not self.tiers or not tier:
            return 0
        calls = self.recent.setdefault(method, deque())
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= tier:
            return max(1, math.ceil(calls[0] + 60 - now))
        calls.append(now)
        return 0
