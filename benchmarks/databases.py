"""Databases to measure on: fresh, and with a past. Made for one run and gone after it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from benchmarks.cast import Cast
from benchmarks.processes import PYTHONPATH
from tests.databases import SERVER


@dataclass(frozen=True)
class Database:
    """One database. `rows` is how many journal rows its past has."""

    kind: str
    size: str
    rows: int
    url: str

    @property
    def label(self) -> str:
        """How tables call it."""
        return f"{self.kind}, {self.size}"


@dataclass(frozen=True)
class Databases:
    """All of a run, by kind ("SQLite", "PostgreSQL") and size, and the key that they are sealed with."""

    all: tuple[Database, ...]
    key: str

    def of(self, kind: str, size: str) -> Database:
        """The database of this kind and size."""
        return next(each for each in self.all if (each.kind, each.size) == (kind, size))

    @property
    def sizes(self) -> list[str]:
        """From the smallest to the largest."""
        return list(dict.fromkeys(each.size for each in self.all))


def postgresql_address() -> str:
    """Where the server is: `BATON_TEST_POSTGRESQL`, or this machine."""
    url = make_url(os.environ.get("BATON_TEST_POSTGRESQL") or SERVER)
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def databases(sizes: Sequence[tuple[str, int]], cast: Cast, key: str, folder: Path) -> Iterator[Databases]:
    """Makes and fills a database of each size on both kinds, the two kinds side by side."""
    made: list[Database] = []
    names = [f"baton_bench_{os.getpid()}_{rows}" for _, rows in sizes]
    server = make_url(os.environ.get("BATON_TEST_POSTGRESQL") or SERVER)
    with psycopg.connect(postgresql_address(), autocommit=True) as connection:
        try:
            for name, (size, rows) in zip(names, sizes, strict=True):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                url = server.set(database=name).render_as_string(hide_password=False)
                pair = (
                    Database("SQLite", size, rows, f"sqlite:///{folder / f'{rows}.db'}"),
                    Database("PostgreSQL", size, rows, url),
                )
                _fill(pair, cast, key)
                made += pair
            yield Databases(tuple(made), key)
        finally:
            for name in names:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(drop.format(sql.Identifier(name)))


def _fill(pair: Sequence[Database], cast: Cast, key: str) -> None:
    environment = {**os.environ, "BATON_SECRET_KEYS": key, "PYTHONPATH": PYTHONPATH}
    filling = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load", each.url, str(each.rows)],
            stdin=subprocess.PIPE, env=environment, text=True,
        )
        for each in pair
    ]  # fmt: skip
    for each in filling:
        each.communicate(json.dumps(asdict(cast)))
    if any(each.returncode for each in filling):
        raise RuntimeError("a database could not be filled")
