"""Care plans in conversation: written, shown, changed by two at once, undone, and kept from others."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from handlers.request import Outcome
from pathway.plan import NO_RATIONALE, Status
from tests.handlers.talk import NAMES, ROOM, Talk, own
from tests.handlers.test_together import together


def cared_for(talk: Talk, *who: str) -> str:
    """A patient of ana's, who lets these members in; the code."""
    code = talk.patient()
    for each in who:
        talk.direct("ana", f"patient let in {code} '{NAMES[each]}'")
    talk.hear()
    return code


def goal(talk: Talk) -> str:
    """A goal of ana's and bo's patient, as E-1, noted an hour ago; the code."""
    code = cared_for(talk, "bo")
    talk.direct("ana", f"plan goal {code} walk to the shop")
    talk.pass_time(60)
    talk.hear()
    return code


def line_of(said: str, label: str) -> str:
    """What the button of this name says, with the version that it was shown with."""
    found = re.search(rf"{label}[^—\n]* — (.+)", said)
    assert found, said
    return found[1]


def test_the_whole_plan_is_shown_with_who_decided_what_and_why(quick: Talk) -> None:
    code = cared_for(quick, "bo")
    for who, line in (
        ("ana", f"plan goal {code} walk to the shop by 2 Jun"),
        ("ana", f"plan problem {code} sleeps four hours"),
        ("bo", f"plan intervention {code} graded exposure goal E-1"),
        ("ana", f"plan intervention {code} strength twice a week"),
        ("ana", f"plan barrier {code} no bus on weekdays"),
        ("bo", f"plan decide {code} exposure before any injection because fear leads"),
        ("ana", f"action add {code} bo call the GP by friday decision E-6"),
        ("bo", f"plan refer {code} sleep assessment to sleep clinic"),
        ("ana", f"plan note {code} ring in the evening"),
        ("ana", "plan progress E-1 ten minutes without a rest"),
        ("ana", "plan mark E-5 gone"),
    ):
        assert quick.ask(who, line, lane=own(who)).outcome is Outcome.DONE, line
    quick.now += timedelta(days=30)
    said = quick.direct("ana", f"plan show {code}")
    assert said.startswith(f"Care plan of {code} · version 11\n\n8 entries, 1 of 1 action open\n\n"), said
    for part in (
        "What matters most to them: Lift my grandson again",
        "E-1 active: walk to the shop · until Mon 2 Jun 17:00 · progress: ten minutes without a rest "
        "(Mon 3 Mar 10:00)",
        "E-2 active: sleeps four hours",
        "E-3 planned: graded exposure",
        "E-5 gone: no bus on weekdays",
        "E-6 in force: exposure before any injection · because: fear leads · Mon 3 Mar 10:00",
        "E-7 waiting: sleep assessment · Mon 3 Mar 10:00",
        "E-8 noted: ring in the evening · Mon 3 Mar 10:00",
        "A-1 proposed, overdue: call the GP · Bo Lindqvist · due Fri 7 Mar 17:00 · for E-6",
        "Interventions: physiotherapy",
        "Interventions: psychology",
        "Measures due",
        "Language",
    ):
        assert part in said, part
    assert quick.entry("E-3").parent == 1


def test_a_plan_is_shown_in_a_room_by_its_code_alone(talk: Talk) -> None:
    code = cared_for(talk)
    talk.ask("ana", f"plan goal {code} 'dance the mazurka'", posts=True)
    talk.ask("ana", f"plan show {code}", posts=True)
    talk.ask("ana", f"plan history {code}", posts=True)
    talk.ask("ana", f"plan diff {code}", posts=True)
    news = str(talk.news(ROOM))
    assert f"Care plan of {code} · version 1" in news
    assert "mazurka" not in news
    assert "grandson" not in news


def test_a_decision_has_a_rationale_or_says_that_there_is_none(quick: Talk) -> None:
    code = cared_for(quick)
    assert quick.form("ana", f"plan decide {code} 'no injection'").command == "plan decide"
    quick.direct("ana", f"plan decide {code} no injection because none")
    assert quick.entry().rationale == NO_RATIONALE


def test_the_history_says_who_when_and_from_what_to_what(quick: Talk) -> None:
    code = goal(quick)
    quick.direct("bo", "plan change E-1 walk to the shop and back")
    quick.direct("ana", "plan mark E-1 achieved")
    lines = quick.direct("ana", f"plan history {code}")
    for each in (
        "1 · today 10:00 · Ana Ruiz · E-1 written: walk to the shop",
        "2 · today 11:00 · Bo Lindqvist · E-1 changed: Text: walk to the shop → walk to the shop and back",
        "3 · today 11:00 · Ana Ruiz · E-1 called achieved: Status: active → achieved",
    ):
        assert each in lines, lines
    assert "E-1 goal, Status: active → achieved" in quick.direct("ana", f"plan diff {code}")
    assert (
        "E-1 goal, Text: walk to the shop → walk to the shop and back; Status: active → achieved"
        in quick.direct("ana", f"plan diff {code} 1")
    )
    assert "E-1 new goal, achieved: walk to the shop and back" in quick.direct("ana", f"plan diff {code} 0")
    assert quick.direct("ana", f"plan diff {code} 9").endswith("is at version 3: name an earlier one.")


def test_entries_of_others_patients_are_as_if_there_were_none(quick: Talk) -> None:
    code = goal(quick)
    lines = (
        "plan change {} nonsense",
        "plan mark {} achieved",
        "plan progress {} well",
        "plan settle {} keep",
    )
    for line in lines:
        for ref in ("E-1", "E-77"):
            said = quick.direct("cy", line.format(ref))
            assert (
                said == f"There is no {ref} in a care plan of your patients: `plan show <code>` lists them."
            )
    refused = quick.direct("cy", f"plan show {code}")
    assert refused.startswith(f"You are not on the care team of {code}, or there is no such patient.")
    assert quick.ask("cy", f"plan note {code} seen").outcome is Outcome.REFUSED
    assert quick.entry().text == "walk to the shop"


def test_another_teams_references_are_refused_in_its_own_room(talk: Talk) -> None:
    goal(talk)
    talk.direct("ana", f"action add {talk.entry().patient} bo 'call the GP' friday")
    south = type(ROOM)("slack", "C-south")
    talk.room_known(south, "")
    talk.ask("eli", "team setup name='South team' phone='01632 960002' emergency=999", lane=south)
    for line in ("plan change E-1 x", "plan mark E-1 achieved", "action done A-1 x", "action show A-1"):
        reply = talk.ask("eli", line, lane=south)
        assert reply.outcome is Outcome.REFUSED
        assert reply.card is not None
        assert reply.card.title.startswith("There is no ")


def test_changes_of_different_words_are_merged_and_said(quick: Talk) -> None:
    goal(quick)
    seen = line_of(quick.direct("ana", "plan progress E-1 well"), "Change")
    quick.pass_time(20)
    assert seen == "plan change E-1@2"
    quick.direct("bo", "plan change E-1 by 2 Jun")
    said = quick.direct("ana", f"{seen} 'walk to the shop and back'")
    assert "Bo Lindqvist changed other things of it meanwhile; both hold." in said
    entry = quick.entry()
    assert (entry.text, entry.due_at) == ("walk to the shop and back", datetime(2031, 6, 2, 16, tzinfo=UTC))


def test_two_who_change_the_same_words_are_both_shown_both(talk: Talk) -> None:
    code = goal(talk)
    seen = line_of(talk.direct("ana", "plan progress E-1 well"), "Change")
    talk.direct("bo", "plan change E-1 'walk to the bakery'")
    said = talk.direct("ana", f"{seen} 'walk to the church'")
    assert said.startswith(f"E-1 ({code}) has two versions\n")
    for each in (
        "As it stands (Bo Lindqvist): Text: walk to the bakery",
        "The other: Text: walk to the church",
    ):
        assert each in said
    assert talk.told("bo") == [f"E-1 ({code}) has two versions"]
    assert "walk to the church" in talk.private("bo")[-1]
    assert talk.heard() == []
    assert talk.entry().text == "walk to the bakery"
    assert "Two versions of E-1 wait for a choice" in talk.direct("bo", f"plan show {code}")
    third = talk.ask("ana", "plan change E-1 'walk to the park'")
    assert third.outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("which", "holds", "told"),
    [
        ("keep", "walk to the bakery", "kept as it stands"),
        ("take", "walk to the church", "changed to the other version"),
        ("both", "walk to the bakery\nwalk to the church", "both are kept"),
    ],
)
def test_one_of_both_chooses_and_the_other_hears(quick: Talk, which: str, holds: str, told: str) -> None:
    code = goal(quick)
    quick.direct("bo", "plan change E-1 'walk to the bakery'")
    quick.direct("ana", "plan change E-1 'walk to the church'")
    quick.hear()
    quick.direct("bo", f"plan settle E-1 {which}")
    assert quick.entry().text == holds
    assert quick.told("ana") == [f"E-1 ({code}): {told}, says Bo Lindqvist"]
    assert quick.ask("ana", "plan settle E-1 keep").outcome is Outcome.REFUSED
    quick.pass_time(3 * 24 * 60)
    assert (quick.told("ana"), quick.told("bo")) == ([], [])


def test_if_nobody_chooses_it_stays_and_the_other_has_their_words_back(quick: Talk) -> None:
    code = goal(quick)
    quick.direct("bo", "plan change E-1 'walk to the bakery'")
    quick.direct("ana", "plan change E-1 'walk to the church'")
    quick.hear()
    quick.pass_time(24 * 60)
    assert quick.told("ana") == [f"E-1 ({code}) stays as it stands"]
    assert "walk to the church" in quick.private("ana")[-1]
    assert quick.entry().text == "walk to the bakery"
    assert quick.ask("ana", "plan change E-1 'walk to the park'").outcome is Outcome.DONE


def test_of_two_in_the_same_instant_neither_is_lost(talk: Talk) -> None:
    goal(talk)
    outcomes = together(
        lambda: talk.ask("ana", "plan change E-1@1 'to the bakery'", lane=own("ana"), event="a").outcome,
        lambda: talk.ask("bo", "plan change E-1@1 'to the church'", lane=own("bo"), event="b").outcome,
    )
    assert outcomes == [Outcome.DONE, Outcome.DONE]
    with talk.store.clinic(talk.now) as clinic:
        clash = clinic.plans.clash(1)
    assert clash is not None
    assert {talk.entry().text, clash.wanted["text"]} == {"to the bakery", "to the church"}


def test_the_second_who_calls_it_achieved_is_told_who_did(quick: Talk) -> None:
    goal(quick)
    quick.direct("ana", "plan mark E-1 achieved")
    said = quick.direct("bo", "plan mark E-1 achieved")
    assert said == "E-1 is called achieved already, by Ana Ruiz, today 11:00."
    said = quick.direct("bo", "plan mark E-1 stopped 'too far'")
    assert said == (
        "E-1 is a goal and achieved, so it can't be called stopped: it can be called active or withdrawn."
    )


def test_undo_within_ten_minutes_and_an_amendment_after(quick: Talk) -> None:
    code = goal(quick)
    quick.direct("ana", "plan change E-1 'walk to the bakery'")
    assert quick.direct("ana", "undo").startswith(f"Undone: E-1 ({code}), changed.")
    assert quick.entry().text == "walk to the shop"
    assert "E-1 changed · undone by version 3" in quick.direct("ana", f"plan history {code}")
    quick.direct("ana", "plan change E-1 'walk to the church'")
    quick.pass_time(11)
    assert quick.ask("ana", "undo").outcome is Outcome.REFUSED
    assert quick.entry().text == "walk to the church"
    assert quick.direct("bo", "undo").startswith("Nothing of yours of the last ten minutes can be undone")


def test_undo_leaves_what_somebody_else_changed_meanwhile_elsewhere(quick: Talk) -> None:
    goal(quick)
    quick.direct("ana", "plan change E-1 'walk to the bakery'")
    quick.direct("bo", "plan mark E-1 achieved")
    quick.direct("ana", "undo")
    assert (quick.entry().text, quick.entry().status) == ("walk to the shop", Status.ACHIEVED)


def test_undo_is_refused_once_somebody_else_changed_the_same(quick: Talk) -> None:
    code = cared_for(quick, "bo")
    quick.direct("ana", f"plan goal {code} walk to the shop")
    quick.direct("bo", "plan mark E-1 achieved")
    quick.now = quick.now.replace(minute=5)
    assert quick.direct("ana", "undo") == (
        "Bo Lindqvist has changed E-1 since (today 10:00), so it can't be undone under them: "
        "`plan change E-1`."
    )
    assert quick.entry().status is Status.ACHIEVED


def test_an_action_called_done_by_mistake_is_undone_and_its_clock_goes_on(quick: Talk) -> None:
    code = cared_for(quick)
    quick.direct("ana", f"action add {code} dee 'call the GP' friday")
    quick.direct("dee", "action done A-1 'wrong patient'")
    assert quick.direct("dee", "undo").startswith(f"Undone: A-1 ({code}), done.")
    action = quick.action()
    assert (action.outcome, action.closed_at, action.next_at is None) == ("", None, False)


def test_an_action_that_was_undone_disturbs_its_owner_no_more(talk: Talk) -> None:
    talk.now = datetime(2031, 3, 6, 22, 30, tzinfo=UTC)
    code = cared_for(talk)
    talk.direct("ana", f"action add {code} bo 'call the GP' next friday")
    talk.direct("ana", "undo")
    talk.pass_time(3 * 24 * 60)
    assert (talk.told("bo"), talk.told("lea")) == ([], [])
    assert not talk.may_see("bo", code)


def test_decisions_are_counted_with_why_they_were_not_done(quick: Talk) -> None:
    code = cared_for(quick, "bo")
    for text in ("exposure first", "no injection", "sleep clinic", "see again", "a slip"):
        quick.direct("ana", f"plan decide {code} '{text}' because none")
    quick.direct("ana", "undo")
    for entry, text in ((1, "plan it"), (2, "tell the GP"), (3, "refer"), (3, "ring")):
        quick.direct("ana", f"action add {code} bo '{text}' friday decision E-{entry}")
    quick.direct("bo", "action done A-1 'begins on Monday'")
    quick.direct("bo", "action notdone A-2 'GP does not answer'")
    quick.direct("bo", "action done A-3 'sent'")
    said = quick.direct("ana", "report decisions")
    assert said.startswith("Decisions since ")
    for each in ("Decision to done: 50% of those that are over", "Done: 1", "Not done: 1", "Still open: 1",
                 "Without an action: 1", f"E-2 ({code}): GP does not answer"):  # fmt: skip
        assert each in said, said
    hidden = quick.direct("cy", "report decisions")
    assert "GP does not answer" not in hidden
    assert "1 more reason is in plans that you may not see" in hidden
