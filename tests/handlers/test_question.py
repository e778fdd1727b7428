"""A question to the sender: it waits for its reply whatever else happens, and is asked of who can reply."""

from datetime import timedelta

import pytest

from tests.handlers.talk import Talk, own

ASKS = "Bo Lindqvist asks you about H-1"
OWED = "H-1 waits for your reply to Bo Lindqvist, until today "


@pytest.fixture
def asked(quick: Talk) -> str:
    """An urgent handoff of ana's, about which bo has asked something; the patient's code."""
    code = quick.patient(more="consent-team=yes")
    quick.direct("ana", f"handoff offer {code} psychologist urgent 'low mood'")
    quick.direct("bo", "handoff ask H-1 'anything for sleep?'")
    quick.hear()
    return code


def titles(talk: Talk, who: str) -> list[str]:
    """What somebody was told, without when."""
    return [each.partition(", until")[0] for each in talk.told(who)]


def test_a_question_outlives_a_colleagues_no(quick: Talk, asked: str) -> None:
    quick.direct("cy", "handoff decline H-1 'full'")
    card = quick.card("H-1")
    assert "Cy Osei declined. Bo Lindqvist has asked Ana Ruiz a question. H-1 waits" in card
    assert "1. Reply — handoff reply H-1\n2. Accept" in card
    quick.direct("bo", "handoff ask H-1 'and how often?'")
    assert "and how often?" in quick.private("ana")[-1]
    quick.direct("lea", "handoff decline H-1 'not mine'")
    quick.hear()
    assert "Your reply has been passed on." in quick.direct("ana", "handoff reply H-1 'none'")
    assert quick.handoff().state == "declined", "which it stays"
    assert "Ana Ruiz replied: none" in quick.private("bo")[-1]
    assert (quick.told("bo"), quick.told("cy")) == (["Ana Ruiz replied about H-1"], [])
    assert "has asked" not in quick.card("H-1")
    assert "Reply" not in quick.card("H-1")


def test_a_question_outlives_an_escalation(quick: Talk, asked: str) -> None:
    quick.pass_time(61)
    assert quick.handoff().state == "escalated"
    assert "Bo Lindqvist has asked Ana Ruiz a question. H-1 waits" in quick.card("H-1")
    answer_by = quick.handoff().answer_by
    quick.now += timedelta(minutes=5)
    quick.press("ana", "Reply")
    quick.direct("ana", "none, since May")
    after = quick.handoff()
    assert (after.state, after.talk.reply) == ("escalated", "none, since May")
    assert answer_by is not None
    assert after.answer_by == answer_by + timedelta(minutes=6), "the clock has started again"


def test_there_is_nothing_to_reply_to_without_a_question(quick: Talk, asked: str) -> None:
    quick.direct("ana", "handoff reply H-1 'none'")
    assert quick.direct("ana", "handoff reply H-1 'none'").startswith("H-1 waits for an answer from Bo")
    assert "Reply" not in quick.card("H-1")


def test_the_sender_is_reminded_of_the_question_and_others_who_are_asked_of_their_answer(
    quick: Talk, asked: str
) -> None:
    quick.pass_time(59)
    assert titles(quick, "ana") == ["H-1 waits for your reply to Bo Lindqvist"] * 2
    assert (quick.told("bo"), titles(quick, "cy")) == ([], ["H-1 still waits for your answer"] * 2)
    newest = list(quick.messages[own("ana")].values())[-1].card
    assert [each.says for each in newest.choices] == ["handoff reply H-1"]
    quick.pass_time(1)
    assert titles(quick, "lea") == [f"H-1 · {asked} · escalated"]
    quick.hear()
    quick.pass_time(20)
    assert titles(quick, "ana") == ["H-1 waits for your reply to Bo Lindqvist"]
    still = ["H-1 still waits for your answer"]
    assert (titles(quick, "lea"), titles(quick, "cy")) == (still, still), "who was asked since owes an answer"
    assert quick.told("bo") == [], "who waits for the reply"


def test_a_cover_is_reminded_of_the_question_for_a_sender_who_is_away(quick: Talk, asked: str) -> None:
    quick.direct("ana", "away until friday cover @lea")
    quick.hear()
    quick.pass_time(31)
    assert titles(quick, "lea") == ["H-1 waits for your reply to Bo Lindqvist"]
    assert quick.told("ana") == []
    assert "passed on" in quick.direct("lea", "handoff reply H-1 none")


def test_who_is_asked_has_no_button_for_the_senders_reply_in_a_reminder(quick: Talk, asked: str) -> None:
    quick.pass_time(80)
    reminder = list(quick.messages[own("lea")].values())[-1].card
    assert reminder.title.startswith("H-1 still waits for your answer")
    assert [each.label for each in reminder.choices] == ["Accept", "Ask", "Decline"]


def test_an_acceptance_takes_back_what_waited_for_the_morning(quick: Talk) -> None:
    code = quick.patient(more="consent-team=yes")
    quick.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    quick.forward(10 * 60 + 30)  # 20:30
    quick.direct("bo", "handoff ask H-1 'anything for sleep?'")
    quick.direct("ana", "handoff reply H-1 'none'")
    quick.direct("cy", "handoff accept H-1")
    quick.hear()
    quick.forward(11 * 60)
    assert quick.told("ana") == ["H-1 was accepted"]
    assert (quick.told("bo"), quick.told("cy")) == ([], [])


def test_a_question_that_waits_for_the_morning_is_still_asked_then(quick: Talk) -> None:
    code = quick.patient(more="consent-team=yes")
    quick.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    quick.forward(10 * 60 + 30)
    quick.direct("bo", "handoff ask H-1 'anything for sleep?'")
    quick.direct("cy", "handoff decline H-1 'full'")
    quick.hear()
    quick.forward(11 * 60)
    assert quick.told("ana") == [ASKS, "H-1: Cy Osei can't take it"]
    assert "anything for sleep?" in quick.private("ana")[-2]
