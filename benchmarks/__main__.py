"""`python -m benchmarks`: measures everything side by side and writes the tables into benchmarks/README.md.

`--quick` takes small counts and a short past and only prints; `--only a,b,c,d,e` takes some of the parts.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine, matrix_side, report, slack_side, starting, sustained
from benchmarks.cast import Cast
from benchmarks.databases import Databases, databases, postgresql_address
from benchmarks.load import open_store
from benchmarks.plans import Plan, plans
from benchmarks.series import Table
from bot.homeserver import Homeserver
from storage.secrets import new_key
from tests.workspace.remote import Remote, separate

PARTS = "abcde"


@dataclass(frozen=True)
class Size:
    """How much is measured: pasts as (name, journal rows), rounds of (a), (b) and (d), seconds of (c)."""

    pasts: tuple[tuple[str, int], ...]
    matrix: int
    slack: int
    starts: int
    seconds: float


FULL = Size((("fresh", 300), ("10 thousand rows", 10_000), ("1 million rows", 1_000_000)), 100, 100, 3, 3.0)
QUICK = Size((("fresh", 300), ("10 thousand rows", 10_000)), 10, 20, 1, 1.5)


class Run:
    """One run: what it measures with, and the tables that came of it."""

    def __init__(self, size: Size, remote: Remote, found: Databases, cast: Cast, folder: Path) -> None:
        self.size = size
        self.remote = remote
        self.databases = found
        self.cast = cast
        self.folder = folder
        self.after_work: Mapping[str, float] = {}

    def matrix(self) -> list[Table]:
        """(a)"""
        with Homeserver(self.folder / "homeserver") as homeserver:
            where = self.folder / "matrix"
            series = matrix_side.measure(homeserver, self.databases, self.size.matrix, where)
        return [matrix_side.table(series, self.databases)]

    def slack(self) -> list[Table]:
        """(b)"""
        where = self.folder / "slack"
        measured = slack_side.measure(self.remote, self.databases, self.cast, self.size.slack, where)
        self.after_work = measured.resident
        return [slack_side.table(measured, self.databases)]

    def sustained(self) -> list[Table]:
        """(c)"""
        door = sustained.at_the_door(self.databases, self.cast, self.size.seconds)
        where = self.folder / "sustained"
        return [door, sustained.over_http(self.remote, self.databases, self.cast, self.size.seconds, where)]

    def starting(self) -> list[Table]:
        """(d)"""
        with Homeserver(self.folder / "homeserver-starting") as homeserver:
            where = self.folder / "starting"
            after = self.after_work
            return [starting.table(self.remote, homeserver, self.databases, after, self.size.starts, where)]

    def plans(self) -> list[Table]:
        """(e); what else it is about is in the other tables, as their rows."""
        largest = self.databases.sizes[-1]
        return [report.plan_table(self._plans("SQLite", largest), self._plans("PostgreSQL", largest))]

    def _plans(self, kind: str, size: str) -> list[Plan]:
        store = open_store(self.databases.of(kind, size).url, self.databases.key)
        try:
            return list(plans(store))
        finally:
            store.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--quick", action="store_true", help="small counts; only prints")
    parser.add_argument("--only", default=PARTS, help="some of the parts, like a,c")
    asked = parser.parse_args()
    size = QUICK if asked.quick else FULL
    began, busy = time.monotonic(), machine.load()
    tables: list[Table] = []
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as made, separate() as remote:
        cast, key = slack_side.seats(remote), new_key()
        with databases(size.pasts, cast, key, Path(made)) as found:
            run = Run(size, remote, found, cast, Path(made))
            parts = zip(PARTS, (run.matrix, run.slack, run.sustained, run.starting, run.plans), strict=True)
            for part, measure in parts:
                if part in asked.only:
                    sys.stderr.write(f"({part}) after {time.monotonic() - began:.0f} s\n")
                    tables += measure()
    described = machine.describe(postgresql_address())
    minutes = (time.monotonic() - began) / 60
    written = report.text(tables, described, minutes, (busy, machine.load()))
    sys.stdout.write(written)
    if not asked.quick and asked.only == PARTS:
        report.write(written)


if __name__ == "__main__":
    main()
