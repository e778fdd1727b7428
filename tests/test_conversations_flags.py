"""The specification of measures and flags: what an entry sets off, whom it asks, and how it ends.

The same on every way in and database, as in tests/test_conversations.py. The room shows codes only here.
"""

from collections.abc import Iterator

import pytest

from tests.stages.at_work import WAYS_IN, cards, make_team, new_patient, open_stage, seen, told
from tests.stages.stage import PEOPLE, Stage

ROLES = {"ana": "physio", "bo": "psychologist", "cy": "psychologist", "dana": "primary-care"}
DISTRESS = "PHQ-9 3 3 3 3 2 3 2 2 0"
"""21 in all, without thoughts of self-harm: severe, and urgent."""
NOT_FOR_THE_ROOM = ("21", "PHQ", "mood", "psychology", "cauda", "Red flag", "Tess", "MRN-0001", "today at 11")
CALL_FIRST = "call the local emergency number now. Baton does not call anyone. (999)"


@pytest.fixture(params=WAYS_IN)
def stage(request: pytest.FixtureRequest, database_url: str) -> Iterator[Stage]:
    """A team at work on one platform and one database; its room may show codes only."""
    made = open_stage(request.param, database_url, {**PEOPLE, "dana": "Dana Whitfield"})
    try:
        make_team(made, ROLES)
        made.say("lea", "team detail code")
        made.wait_for(lambda: told(made, "lea", "codes only") or seen(made, "codes only"))
        yield made
    finally:
        made.close()


def assess(stage: Stage, code: str, values: str, flag: str = "F-1") -> None:
    """Ana enters measures in private, and is told what they set off."""
    stage.direct("ana", f"assess {code} {values}")
    stage.wait_for(lambda: told(stage, "ana", values.partition(" ")[0], flag))


def the_room_has_codes_only(stage: Stage, ref: str = "F-1") -> None:
    assert len(cards(stage, ref)) == 1, "one card a room, however often it changed"
    shown = [word for word in NOT_FOR_THE_ROOM if any(word in message for message in stage.room())]
    assert shown == []


def test_an_entry_asks_who_must_answer_and_is_answered(stage: Stage) -> None:
    code = new_patient(stage)

    assess(stage, code, DISTRESS)
    assert told(stage, "ana", "21 (0 to 27, more is worse): severe", "F-1")
    stage.wait_for(lambda: told(stage, "bo", "F-1 ·", code, "Severe low mood", "Claim"))
    stage.wait_for(lambda: told(stage, "cy", "F-1 ·", code, "Severe low mood", "Claim"))
    stage.wait_for(lambda: seen(stage, "F-1 ·", code, "waits for an answer from", "Bo Lindqvist", "Cy Osei"))

    stage.press("bo", "Claim", private=True)
    stage.wait_for(lambda: seen(stage, "F-1 ·", "claimed by Bo Lindqvist"))
    stage.press("bo", "Resolve", private=True)
    stage.fill("bo", {"What was done?": "Rang her, no plan to harm herself; seen today at 11"})
    stage.wait_for(lambda: seen(stage, "F-1 ·", "resolved by Bo Lindqvist"))

    the_room_has_codes_only(stage)
    assert not told(stage, "dana", "F-1"), "who was not asked is not disturbed"
    stage.direct("bo", "flag show F-1")
    stage.wait_for(lambda: told(stage, "bo", "depression-severe, version 1", "no plan to harm herself"))


def test_a_red_flag_says_first_what_to_do_and_widens_until_it_is_claimed(stage: Stage) -> None:
    code = new_patient(stage)

    assess(stage, code, "RED-FLAGS cauda-equina")
    stage.wait_for(lambda: told(stage, "dana", "F-1 ·", CALL_FIRST, "Red flag: cauda equina"))
    stage.wait_for(lambda: seen(stage, "F-1 ·", code, CALL_FIRST))
    card = cards(stage, "F-1")[0]
    assert card.index(CALL_FIRST) < card.index("waits for an answer from Dana Whitfield")
    assert not told(stage, "lea", "F-1")

    stage.forward(5)
    stage.wait_for(lambda: told(stage, "lea", "F-1 ·", "escalated"))
    stage.forward(5)
    stage.wait_for(lambda: seen(stage, "Nobody has taken F-1", "01632 960001"))

    stage.press("dana", "Claim", private=True)
    stage.wait_for(lambda: seen(stage, "F-1 ·", "claimed by Dana Whitfield"))
    heard, rung = len(stage.private("lea")), len(stage.room())
    stage.forward(15)
    stage.wait_for(lambda: told(stage, "dana", "F-1 waits for you to say what was done"))
    assert (len(stage.private("lea")), len(stage.room())) == (heard, rung), "a claim stops everything"
    the_room_has_codes_only(stage)


def test_a_corrected_entry_closes_its_flag_and_leaves_a_trace(stage: Stage) -> None:
    code = new_patient(stage)
    assess(stage, code, DISTRESS)
    stage.wait_for(lambda: told(stage, "bo", "F-1 ·", "Claim"))
    stage.press("bo", "Claim", private=True)
    stage.wait_for(lambda: seen(stage, "F-1 ·", "claimed by Bo Lindqvist"))

    stage.direct("ana", "assess correct M-1 1 1 1 1 1 1 1 1 0")
    stage.wait_for(lambda: told(stage, "ana", "M-1 is corrected by M-2", "F-1"))
    stage.wait_for(lambda: seen(stage, "F-1 ·", "closed by itself"))
    stage.wait_for(lambda: told(stage, "bo", "F-1 closed by itself: what it rested on was corrected"))
    heard = len(stage.private("bo")), len(stage.private("cy")), len(stage.private("lea"))
    stage.forward(60)
    assert (len(stage.private("bo")), len(stage.private("cy")), len(stage.private("lea"))) == heard

    stage.direct("ana", "flag show F-1")
    stage.wait_for(lambda: told(stage, "ana", "F-1 ·", "Counts no more"))
    the_room_has_codes_only(stage)


def test_of_two_who_claim_one_has_it_and_the_other_hears_who(stage: Stage) -> None:
    code = new_patient(stage)
    assess(stage, code, DISTRESS)
    stage.wait_for(lambda: told(stage, "bo", "F-1 ·", "Claim") and told(stage, "cy", "F-1 ·", "Claim"))

    stage.direct("bo", "flag claim F-1")
    stage.direct("cy", "flag claim F-1")
    stage.wait_for(lambda: told(stage, "bo", "It is yours") or told(stage, "cy", "It is yours"))
    won, lost = ("Bo Lindqvist", "cy") if told(stage, "bo", "It is yours") else ("Cy Osei", "bo")
    stage.wait_for(lambda: told(stage, lost, f"F-1 was claimed by {won}"))
    stage.wait_for(lambda: seen(stage, "F-1 ·", f"claimed by {won}"))
    assert not told(stage, lost, "It is yours")
    the_room_has_codes_only(stage)
