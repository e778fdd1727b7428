"""(g) The agenda of one team: `python -m benchmarks.agenda`: drafted, kept up to date, and made anew.

With 10 thousand and with 1 million outstanding issues in the organisation, on both kinds of database. The
measured team is the same in all of them; it is the others that grow.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from benchmarks.bulk import bulk
from benchmarks.cast import TEAM, Cast, member_id
from benchmarks.history import ORG
from benchmarks.load import load, open_store
from benchmarks.plans import Plan, plan_of
from benchmarks.series import Series, Table, in_turn, met, millis
from handlers.agenda.draft import draft
from handlers.issues.outstanding import collect, up_to_date
from pathway.code import new_code
from pathway.conference import Conference
from pathway.issue import Kind
from pathway.measure import How
from storage.clinic import Clinic, Store, TooLate
from storage.database import work
from storage.migrate import upgrade
from storage.secrets import Keyring, new_key
from storage.tables import CareTeamRow, IssueRow, MeasureRow, OutlookRow, PatientRow
from tests.databases import PostgresqlServer

SIZES = (("10 thousand issues", 10_000), ("1 million issues", 1_000_000))
QUICK = (("a thousand issues", 1_000), ("10 thousand issues", 10_000))
OF_A_TEAM = 40
"""Patients of each team."""
OF_A_PATIENT = (Kind.FLAG_OPEN, Kind.NON_RESPONSE, Kind.NOT_DISCUSSED)
"""What is outstanding for each."""
ANEW = "everybody collected anew, then drafted"
ROUNDS_ANEW = 5
AIM_MILLIS = 50.0
NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
CONFERENCE = Conference(1, TEAM, "Weekly", NOW + timedelta(days=2), 60, "Europe/London")


class Town:
    """An organisation of teams of equal size, until there are so many issues in it."""

    def __init__(self, count: int, keyring: Keyring) -> None:
        self.teams = [TEAM, *(f"other-{nth}" for nth in range(1, count // (OF_A_TEAM * len(OF_A_PATIENT))))]
        self.codes = _codes(len(self.teams) * OF_A_TEAM)
        said = ["A rule (rule, version 1)", "its value 7", "", "", ""]
        entry = {"instrument": "PEG", "score": 7.0, "answers": [], "how": How.PHONE.value, "baseline": False}
        self.said, self.entry, self.name = (
            keyring.seal(each) for each in (json.dumps(said), json.dumps(entry), "Tess Sample")
        )

    def team_of(self, at: int) -> str:
        """Whose a patient is."""
        return self.teams[at // OF_A_TEAM]

    def fill(self, store: Store) -> None:
        """Writes everything that an agenda reads."""
        with work(store.engine) as session:
            connection = session.connection()
            bulk(connection, PatientRow, self.patients())
            bulk(connection, CareTeamRow, self.care_teams())
            bulk(connection, MeasureRow, self.measures())
            bulk(connection, OutlookRow, self.outlooks())
            bulk(connection, IssueRow, self.issues())
            session.commit()
        if store.engine.dialect.name == "postgresql":
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))

    def patients(self) -> Iterator[tuple[Any, ...]]:
        """Patients, as columns."""
        since = NOW - timedelta(weeks=30)
        for at, code in enumerate(self.codes):
            yield (
                ORG, code, self.team_of(at), self.name, "", "", "", "", "", self.name, "en", False, True,
                False, since, 1,
            )  # fmt: skip

    def care_teams(self) -> Iterator[tuple[Any, ...]]:
        """One who looks after each."""
        for at, code in enumerate(self.codes):
            yield ORG, code, member_id(self.team_of(at), "ana"), NOW - timedelta(weeks=30), None, None

    def measures(self) -> Iterator[tuple[Any, ...]]:
        """A baseline and a reassessment of each."""
        number = 1_000_000_000
        for at, code in enumerate(self.codes):
            for weeks in (28, 10):
                number += 1
                taken = NOW - timedelta(weeks=weeks)
                by = member_id(self.team_of(at), "ana")
                yield ORG, number, code, by, taken, taken, 0, True, self.entry, 1

    def outlooks(self) -> Iterator[tuple[Any, ...]]:
        """Nobody is to be looked at just now."""
        for at, code in enumerate(self.codes):
            yield ORG, code, self.team_of(at), NOW + timedelta(days=1 + at % 7)

    def issues(self) -> Iterator[tuple[Any, ...]]:
        """What is outstanding for each."""
        for at, code in enumerate(self.codes):
            since = NOW - timedelta(days=at % 90)
            for kind in OF_A_PATIENT:
                severity = "soon" if kind is Kind.FLAG_OPEN else ""
                yield (
                    ORG, code, kind.value, f"X-{at}", self.team_of(at), since, since, "", severity, False,
                    self.said,
                )  # fmt: skip


def _codes(count: int) -> list[str]:
    dice, found = Random(count), dict[str, None]()
    while len(found) < count:
        found[new_code(dice, 7)] = None
    return list(found)


@dataclass(frozen=True)
class Measured:
    """One database: what was timed, and how its questions are answered."""

    label: str
    series: dict[str, Series]
    plans: tuple[Plan, ...]


def measure(label: str, url: str, count: int, rounds: int) -> Measured:
    """Fills a database that is there and fresh, and measures on it."""
    upgrade(url)
    store = open_store(url, new_key())
    load(store, Cast(), 300, NOW - timedelta(days=400), conferences=False)
    town = Town(count, store.keyring)
    town.fill(store)
    with store.clinic(NOW) as clinic:
        for nth in range(5):
            at = CONFERENCE.starts + timedelta(weeks=nth)
            planned = Conference(nth + 1, TEAM, "Weekly", at, 60, "Europe/London")
            clinic.conferences.put(planned, "planned", NOW)
    subjects = _subjects(store, town.codes[:OF_A_TEAM])
    slow = {ANEW: subjects.pop(ANEW)}
    series = in_turn(subjects, rounds, 0.0) | in_turn(slow, ROUNDS_ANEW, 0.0, warm_up=1)
    plans = tuple(plan_of(name, ask, store, NOW) for name, ask in _asked(town.codes[0]).items())
    store.close()
    return Measured(label, series, plans)


def _subjects(store: Store, codes: Sequence[str]) -> dict[str, Callable[[], float]]:
    turns = cycle(codes)

    def timed(do: Callable[[Clinic], object]) -> float:
        began = time.perf_counter()
        try:
            with store.clinic(NOW, may_commit=lambda: False) as clinic:
                do(clinic)
        except TooLate:
            return time.perf_counter() - began
        raise AssertionError

    def one_changed(clinic: Clinic) -> None:
        clinic.issues.look_again([next(turns)], NOW)
        up_to_date(TEAM, clinic, NOW)
        draft(CONFERENCE, clinic, NOW)

    def anew(clinic: Clinic) -> None:
        for code in codes:
            collect(code, clinic, NOW)
        draft(CONFERENCE, clinic, NOW)

    return {
        "drafted": lambda: timed(lambda clinic: draft(CONFERENCE, clinic, NOW)),
        "one patient changed, then drafted": lambda: timed(one_changed),
        ANEW: lambda: timed(anew),
    }


def _asked(code: str) -> dict[str, Callable[[Clinic, datetime], object]]:
    return {
        "drafted": lambda clinic, now: draft(CONFERENCE, clinic, now),
        "one patient collected": lambda clinic, now: collect(code, clinic, now),
    }


def tables(measured: Sequence[Measured]) -> tuple[Table, Table]:
    """What was timed, and the plans."""
    timings = []
    for each in measured:
        for name, series in each.series.items():
            aim = f"under {AIM_MILLIS:g} ms: {met(series.p50 < AIM_MILLIS)}" if name == "drafted" else ""
            timings.append((each.label, name, millis(series.p50), millis(series.p95), aim))
    says = (
        f"One team of {OF_A_TEAM} patients with {len(OF_A_PATIENT)} issues each, among others like it. Each "
        "time is that of a whole transaction, which is rolled back: issues, measures, reports, care teams, "
        "what the lead wishes, who is expected, what items took before, and the assembling."
    )
    plans = [
        (each.label, plan.question, ", ".join(f"`{name}`" for name in plan.indexes), " ".join(plan.scanned))
        for each in measured
        for plan in each.plans
    ]
    return (
        Table("(g) The agenda of one team", says, ("", "", "median", "p95", ""), tuple(timings)),
        Table("(g) Its query plans", "Which indexes are used, and which tables are read whole.",
              ("", "", "indexes", "read whole"), tuple(plans)),
    )  # fmt: skip


@contextmanager
def _fresh(folder: Path, count: int) -> Iterator[dict[str, str]]:
    """The addresses of two empty databases."""
    server = PostgresqlServer()
    try:
        with server.fresh() as url:
            yield {"SQLite": f"sqlite:///{folder / f'{count}.db'}", "PostgreSQL": url}
    finally:
        server.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.agenda")
    parser.add_argument("--quick", action="store_true", help="small counts, few rounds")
    quick = parser.parse_args().quick
    measured = []
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as made:
        for name, count in QUICK if quick else SIZES:
            with _fresh(Path(made), count) as urls:
                for kind, url in urls.items():
                    sys.stderr.write(f"{kind}, {name}\n")
                    measured.append(measure(f"{kind}, {name}", url, count, 10 if quick else 100))
    for table in tables(measured):
        sys.stdout.write(f"{table.markdown()}\n")


if __name__ == "__main__":
    main()
