"""What a message makes of a command: its words, its link and the one code in it; never what was typed."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import from_message
from handlers.from_message import TAKINGS, Taking, Wrote, line_from, reacted, replied
from handlers.line import words
from handlers.menu import MENU
from handlers.read import find_command
from pathway.code import new_code
from tests.handlers.meeting import begun
from tests.handlers.talk import Talk

CODE = "P-7K3K"
LINK = "https://chat.example.org/m/1"
SAID = Wrote("Sleeps badly. Stop the tablets?", LINK)


def taking(command: str) -> Taking:
    """How a message becomes this command."""
    return next(each for each in TAKINGS if each.command == command)


def values(line: str) -> dict[str, str]:
    """What a line says for each field."""
    return {each.label: each.text for each in words(line) if each.label}


@pytest.mark.parametrize("each", TAKINGS)
def test_what_a_message_can_become_are_commands_with_these_fields(each: Taking) -> None:
    command = next(known for known in MENU if known.name == each.command)
    assert {name for name in (each.says, each.link, each.patient) if name} <= {f.name for f in command.fields}
    assert reacted(each.reaction) is (each if each.reaction else None)


def test_a_reply_takes_what_it_leaves_out_from_the_message() -> None:
    assert values(replied(f"agenda add {CODE}", SAID)) == {"question": SAID.text, "message": LINK}
    own = replied(f"agenda add {CODE} what about work?", SAID)
    assert own == f'agenda add {CODE} what about work? message="{LINK}"'
    assert replied("handoff list", SAID) == "handoff list"
    assert replied("agenda add", Wrote(f"{CODE} again", LINK)).startswith('agenda add patient="P-')


@given(st.randoms(use_true_random=False))
def test_the_code_of_a_message_is_taken_only_if_there_is_one(random: Random) -> None:
    one, two = new_code(random), new_code(random)
    said = values(line_from(taking("agenda add"), Wrote(f"{one} {one.lower()} sleeps badly", "")))
    assert said == {"patient": one, "question": f"{one} {one.lower()} sleeps badly"}
    if one != two:
        assert "patient" not in values(line_from(taking("agenda add"), Wrote(f"{one} and {two}", "")))


@given(st.text(max_size=200))
def test_whatever_somebody_wrote_is_read_back_as_it_stood(text: str) -> None:
    for each in TAKINGS:
        line = line_from(each, Wrote(text, LINK))
        found = find_command(MENU, words(line))
        assert found is not None
        assert found[0].name == each.command
        assert values(line).get(each.says, "") == text.strip()


def test_an_edited_message_amends_and_a_deleted_one_takes_back_with_a_trace(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    talk.direct("ana", f"agenda add {code} question='Stop the tablets?' message={LINK}?thread=2")
    talk.hear()

    def message(says: str | None) -> None:
        with talk.store.clinic(talk.now) as clinic:
            from_message.changed(LINK, says, clinic, talk.now)
        talk.pass_time(0)

    message("Stop the tablets?")
    assert (talk.told("ana"), talk.journal("Q-1")) == ([], ["question asked"]), "nothing else was said"
    message(f"agenda add {code} Halve the tablets?")
    assert talk.told("ana") == ["Q-1 is amended: its message was edited"]
    assert "says now: Halve the tablets?" in talk.direct("ana", f"outstanding {code}")
    message(None)
    message(None)
    assert talk.told("ana") == ["Q-1 is off: its message was deleted"]
    assert talk.journal("Q-1") == ["question asked", "question amended", "question withdrawn"]
    assert talk.direct("ana", f"outstanding {code}").startswith(f"Nothing is outstanding for {code}.")
    message("after all?")
    assert talk.told("ana") == [], "what is closed stays closed"


def test_a_decision_and_an_action_keep_the_message_that_they_were_made_of(talk: Talk) -> None:
    code = begun(talk)[0]
    decided = line_from(taking("conference decide"), Wrote("Halve the tablets", f"{LINK}?thread=2"))
    talk.say("ana", f"{decided} because 'she is drowsy'")
    acted = line_from(taking("conference act"), Wrote("Ring the pharmacy", LINK))
    talk.say("bo", f"{acted} owner=@ana")
    assert (talk.entry().link, talk.action().link) == (LINK, LINK)
    assert (talk.entry().source, talk.action().source) == ("C-1", "C-1")
    talk.hear()

    def message(says: str | None) -> None:
        with talk.store.clinic(talk.now) as clinic:
            assert from_message.concerns(LINK, clinic)
            from_message.changed(LINK, says, clinic, talk.now)
        talk.pass_time(0)

    message("Halve the tablets")
    assert talk.told("ana") == [], "that is what the decision says"
    assert talk.told("bo") == ["A-1 is amended: its message was edited"]
    message("Stop the tablets")
    assert "E-1 is amended: its message was edited" in talk.told("ana")
    assert talk.entry().text == "Halve the tablets", "what was decided holds in the words in which it was"
    message(None)
    assert "says now: nothing any more: it was deleted" in talk.direct("ana", f"plan show {code}")
    assert talk.journal("E-1") == ["decision written", "decision amended", "decision amended"]


def test_an_answer_to_a_question_of_ours_is_not_the_message_that_it_comes_from(quick: Talk) -> None:
    code = quick.patient(more="consent-team=yes")
    quick.say("lea", "team detail clinical")
    quick.ask("ana", "agenda add", thread="t1")
    quick.ask("ana", code, thread="t1")
    quick.ask("ana", "What about sleep?", thread="t1")
    with quick.store.clinic(quick.now) as clinic:
        assert [each.link for each in clinic.questions.open_of_patient(code)] == [""]
