"""The specification of charts: the same picture on every way in, where everybody may see it or in private.

Like tests/test_conversations.py: a loopback Slack, encrypted rooms of a real homeserver, a real browser.
"""

from collections.abc import Iterator

import pytest

from cards.picture import size_of
from tests.stages.at_work import WAYS_IN, make_team, new_patient, open_stage, seen, told
from tests.stages.stage import Stage

WIDE = 1080


@pytest.fixture(params=WAYS_IN)
def stage(request: pytest.FixtureRequest, database_url: str) -> Iterator[Stage]:
    """A team at work on one platform and one database."""
    made = open_stage(request.param, database_url)
    try:
        make_team(made, {"ana": "physio"})
        yield made
    finally:
        made.close()


def measured(stage: Stage) -> str:
    """A patient of Ana's, better after an hour than before: the code."""
    code = new_patient(stage)
    stage.direct("ana", f"assess {code} PEG 8 7 7")
    stage.wait_for(lambda: told(stage, "ana", f"{code}: 1 measure noted", "7.33"))
    stage.forward(60)
    stage.direct("ana", f"assess {code} PEG 5 4 4")
    stage.wait_for(lambda: told(stage, "ana", f"{code}: 1 measure noted", "4.33"))
    return code


def detail(stage: Stage, level: str, says: str) -> None:
    stage.say("lea", f"team detail {level}")
    stage.wait_for(lambda: told(stage, "lea", says) or seen(stage, says))


def test_a_chart_goes_where_it_may_be_seen(stage: Stage) -> None:
    code = measured(stage)
    detail(stage, "code", "now shows codes only")
    stage.say("ana", f"chart {code}")
    stage.wait_for(lambda: bool(stage.pictures("ana")))
    assert told(stage, "ana", f"Chart of {code}")
    stage.wait_for(
        lambda: told(stage, "ana", "in your direct messages") or seen(stage, "in your direct messages")
    )
    (private,) = stage.pictures("ana")
    assert stage.pictures() == []
    assert not seen(stage, "7.33")

    detail(stage, "clinical", "now shows what was written about patients")
    stage.say("ana", f"chart {code} peg")
    stage.wait_for(lambda: bool(stage.pictures()))
    assert stage.pictures() == [private], "the same chart is the same picture everywhere"
    assert len(stage.pictures("ana")) == 1

    stage.direct("ana", f"chart {code}")
    stage.wait_for(lambda: len(stage.pictures("ana")) == 2)
    size = size_of(private)
    assert size is not None
    assert size[0] == WIDE
    assert stage.pictures("bo") == []
