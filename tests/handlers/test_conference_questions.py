"""What was asked about a patient is answered by the conference in which their item is done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from handlers.answer import answer
from handlers.request import ChatId, Outcome, Request
from pathway.question import Question, State
from tests.handlers.meeting import begun, planned
from tests.handlers.stored import account
from tests.handlers.talk import ROOM, Talk, text


def question(talk: Talk, ref: str) -> Question:
    """A question as it is stored."""
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.questions.find(ref)
    assert found is not None
    return found


def asked(talk: Talk, code: str) -> list[str]:
    """The questions that are outstanding for a patient once what has fallen due is done."""
    talk.pass_time(0)
    with talk.store.clinic(talk.now) as clinic:
        return [each.source for each in clinic.issues.of_patient(code) if each.kind == "asked"]


def test_a_question_is_answered_when_its_item_is_done(talk: Talk) -> None:
    first, second, _ = begun(talk)
    talk.direct("ana", f"agenda add {first} Stop the tablets?")
    talk.direct("ana", f"agenda add {second} Is a splint needed?")
    assert (asked(talk, first), asked(talk, second)) == (["Q-1"], ["Q-2"])
    talk.now += timedelta(minutes=5)
    talk.say("dee", "next")
    answered = question(talk, "Q-1")
    assert (answered.state, answered.why) == (State.ANSWERED, "C-1")
    assert (answered.closed_by, answered.closed_at) == (talk.id("dee"), talk.now)
    assert talk.journal("Q-1") == ["question asked", "question answered"]
    assert (asked(talk, first), asked(talk, second)) == ([], ["Q-2"])
    assert talk.direct("ana", "agenda withdraw Q-1") == "Q-1 was answered already."
    talk.say("dee", "park 'the splint is on its way'")
    assert question(talk, "Q-2").state is State.OPEN, "nobody has talked about it to the end"


def test_what_is_asked_afterwards_waits_for_the_next_conference(quick: Talk) -> None:
    code = begun(quick)[0]
    quick.direct("ana", f"agenda add {code} Stop the tablets?")
    quick.say("dee", f"next {code}")
    again = quick.direct("ana", f"agenda add {code} Stop the tablets?")
    assert again.startswith(f"Q-2 · {code} · for the next conference"), "it is no more asked already"
    quick.say("dee", "conference end")
    assert asked(quick, code) == ["Q-2"]


def test_an_item_that_was_closed_by_mistake_opens_what_it_answered(quick: Talk) -> None:
    code = begun(quick)[0]
    for asks in ("Stop the tablets?", "Is work possible?"):
        quick.direct("ana", f"agenda add {code} {asks}")
    quick.direct("ana", "agenda withdraw Q-2")
    quick.say("dee", f"next {code}")
    quick.say("dee", f"conference take {code}")
    assert asked(quick, code) == ["Q-1"]
    assert question(quick, "Q-1").closed_at is None
    assert question(quick, "Q-2").state is State.WITHDRAWN, "that was nothing to do with the conference"
    quick.say("dee", f"next {code}")
    assert quick.journal("Q-1")[1:] == ["question answered", "question reopened", "question answered"]
    assert asked(quick, code) == []


def test_the_conference_that_ends_answers_what_was_asked_about_its_last_item(quick: Talk) -> None:
    code = begun(quick)[0]
    quick.direct("ana", f"agenda add {code} Stop the tablets?")
    quick.say("ana", "decide Halve them because they make her dizzy")
    quick.say("dee", "conference end")
    assert (question(quick, "Q-1").state, question(quick, "Q-1").why) == (State.ANSWERED, "C-1")


def test_an_earlier_answer_stays_when_a_later_conference_takes_the_patient_twice(quick: Talk) -> None:
    code = begun(quick, count=1)[0]
    quick.direct("ana", f"agenda add {code} Stop the tablets?")
    quick.say("dee", f"next {code}")
    quick.say("dee", "conference end")
    quick.direct("ana", f"agenda add {code} And at night?")
    planned(quick, number=2, ahead=30)
    quick.say("dee", "conference start C-2")
    for line in (f"conference take {code}", f"next {code}", f"conference take {code}"):
        assert quick.ask("dee", line).outcome is Outcome.DONE, line
    assert question(quick, "Q-1").why == "C-1"
    assert asked(quick, code) == ["Q-2"]


def test_of_a_question_that_is_withdrawn_while_its_item_is_done_one_thing_becomes(talk: Talk) -> None:
    code = begun(talk)[0]
    talk.direct("ana", f"agenda add {code} Stop the tablets?")
    start = Barrier(2)

    def say(who: str, line: str) -> str:
        request = Request(line, ChatId("slack", account(who), who), ROOM, line)
        start.wait()
        return text(answer(request, talk.store, talk.now))

    with ThreadPoolExecutor(2) as people:
        done = people.submit(say, "dee", f"next {code}")
        back = people.submit(say, "ana", "agenda withdraw Q-1")
    assert done.result().startswith("Now: ")
    became = question(talk, "Q-1").state
    said = {State.ANSWERED: "Q-1 was answered already.", State.WITHDRAWN: f"Q-1 ({code}) is taken back."}
    assert back.result() == said[became]
    assert talk.journal("Q-1") == ["question asked", f"question {became.value}"]
