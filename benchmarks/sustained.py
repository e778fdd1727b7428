"""(c) Commands a second: at the door, and through HTTP as Slack sends them."""

import itertools
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks import crowd
from benchmarks.cast import Cast
from benchmarks.databases import Database, Databases
from benchmarks.door import KINDS, THREADS, Doors, Rate, lines, things, who_says
from benchmarks.load import open_store
from benchmarks.series import Table
from benchmarks.slack_side import EVENTS, bare, with_slack
from tests.workspace.remote import Remote

SETTINGS = (("SQLite", 1), ("PostgreSQL", 1), ("PostgreSQL", 2))
CALLED = {"offer": "`handoff offer`", "away": "`away` / `back`", "show": "`handoff show`"}


def at_the_door(databases: Databases, cast: Cast, seconds: float) -> Table:
    """Without any platform: how fast the core and the database are."""
    rows = []
    for kind, processes in SETTINGS:
        for size in databases.sizes:
            found = databases.of(kind, size)
            with closing(Doors(found, databases.key, processes, cast)) as doors:
                rates = [doors.rate(each, seconds) for each in KINDS]
            rows.append((_named(kind, processes), size, *map(_cell, rates)))
    says = (
        f"`handlers.answer.answer` called without a pause from {THREADS} threads, which the processes share: "
        "what was answered and committed in a second, the p99 of one command meanwhile, and how much of a "
        "processor's time each command took (that of a PostgreSQL server not counted)."
    )
    head = ("", "past", *(CALLED[kind] for kind in KINDS))
    return Table("(c) Commands a second, at the door", says, head, tuple(rows))


def over_http(remote: Remote, databases: Databases, cast: Cast, seconds: float, folder: Path) -> Table:
    """Signed slash commands sent straight to the running bots, as many at a time as at the door."""
    measuring = _Http(remote, databases, cast, seconds, folder)
    rows = [("bare Bolt, which only acknowledges", "", *("" for _ in KINDS[1:]), _cell(measuring.bare()))]
    for kind, processes in SETTINGS:
        for size in (databases.sizes[0], databases.sizes[-1]):
            rates = measuring.baton(databases.of(kind, size), processes)
            rows.append((_named(kind, processes), size, *map(_cell, rates)))
    says = (
        f"The same as signed slash commands over HTTP, {THREADS} at a time, to running bots, whose posts go "
        "out meanwhile at the pace that Slack allows. What sends the commands uses the same cores."
    )
    head = ("", "past", *(CALLED[kind] for kind in KINDS))
    return Table("(c) Commands a second, through Slack's HTTP", says, head, tuple(rows))


class _Http:
    def __init__(
        self, remote: Remote, databases: Databases, cast: Cast, seconds: float, folder: Path
    ) -> None:
        self.remote = remote
        self.key = databases.key
        self.cast = cast
        self.seconds = seconds
        self.folder = folder
        self.app = remote.app

    def bare(self) -> Rate:
        with bare(self.remote, "plain", self.folder) as program:
            account = self.cast.accounts["jo"]
            typists = [
                crowd.Typist(account, itertools.repeat("help"), program.url + EVENTS) for _ in range(THREADS)
            ]
            return crowd.rate(typists, self.app, self.cast, self.seconds)

    def baton(self, database: Database, processes: int) -> list[Rate]:
        """A rate for each of KINDS."""
        store = open_store(database.url, self.key)
        known = things(store)
        store.close()
        with ExitStack() as stack:
            urls = []
            for number in range(processes):
                folder = self.folder / f"{database.kind}-{database.rows}-{number}".lower()
                program = stack.enter_context(with_slack(self.remote, database, self.key, folder))
                urls.append(program.url + EVENTS)
            rates = []
            for kind in KINDS:
                typists = [
                    crowd.Typist(
                        self.cast.accounts[who_says(kind, number)],
                        lines(kind, known, number), urls[number % processes],
                    )
                    for number in range(THREADS)
                ]  # fmt: skip
                rates.append(crowd.rate(typists, self.app, self.cast, self.seconds))
            return rates


def _named(kind: str, processes: int) -> str:
    return f"{kind}, {'one process' if processes == 1 else f'{processes} processes'}"


def _cell(rate: Rate) -> str:
    processor = f", {rate.processor:.1f} ms of processor" if rate.processor else ""
    return f"{rate.a_second:.0f}/s (p99 {rate.slowest:.0f} ms{processor})"
