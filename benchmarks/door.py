"""Commands a second at the door, without any platform: `python -m benchmarks.door` as a program of its own.

The measuring process starts one or two of these on a database, tells them on stdin what to do, a line of
JSON for each measurement, and adds up what they answer.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from benchmarks.cast import ROLES, TEAM, Cast, member_id
from benchmarks.databases import Database
from benchmarks.load import open_store
from benchmarks.processes import PYTHONPATH
from handlers.answer import answer
from handlers.request import Outcome, Request
from storage.clinic import Store

THREADS = 8
KINDS = ("offer", "away", "show")
WARM_UP, REST = 0.5, 0.1  # seconds


@dataclass(frozen=True)
class Rate:
    """What one run came to. `slowest` is the p99, `processor` the time of the processor for each; in ms."""

    a_second: float
    slowest: float
    processor: float = 0.0


@dataclass(frozen=True)
class Things:
    """What can be spoken of: codes of patients whom Ana may hand over, references of open handoffs."""

    codes: tuple[str, ...]
    refs: tuple[str, ...]


def things(store: Store, most: int = 20) -> Things:
    """What the measured team has."""
    with store.clinic(datetime.now(UTC)) as clinic:
        codes = [each.code for each in clinic.patients.seen_by(member_id(TEAM, "ana"), TEAM, most)]
        return Things(tuple(codes), tuple(each.ref for each in clinic.handoffs.open_of_team(TEAM, most)))


def lines(kind: str, known: Things, first: int = 0) -> Iterator[str]:
    """What one person types, one line after the other."""
    for turn in itertools.count():
        at = first + turn
        match kind:
            case "offer":
                yield f"handoff offer {known.codes[at % len(known.codes)]} bo 'PHQ-9 14, sleeps badly'"
            case "away":
                yield "back" if turn % 2 else "away until 'in 5 minutes'"
            case _:
                yield f"handoff show {known.refs[at % len(known.refs)]}"


def who_says(kind: str, number: int) -> str:
    """Who types in the thread with this number.

    Ana offers, and to Bo, so that neither is ever away: passing on hundreds would be another measurement.
    """
    able = [handle for handle in ROLES if handle not in ("ana", "bo")]
    return "ana" if kind == "offer" else able[number % len(able)]


class Doors:
    """One or two of these programs on one database, to be closed at the end."""

    def __init__(self, database: Database, key: str, processes: int, cast: Cast) -> None:
        environment = {**os.environ, "BATON_SECRET_KEYS": key, "PYTHONPATH": PYTHONPATH}
        threads = THREADS // processes
        said = json.dumps({"channel": cast.channel, "accounts": dict(cast.accounts)})
        self._running = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.door", database.url, said,
                 f"--first={number * threads}", f"--threads={threads}"],
                env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for number in range(processes)
        ]  # fmt: skip

    def rate(self, kind: str, seconds: float) -> Rate:
        """How many commands of a kind they answer in a second, all together."""
        self._tell({"kind": kind, "until": time.time() + WARM_UP})
        self._hear()
        at = time.time() + REST
        self._tell({"kind": kind, "at": at, "until": at + seconds})
        counted = self._hear()
        millis = sorted(each for one in counted for each in one["millis"])
        spent = max(one["seconds"] for one in counted)
        processor = sum(one["processor"] for one in counted)
        return Rate(len(millis) / spent, millis[int(len(millis) * 0.99)], processor / len(millis) * 1000)

    def close(self) -> None:
        """Lets them end."""
        for each in self._running:
            each.communicate()

    def _tell(self, what: dict[str, Any]) -> None:
        for each in self._running:
            print(json.dumps(what), file=each.stdin, flush=True)

    def _hear(self) -> list[dict[str, Any]]:
        said = [each.stdout.readline() if each.stdout else "" for each in self._running]
        return [json.loads(line) for line in said]


class Person:
    """Somebody who types one line after the other, in a thread of their own."""

    def __init__(self, store: Store, cast: Cast, kind: str, number: int, known: Things) -> None:
        self.store = store
        self.cast = cast
        self.who = who_says(kind, number)
        self.typed = lines(kind, known, number)
        self.events = (f"door-{os.getpid()}-{kind}-{number}-{turn}" for turn in itertools.count())

    def say(self) -> float:
        """Types a line; the seconds until it was answered. Raises AssertionError if it was not done."""
        line = next(self.typed)
        sender, lane = self.cast.chat_id(self.who), self.cast.lane
        request = Request(next(self.events), sender, lane, line, posts_answer=False, shows_forms=True)
        began = time.perf_counter()
        reply = answer(request, self.store, datetime.now(UTC))
        spent = time.perf_counter() - began
        if reply.outcome is not Outcome.DONE:
            raise AssertionError(f"{line} ended {reply.outcome}: {reply.card}")
        return spent

    def go_on(self, until: float) -> list[float]:
        """Types until this moment."""
        taken = []
        while time.time() < until:
            taken.append(self.say())
        return taken


def _measure(people: Sequence[Person], at: float, until: float) -> dict[str, Any]:
    with ThreadPoolExecutor(len(people)) as threads:
        time.sleep(max(at - time.time(), 0))
        used = time.process_time()
        taken = list(threads.map(lambda person: person.go_on(until), people))
    millis = [each * 1000 for mine in taken for each in mine]
    return {"seconds": time.time() - at, "millis": millis, "processor": time.process_time() - used}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.door")
    parser.add_argument("url")
    parser.add_argument("cast", help="who plays, as JSON")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--first", type=int, required=True, help="which part the first thread plays")
    asked = parser.parse_args()
    store, cast = open_store(asked.url, os.environ["BATON_SECRET_KEYS"]), Cast(**json.loads(asked.cast))
    known = things(store)
    crews = {
        kind: [Person(store, cast, kind, asked.first + at, known) for at in range(asked.threads)]
        for kind in KINDS
    }
    for line in sys.stdin:
        told = json.loads(line)
        found = _measure(crews[told["kind"]], told.get("at", time.time()), told["until"])
        print(json.dumps(found), flush=True)
    store.close()


if __name__ == "__main__":
    main()
