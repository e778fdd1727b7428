"""The ways in which a homeserver behind a proxy can fail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

LOOPBACK = "127.0.0.1"


@dataclass
class Fault:
    """What goes wrong with requests whose "METHOD /path" has `where` (a regular expression) in it.

    `answer` replies with `status`; `cut` closes the connection without a reply; `hang` never replies;
    `slow` replies after `seconds`. With `taken`, the homeserver has done what was asked beforehand.
    Mind that aiohttp repeats a PUT or GET by itself when a kept connection is cut: cut it twice.
    """

    outcome: Literal["answer", "cut", "hang", "slow"]
    where: str = ""
    times: int | None = None  # how often; None: until cleared
    chance: float = 1.0
    taken: bool = False
    status: int = 502
    errcode: str = "M_UNKNOWN"
    retry_after_ms: int | None = None
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.outcome not in ("answer", "cut", "hang", "slow"):
            raise ValueError(f"a fault can't be {self.outcome!r}")
        re.compile(self.where)


def limited(where: str = "", times: int | None = 1, retry_after_ms: int = 50) -> Fault:
    """The homeserver says that there were too many requests, and when to try again."""
    return Fault(
        "answer", where, times, status=429, errcode="M_LIMIT_EXCEEDED", retry_after_ms=retry_after_ms
    )


@dataclass(frozen=True)
class Seen:
    """A request that came, and what was done with it: "passed" or the outcome of a fault."""

    line: str
    fate: str


def complaint(fault: Fault) -> dict[str, object]:
    """What Matrix puts into an error's body."""
    body: dict[str, object] = {"errcode": fault.errcode, "error": "on demand"}
    return body if fault.retry_after_ms is None else body | {"retry_after_ms": fault.retry_after_ms}
