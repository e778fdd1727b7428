"""Several at the same instant: one acceptance wins, an event has one effect, ticks do not double."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest

from handlers.answer import answer
from handlers.request import ChatId, Outcome, Reply, Request
from handlers.tick import tick
from pathway.definition import shipped
from storage.clinic import Store, TooLate
from storage.secrets import Keyring
from tests.handlers.stored import account
from tests.handlers.talk import Talk, own, text

Done = TypeVar("Done")


def together(*works: Callable[[], Done]) -> list[Done]:
    """Does all of these at the same instant, each in a thread of its own."""
    barrier = Barrier(len(works))

    def begin(work: Callable[[], Done]) -> Done:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def another(talk: Talk) -> Store:
    """The same database, as another process opens it."""
    url = talk.store.engine.url.render_as_string(hide_password=False)
    return Store(url, Keyring([bytes(32)]), shipped())


def asks(talk: Talk, who: str, line: str, event: str) -> Callable[[], Reply]:
    """One request in a process of its own."""
    store = another(talk)
    request = Request(event, ChatId("slack", account(who), who), own(who), line, posts_answer=False)

    def work() -> Reply:
        try:
            return answer(request, store, talk.now)
        finally:
            store.close()

    return work


@pytest.fixture
def offered(talk: Talk) -> Talk:
    """A handoff that bo and cy are asked."""
    code = talk.patient()
    talk.direct("ana", f"handoff offer {code} psychologist urgent 'low mood'")
    talk.hear()
    return talk


def test_of_two_who_accept_at_the_same_instant_one_wins_and_the_other_is_told_who(offered: Talk) -> None:
    replies = together(*(asks(offered, who, "handoff accept H-1", who) for who in ("bo", "cy")))
    answers = {reply.outcome: text(reply) for reply in replies}
    name = "Bo Lindqvist" if offered.handoff().receiver == offered.id("bo") else "Cy Osei"
    assert set(answers) == {Outcome.DONE, Outcome.REFUSED}
    assert "It is yours." in answers[Outcome.DONE]
    assert answers[Outcome.REFUSED] == f"H-1 was accepted by {name}, today 10:00."
    offered.post()
    assert offered.told("ana") == ["H-1 was accepted"]
    assert offered.journal("H-1") == ["handoff offered", "handoff accepted"]


def test_the_same_event_four_times_has_one_effect_and_one_answer(offered: Talk) -> None:
    works = [asks(offered, "bo", "handoff accept H-1", "same") for _ in range(4)]
    replies = together(*works)
    assert {text(reply) for reply in replies} == {text(replies[0])}
    assert {reply.outcome for reply in replies} == {Outcome.DONE}
    assert offered.journal("H-1").count("handoff accepted") == 1
    offered.post()
    assert offered.told("ana") == ["H-1 was accepted"]
    assert text(asks(offered, "bo", "handoff accept H-1", "same")()) == text(replies[0])


def test_a_refusal_and_a_form_are_remembered_too(offered: Talk) -> None:
    first = asks(offered, "dee", "handoff accept H-1", "no")()
    offered.direct("lea", "team role @dee psychologist")
    assert text(asks(offered, "dee", "handoff accept H-1", "no")()) == text(first)
    assert offered.handoff().receiver == ""
    question = asks(offered, "bo", "handoff decline H-1", "form")()
    again = asks(offered, "bo", "handoff decline H-1", "form")()
    assert (again.outcome, text(again)) == (Outcome.FORM, text(question))


def test_an_acceptance_and_a_tick_at_the_same_instant(offered: Talk) -> None:
    offered.now = offered.now.replace(hour=11)
    accept = asks(offered, "bo", "handoff accept H-1", "a")
    together(accept, lambda: tick(offered.store, offered.now))
    offered.post()
    assert offered.handoff().receiver == offered.id("bo")
    assert offered.handoff().due == "introduce"
    assert offered.told("lea") in ([], [f"H-1 · {offered.handoff().patient} · accepted"])
    offered.forward(1)
    assert offered.told("bo") == []


def test_ticks_in_several_processes_do_each_thing_once(offered: Talk) -> None:
    code = offered.handoff().patient
    for _ in range(5):
        offered.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    offered.hear()
    offered.now = offered.now.replace(minute=30)
    broke: list[str] = []
    stores = [another(offered) for _ in range(4)]
    together(
        *(partial(tick, store, offered.now, lambda subject, _: broke.append(subject)) for store in stores)
    )
    for store in stores:
        store.close()
    offered.forward(0)
    for number in range(1, 7):
        assert offered.journal(f"H-{number}").count("handoff reminded") == 1, number
    assert sorted(offered.told("bo")) == [
        f"H-{number} still waits for your answer, until today 11:00" for number in range(1, 7)
    ]
    assert broke == []


def test_what_may_not_be_committed_was_not_done(offered: Talk) -> None:
    before = offered.handoff()
    request = Request("late", ChatId("slack", "U-bo"), own("bo"), "handoff accept H-1", posts_answer=False)
    with pytest.raises(TooLate):
        answer(request, offered.store, offered.now, lambda: False)
    assert offered.handoff() == before
    assert answer(request, offered.store, offered.now).outcome is Outcome.DONE
