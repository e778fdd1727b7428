"""A conference as it runs: item by item, over its time, interrupted, taken over, ended, and gone on with."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from cards.card import Detail, Image
from cards.plain import plain
from handlers.answer import answer
from handlers.people.same_person import merge
from handlers.request import ChatId, Outcome, Request
from pathway.conference import State as Held
from pathway.session import State
from storage.outbox import Lane
from tests.handlers.meeting import begun, conference, items, planned, states
from tests.handlers.stored import account
from tests.handlers.talk import ROOM, Talk, own


def test_the_team_is_called_together_and_once_more_if_it_does_not_begin(quick: Talk) -> None:
    quick.say("dee", "conference schedule Weekly every Monday 11:00-12:00")
    quick.hear()
    quick.pass_time(60)
    assert "C-1 begins, today 11:00" in quick.heard()
    quick.pass_time(10)
    assert quick.heard() == ["C-1 has not begun: it was to, today 11:00"]
    quick.pass_time(60)
    assert [each for each in quick.heard() if "begun" in each] == []


def test_after_an_outage_nobody_is_called_to_what_is_long_over(quick: Talk) -> None:
    quick.say("dee", "conference schedule Weekly every Monday 11:00-12:00")
    quick.forward(75)
    assert "C-1 has not begun: it was to, today 11:00" in quick.heard()
    quick.forward(7 * 24 * 60 + 120)
    assert [each for each in quick.heard() if "C-2" in each and "beg" in each] == []


def test_it_begins_with_the_roll_call_and_then_the_first_item(talk: Talk) -> None:
    code = talk.patient()
    planned(talk)
    talk.hear()
    talk.pass_time(60)
    said = talk.say("dee", "conference start")
    assert said.startswith("C-1 has begun: 1 item.\n")
    assert talk.heard()[-2:] == ["C-1 · running · 0 of 1 items", "Roll call of C-1: who is here?"]
    assert talk.say("ana", "here").startswith("You are in the roll call of C-1.\n")
    assert talk.say("ana", "here") == "You are in the roll call of C-1 already."
    assert talk.say("dee", f"conference take {code}") == f"Now: {code}, item 1 of 1 in C-1."
    assert talk.heard() == [f"{code} · item 1 of 1 in C-1"]
    assert talk.say("dee", f"conference take {code}") == f"{code} is being talked about already."
    assert (conference(talk).state, conference(talk).chair) == (Held.RUNNING, talk.id("dee"))


def test_what_is_far_off_or_running_is_not_begun(quick: Talk) -> None:
    assert quick.say("dee", "conference start").startswith("No conference is planned")
    planned(quick, ahead=24 * 60)
    assert quick.say("dee", "conference start").startswith("The next is C-1, tomorrow 10:00:")
    assert quick.say("dee", "next").startswith("No conference is running")
    assert quick.ask("ana", "conference start C-1").outcome is Outcome.REFUSED
    quick.say("dee", "conference start C-1")
    assert quick.say("dee", "conference start C-1") == "C-1 is running already."
    planned(quick, number=2, ahead=0)
    assert quick.say("dee", "conference start C-2") == "C-1 is running: `conference end C-1` ends it."


def test_a_second_press_skips_nobody(quick: Talk) -> None:
    first, second, third = begun(quick)
    quick.now += timedelta(minutes=5)
    assert quick.say("dee", f"conference next {first}") == f"Now: {second}, item 2 of 3 in C-1."
    assert quick.say("dee", f"conference next {first}") == f"{first} is done. Now it is {second}."
    assert quick.say("ana", "next") == f"{second} has only just begun: `next {second}` closes it."
    for line in ("park", "skip", "extend to=30"):
        assert quick.ask("ana", f"conference {line} patient={first}").outcome is Outcome.REFUSED
    assert states(quick) == [State.DONE, State.CURRENT, State.WAITING]
    quick.now += timedelta(minutes=5)
    assert quick.say("ana", "next") == f"Now: {third}, item 3 of 3 in C-1."


def test_of_two_who_press_at_one_moment_one_is_told(talk: Talk) -> None:
    first, second, _ = begun(talk)
    line = f"conference next {first}"
    with ThreadPoolExecutor(2) as both:
        said = list(both.map(lambda who: press(talk, who, line), ("dee", "ana")))
    assert sorted(said) == [Outcome.DONE, Outcome.REFUSED]
    assert states(talk) == [State.DONE, State.CURRENT, State.WAITING]
    assert items(talk)[1].patient == second


def press(talk: Talk, who: str, line: str) -> Outcome:
    request = Request(f"at-once-{who}", ChatId("slack", account(who)), own(who), line)
    return answer(request, talk.store, talk.now).outcome


def test_more_time_is_given_once_however_often_it_is_pressed(quick: Talk) -> None:
    code = begun(quick)[0]
    given = items(quick)[0].minutes
    line = f"conference extend to={given + 3} patient={code}"
    assert quick.say("dee", line) == f"{code} has {given + 3} min now."
    assert quick.say("ana", line) == f"{code} has {given + 3} min already."
    assert quick.say("ana", "extend 3 min") == f"{code} has {given + 6} min now."
    assert quick.say("ana", "extend by a lot") == "Say how many minutes more, as in `extend 3 min`."
    assert (items(quick)[0].minutes, items(quick)[0].extended) == (given, 6)


def test_over_its_time_is_said_in_words_and_grows(quick: Talk) -> None:
    code = begun(quick)[0]
    given = items(quick)[0].minutes
    quick.pass_time(given - 1)
    assert f"{given} min, until today 10:06" in item_card(quick, code)
    quick.pass_time(1)
    assert "⚠️ Its time is over" in item_card(quick, code)
    quick.pass_time(6)
    assert "⚠️ 5 min over its time" in item_card(quick, code)
    assert "now · 5 min over its time" in quick.card("C-1")
    assert quick.heard() == [], "an over-run is an edit, and no message"


def item_card(talk: Talk, code: str) -> str:
    """The newest card of a patient's item in the room."""
    return [plain(e.card) for e in talk.messages[ROOM].values() if e.card.title.startswith(f"{code} ·")][-1]


def test_the_bot_dies_in_the_middle_and_the_meeting_goes_on(quick: Talk) -> None:
    first, second, _ = begun(quick)
    quick.now += timedelta(minutes=2)
    quick.store.close()
    quick.forward(4)
    assert quick.say("ana", f"next {first}") == f"Now: {second}, item 2 of 3 in C-1."
    assert items(quick)[0].spent == 6 * 60
    assert quick.say("bo", "decide Sleep first because nothing else helps").startswith("E-1: decision")


def test_the_chair_is_lost_and_somebody_else_goes_on(quick: Talk) -> None:
    first, second, _ = begun(quick)
    quick.say("dee", "conference leave")
    quick.now += timedelta(minutes=3)
    refused = quick.say("cy", f"next {first}")
    assert refused == "You are not in the roll call of C-1: `conference join` first."
    assert quick.say("bo", f"next {first}").startswith(f"Now: {second}")
    assert quick.say("bo", "chair") == "Chair of C-1: Bo Lindqvist."
    assert quick.say("bo", "scribe @ana") == "Scribe of C-1: Ana Ruiz."
    assert quick.say("bo", "scribe @cy") == "Cy Osei is not in the roll call of C-1 yet."
    assert quick.say("bo", "conference end").startswith("C-1 has ended.")
    assert quick.told("bo")[-1].startswith("Minutes of C-1 · draft")


def test_a_flag_in_the_meeting_is_offered_and_brought_in_and_the_item_comes_back(quick: Talk) -> None:
    first, second, third = begun(quick)
    other = quick.patient(more="consent-team=yes")
    quick.hear()
    quick.direct("ana", f"flag {other} 'saddle numbness' urgent psychologist")
    offered = [each for each in quick.news(ROOM) if "during" in each.card.title]
    assert [each.card.title for each in offered] == [f"F-1 ({other}) was raised during C-1: urgent"]
    assert "saddle numbness" not in str(offered)
    quick.now += timedelta(minutes=2)
    says = offered[0].card.choices[0].says
    assert quick.say("dee", says) == f"Now: {other}, item 4 of 4 in C-1."
    assert quick.say("ana", says) == f"{other} is being talked about already."
    assert states(quick) == [State.WAITING, State.WAITING, State.WAITING, State.CURRENT]
    quick.now += timedelta(minutes=2)
    assert quick.say("dee", f"next {other}") == f"Now: {first}, item 1 of 4 in C-1."
    assert [each.patient for each in items(quick)] == [first, second, third, other]


def test_the_item_has_the_chart_where_the_room_may_show_it(quick: Talk) -> None:
    code = quick.patient()
    quick.direct("ana", f"assess {code} PEG 8 7 7, PHQ-9 total 14")
    quick.forward(8 * 7 * 24 * 60)
    quick.direct("ana", f"assess {code} PEG 5 4 4")
    sealed = Lane("matrix", "!north:localhost")
    with quick.store.clinic(quick.now) as clinic:
        team = clinic.people.teams()[0].id
    quick.room_known(sealed, team, Detail.CLINICAL)
    planned(quick, ahead=0)
    quick.say("dee", "conference start C-1")
    quick.say("dee", f"conference take {code}")
    (open_card,) = [each.card for each in quick.news(ROOM) if each.card.title.startswith(code)]
    (card,) = [each.card for each in quick.news(sealed) if each.card.title.startswith(code)]
    assert open_card.files == (), "a channel of codes has no picture"
    assert not any("PEG" in str(part) for part in open_card.parts)
    (picture,) = card.files
    assert isinstance(picture, Image)
    assert picture.chart is not None
    drawn = [each.name for each in picture.chart.series]
    assert drawn == ["PEG: pain, enjoyment, general activity", "PHQ-9: depression"]
    assert picture.name == f"chart-{code}.png"
    assert "improved by 40 % (7.33 to 4.33)" in picture.alt
    quick.say("dee", "decide Go on because it helps")
    (later,) = [each.card for each in quick.messages[sealed].values() if each.card.title.startswith(code)]
    assert (later.files, later != card) == ((picture,), True)


def test_a_private_or_a_lesser_flag_is_offered_to_nobody(quick: Talk) -> None:
    begun(quick)
    other = quick.patient()
    quick.hear()
    quick.direct("ana", f"flag {other} 'bruises' urgent psychologist private=yes")
    quick.direct("ana", f"flag {other} 'sleeps badly' routine psychologist")
    assert [each for each in quick.heard() if "during" in each] == []


def test_nobody_is_let_see_somebody_by_bringing_them_in(quick: Talk) -> None:
    begun(quick)
    other = quick.patient("cy")
    for who in ("ana", "dee"):
        said = quick.say(who, f"bring {other} 'what now'")
        assert said.startswith(f"You are not on the care team of {other}, or there is no such patient.")
        assert said == quick.say(who, "bring P-7K3K 'what now'").replace("P-7K3K", other)
    assert states(quick) == [State.CURRENT, State.WAITING, State.WAITING]
    assert [quick.may_see(who, other) for who in ("ana", "dee", "bo")] == [False, False, False]


def test_who_runs_it_brings_whom_the_agenda_names_and_those_who_are_here_see_them(quick: Talk) -> None:
    mine = quick.patient("cy")
    planned(quick, ahead=0)
    quick.say("dee", "conference start")
    quick.say("ana", "here")
    assert not quick.may_see("dee", mine)
    assert quick.say("dee", f"bring {mine}") == f"Now: {mine}, item 1 of 1 in C-1."
    assert quick.may_see("ana", mine), "it is talked about, and ana is here"
    assert not quick.may_see("lea", mine), "who is not here hears nothing"


def test_a_lesser_flag_opens_nobody_to_who_runs_the_conference(quick: Talk) -> None:
    begun(quick)
    other = quick.patient("cy")
    quick.direct("cy", f"flag {other} 'sleeps badly' routine psychologist")
    quick.direct("cy", f"flag {other} 'bruises' urgent psychologist private=yes")
    assert quick.ask("dee", f"bring {other}").outcome is Outcome.REFUSED
    quick.direct("cy", f"flag {other} 'saddle numbness' urgent psychologist")
    assert quick.say("dee", f"bring {other}").startswith(f"Now: {other}")


def test_what_was_settled_before_its_turn_is_passed_over(quick: Talk) -> None:
    first, second, third = begun(quick)
    quick.direct("ana", f"patient edit {second} consent-team yes")
    quick.now += timedelta(minutes=3)
    said = quick.say("dee", f"next {first}")
    assert said.startswith(f"Now: {third}, item 3 of 3 in C-1.")
    assert f"Passed over, nothing is outstanding any more: {second}." in said
    assert states(quick) == [State.DONE, State.SETTLED, State.CURRENT]
    assert quick.say("dee", f"conference take {second}").startswith(f"Now: {second}")


def test_what_is_settled_while_they_talk_is_on_the_card_at_once_and_comes_back_if_it_was_a_mistake(
    quick: Talk,
) -> None:
    first, second, _ = begun(quick)
    quick.direct("ana", f"patient edit {second} consent-team yes")
    quick.forward(1)
    assert f"2. {second} · settled before its turn, today 10:04\n" in quick.card("C-1")
    assert "· 1 of 3 items" in quick.card("C-1")
    assert quick.heard() == [], "it is an edit of the card, and no message"
    quick.direct("ana", f"patient edit {second} consent-team no")
    quick.forward(1)
    assert states(quick) == [State.CURRENT, State.WAITING, State.WAITING]
    assert quick.say("dee", f"next {first}") == f"Now: {second}, item 2 of 3 in C-1."


def test_parked_comes_back_at_the_end_with_a_fresh_card(quick: Talk) -> None:
    first, second = begun(quick, 2)
    quick.say("dee", "park The scan is being fetched")
    assert "scan" not in quick.card("C-1")
    quick.now += timedelta(minutes=3)
    quick.hear()
    assert quick.say("dee", f"next {second}") == f"Now: {first}, item 1 of 2 in C-1."
    assert quick.heard() == [f"{first} · item 1 of 2 in C-1"]
    quick.now += timedelta(minutes=3)
    said = quick.say("dee", f"next {first}")
    assert said.startswith("All items of C-1 are done.")
    old, new = [each.card for each in quick.messages[ROOM].values() if each.card.title.startswith(first)]
    assert (old.choices, new.choices) == ((), ()), "what is over has no buttons"


def test_ended_too_early_goes_on_where_it_was(quick: Talk) -> None:
    first, second, third = begun(quick)
    quick.now += timedelta(minutes=2)
    quick.say("dee", f"next {first}")
    quick.now += timedelta(minutes=1)
    quick.hear()
    assert quick.say("dee", "conference end") == "C-1 has ended.", "the room is told by a card of its own"
    told = [plain(each.card) for each in quick.news(ROOM) if each.card.title == "C-1 has ended."]
    assert [f"Again in the next conference: {second}, {third}." in each for each in told] == [True]
    assert [each.reason for each in items(quick)] == [
        "", "its time ran out, and nothing was written down", "the conference ended with 57 min left",
    ]  # fmt: skip
    quick.now += timedelta(minutes=4)
    assert quick.say("dee", "conference start C-1").startswith("C-1 goes on.")
    assert states(quick) == [State.DONE, State.CURRENT, State.WAITING]
    with quick.store.clinic(quick.now) as clinic:
        stays = clinic.sessions.attendance(1)
        past = clinic.sessions.past(clinic.people.teams()[0].id)
    assert past.carried == {}
    assert [(each.member, each.left_at is None) for each in stays] == [
        *((quick.id(who), False) for who in ("dee", "ana", "bo")),
        *((quick.id(who), True) for who in ("dee", "ana", "bo")),
    ]


def test_its_time_is_over_and_then_it_is_forgotten(quick: Talk) -> None:
    codes = begun(quick, 2, minutes=30)
    quick.pass_time(30)
    assert quick.heard() == ["The time of C-1 is over."]
    quick.pass_time(30)
    assert quick.heard() == ["The time of C-1 is over."]
    assert "min over its time; 1 item not reached." in quick.card("C-1")
    quick.pass_time(60 * 4)
    assert conference(quick).state is Held.ENDED
    assert quick.heard()[0] == "C-1 has ended."
    assert [each.state for each in items(quick)] == [State.CARRIED] * len(codes)
    assert items(quick)[1].reason == "the conference was not ended by anybody"


def test_a_room_hears_codes_only(quick: Talk) -> None:
    code = begun(quick)[0]
    quick.say("ana", "decide Weaning tramadol because it has stopped helping")
    quick.say("bo", "act @cy ring the sister on friday")
    quick.say("bo", "barrier violent partner")
    quick.say("bo", "conference guest 'Mary Testcase' patient")
    quick.say("bo", f"park patient={code} why='waits for the police report'")
    quick.say("dee", "conference end")
    quick.say("dee", f"minutes correct C-1 {code} 'gabapentin was meant'")
    quick.say("dee", "minutes remark C-1 'the husband listened in'")
    quick.say("dee", "minutes sign C-1")
    quick.say("dee", f"minutes amend C-1 'codeine, not tramadol' {code}")
    shown = str(quick.messages[ROOM])
    words = "ramadol|sister|violent|Mary|police|grandson|gabapentin|husband|codeine"
    assert re.findall(words, shown) == []
    with quick.store.engine.connect() as connection:
        stored = str(connection.exec_driver_sql("SELECT * FROM journal").all())
    assert re.findall(words, stored) == []


def test_who_is_here_sees_who_is_talked_about_for_a_while(quick: Talk) -> None:
    first, second, _ = begun(quick)
    assert quick.may_see("bo", first)
    assert not quick.may_see("bo", second), "not before it is talked about"
    assert not quick.may_see("cy", first)
    quick.say("cy", "here")
    assert quick.may_see("cy", first)
    quick.pass_time(13 * 60)
    assert not quick.may_see("cy", first)
    assert quick.may_see("ana", first), "a place on the care team is never shortened"


def test_two_accounts_of_one_person_are_one_in_the_roll_call(quick: Talk) -> None:
    begun(quick)
    quick.say("cy", "here")
    cy, bo = quick.id("cy"), quick.id("bo")
    with quick.store.clinic(quick.now) as clinic:
        merge(cy, bo, clinic, quick.now)
    with quick.store.clinic(quick.now) as clinic:
        there = {each.member for each in clinic.sessions.attendance(1)}
    assert (cy in there, bo in there) == (False, True)
