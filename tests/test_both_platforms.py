"""One team on Slack and on Matrix at once: one record, one card in each, an answer in either closes both."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.homeserver import Homeserver
from tests.both_stage import Both, make_team, open_both
from tests.matrix_bot import eventually


@pytest.fixture
def both(homeserver: Homeserver, database_url: str, tmp_path: Path) -> Iterator[Both]:
    """The two platforms, with the bot invited to both and no team yet."""
    with open_both(database_url, tmp_path) as made:
        yield made


def test_a_reaction_in_matrix_closes_what_was_offered_in_slack(both: Both) -> None:
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
