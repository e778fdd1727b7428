"""The agenda in chat: shown, wished for by the lead, and settled when it is posted and who must come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest

from agendas.habits import Habits
from cards.plain import plain
from pathway.conference import Deadline
from tests.handlers.agenda_scene import (
    DAY,
    TUESDAY,
    agenda_in_room,
    conference,
    consented,
    deadline,
    flagged,
    settled,
    stood,
)
from tests.handlers.talk import ROOM, Talk, own


def test_a_draft_is_always_there_and_says_why_each_is_on(talk: Talk) -> None:
    assert talk.direct("lea", "agenda").startswith("No conference is planned")
    conference(talk)
    code = flagged(talk)
    talk.hear()
    said = talk.direct("ana", "agenda")
    assert said == (
        "Agenda of C-12 · Tue 11 Mar 14:00 · 1 item · 10 of 60 min\n\n"
        "A draft, kept up to date. It is posted Fri 7 Mar 08:30.\n\n"
        f"1. {code} · 10 min · Tue 11 Mar 14:00:\n"
        "- On for: Flag open, for 1 week\n"
        "- Why here: next in order, and there is time\n"
        "- Not ready: a measure is too old or missing\n\n"
        "- Question: What does this flag ask of us?\n"
        f"- Flag open (F-1), for 1 week. {why(talk, said)}\n"
        "- Not ready: PEG was not entered in the last 12 weeks\n\n"
        f"1. Defer {code} — agenda defer {code} conference C-12"
    )
    assert talk.heard() == []
    assert "agenda post C-12" in talk.direct("lea", "agenda")
    assert talk.direct("ana", "agenda C-99") == "There is no conference C-99: `conference list` shows yours."


def why(talk: Talk, said: str) -> str:
    """What the agenda says of why the flag is there; the sources of issues have tests of their own."""
    return next(each for each in said.splitlines() if "(F-1)" in each).split("week. ", 1)[1]


def test_what_was_written_is_read_by_those_who_look_after_the_person_alone(talk: Talk) -> None:
    conference(talk)
    flagged(talk)
    for who in ("dee", "lea"):
        for said in (talk.direct(who, "agenda"), talk.say(who, "agenda")):
            assert "sleeps badly" not in said
            assert "F-1" not in said
            assert "Question:" not in said
            assert "What was written is shown to those who look after the person." in said


def test_who_is_not_on_is_listed_with_why_and_when_they_come(quick: Talk) -> None:
    conference(quick, minutes=15)
    conference(quick, TUESDAY + 7 * DAY, 60, 13)
    first, second = flagged(quick), flagged(quick)
    said = quick.direct("dee", "agenda waiting")
    assert (
        said
        == (
            "Not on the agenda of Tue 11 Mar 14:00\n\nNot on:\n"
            f"- {second} · 10 min · Flag open, for 1 week · 5 min were left after those before it "
            "· comes Tue 18 Mar 14:00"
        )
        or f"- {first} · 10 min" in said
    )
    assert quick.direct("dee", "agenda waiting C-13") != said


def test_the_lead_pins_moves_retimes_defers_brings_in_and_lets_go(talk: Talk) -> None:
    conference(talk, minutes=30)
    conference(talk, TUESDAY + 7 * DAY, 60, 13)
    talk.now += timedelta(minutes=1)
    first = flagged(talk)
    talk.now += timedelta(minutes=1)
    second = flagged(talk)
    quiet = consented(talk)
    assert talk.direct("lea", f"agenda move {second} 1") == (
        f"C-12: {second} is to be at place 1\n\n"
        "Place 1 of 2, Tue 11 Mar 14:00, 10 min.\n\n"
        f"What this changes:\n- {second} moved from place 2 to 1: asked for by the lead.\n\n"
        "1. Show the agenda — agenda C-12\n"
        f"2. Take it back — agenda release {second} conference C-12"
    )
    said = talk.direct("lea", f"agenda retime {first} 25")
    assert f"{first} is off: more urgent ones take its time; it comes Tue 18 Mar 14:00." in said
    said = talk.direct("lea", f"agenda pin {first}")
    assert "Place 2 of 2, Tue 11 Mar 14:10, 25 min." in said
    assert "5 min too long" in talk.direct("lea", "agenda")
    said = talk.direct("lea", f"agenda defer {second} until 14 March because waits for the scan")
    assert said.startswith(f"C-12: {second} is deferred until Fri 14 Mar 09:00\n\nNot on: {second} · 10 min")
    assert f"{second} is off: deferred by the lead; it comes Tue 18 Mar 14:00." in said
    assert "waits for the scan" not in talk.direct("lea", "agenda")
    assert f"{second}: waits for the scan" in talk.direct("ana", "agenda")
    assert talk.direct("lea", f"agenda bring {quiet} 'New to us?'").startswith("You are not on the care team")
    talk.direct("ana", f"patient let in {quiet} @lea")
    assert "Place 2 of 2" in talk.direct("lea", f"agenda bring {quiet} 'New to us: who starts?'")
    assert "Question: New to us: who starts?" in talk.direct("lea", "agenda")
    assert f"{quiet} has left: nothing" in talk.direct("lea", f"agenda release {quiet}")
    assert talk.direct("lea", f"agenda release {quiet}") == f"Nothing was wished for {quiet} on C-12."
    wished = ["move", "retime", "pin", "defer", "bring in", "release"]
    assert talk.journal("C-12")[1:] == [f"agenda {each}" for each in wished]


def test_a_deferral_without_a_day_is_off_this_conference_and_on_the_next(quick: Talk) -> None:
    conference(quick)
    conference(quick, TUESDAY + 7 * DAY, 60, 13)
    code = flagged(quick)
    said = quick.direct("lea", f"agenda defer {code}")
    assert said.startswith(f"C-12: {code} is off this conference")
    assert "comes Tue 18 Mar 14:00" in said
    assert f"1. {code}" in quick.direct("lea", "agenda C-13")
    assert quick.direct("lea", f"agenda defer {code} until tomorrow") == (
        "C-12 is Tue 11 Mar 14:00: name a later day, or none for the next conference."
    )


def test_safety_is_deferred_by_the_lead_alone_and_with_a_reason(quick: Talk) -> None:
    conference(quick)
    code = flagged(quick, "urgent")
    assert quick.direct("lea", f"agenda defer {code}") == (
        f"{code} is on for safety. Say why it can wait: `agenda defer {code} because <reason>`."
    )
    assert quick.direct("lea", f"agenda defer {code} because seen today").startswith(f"C-12: {code} is off")
    quick.now += timedelta(minutes=1)
    quick.direct("ana", f"flag {code} 'numb legs' emergency primary-care")
    assert f"1. {code}" in quick.direct("lea", "agenda"), "what became unsafe after it brings it back"


def test_what_the_lead_pinned_and_then_resolves_is_told_as_gone(quick: Talk) -> None:
    conference(quick)
    code = flagged(quick)
    quick.direct("lea", f"agenda pin {code}")
    quick.direct("bo", "flag claim F-1")
    quick.direct("bo", "flag resolve F-1 'rang her'")
    said = quick.direct("lea", "agenda")
    assert "Nothing is outstanding." in said
    assert f"Nothing to discuss for {code}." in said
    assert "Place 1" not in said


def test_two_leads_wish_otherwise_and_the_first_is_told(talk: Talk) -> None:
    conference(talk)
    code = flagged(talk)
    talk.direct("lea", f"agenda pin {code}")
    talk.hear()
    talk.now += timedelta(minutes=2)
    said = talk.direct("dee", f"agenda defer {code} because waits")
    assert "Lea Brandt had kept it on, today 10:00; they are told." in said
    assert talk.told("lea") == [f"Dee Park wished otherwise for {code} on C-12"]
    assert "You had kept it on." in talk.private("lea")[-1]
    assert "waits" not in talk.private("lea")[-1]


def test_two_who_wish_at_the_same_instant_are_both_heard(talk: Talk) -> None:
    conference(talk)
    first, second = flagged(talk), flagged(talk)
    talk.forward(0)
    asked = [("lea", f"agenda move {second} 1"), ("dee", f"agenda retime {first} 20")]
    with ThreadPoolExecutor(2) as both:
        replies = list(both.map(lambda each: talk.ask(each[0], each[1], lane=own(each[0])), asked))
    assert [plain(each.card).startswith("C-12: ") for each in replies if each.card] == [True, True]
    said = talk.direct("lea", "agenda")
    assert f"1. {second} · 10 min" in said
    assert f"2. {first} · 20 min" in said


def test_a_double_click_and_a_stale_button_change_nothing_more(quick: Talk) -> None:
    conference(quick)
    code = flagged(quick)
    quick.ask("lea", f"agenda defer {code} conference C-12", lane=own("lea"), event="click")
    quick.ask("lea", f"agenda defer {code} conference C-12", lane=own("lea"), event="click")
    assert quick.journal("C-12") == ["conference planned", "agenda defer"]
    quick.until(TUESDAY + timedelta(hours=2))
    assert "F-1" not in quick.direct("dee", f"agenda pin {code} conference C-12")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("agenda pin P-7K3K", "Nothing is outstanding for P-7K3K in North team: `agenda bring P-7K3K <que"),
        ("agenda move P-7K3K 0", "Type a number from 1 to 99."),
        ("agenda retime P-7K3K long", "Type a number from 1 to 240."),
        ("agenda bring P-7K3K 'Who?'", "You are not on the care team of P-7K3K, or there is no such"),
        ("agenda hours soon", "Type a number of working days, from 0 to 20."),
        ("agenda hours 2 at noonish", "Type a time of day like 9:00 or 4pm."),
        ("agenda quorum alchemy", "The disciplines of this pathway are: "),
        ("agenda hours 2 series S-9", "There is no series S-9: `conference list` shows yours."),
    ],
)
def test_what_can_not_be_wished(quick: Talk, line: str, says: str) -> None:
    conference(quick)
    assert says in quick.direct("lea", line)


def test_only_who_prepares_conferences_changes_agendas(quick: Talk) -> None:
    conference(quick)
    code = flagged(quick)
    for line in (f"agenda pin {code}", "agenda post", "agenda hours 3", "agenda quorum psychology"):
        assert "As physiotherapist you can't use" in quick.direct("ana", line)
    assert quick.direct("dee", f"agenda pin {code}").startswith("C-12: ")
    assert quick.direct("eli", "agenda") != ""
    assert code not in quick.direct("eli", "agenda C-12")


def test_posting_by_hand_is_before_the_time_and_once(quick: Talk) -> None:
    conference(quick)
    code = flagged(quick, "routine")
    quick.hear()
    assert quick.direct("lea", "agenda post") == "The agenda of C-12 is posted."
    assert quick.heard() == ["Agenda of C-12 · Tue 11 Mar 14:00 · 1 item · 10 of 60 min"]
    assert "C-12: not ready to be decided" in quick.told("lea")
    assert quick.direct("lea", "agenda post C-12") == (
        "The agenda of C-12 is posted already; what changes is told by itself."
    )
    assert deadline(quick, Deadline.AGENDA) is None
    quick.direct("lea", f"agenda defer {code}")
    quick.pass_time(6)
    assert quick.heard() == ["The agenda of C-12 has changed"]
    assert f"{code} is off: deferred by the lead" in agenda_in_room(quick)
    assert f"{code} is off: deferred by the lead" in quick.direct("lea", "agenda")


def test_the_day_and_hour_of_posting_are_the_teams_own(talk: Talk) -> None:
    conference(talk)
    assert talk.direct("lea", "agenda hours 3 at 4pm") == (
        "Agendas are posted 3 working days before, at 16:00.\n\n"
        "That of C-12 is posted Thu 6 Mar 16:00.\n\n1. Show the agenda — agenda"
    )
    assert deadline(talk, Deadline.AGENDA) == datetime(2031, 3, 6, 16, 0, tzinfo=UTC)
    talk.pass_time((datetime(2031, 3, 6, 16, 0, tzinfo=UTC) - talk.now) / timedelta(minutes=1))
    assert stood(talk)
    said = talk.direct("lea", "agenda hours 1")
    assert said.startswith("Agendas are posted one working day before, at 08:30.")
    said = talk.direct("lea", "agenda quorum psychology and physio")
    assert said.startswith("Somebody of each must be there: psychology, physiotherapy.")
    assert talk.direct("lea", "agenda quorum none").startswith("No discipline has to be there.")


def test_the_days_before_count_no_public_holidays_and_follow_the_teams_working_hours(quick: Talk) -> None:
    """Good Friday is 11 April 2031."""
    conference(quick, datetime(2031, 4, 15, 13, 0, tzinfo=UTC))
    assert deadline(quick, Deadline.AGENDA) == datetime(2031, 4, 10, 7, 30, tzinfo=UTC)
    settled(quick, Habits(1, time(10)))
    quick.say("lea", "team setup name='North team' phone='01632 960001' emergency=999 working='Mon-Wed 9-17'")
    assert deadline(quick, Deadline.AGENDA) == datetime(2031, 4, 14, 9, 0, tzinfo=UTC)


def test_nothing_of_it_disturbs_the_room(quick: Talk) -> None:
    conference(quick)
    code = flagged(quick)
    quick.forward(0)
    quick.hear()
    for line in ("agenda", "agenda waiting", f"agenda pin {code}", "agenda hours 3"):
        quick.direct("lea", line)
    quick.forward(1)
    assert quick.news(ROOM) == []
    assert not quick.broke
