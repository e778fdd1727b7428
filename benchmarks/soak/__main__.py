"""`python -m benchmarks.soak`: the soak on both databases, and its report."""

import argparse
import logging
import secrets
import sys
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks.soak.bots import ROOT
from benchmarks.soak.report import report
from benchmarks.soak.run import Outcome, Plan, soak
from tests.databases import PostgresqlServer, SqliteFiles

REPORT = ROOT / "docs" / "soak-report.md"
PROCESSES = {"sqlite": 1, "postgresql": 2}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description="Kill running bots and look.")
    parser.add_argument("--kills", type=int, default=1000, help="of all databases together")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--database", choices=[*PROCESSES, "both"], default="both")
    parser.add_argument("--longest-life", type=float, default=2.0, help="seconds from being up to a kill")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between one person's requests")
    parser.add_argument("--folder", type=Path, help="for the bots' logs; kept")
    parser.add_argument("--report", type=Path, default=REPORT)
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    logging.getLogger("nio").setLevel(logging.ERROR)  # people's clients say each time that a server is away
    databases = list(PROCESSES) if asked.database == "both" else [asked.database]
    processes = sum(PROCESSES[database] for database in databases)
    plan = Plan(-(-asked.kills // processes), asked.seed, asked.longest_life, asked.pause, 5.0, 900)
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="baton-soak-"))
    outcomes = soak_all(folder, databases, plan)
    text = report(outcomes)
    asked.report.write_text(text, "utf-8")
    print(text)
    sys.exit(1 if any(outcome.wrong for outcome in outcomes) else 0)


def soak_all(folder: Path, databases: list[str], each: Plan) -> list[Outcome]:
    """The databases side by side, as each leaves the machine idle half of the time.

    `each` has the kills of one process.
    """
    outcomes: dict[str, Outcome] = {}

    def one(database: str, url: str) -> None:
        plan = replace(each, kills=each.kills * PROCESSES[database])
        try:
            outcomes[database] = soak(folder / database, database, url, PROCESSES[database], plan)
        except Exception as error:
            wrong = [f"did not end: {error!r}"]
            outcomes[database] = Outcome(database, plan, PROCESSES[database], wrong=wrong)
            raise

    with ExitStack() as stack:
        # One after the other: Alembic makes tables in one thread at a time.
        urls = {database: _empty(folder / database, database, stack) for database in databases}
        threads = [threading.Thread(target=one, args=each) for each in urls.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return [outcomes[database] for database in databases]


def _empty(folder: Path, database: str, stack: ExitStack) -> str:
    """The address of an empty database of this kind."""
    folder.mkdir(parents=True, exist_ok=True)
    if database == "sqlite":
        return SqliteFiles(folder).fresh(folder)
    server = PostgresqlServer()
    stack.callback(server.close)
    return stack.enter_context(server.fresh())


if __name__ == "__main__":
    main()
