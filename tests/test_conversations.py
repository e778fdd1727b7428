"""The specification: what people say to Baton and what comes of it, the same on every way in and database.

The ways in are Slack (the real slack-bolt against a loopback workspace), Matrix (a real homeserver, an
encrypted room) and the practice page (a real browser).
"""

from collections.abc import Iterator

import pytest

from tests.stages.at_work import WAYS_IN, cards, make_team, new_patient, open_stage, seen, told
from tests.stages.stage import Stage


@pytest.fixture(params=WAYS_IN)
def stage(request: pytest.FixtureRequest, database_url: str) -> Iterator[Stage]:
    """A team at work on one platform and one database."""
    made = open_stage(request.param, database_url)
    try:
        make_team(made)
        yield made
    finally:
        made.close()


def test_a_patient_passes_from_a_physiotherapist_to_a_psychologist(stage: Stage) -> None:
    code = new_patient(stage)

    stage.say("ana", f"handoff offer {code.lower()} @bo “PHQ-9 14, sleeps badly” told=yes")
    stage.wait_for(lambda: told(stage, "bo", "H-1", "Accept"))
    stage.wait_for(lambda: seen(stage, "H-1 ·", code, "offered", "waits for an answer from Bo Lindqvist"))

    stage.press("bo", "Accept", private=True)
    stage.wait_for(lambda: seen(stage, "H-1 ·", "accepted by Bo Lindqvist"))
    stage.wait_for(lambda: told(stage, "ana", "H-1 was accepted"))

    stage.press("bo", "Read back", private=True)
    stage.fill(
        "bo", {"In your own words: what did you take over, and what will you do?": "I see her this week"}
    )
    stage.wait_for(lambda: told(stage, "ana", "I see her this week"))

    stage.direct("bo", "handoff introduce H-1 in-person")
    stage.wait_for(lambda: seen(stage, "H-1 ·", "introduced"))
    stage.direct("bo", "handoff complete H-1 'first visit booked'")
    stage.wait_for(lambda: seen(stage, "H-1 ·", "completed by Bo Lindqvist"))

    assert len(cards(stage, "H-1")) == 1, "one card a room, however often it changed"
    assert not any("Tess" in message or "MRN-0001" in message for message in stage.room())


def test_silence_widens_until_the_whole_channel_is_rung(stage: Stage) -> None:
    code = new_patient(stage)
    stage.say("ana", f"handoff offer {code} bo urgent “please see soon”")
    stage.wait_for(lambda: told(stage, "bo", "H-1", "Accept"))

    stage.forward(45)
    stage.wait_for(lambda: told(stage, "bo", "H-1 still waits for your answer"))
    stage.forward(60)
    stage.wait_for(lambda: told(stage, "cy", "H-1", "Accept"))
    stage.wait_for(lambda: told(stage, "ana", "was not answered in time", "Cy Osei"))
    for _ in range(6):
        stage.forward(60)
    stage.wait_for(lambda: told(stage, "lea", "H-1"))
    stage.wait_for(lambda: seen(stage, "Nobody has taken H-1", "01632 960001"))

    stage.direct("cy", "handoff accept H-1")
    stage.wait_for(lambda: seen(stage, "H-1 ·", "accepted by Cy Osei"))
    before = len(stage.private("bo"))
    stage.forward(24 * 60)
    assert len(stage.private("bo")) == before, "an acceptance stops everything"
    assert len(cards(stage, "H-1")) == 1


def test_a_stale_button_says_how_it_stands(stage: Stage) -> None:
    code = new_patient(stage)
    stage.say("ana", f"handoff offer {code} psychologist “low mood”")
    stage.wait_for(lambda: told(stage, "bo", "H-1", "Accept") and told(stage, "cy", "H-1", "Accept"))

    stage.direct("cy", "handoff accept H-1")
    stage.wait_for(lambda: seen(stage, "H-1 ·", "accepted by Cy Osei"))
    stage.direct("bo", "handoff accept H-1")

    stage.wait_for(lambda: told(stage, "bo", "H-1 was accepted by Cy Osei"))
    assert seen(stage, "H-1 ·", "accepted by Cy Osei")


def test_a_decline_needs_a_reason_and_goes_to_the_next(stage: Stage) -> None:
    code = new_patient(stage)
    stage.say("ana", f"handoff offer {code} bo “low mood”")
    stage.wait_for(lambda: told(stage, "bo", "H-1", "Accept"))

    stage.press("bo", "Decline", private=True)
    stage.fill("bo", {"Reason": "I am full until January"})

    stage.wait_for(lambda: told(stage, "cy", "H-1", "Accept"))
    stage.wait_for(lambda: seen(stage, "H-1 ·", "Bo Lindqvist declined"))
    stage.wait_for(lambda: told(stage, "ana", "Bo Lindqvist can't take it", "Cy Osei"))
    assert len(cards(stage, "H-1")) == 1
    assert seen(stage, "H-1 ·", "waits for an answer from Cy Osei")


def test_a_line_without_its_arguments_opens_a_form(stage: Stage) -> None:
    code = new_patient(stage)
    stage.direct("ana", f"handoff offer {code} bo")
    stage.fill(
        "ana", {"Patient summary": "Two years of back pain", "If things change": "New weakness: same day"}
    )

    stage.wait_for(lambda: told(stage, "bo", "H-1", "Two years of back pain", "New weakness: same day"))
    stage.wait_for(lambda: seen(stage, "H-1 ·", code, "offered", "waits for an answer from Bo Lindqvist"))
    assert not told(stage, "cy", "H-1"), "it was offered to one person"


def test_what_is_typed_wrong_is_answered_with_what_was_meant(stage: Stage) -> None:
    stage.direct("ana", "handof list")
    stage.wait_for(lambda: told(stage, "ana", "Did you mean", "handoff list"))
    stage.direct("ana", "patient show P-7K3Q")
    mistyped = "No patient has that code, so something in it is mistyped: read it again, like P-7K3K."
    stage.wait_for(lambda: told(stage, "ana", mistyped))
    assert not told(stage, "ana", "Patient P-"), "nobody is taken for somebody else"


def test_help_shows_what_this_person_may_do_here(stage: Stage) -> None:
    stage.direct("ana", "help")
    stage.wait_for(lambda: told(stage, "ana", "handoff: offer, accept, decline"))
    assert not told(stage, "ana", "role, lead, detail")
    stage.direct("lea", "help")
    stage.wait_for(lambda: told(stage, "lea", "role, lead, detail"))
