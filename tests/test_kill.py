"""Running bots are killed ten times under work and trouble, and nothing is lost: benchmarks/soak, in short.

Half of the kills are on SQLite with one process, half on PostgreSQL with two. A failure names what was lost
and the seed; `python -m benchmarks.soak --kills 10 --seed N` repeats its dice, though not its timing.
"""

import secrets
from pathlib import Path

import pytest

from benchmarks.soak.run import Plan, soak
from bot.homeserver import Homeserver

KILLS = 5


@pytest.mark.parametrize(("database", "processes"), [("sqlite", 1), ("postgresql", 2)])
def test_nothing_is_lost_when_bots_are_killed(
    database: str, processes: int, request: pytest.FixtureRequest, homeserver: Homeserver, tmp_path: Path
) -> None:
    url: str = request.getfixturevalue(f"{database}_url")
    plan = Plan(KILLS, secrets.randbelow(1_000_000), longest_life=8, pause=3, trouble_every=2)

    outcome = soak(tmp_path, database, url, processes, plan)

    assert outcome.wrong == [], f"seed {plan.seed}, logs in {tmp_path}"
    assert outcome.kills == KILLS
    assert outcome.handoffs, "no handoff was offered"
    assert outcome.flags, "no flag was raised"
    assert outcome.fired, "no deadline fell due"
