"""One team on Slack and on Matrix at once: one record, one card in each, an answer in either closes both."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.homeserver import Homeserver
from tests.both_stage import Both, make_team, open_both
from tests.matrix_bot import eventually
from tests.matrix_loop import run


@pytest.fixture
def both(homeserver: Homeserver, database_url: str, tmp_path: Path) -> Iterator[Both]:
    """The two platforms, with the bot invited to both and no team yet."""
    with open_both(database_url, tmp_path) as made:
        yield made


def test_a_reaction_in_matrix_closes_what_was_begun_in_slack(both: Both) -> None:
    make_team(both)
    both.slack("ana", "team join physio")
    both.bo.say(both.room, "!care team join psychologist")
    assert eventually(lambda: any("Welcome to North team" in text for text in both.in_private(both.bo)))
    added = both.slack("ana", "patient add name='Tess Testcase' goal='Lift my grandson again'")
    code = re.search(r"P-[2-9A-Z]{4,}", added)
    assert code

    both.slack("ana", f"handoff offer {code[0]} bo 'PHQ-9 14, sleeps badly' told=yes")
    assert eventually(lambda: any(text.startswith("H-1 ·") for text in both.in_slack()))
    assert eventually(lambda: any("H-1 ·" in text for text in both.in_matrix(both.bo, both.room)))
    assert not any("PHQ-9" in text for text in both.in_slack()), "a Slack channel shows codes only"

    card = next(each for each in both.bo.messages(both.room) if "H-1 ·" in each.body)
    both.bo.react(both.room, card.event_id, "👍")

    accepted = "H-1 was accepted by"
    assert eventually(lambda: any(accepted in text for text in both.in_slack()))
    assert eventually(lambda: any(accepted in text for text in both.in_matrix(both.bo, both.room)))
    assert len([text for text in both.in_slack() if text.startswith("H-1 ·")]) == 1
    assert len([text for text in both.in_matrix(both.bo, both.room) if "H-1 ·" in text]) == 1

    a_claim_in_matrix_stops_a_flag_that_was_raised_in_slack(both, code[0])


def a_claim_in_matrix_stops_a_flag_that_was_raised_in_slack(both: Both, code: str) -> None:
    raised = both.slack("ana", f"flag {code} 'cannot pass water' emergency psychologist")
    assert "F-1 ·" in raised or "F-1 is up to date above" in raised
    assert eventually(lambda: any("F-1 ·" in text for text in both.in_private(both.bo)))
    forward(both, 5)  # silence: the lead is asked, and after that everybody in both rooms
    assert eventually(lambda: any("F-1 ·" in text for text in both.in_private(both.lea)))
    forward(both, 5)
    for room in (both.in_slack, lambda: both.in_matrix(both.bo, both.room)):
        assert eventually(lambda room=room: any("Nobody has taken F-1" in text for text in room()))  # type: ignore[misc]

    card = next(each for each in both.bo.messages(both.room) if each.body.startswith("F-1 ·"))
    both.bo.react(both.room, card.event_id, "👍")
    claimed = "F-1 was claimed by"
    assert eventually(lambda: any(claimed in text for text in both.in_slack()))
    assert eventually(lambda: any(claimed in text for text in both.in_matrix(both.bo, both.room)))
    yours = "It is yours. Say what was done by"
    assert eventually(lambda: any(yours in text for text in both.in_matrix(both.bo, both.room)))
    stood = [len(both.in_slack()), len(both.in_matrix(both.bo, both.room)), len(both.in_private(both.lea))]
    forward(both, 12)
    assert eventually(
        lambda: any("F-1 waits for you to say what" in text for text in both.in_private(both.bo))
    )
    now = [len(both.in_slack()), len(both.in_matrix(both.bo, both.room)), len(both.in_private(both.lea))]
    assert now == stood, "one claim stops everything on both"


def forward(both: Both, minutes: int) -> None:
    """Lets time pass, and waits for what it brings."""

    async def pass_by() -> None:
        both.bot.clock.forward(timedelta(minutes=minutes))
        await both.bot.app.ticker.tick()
        await both.bot.app.poster.drained()

    run(pass_by())
