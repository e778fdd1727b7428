"""Forms filled in by talking: answered, skipped, gone back in, put aside, and kept over a restart."""

import pytest

from handlers.request import Outcome
from tests.handlers.talk import ROOM, Talk, own, text

NUMBERED = "1. Routine: Needs a colleague, and can wait for the next working day."


@pytest.fixture
def talk(quick: Talk) -> Talk:
    """SQLite alone: what is tried here is how forms go on, not how they are stored."""
    return quick


@pytest.fixture
def code(talk: Talk) -> str:
    """A patient of ana's."""
    return talk.patient(more="consent-team=yes")


def title(said: str) -> str:
    return said.split("\n", 1)[0]


def to_summary(talk: Talk, line: str, thread: str = "", who: str = "ana") -> str:
    """Begins an offer and skips what comes before the patient summary; what is asked then."""
    lane = ROOM if thread else own(who)
    for said in (line, "skip", "skip"):
        reply = talk.ask(who, said, lane=lane, thread=thread)
    return text(reply)


def test_a_whole_form_by_talking_over_a_restart(talk: Talk, code: str) -> None:
    assert to_summary(talk, f"handoff offer {code} bo") == (
        "Pass a patient to a person or a role (5 of 8): Patient summary\n\n"
        "What has happened, what is going on, what the plan is. No name: the code stands for it.\n\n"
        "Answer here · `back` · `cancel`"
    )
    assert "This one is needed; `cancel` stops the whole form." in talk.direct("ana", "skip")
    talk.store.close()  # as a new process: nothing is kept but what is stored
    said = talk.direct("ana", "Back pain for 2 years, low mood")
    assert title(said) == "Pass a patient to a person or a role (6 of 8): Action list"
    assert title(talk.direct("ana", "Help with stairs")).endswith("(7 of 8): If things change")
    back = talk.direct("ana", "back")
    assert title(back).endswith("(6 of 8): Action list")
    assert "So far: Help with stairs" in back
    assert title(talk.direct("ana", "skip")).endswith("(7 of 8): If things change")
    assert "Does the patient know" in title(talk.direct("ana", "skip"))
    answer = talk.direct("ana", "1")
    assert "Patient summary: Back pain for 2 years, low mood\nAction list: Help with stairs" in answer
    assert "The patient knows about this handoff." in answer


def test_a_number_stands_for_the_option_under_it_and_a_wrong_answer_is_asked_again(talk: Talk) -> None:
    talk.direct("ana", "handoff offer")
    assert "mistyped" in talk.direct("ana", "P-7K3Q")
    said = talk.direct("ana", "P-7K3K")
    assert "1. Any psychologist\n" in said.replace("- ", "")
    assert "is neither a person in this team nor a role" in talk.direct("ana", "Zoe")
    assert NUMBERED in talk.direct("ana", "@cy").replace("- ", "")
    assert "is one of: routine, soon, urgent, emergency." in talk.direct("ana", "5")
    assert "Illness severity" in title(talk.direct("ana", "3"))


def test_cancel_forgets_the_form_and_says_that_nothing_was_done(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} bo")
    assert talk.direct("ana", "cancel") == "Stopped. Nothing was done about `handoff offer`."
    assert "I don't know that command." in talk.direct("ana", "low mood")
    assert talk.direct("ana", "handoff list") == "No open handoffs of yours."


@pytest.mark.parametrize("answer", [
    "Back pain for 2 years", "Help with stairs", "Away from work since May", "Complete loss of sensation",
    "Decline in function", "Team lead will call her", "mine are the stairs", "hand over to the GP by Friday",
    "Introduce graded exercise", "Join the walking group", "Offer physio twice a week", "Patient shows none",
])  # fmt: skip
def test_an_answer_that_begins_like_a_command_is_an_answer(quick: Talk, answer: str) -> None:
    code = quick.patient()
    to_summary(quick, f"handoff offer {code} bo")
    assert title(quick.direct("ana", answer)).endswith("(6 of 8): Action list")
    for _ in range(3):
        said = quick.direct("ana", "skip")
    assert f"Patient summary: {answer}" in said


def test_a_command_in_between_is_done_and_the_form_waits(talk: Talk, code: str) -> None:
    talk.direct("cy", "help")
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    to_summary(talk, f"handoff offer {code} cy")
    for line, said in (
        ("mine", "One thing waits for you"), ("handoff show H-1", f"H-1 · {code} · offered"),
        ("help handoff offer", "Help: handoff offer"), ("handoff list team", "Handoffs: team"),
    ):  # fmt: skip
        assert title(talk.direct("ana", line)) == said
    assert title(talk.direct("ana", "sleeps badly")).endswith("(6 of 8): Action list")


def test_another_form_puts_the_first_aside_and_nothing_is_lost(talk: Talk, code: str) -> None:
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("bo", "handoff ask H-1 'why?'")
    to_summary(talk, f"handoff offer {code} cy")
    talk.direct("ana", 'She said: "no\\way", twice')
    reply = talk.ask("ana", "handoff reply H-1", lane=own("ana"))
    assert reply.outcome is Outcome.FORM
    assert reply.card is not None
    resume = reply.card.choices[-1]
    assert resume.label == "Go on with handoff offer"
    talk.direct("ana", "because")
    assert talk.handoff().talk.reply == "because"
    assert len(talk.told("cy")) == 0, "nothing was offered by that"
    assert title(talk.direct("ana", resume.says)).endswith("(6 of 8): Action list")
    assert talk.direct("ana", "resume").startswith("No form is put aside here.")
    for _ in range(3):
        said = talk.direct("ana", "skip")
    assert 'Patient summary: She said: "no\\way", twice' in said


def test_a_refusal_at_the_end_keeps_the_answers(talk: Talk, code: str) -> None:
    talk.direct("bo", f"break-glass {code} 'on duty'")
    talk.direct("ana", f"patient let in {code} bo")
    talk.direct("bo", f"handoff offer {code}")
    talk.direct("bo", "bo")
    for answer in ("skip", "skip", "low mood", "skip", "skip"):
        talk.direct("bo", answer)
    assert talk.direct("bo", "no") == (
        "You can't hand a patient over to yourself: name somebody else, or a role.\n\n"
        "Your answers are kept: `back` changes the one before, `cancel` stops the form."
    )
    for _ in range(6):
        said = talk.direct("bo", "back")
    assert "(2 of 8): To" in title(said)
    assert "Patient summary: low mood" in talk.direct("bo", "cy")


def test_what_is_written_about_a_patient_is_not_asked_for_in_a_room_of_codes(talk: Talk, code: str) -> None:
    for line in (f"handoff offer {code} bo", "handoff offer", "flag raise"):
        assert talk.say("ana", line, thread="t1") == (
            f"I ask you for `{' '.join(line.split()[:2])}` in private.\n\n"
            "What is written about a patient does not belong here."
        )
        assert len(talk.told("ana")) == 1
        talk.direct("ana", "cancel")
        talk.hear()
    assert "(1 of 2): " in talk.say("ana", "away", thread="t1"), "no patient is in that"


def test_in_a_room_only_the_thread_answers_and_only_its_asker(talk: Talk, code: str) -> None:
    talk.say("lea", "team detail clinical")
    assert "(5 of 8)" in to_summary(talk, f"handoff offer {code} bo", thread="t1")
    assert "I don't know that command." in talk.say("ana", "low mood", thread="t2")
    assert "I don't know that command." in talk.say("bo", "low mood", thread="t1")
    assert "(6 of 8)" in talk.say("ana", "low mood", thread="t1")


def test_where_forms_can_be_shown_one_comes_with_what_was_typed(talk: Talk, code: str) -> None:
    form = talk.form("ana", f"handoff offer {code.lower()} bo soon")
    assert form.values == {"patient": code.lower(), "to": "bo", "urgency": "soon"}
    assert [option.label for option in next(f for f in form.fields if f.name == "to").options] == [
        "Any psychologist", "Lea Brandt (team lead)", "Bo Lindqvist (psychologist)",
        "Cy Osei (psychologist)", "Dee Park (coordinator)",
    ]  # fmt: skip
    again = talk.form("ana", f"handoff offer patient={code} to=bo summary='' urgency=quickly")
    assert again.errors == {"urgency": "Urgency is one of: routine, soon, urgent, emergency."}
    assert ROOM not in talk.fresh or talk.heard() == []


def test_names_are_never_asked_for_in_a_room(talk: Talk) -> None:
    assert talk.say("ana", "patient add", thread="t1") == (
        "I ask you for `patient add` in private.\n\nNames, numbers and addresses do not belong in a channel."
    )
    assert talk.told("ana") == ["Add a patient; you get a code to use instead of the name (1 of 10): Name"]
    assert "I don't know that command." in talk.say("ana", "Tess Testcase", thread="t1")
    assert title(talk.direct("ana", "Tess Testcase")).endswith(
        "(2 of 10): What matters most to them, in their own words"
    )
    assert talk.form("ana", "patient add").command == "patient add"
