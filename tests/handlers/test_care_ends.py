"""What ends with a place in a team, on a care team or in a role, and what does not."""

from datetime import timedelta

import pytest

from storage.outbox import Lane
from tests.handlers.talk import NAMES, Talk, own

SOUTH = Lane("slack", "C-south")
ASKED = "H-1 · {} · offered"


@pytest.fixture
def code(quick: Talk) -> str:
    """A patient of ana's."""
    made = quick.patient(more="consent-team=yes")
    quick.hear()
    return made


def done_by(talk: Talk, ref: str = "H-1") -> tuple[str, str]:
    """The newest row of a handoff in the journal: what was done, and the member who did it."""
    with talk.store.clinic(talk.now) as clinic:
        entry = clinic.journal.of(subject=ref)[-1]
    return entry.action, entry.member


def buttons(talk: Talk, who: str) -> list[str]:
    """The buttons of the newest private message."""
    return [each.label for each in list(talk.messages[own(who)].values())[-1].card.choices]


def nobody_was_told(talk: Talk) -> bool:
    return all(talk.told(who) == [] for who in NAMES)


def test_who_leaves_one_of_two_teams_keeps_what_is_theirs_in_the_other(quick: Talk, code: str) -> None:
    quick.room_known(SOUTH, "")
    quick.ask("eli", "team setup name='South team' phone=1 role=physio", lane=SOUTH)
    quick.ask("bo", "team join psychologist", lane=SOUTH)
    for summary in ("low mood", "poor sleep"):
        quick.direct("ana", f"handoff offer {code} bo '{summary}'")
    quick.direct("bo", "handoff accept H-2")
    before = [quick.handoff(ref) for ref in ("H-1", "H-2")]
    quick.hear()
    quick.ask("bo", "team leave", lane=SOUTH)
    assert [quick.handoff(ref) for ref in ("H-1", "H-2")] == before
    assert quick.heard(SOUTH) == []
    assert quick.told("eli") == ["Bo Lindqvist has left South team"]
    assert code not in quick.private("eli")[-1]
    assert nobody_was_told(quick)
    assert quick.may_see("bo", code)


def test_who_leaves_while_others_are_asked_has_no_more_than_the_code(quick: Talk, code: str) -> None:
    quick.direct("ana", f"patient let in {code} bo")
    for summary in ("low mood", "poor sleep"):
        quick.direct("ana", f"handoff offer {code} psychologist '{summary}'")
    quick.direct("cy", "handoff accept H-2")
    assert "low mood" in quick.card("H-1", own("bo"))
    assert "poor sleep" in quick.card("H-2", own("bo"))
    quick.say("bo", "team leave")
    assert "low mood" not in quick.card("H-1", own("bo"))
    assert "poor sleep" not in quick.card("H-2", own("bo")), "which a colleague holds"
    assert "low mood" in quick.card("H-1", own("cy")), "who is asked still"


def test_who_leaves_holding_one_of_two_sees_nothing_of_either_and_the_sender_is_told(
    quick: Talk, code: str
) -> None:
    for summary in ("low mood", "poor sleep"):
        quick.direct("ana", f"handoff offer {code} psychologist '{summary}'")
    quick.direct("bo", "handoff accept H-1")
    quick.hear()
    quick.say("bo", "team leave")
    assert not quick.may_see("bo", code), "though H-2 had asked them, too"
    assert "low mood" not in quick.card("H-1", own("bo"))
    assert "poor sleep" not in quick.card("H-2", own("bo"))
    assert quick.told("ana") == ["H-1: Bo Lindqvist has left"]
    assert quick.private("ana")[-1].endswith("Still asked: Cy Osei.")
    assert quick.told("lea") == ["Bo Lindqvist has left North team"], "in which it is listed"


def test_who_leaves_holding_both_sees_nothing_of_either(quick: Talk, code: str) -> None:
    for ref, summary in (("H-1", "low mood"), ("H-2", "poor sleep")):
        quick.direct("ana", f"handoff offer {code} psychologist '{summary}'")
        quick.direct("bo", f"handoff accept {ref}")
    quick.say("bo", "team leave")
    assert not quick.may_see("bo", code)
    assert "low mood" not in quick.card("H-1", own("bo"))
    assert "poor sleep" not in quick.card("H-2", own("bo"))


def test_what_waits_from_another_team_stays_whole(quick: Talk, code: str) -> None:
    quick.room_known(SOUTH, "")
    quick.ask("eli", "team setup name='South team' phone=1 role=physio", lane=SOUTH)
    quick.ask("bo", "team join psychologist", lane=SOUTH)
    quick.until(quick.now.replace(hour=22))
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.ask("bo", "team leave", lane=SOUTH)
    quick.until(quick.now.replace(hour=7) + timedelta(days=1))
    assert "low mood" in quick.card("H-1", own("bo"))


def test_a_flag_shows_no_more_than_the_code_to_who_left_or_was_taken_off(quick: Talk, code: str) -> None:
    quick.direct("ana", f"flag {code} 'numbness in the saddle' urgent psychologist")
    assert all("numbness" in quick.card("F-1", own(who)) for who in ("bo", "cy"))
    quick.direct("ana", f"patient let out {code} @cy")
    quick.say("bo", "team leave")
    assert [who for who in ("bo", "cy") if "numbness" in quick.card("F-1", own(who))] == []


# Access that a handoff gave


def test_access_ends_with_the_last_handoff_that_gave_it(quick: Talk, code: str) -> None:
    for summary in ("low mood", "poor sleep"):
        quick.direct("ana", f"handoff offer {code} bo '{summary}'")
        quick.now += timedelta(minutes=30)
    quick.direct("bo", "handoff accept H-2")
    quick.now += timedelta(minutes=5)
    quick.direct("bo", "handoff giveback H-2 'full'")
    assert quick.may_see("bo", code), "H-1 still asks them"
    quick.direct("bo", "handoff decline H-1 'full'")
    assert not quick.may_see("bo", code)
    assert "Care team:\n- Ana Ruiz\n" in quick.direct("ana", f"patient show {code}")


def test_access_ends_with_the_last_of_two_that_were_held_in_whatever_order(quick: Talk, code: str) -> None:
    for number in (1, 2):
        quick.direct("ana", f"handoff offer {code} bo 'low mood'")
        quick.direct("bo", f"handoff accept H-{number}")
        quick.now += timedelta(minutes=30)
    quick.direct("bo", "handoff giveback H-1 'full'")
    assert quick.may_see("bo", code), "they hold H-2"
    quick.direct("bo", "handoff giveback H-2 'full'")
    assert not quick.may_see("bo", code)


def test_a_glass_that_closed_long_ago_is_no_place_on_the_care_team(quick: Talk, code: str) -> None:
    quick.direct("bo", f"break-glass {code} 'on duty'")
    quick.forward(5 * 60)
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.direct("bo", "handoff accept H-1")
    quick.direct("bo", "handoff giveback H-1 'full'")
    assert not quick.may_see("bo", code)


def test_a_broken_glass_stays_open_whatever_becomes_of_handoffs(quick: Talk, code: str) -> None:
    quick.direct("bo", f"break-glass {code} 'she rang'")
    quick.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    quick.direct("cy", "handoff accept H-1")
    assert quick.may_see("bo", code), "though a colleague took it"
    quick.direct("ana", f"handoff offer {code} bo 'poor sleep'")
    quick.direct("bo", "handoff accept H-2")
    quick.direct("bo", "handoff giveback H-2 'full'")
    assert quick.may_see("bo", code), "though they gave it back"
    assert "Bo" not in quick.direct("ana", f"patient show {code}"), "it is no place on the care team"
    quick.now += timedelta(hours=4)
    assert not quick.may_see("bo", code)


def test_a_broken_glass_ends_with_the_place_in_the_team(quick: Talk, code: str) -> None:
    quick.direct("bo", f"break-glass {code} 'she rang'")
    quick.say("bo", "team leave")
    assert not quick.may_see("bo", code)


# Taken off a care team


def test_who_is_taken_off_the_care_team_is_asked_no_more_and_the_next_is(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.hear()
    said = quick.direct("ana", f"patient let out {code} bo")
    assert said.startswith(f"Bo Lindqvist is no longer on the care team of {code}.")
    assert "- H-1 waits for an answer from Cy Osei, until" in said
    assert (quick.told("cy"), quick.told("bo")) == ([ASKED.format(code)], [])
    assert not quick.may_see("bo", code)
    assert "low mood" not in quick.card("H-1", own("bo"))
    refused = (
        f"You were taken off the care team of {code} while H-1 was open, so somebody else has to answer it."
    )
    for line in ("accept H-1", "decline H-1 full", "ask H-1 why"):
        assert quick.direct("bo", f"handoff {line}") == refused
    assert done_by(quick) == ("handoff asked no more", quick.id("ana"))
    quick.pass_time(3 * 24 * 60)
    assert quick.told("bo") == [], "and is not reminded"


def test_others_who_are_asked_keep_their_time_when_one_is_taken_off(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    until = quick.handoff().answer_by
    quick.now += timedelta(minutes=10)
    quick.hear()
    quick.direct("ana", f"patient let out {code} bo")
    assert (quick.handoff().asked, quick.handoff().answer_by) == ((quick.id("cy"),), until)
    assert quick.told("cy") == []


def test_who_is_taken_off_holds_nothing_any_more(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    quick.direct("bo", "handoff accept H-1")
    quick.direct("bo", f"handoff offer {code} cy 'poor sleep'")
    quick.hear()
    said = quick.direct("ana", f"patient let out {code} bo")
    assert "- H-1 waits for an answer from Cy Osei, until" in said
    assert (quick.handoff().receiver, quick.handoff().asked) == ("", (quick.id("cy"),))
    gave = "Ana Ruiz gave it back for Bo Lindqvist"
    assert quick.told("cy") == [f"H-1 is offered again: {gave}"]
    assert quick.told("lea") == [f"H-1: {gave}"]
    assert quick.told("bo") == [f"H-1 is no longer yours: {gave}"]
    assert not quick.may_see("bo", code)
    assert not [each for each in quick.private("bo") if "low mood" in each or "poor sleep" in each]
    assert quick.direct("bo", "handoff accept H-1").startswith("You were taken off the care team")
    quick.direct("ana", f"handoff offer {code} bo 'after all'")
    assert "accepted by Bo Lindqvist" in quick.direct("bo", "handoff accept H-3"), "asked anew by name"


def test_who_is_let_in_again_may_answer_again(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    quick.direct("ana", f"patient let out {code} @bo")
    assert "taken off the care team" in quick.direct("bo", "handoff accept H-1")
    quick.direct("ana", f"patient let in {code} @bo")
    assert quick.direct("bo", "handoff accept H-1").startswith(f"H-1 · {code} · accepted")


def test_who_was_asked_first_is_not_asked_again_once_they_were_taken_off(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    quick.direct("cy", "handoff accept H-1")
    quick.direct("ana", f"patient let in {code} bo")
    quick.direct("ana", f"patient let out {code} bo")
    quick.hear()
    quick.direct("cy", "handoff giveback H-1 'full'")
    assert (quick.told("bo"), quick.told("lea")) == ([], [ASKED.format(code), "H-1: Cy Osei gave it back"])
    assert not quick.may_see("bo", code)


# Given back for somebody


def test_the_lead_gives_back_for_who_holds_it_and_they_are_told(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.direct("bo", "handoff accept H-1")
    quick.hear()
    only = "Only Bo Lindqvist, who holds H-1, their cover or the lead can give it back."
    assert quick.direct("cy", "handoff giveback H-1 x") == only
    assert quick.direct("ana", "handoff giveback H-1 x") == only
    said = quick.direct("lea", "handoff giveback H-1 'Bo fell ill'")
    assert "It is no longer Bo Lindqvist's. Now asked: Cy Osei." in said
    gave = "Lea Brandt gave it back for Bo Lindqvist"
    assert quick.told("bo") == [f"H-1 is no longer yours: {gave}"]
    assert (quick.told("ana"), quick.told("lea")) == ([f"H-1: {gave}"], [])
    assert quick.told("cy") == [ASKED.format(code)]
    assert done_by(quick) == ("handoff given back", quick.id("lea"))
    assert (quick.handoff().declined, quick.may_see("bo", code)) == ((quick.id("bo"),), False)


def test_a_cover_gives_back_while_who_holds_it_is_away(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.direct("bo", "handoff accept H-1")
    quick.direct("bo", "away until friday cover @cy")
    quick.hear()
    assert "It is no longer Bo Lindqvist's." in quick.direct("cy", "handoff giveback H-1 'he is ill'")
    assert quick.told("bo") == ["H-1 is no longer yours: Cy Osei gave it back for Bo Lindqvist"]
    assert done_by(quick) == ("handoff given back", quick.id("cy"))
    quick.direct("cy", "handoff accept H-1")
    quick.direct("bo", "back")
    assert quick.direct("bo", "handoff giveback H-1 x").startswith("Only Cy Osei, who holds H-1")


def test_a_reminder_to_a_cover_or_the_lead_has_no_button_that_they_may_not_press(
    quick: Talk, code: str
) -> None:
    quick.direct("ana", f"handoff offer {code} bo emergency 'numbness'")
    quick.direct("bo", "handoff accept H-1")
    quick.pass_time(61)
    assert buttons(quick, "bo") == ["Read back", "Introduced", "Give back"]
    quick.direct("bo", "handoff readback H-1 'numbness'")
    quick.pass_time(15)
    assert buttons(quick, "bo") == ["Introduced", "Give back"], "it is the sender who corrects"
    quick.direct("bo", "away until friday cover @cy")
    quick.direct("ana", "handoff correct H-1 'and a weak leg'")
    quick.pass_time(30)
    assert buttons(quick, "cy") == ["Introduced", "Give back"], "it is the receiver who reads back"
    quick.say("lea", "team role @cy coordinator")
    quick.pass_time(15)
    assert buttons(quick, "cy") == [], "whose role can't any more"
    quick.direct("lea", "away until friday cover @ana")
    quick.direct("cy", "away until friday")
    quick.hear()
    quick.pass_time(15)
    assert quick.told("ana") == ["H-1 waits for you to introduce the patient"]
    assert buttons(quick, "ana") == ["Introduced", "Give back"], "the lead's cover"
    quick.press("ana", "Give back")
    assert "It is no longer Bo Lindqvist's." in quick.direct("ana", "all are away")


def test_a_role_that_takes_no_patients_over_passes_on_what_was_held_and_asked(quick: Talk, code: str) -> None:
    for summary in ("low mood", "poor sleep"):
        quick.direct("ana", f"handoff offer {code} bo '{summary}'")
    quick.direct("bo", "handoff accept H-1")
    quick.hear()
    quick.say("lea", "team role @bo pharmacist")
    assert quick.handoff("H-1").receiver == quick.id("bo"), "a pharmacist may"
    quick.say("lea", "team role @bo coordinator")
    gave = "Lea Brandt gave it back for Bo Lindqvist"
    assert quick.told("bo")[-2:] == [
        f"H-1 is no longer yours: {gave}", "You are now coordinator in North team"
    ]  # fmt: skip
    assert quick.told("ana") == [f"H-1: {gave}"]
    assert sorted(quick.told("cy")) == [f"H-{number} · {code} · offered" for number in (1, 2)]
    assert done_by(quick) == ("handoff given back", quick.id("lea"))
    assert "Reason given: Lea Brandt: Bo Lindqvist has another role now" in quick.card("H-1", own("cy"))
    quick.hear()
    quick.pass_time(24 * 60)
    assert quick.told("bo") == []


def test_a_role_that_answers_no_flags_passes_on_what_was_held_and_asked(quick: Talk, code: str) -> None:
    quick.direct("ana", f"flag {code} 'numbness in the saddle' urgent psychologist")
    quick.direct("bo", "flag claim F-1")
    quick.hear()
    quick.direct("lea", "team role @bo coordinator")
    assert quick.told("cy") == ["F-1 is asked again: Bo Lindqvist gave it back"]
    quick.hear()
    quick.direct("lea", "team role @cy coordinator")
    assert quick.told("lea") == [f"F-1 · {code} · Urgent · raised"], "whoever is next is asked"
    quick.hear()
    quick.pass_time(600)
    assert not any("F-1" in title for who in ("bo", "cy") for title in quick.told(who))
