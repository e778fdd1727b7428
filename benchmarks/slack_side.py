"""(b) A slash command until it is acknowledged, its commit done, beside bare Bolt on the same workspace."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import baton
from benchmarks.cast import ROLES, Cast
from benchmarks.databases import Database, Databases
from benchmarks.door import lines, things
from benchmarks.load import open_store
from benchmarks.processes import Program, running
from benchmarks.series import Series, Table, in_turn, met, millis, times
from tests.workspace.remote import Remote

EVENTS = "/slack/events"
REST = 0.03  # seconds after each command
POSTING = 0.15  # seconds more after one that posts, for the posts to go out
BARE = {
    "plain": "bare Bolt: acknowledges",
    "posts": "bare Bolt: posts a message, acknowledges",
    "waits": "bare Bolt that does not look every 10 ms: acknowledges",
}
KINDS = {
    "show": "`handoff show`, reads",
    "away": "`away` / `back`, writes",
    "offer": "`handoff offer`, writes and posts",
}
WHO = {"show": "cy", "away": "di", "offer": "ana"}
AIM_RATIO, AIM_P99 = 2.0, 100.0


@dataclass(frozen=True)
class Measured:
    """What came of it: the timings by subject, and the memory of each program afterwards."""

    series: Mapping[str, Series]
    resident: Mapping[str, float]


def seats(remote: Remote) -> Cast:
    """The team's people and channel in the workspace, and what they are called there."""
    accounts = {handle: remote.workspace("person", handle=handle)["id"] for handle in ROLES}
    return Cast(remote.workspace("channel", name="bench")["id"], accounts)


def measure(remote: Remote, databases: Databases, cast: Cast, rounds: int, folder: Path) -> Measured:
    """All commands, on bare apps and on Baton with each database, in turn."""
    subjects: dict[str, Callable[[], float]] = {}
    with ExitStack() as stack:
        programs = {name: stack.enter_context(bare(remote, way, folder)) for way, name in BARE.items()}
        for name, program in programs.items():
            subjects[name] = _saying(remote, program, "jo", iter(lambda: "help", ""), cast)
        for database in databases.all:
            where = folder / f"baton-{database.kind}-{database.rows}".lower()
            program = stack.enter_context(with_slack(remote, database, databases.key, where))
            programs[database.label] = program
            store = open_store(database.url, databases.key)
            known = things(store)
            store.close()
            for kind, who in WHO.items():
                typed = lines(kind, known)
                rest = POSTING if kind == "offer" else 0.0
                subjects[f"{database.label}: {kind}"] = _saying(remote, program, who, typed, cast, rest)
        series = in_turn(subjects, rounds, REST)
        return Measured(series, {name: program.resident() for name, program in programs.items()})


def table(measured: Measured, databases: Databases) -> Table:
    """The figures and their ratios to the bare apps'."""
    plain, posts, waits = (measured.series[name].p50 for name in BARE.values())
    rows: list[tuple[str, ...]] = [
        (name, "", *_figures(measured.series[name]), times(measured.series[name].p50, plain), "", "", "")
        for name in BARE.values()
    ]
    for database in databases.all:
        for kind, called in KINDS.items():
            each = measured.series[f"{database.label}: {kind}"]
            fine = each.p50 < AIM_RATIO * plain and each.p99 < AIM_P99
            ratios = [times(each.p50, bare_p50) for bare_p50 in (plain, posts, waits)]
            rows.append((f"Baton, {database.label}", called, *_figures(each), *ratios, met(fine)))
    to = ("to plain", "to posting", "to not looking")
    head = ("", "command", "p50", "p95", "p99", *to, "aim")
    says = (
        "From the moment when the workspace sends a slash command until it has the acknowledgement; Baton's "
        "come after the commit. The aim is a p50 below 2 times that of the plain bare app, and a p99 under "
        "100 ms. Bolt as it comes looks every 10 ms whether the listener has acknowledged; Baton's listeners "
        "are awaited. So are those of the third bare app, which shows what Baton's own work costs."
    )
    return Table("(b) Slack over HTTP: slash command to acknowledgement", says, head, tuple(rows))


@contextmanager
def bare(remote: Remote, way: str, folder: Path) -> Iterator[Program]:
    """The bare app, in one of its ways."""
    settings = baton.bare_slack(remote.app, way)
    with running(["benchmarks.bare_bolt"], settings, folder / f"bare-{way}", baton.READY) as program:
        yield program


@contextmanager
def with_slack(remote: Remote, database: Database, key: str, folder: Path) -> Iterator[Program]:
    """Baton on this database."""
    settings = baton.settings(database, key, folder) | baton.slack(remote.app)
    with running(baton.RUN, settings, folder, baton.READY) as program:
        yield program


def _saying(
    remote: Remote, program: Program, who: str, typed: Iterator[str], cast: Cast, rest: float = 0.0
) -> Callable[[], float]:
    """Types the next line as a slash command; the seconds that the acknowledgement took."""

    def say() -> float:
        remote.workspace("configure", request_url=f"{program.url}{EVENTS}")
        ack: dict[str, Any] = remote.person(
            who, "slash", command="/care", text=next(typed), channel=cast.channel
        )
        time.sleep(rest)
        return float(ack["seconds"])

    return say


def _figures(series: Series) -> tuple[str, str, str]:
    return millis(series.p50), millis(series.p95), millis(series.p99)
