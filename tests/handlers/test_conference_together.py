"""Two at the same instant: leads who move one conference, ticks that make a series ahead, poll answers."""

from datetime import timedelta
from functools import partial

from handlers.request import Outcome
from handlers.tick import tick
from tests.handlers.talk import Talk, text
from tests.handlers.test_together import another, asks, together

SERIES = "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 4 Mar"


def test_of_two_leads_who_move_one_conference_one_wins_and_the_other_hears_of_it(talk: Talk) -> None:
    talk.say("lea", SERIES)
    talk.say("lea", "team role @dee lead")
    lines = {"lea": "conference move C-2 wed 12 mar 9:00", "dee": "conference move C-2 thu 13 mar 9:00"}
    replies = together(*(asks(talk, who, line, who) for who, line in lines.items()))
    assert [reply.outcome for reply in replies] == [Outcome.DONE, Outcome.DONE]
    said = sorted(text(reply).partition(":")[0] for reply in replies)
    assert said == ["C-2 is moved", "C-2 is not moved yet"]
    assert talk.journal("C-2") == ["conference planned", "conference moved"]


def test_ticks_at_once_make_each_conference_once(talk: Talk) -> None:
    talk.say("lea", SERIES)
    talk.now += timedelta(days=40)
    stores = [another(talk) for _ in range(3)]
    together(*(partial(tick, store, talk.now) for store in stores))
    with talk.store.clinic(talk.now) as clinic:
        moments = [each.recurs_at for each in clinic.conferences.of_series(1, talk.now - timedelta(days=60))]
    assert len(moments) == len(set(moments)) == 23
    for store in stores:
        store.close()


def test_everybody_who_answers_a_poll_at_once_is_counted(talk: Talk) -> None:
    talk.say("lea", "conference poll Board at thu 14:00, fri 9:00")
    who = ("ana", "bo", "cy")
    replies = together(*(asks(talk, each, "poll turn T-1 1", each) for each in who))
    assert {reply.outcome for reply in replies} == {Outcome.DONE}
    talk.post()
    assert "3: Ana Ruiz, Bo Lindqvist, Cy Osei" in talk.card("T-1")
