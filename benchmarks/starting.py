"""(d) From the start of the process until it is ready, and the memory that it holds then."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks import baton
from benchmarks.databases import Database, Databases
from benchmarks.matrix_side import PASSWORD
from benchmarks.processes import Program, running
from benchmarks.series import Table
from bot.homeserver import Homeserver
from tests.workspace.remote import Remote

BARE_BOLT, BARE_NIO = "bare Bolt", "bare nio"
Start = Callable[[], AbstractContextManager[Program]]


def table(
    remote: Remote,
    homeserver: Homeserver,
    databases: Databases,
    after_work: Mapping[str, float],
    rounds: int,
    folder: Path,
) -> Table:
    """Each started several times, in turn. `after_work` is the memory that programs held after (b)."""
    starts = _starts(remote, homeserver, databases, folder)
    seconds: dict[str, list[float]] = {name: [] for name in starts}
    memory: dict[str, list[float]] = {name: [] for name in starts}
    for _ in range(rounds):
        for name, start in starts.items():
            with start() as program:
                seconds[name].append(program.seconds)
                memory[name].append(program.resident())
    rows = [
        (name, f"{_median(seconds[name]):.2f} s", f"{_median(memory[name]):.0f} MiB")
        for name in starts
    ]  # fmt: skip
    rows += [(f"{name}, after (b)", "", f"{resident:.0f} MiB") for name, resident in after_work.items()]
    says = (
        "From the start of the process until `/readyz` says that the database and all links are up, on "
        "tables that are there already: medians. Memory is the resident set."
    )
    return Table("(d) Start-up time and memory", says, ("", "ready after", "resident"), tuple(rows))


def _starts(remote: Remote, homeserver: Homeserver, databases: Databases, folder: Path) -> dict[str, Start]:
    smallest, largest = databases.sizes[0], databases.sizes[-1]
    here, past = databases.of("SQLite", smallest), databases.of("SQLite", largest)
    other = databases.of("PostgreSQL", smallest)
    bolt, slack = baton.bare_slack(remote.app, "plain"), baton.slack(remote.app)
    accounts = [homeserver.register(f"starting-{number}", PASSWORD, "Baton") for number in range(3)]
    nio, matrix, both = (
        make(homeserver.url, user, PASSWORD)
        for make, user in zip((baton.bare_matrix, baton.matrix, baton.matrix), accounts, strict=True)
    )

    def start(module: tuple[str, ...], settings: dict[str, str], name: str) -> Start:
        return lambda: running(module, settings, folder / name, baton.READY)

    def bot(database: Database, settings: dict[str, str], name: str) -> Start:
        ours = baton.settings(database, databases.key, folder / name)
        return start(baton.RUN, ours | settings, name)

    return {
        BARE_BOLT: start(("benchmarks.bare_bolt",), bolt, "bolt"),
        f"Baton with Slack, {here.label}": bot(here, slack, "slack-here"),
        f"Baton with Slack, {other.label}": bot(other, slack, "slack-other"),
        f"Baton with Slack, {past.label}": bot(past, slack, "slack-past"),
        BARE_NIO: start(("benchmarks.bare_nio",), nio, "nio"),
        f"Baton with Matrix, {here.label}": bot(here, matrix, "matrix"),
        f"Baton with both, {here.label}": bot(here, slack | both, "both"),
    }


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
