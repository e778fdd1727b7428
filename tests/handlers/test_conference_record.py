"""What a conference writes down, its minutes and their signing, who was absent, and the billing record."""

from datetime import UTC, datetime, timedelta

from handlers.request import Outcome
from pathway.conference import State as Held
from pathway.plan import Sort
from tests.handlers.meeting import begun, conference, items, planned
from tests.handlers.talk import ROOM, Talk


def entries(talk: Talk, code: str) -> list[tuple[Sort, str, str, str]]:
    """What the care plan of a patient has: sort, text, rationale and source."""
    with talk.store.clinic(talk.now) as clinic:
        return [(each.sort, each.text, each.rationale, each.source) for each in clinic.plans.of_patient(code)]


def test_what_is_said_stands_in_the_care_plan_and_says_where_it_comes_from(talk: Talk) -> None:
    code = begun(talk)[0]
    said = talk.say("ana", "decide Graded activity because fear of movement stands in the way")
    assert said.startswith(f"E-1: decision for {code} is written down.")
    talk.say("bo", "barrier no bus on tuesdays")
    talk.say("dee", "goal carry the shopping")
    talk.say("dee", "refer Hand therapy to occupational therapy")
    talk.say("dee", "note prefers to be rung")
    assert entries(talk, code) == [
        (Sort.DECISION, "Graded activity", "fear of movement stands in the way", "C-1"),
        (Sort.BARRIER, "no bus on tuesdays", "", "C-1"),
        (Sort.GOAL, "carry the shopping", "", "C-1"),
        (Sort.REFERRAL, "Hand therapy", "", "C-1"),
        (Sort.NOTE, "prefers to be rung", "", "C-1"),
    ]
    card = next(each.card for each in talk.messages[ROOM].values() if each.card.title.startswith(code))
    assert "E-1: decision" in str(card)
    assert "Graded" not in str(card)


def test_a_decision_needs_a_reason_or_a_word_that_there_is_none(quick: Talk) -> None:
    code = begun(quick)[0]
    assert "Because" in quick.direct("ana", f"decide Rest patient={code}")
    assert quick.direct("ana", "none").startswith("E-1: decision")
    assert entries(quick, code) == [(Sort.DECISION, "Rest", "none given", "C-1")]


def test_an_action_has_an_owner_and_a_day_and_belongs_to_the_decision(quick: Talk) -> None:
    code = begun(quick)[0]
    quick.say("ana", "decide Ask the GP because the dose is high")
    said = quick.say("ana", "act @bo ask to be seen by the GP by friday")
    assert said.startswith(f"A-1: Bo Lindqvist for {code}, due Fri 7 Mar 17:00.")
    said = quick.say("dee", "act @ana write to the physio")
    assert "due Mon 10 Mar 17:00" in said, "as the pathway proposes"
    with quick.store.clinic(quick.now) as clinic:
        made = clinic.actions.of_source("C-1")
    assert [(each.text, each.owner, each.entry) for each in made] == [
        ("ask to be seen by the GP", quick.id("bo"), 1),
        ("write to the physio", quick.id("ana"), 1),
    ]
    assert "in private" in quick.say("dee", "act call the GP by friday"), "the room shows codes only"
    assert "this team is called" in quick.private("dee")[-1]


def test_until_when_is_proposed_by_what_they_talk_about(quick: Talk) -> None:
    code = quick.patient(more="consent-team=yes")
    quick.direct("ana", f"flag {code} 'saddle numbness' urgent psychologist")
    other = quick.patient(more="consent-team=yes")
    quick.direct("ana", f"flag {other} 'sleeps badly' soon psychologist")
    planned(quick, ahead=0)
    quick.say("dee", "conference start C-1")
    quick.say("ana", "here")
    quick.say("dee", f"conference take {code}")
    said = quick.say("ana", "act @bo see her")
    assert said.startswith(f"A-1: Bo Lindqvist for {code}, due tomorrow 17:00.")
    assert "Nobody said until when: the pathway proposes 1 working day for “Flag open”, safety." in said
    quick.say("dee", f"conference take {other}")
    said = quick.say("ana", "act @bo ask about sleep")
    assert said.startswith(f"A-2: Bo Lindqvist for {other}, due Wed 5 Mar 17:00.")
    assert "the pathway proposes 2 working days for “Flag open”." in said
    assert "proposes" not in quick.say("ana", "act @bo ask again by friday")
    assert ", as the pathway proposes" in quick.direct("ana", f"action add {other} ana 'write the letter'")
    assert quick.action("A-4").due_at == datetime(2031, 3, 10, 17, tzinfo=UTC)


def test_what_is_to_be_done_by_a_time_that_is_past_is_not_written_down_as_something_else(quick: Talk) -> None:
    code = begun(quick)[0]
    said = quick.say("ana", "act @bo ring the ward by today 9:00")
    assert said == "“today 9:00” is past already, and nothing is written down: say a later time."
    assert quick.say("ana", "act @bo ask what he took before yesterday").startswith(
        f"A-1: Bo Lindqvist for {code}, due Mon 10 Mar 17:00."
    )


def test_undo_takes_back_what_was_written_last(quick: Talk) -> None:
    code = begun(quick)[0]
    quick.say("ana", "decide Rest because nothing else helps")
    quick.say("bo", "note he sings")
    assert quick.say("ana", "conference undo") == f"Undone: E-2 of {code}."
    assert quick.say("ana", "undo").startswith(f"Undone: E-1 ({code})")
    assert entries(quick, code) == []
    card = next(each.card for each in quick.messages[ROOM].values() if each.card.title.startswith(code))
    assert "Written down" not in str(card)


def test_whoever_is_named_is_meant_and_outside_of_a_conference_nobody_is_guessed(quick: Talk) -> None:
    assert quick.say("ana", "note prefers calls").startswith("No conference is running: name the patient")
    code = begun(quick, 1)[0]
    other = quick.patient()
    assert quick.say("ana", f"note {other} sleeps in the day").startswith(f"E-1: note for {other}")
    quick.say("ana", "note sings")
    quick.say("dee", "conference end")
    quick.say("ana", f"note {code} prefers calls")
    assert entries(quick, other) == [(Sort.NOTE, "sleeps in the day", "", "")]
    assert entries(quick, code) == [(Sort.NOTE, "sings", "", "C-1"), (Sort.NOTE, "prefers calls", "", "")]


def test_only_who_is_here_writes_and_only_while_it_runs(quick: Talk) -> None:
    begun(quick)
    assert quick.ask("cy", "note I was not there").outcome is Outcome.REFUSED
    quick.say("dee", "conference end")
    assert quick.ask("ana", "note too late").outcome is Outcome.REFUSED


def test_an_absent_owner_is_told_in_private_after_the_end_and_the_others_are_not(quick: Talk) -> None:
    code = begun(quick)[0]
    quick.direct("cy", "away until friday 9am")
    quick.say("ana", "act @cy ring the sister by next tue")
    quick.say("ana", "act @bo write the letter by friday")
    quick.hear()
    quick.say("dee", "conference end")
    assert quick.told("cy") == ["One action is yours from C-1"]
    assert f"A-1 ({code})" in quick.private("cy")[-1]
    assert "ring the sister" in quick.private("cy")[-1]
    assert quick.told("bo") == []


def test_minutes_are_corrected_signed_and_then_only_amended(talk: Talk) -> None:
    code = begun(talk, 1)[0]
    talk.say("bo", "scribe")
    talk.say("ana", "decide Rest because nothing else helps")
    talk.now += timedelta(minutes=20)
    talk.say("dee", "conference end")
    assert talk.told("bo")[-1] == "Minutes of C-1 · draft · 1 item discussed"
    refused = talk.say("ana", f"minutes correct C-1 {code} 'the left knee'")
    assert refused == "Chair, scribe and lead correct the minutes of C-1."
    assert "Outcome: the left knee" in talk.direct("bo", f"minutes correct C-1 {code} 'the left knee'")
    assert talk.say("ana", "minutes amend C-1 'too early'").startswith("The minutes of C-1 are not signed")
    assert talk.say("bo", "minutes sign C-1") == "Dee Park or the lead signs the minutes of C-1."
    assert talk.direct("dee", "minutes sign C-1").startswith("Minutes of C-1 · signed · 1 item discussed")
    signed = talk.direct("dee", "minutes")
    assert conference(talk).state is Held.SIGNED
    talk.direct("ana", "plan change E-1 Not rest but graded activity")
    assert "Rest (because: nothing else helps)" in talk.direct("dee", "minutes")
    for line in (f"minutes correct C-1 {code} x", "minutes remark C-1 x", "minutes sign C-1",
                 "minutes attended C-1 @ana came 10:00"):  # fmt: skip
        assert "amend" in talk.direct("dee", line).casefold() or "signed" in talk.direct("dee", line)
    assert talk.say("cy", "minutes amend C-1 x") == "Who was at C-1, and the lead, may amend its minutes."
    amended = talk.direct("ana", f"minutes amend C-1 'It was the right knee' {code}")
    assert "It was the right knee" in amended
    assert talk.told("dee")[-1] == "The minutes of C-1 were amended by Ana Ruiz"
    assert signed.splitlines()[:8] == talk.direct("dee", "minutes").splitlines()[:8]
    assert talk.ask("dee", "conference start C-1").outcome is Outcome.REFUSED


def test_minutes_that_wait_are_reminded_of_and_then_the_lead_hears(quick: Talk) -> None:
    begun(quick, 1)
    quick.say("dee", "conference end")
    quick.hear()
    for _ in range(2):
        quick.pass_time(24 * 60)
        assert "The minutes of C-1 wait to be signed" in quick.told("dee")
        assert "The minutes of C-1 wait to be signed" not in quick.told("lea")
    quick.pass_time(24 * 60)
    assert "The minutes of C-1 wait to be signed" in quick.told("lea")
    quick.direct("dee", "minutes sign C-1")
    quick.hear()
    quick.pass_time(5 * 24 * 60)
    assert "The minutes of C-1 wait to be signed" not in (*quick.told("dee"), *quick.told("lea"))


def test_of_patients_whom_they_may_not_see_readers_of_minutes_see_codes(quick: Talk) -> None:
    code = begun(quick, 1)[0]
    quick.say("ana", "decide Rest because nothing else helps")
    quick.say("dee", "conference end")
    shown = quick.direct("cy", "minutes C-1")
    assert code in shown
    assert "E-1: decision" in shown
    assert "Rest" not in shown
    assert "grandson" not in shown


def test_attendance_is_corrected_before_signing(quick: Talk) -> None:
    begun(quick, 1)
    quick.now += timedelta(minutes=30)
    quick.say("dee", "conference end")
    shown = quick.direct("dee", "minutes attended C-1 @cy came 10:10 left 10:20")
    assert "Cy Osei, psychology: 10 min" in shown
    assert quick.direct("dee", "minutes attended C-1 @cy came 10:20 left 10:10").startswith("They can't")


def test_the_billing_record_shows_times_and_people_and_bills_nothing(quick: Talk) -> None:
    code = begun(quick, 1)[0]
    quick.say("bo", "conference guest 'Dr Roe' 'general practice'")
    quick.now += timedelta(minutes=16)
    quick.say("dee", f"next {code}")
    quick.say("dee", "conference end")
    shown = quick.say("dee", "conference billing C-1")
    assert "nothing is billed" in shown
    assert "a guest, general practice, 16 min" in shown
    assert "Would meet MBS 735 or 747" in shown
    assert "MBS 735 or 747: the person's agreement is recorded" in shown
    assert "Roe" not in shown
    assert items(quick)[0].spent == 16 * 60
