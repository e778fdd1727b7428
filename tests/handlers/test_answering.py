"""Answers to an offer: accepted, declined, asked about, given back, cancelled."""

import pytest

from cards.plain import plain
from tests.handlers.talk import ROOM, Talk, own


@pytest.fixture
def code(talk: Talk) -> str:
    """A patient of ana's."""
    return talk.patient(more="consent-team=yes")


def test_the_whole_way(talk: Talk, code: str) -> None:
    talk.say("ana", f"handoff offer {code} bo 'PHQ-9 14'")
    talk.press("bo", "Accept")
    assert talk.told("ana") == ["H-1 was accepted"]
    assert talk.direct("bo", "handoff complete H-1 'done'") == (
        "H-1 was accepted by Bo Lindqvist, today 10:00. Next comes `handoff readback H-1`."
    )
    assert talk.direct("ana", "handoff correct H-1 'no'") == (
        "H-1 has not been read back yet, so there is nothing to correct."
    )
    talk.direct("bo", "handoff introduce H-1 in person")
    assert talk.direct("bo", "handoff complete H-1 'done'") == (
        "H-1 needs the receiver's read-back before it can be completed: "
        "type `handoff readback H-1` and say in your own words what you took over."
    )
    talk.direct("bo", "handoff readback H-1 'I see her for low mood'")
    assert talk.told("ana") == ["Bo Lindqvist read H-1 back"]
    assert "Read back by the receiver: I see her for low mood" in talk.private("ana")[-1]
    talk.press("ana", "Correct")
    talk.direct("ana", "and for sleep")
    assert talk.told("bo")[-1] == "Ana Ruiz corrected H-1"
    assert "needs the receiver's read-back" in talk.direct("bo", "handoff complete H-1 'done'")
    talk.direct("bo", "handoff readback H-1 'for low mood and sleep'")
    assert "H-1 was completed by Bo Lindqvist, today 10:00." in talk.direct(
        "bo", "handoff complete H-1 'booked'"
    )
    assert talk.told("ana") == ["Bo Lindqvist read H-1 back", "H-1 was completed by Bo Lindqvist"]
    assert talk.journal("H-1") == [
        f"handoff {each}"
        for each in ("offered", "accepted", "introduced", "read back", "corrected", "read back", "completed")
    ]
    assert talk.may_see("bo", code)
    assert not talk.may_see("cy", code)


def test_a_stale_button_says_how_it_stands_and_changes_nothing(talk: Talk, code: str) -> None:
    talk.say("ana", f"handoff offer {code} psychologist 'low mood'")
    talk.direct("cy", "handoff accept H-1")
    before = talk.handoff()
    talk.now = talk.now.replace(hour=12)
    for line in ("accept H-1", "decline H-1 'full'", "ask H-1 'why?'"):
        assert talk.direct("bo", f"handoff {line}") == "H-1 was accepted by Cy Osei, today 10:00."
    assert talk.handoff() == before


def test_a_no_needs_a_reason_which_the_sender_sees_and_it_goes_to_the_next(talk: Talk, code: str) -> None:
    talk.say("ana", f"handoff offer {code} bo 'low mood'")
    talk.hear()
    assert "Reason" in talk.direct("bo", "handoff decline H-1")
    talk.direct("bo", "cancel")
    talk.direct("bo", "handoff decline H-1 I am full until January")
    assert (talk.told("ana"), talk.told("cy")) == (
        ["H-1: Bo Lindqvist can't take it"], [f"H-1 · {code} · offered"]
    )  # fmt: skip
    assert "Bo Lindqvist declined. H-1 waits for an answer from Cy Osei" in talk.card("H-1")
    assert "Reason given: Bo Lindqvist: I am full until January" in talk.card("H-1", own("cy"))
    assert not talk.may_see("bo", code)
    assert "I am full" not in talk.card("H-1", own("bo")), "who said no follows it by code only"
    talk.hear()
    assert talk.direct("bo", "handoff decline H-1 no") == (
        "You have said no to H-1 already; you can still accept it."
    )
    assert (talk.told("ana"), talk.told("lea")) == ([], [])


def test_when_one_of_a_role_says_no_the_others_are_still_asked(talk: Talk, code: str) -> None:
    talk.say("ana", f"handoff offer {code} psychologist 'low mood'")
    talk.hear()
    assert "Still asked: Cy Osei." in talk.direct("bo", "handoff decline H-1 'full'")
    assert (talk.told("lea"), talk.told("cy")) == ([], [])
    talk.direct("cy", "handoff decline H-1 'full'")
    assert talk.told("lea") == [f"H-1 · {code} · offered"]
    talk.direct("lea", "handoff decline H-1 'not mine'")
    rung = talk.news(ROOM)
    assert [each.card.title for each in rung] == [f"Nobody has taken H-1 ({code}) yet"]
    assert "If nobody can, ring 01632 960001." in plain(rung[0].card)
    assert rung[0].everyone
    talk.pass_time(3000)
    assert talk.handoff().state == "expired"
    assert f"Nobody took H-1 ({code})" in talk.told("lea")
    assert "Ring 01632 960001." in talk.card("H-1")
    talk.direct("bo", "handoff accept H-1")
    assert "accepted by Bo Lindqvist" in talk.card("H-1")


def test_a_question_and_its_reply_start_the_clock_again(talk: Talk, code: str) -> None:
    talk.say("ana", f"handoff offer {code} psychologist urgent 'low mood'")
    talk.forward(40)
    talk.hear()
    talk.direct("bo", "handoff ask H-1 'anything for sleep?'")
    talk.direct("cy", "handoff ask H-1 'since when?'")
    assert talk.told("ana") == ["Bo Lindqvist asks you about H-1", "Cy Osei asks you about H-1"]
    assert "anything for sleep?" in talk.private("ana")[-1]
    assert "since when?" in talk.private("ana")[-1]
    assert talk.direct("cy", "handoff reply H-1 'none'") == "H-1 was asked of Ana Ruiz, who offered it."
    talk.forward(40)
    assert talk.handoff().state == "question asked"
    talk.hear()
    talk.press("ana", "Reply")
    talk.direct("ana", "None, since May")
    assert (talk.told("bo"), talk.told("cy")) == (["Ana Ruiz replied about H-1"],) * 2
    assert talk.handoff().answer_by == talk.now.replace(hour=12, minute=20)


def test_what_is_given_back_is_offered_afresh_and_access_ends(talk: Talk, code: str) -> None:
    talk.say("ana", f"handoff offer {code} psychologist 'low mood'")
    talk.direct("bo", "handoff accept H-1")
    assert (talk.may_see("bo", code), talk.may_see("cy", code)) == (True, False)
    talk.direct("bo", "handoff readback H-1 'for low mood'")
    talk.hear()
    assert talk.direct("cy", "handoff giveback H-1 x") == (
        "Only Bo Lindqvist, who holds H-1, their cover or the lead can give it back."
    )
    talk.direct("bo", "handoff giveback H-1 'I fell ill'")
    assert talk.told("cy") == ["H-1 is offered again: Bo Lindqvist gave it back"]
    assert talk.told("ana") == talk.told("lea") == ["H-1: Bo Lindqvist gave it back"]
    assert (talk.may_see("bo", code), talk.may_see("cy", code)) == (False, True)
    assert "Read back" not in talk.card("H-1", own("cy"))
    talk.direct("cy", "handoff accept H-1")
    assert talk.handoff().receiver == talk.id("cy")


def test_who_was_on_the_care_team_before_stays_there_after_giving_back(talk: Talk, code: str) -> None:
    talk.direct("ana", f"patient let in {code} bo")
    talk.forward(1)
    talk.say("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("bo", "handoff accept H-1")
    talk.direct("bo", "handoff giveback H-1 'I fell ill'")
    assert talk.may_see("bo", code)


def test_a_cancellation_is_told_to_who_holds_it_and_to_the_sender(talk: Talk, code: str) -> None:
    talk.say("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("bo", "handoff accept H-1")
    talk.hear()
    assert talk.direct("cy", "handoff cancel H-1 x") == (
        "Only Ana Ruiz, who offered H-1, or the lead can cancel it."
    )
    talk.direct("lea", "handoff cancel H-1 'went to hospital'")
    assert talk.told("ana") == talk.told("bo") == ["H-1 was cancelled by Lea Brandt"]
    assert "H-1 was cancelled, today 10:00." in talk.card("H-1")
    talk.hear()
    talk.pass_time(6000)
    assert all(talk.told(who) == [] for who in ("ana", "bo", "cy", "lea"))


def test_who_was_introduced_without_the_patient_meets_them_later(talk: Talk, code: str) -> None:
    talk.say("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("bo", "handoff accept H-1")
    talk.direct("bo", "handoff readback H-1 'low mood'")
    said = talk.direct("bo", "handoff introduce H-1 not-present")
    assert "not a warm handoff: `handoff introduce H-1` again when they have met." in said
    assert "1. Introduced 🤝 — handoff introduce H-1\n2. Complete without a meeting ✅" in talk.card("H-1")
    before = talk.handoff().answer_by
    talk.forward(30)
    met = talk.direct("bo", "handoff introduce H-1 in-person")
    assert "who has been introduced to the patient, today 10:30" in met
    assert "Introduction: In person, together, 3 Mar 2031 10:30" in met
    assert "not a warm handoff" not in met
    assert talk.handoff().answer_by == before
    assert "1. Complete ✅ — handoff complete H-1" in talk.card("H-1")
    refused = talk.direct("bo", "handoff introduce H-1 phone")
    assert refused.endswith("Next comes `handoff complete H-1`.")
    talk.direct("bo", "handoff complete H-1 'booked'")
    assert "No meeting" not in talk.card("H-1")


def test_a_completion_without_any_meeting_says_so(talk: Talk, code: str) -> None:
    talk.say("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("bo", "handoff accept H-1")
    talk.direct("bo", "handoff readback H-1 'low mood'")
    talk.direct("bo", "handoff introduce H-1 not-present")
    talk.direct("bo", "handoff complete H-1 'rang twice'")
    said = "No meeting with the patient took place."
    assert f"H-1 was completed by Bo Lindqvist, today 10:00. {said}" in talk.card("H-1")
    timeline = talk.direct("ana", f"patient timeline {code}")
    assert f"handoff completed H-1: {said} rang twice" in timeline
