"""What time brings: reminders, the next rungs, the end, duties; after an outage, one thing at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from structlog.typing import EventDict

from bot.clock import broke
from cards.plain import plain
from handlers.tick import tick
from storage.secrets import Keyring
from tests.handlers.talk import ROOM, Talk, own

EVENTS = ("10:30", "10:50", "11:00", "11:20", "11:30", "12:00", "14:00")


def test_silence_from_the_first_reminder_to_the_phone_number(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    talk.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    talk.hear()
    story: dict[str, dict[str, list[str]]] = {}
    while talk.handoff().due_at is not None:
        talk.pass_time(10)
        told = {who: titles for who in ("ana", "bo", "cy", "lea", "dee") if (titles := talk.told(who))}
        if told:
            story[f"{talk.now:%H:%M}"] = told
    waits, late = "H-1 still waits for your answer, until today", ["H-1 was not answered in time"]
    asked = [f"H-1 · {code} · escalated"]
    nobody = [f"Nobody took H-1 ({code})"]
    assert {time: told for time, told in story.items() if time in EVENTS} == {
        "10:30": {"bo": [f"{waits} 11:00"]},
        "10:50": {"bo": [f"{waits} 11:00"]},
        "11:00": {"ana": late, "cy": asked},
        "11:20": {who: [f"{waits} 11:30"] for who in ("bo", "cy")},
        "11:30": {"ana": late, "cy": [f"{waits} 11:30"], "bo": [f"{waits} 11:30"], "lea": asked},
        "12:00": {"ana": late} | {who: [f"{waits} 12:00"] for who in ("bo", "cy", "lea")},
        "14:00": {"ana": nobody, "lea": nobody},
    }
    rung = [each for each in talk.news(ROOM) if each.everyone]
    assert [each.card.title for each in rung] == [f"Nobody has taken H-1 ({code}) yet", *nobody]
    assert ["If nobody can, ring 01632 960001." in plain(each.card) for each in rung] == [True, True]
    assert not talk.broke


def test_an_outage_says_that_it_was_late_and_does_one_thing_at_a_time(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    talk.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    talk.hear()
    talk.until(datetime(2031, 3, 5, 9, 0, tzinfo=UTC))
    assert (talk.told("bo"), talk.told("cy"), talk.told("lea")) == ([], [f"H-1 · {code} · escalated"], [])
    assert talk.told("ana") == ["Late: this was due Mon 3 Mar 10:30. H-1 was not answered in time"]
    assert talk.handoff().answer_by == talk.now + timedelta(minutes=30)
    assert "Late: this was due Mon 3 Mar 10:30." in plain(
        next(reversed(talk.messages[own("cy")].values())).card
    )
    talk.forward(0)
    assert talk.told("lea") == []


def test_a_tick_that_is_a_little_behind_is_not_called_late(quick: Talk) -> None:
    code = quick.patient()
    quick.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    quick.hear()
    quick.forward(31)
    assert quick.told("bo") == ["H-1 still waits for your answer, until today 11:00"]


def test_an_acceptance_stops_everything(talk: Talk) -> None:
    code = talk.patient()
    talk.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    talk.forward(50)
    talk.direct("bo", "handoff accept H-1")
    talk.hear()
    talk.pass_time(7 * 60)
    assert all(talk.told(who) == [] for who in ("ana", "bo", "cy", "lea"))
    assert talk.heard() == []


def test_duties_are_said_to_who_holds_it_then_to_the_lead_then_to_the_channel(talk: Talk) -> None:
    code = talk.patient()
    talk.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    talk.direct("bo", "handoff accept H-1")
    talk.hear()
    assert "overdue" not in talk.direct("bo", "handoff list")
    talk.pass_time(9 * 24 * 60)
    waits = "H-1 waits for you to introduce the patient"
    lead = "Bo Lindqvist holds H-1 and it is overdue to introduce the patient"
    assert talk.told("bo") == [waits] * 4 + [lead]
    assert talk.told("lea") == [lead]
    assert talk.heard() == [f"H-1 ({code}) is overdue: nobody has managed to introduce the patient"]
    assert "H-1      P" in talk.direct("bo", "handoff list overdue")
    talk.direct("bo", "handoff introduce H-1 phone")
    assert talk.handoff().due == "complete"


def test_a_duty_of_somebody_who_is_away_is_said_to_their_cover_or_the_lead(talk: Talk) -> None:
    code = talk.patient()
    for ref, who in (("H-1", "bo"), ("H-2", "cy")):
        talk.direct("ana", f"handoff offer {code} {who} emergency 'numbness'")
        talk.direct(who, f"handoff accept {ref}")
    talk.direct("bo", "away until friday cover @cy")
    talk.direct("cy", "back")
    talk.hear()
    talk.pass_time(61)
    waits = "{} waits for you to introduce the patient"
    assert (talk.told("bo"), talk.told("cy")) == ([], [waits.format("H-1"), waits.format("H-2")])
    assert "who has been introduced" in talk.direct("cy", "handoff introduce H-1 phone")
    talk.direct("cy", "away until friday")
    talk.hear()
    talk.pass_time(15)
    assert (talk.told("cy"), talk.told("lea")) == ([], [waits.format("H-2")])


def test_one_that_cannot_be_done_does_not_hold_up_the_others(quick: Talk) -> None:
    code = quick.patient()
    for _ in range(3):
        quick.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    with quick.store.clinic(quick.now) as clinic:
        broken = clinic.handoffs.find("H-2")
        assert broken is not None
        clinic.handoffs.put(type(broken)(**{**vars(broken), "urgency": "gone"}), "spoilt", quick.now)
    quick.hear()
    quick.forward(30)
    reminder = "H-{} still waits for your answer, until today 11:00"
    assert quick.told("bo") == [reminder.format(1), reminder.format(3)]
    assert [type(error) for error in quick.broke] == [KeyError]


def test_routine_offers_of_a_night_when_the_clocks_change_wait_for_the_morning(quick: Talk) -> None:
    quick.now = datetime(2031, 3, 29, 22, 0, tzinfo=UTC)  # Saturday; at one the clocks go forward
    code = quick.patient()
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.direct("ana", f"handoff offer {code} cy emergency 'numbness'")
    assert (quick.told("bo"), quick.told("cy")) == ([], [f"H-2 · {code} · offered"])
    quick.direct("cy", "handoff accept H-2")
    quick.until(datetime(2031, 3, 30, 5, 59, tzinfo=UTC))
    assert quick.told("bo") == []
    quick.until(datetime(2031, 3, 30, 6, 0, tzinfo=UTC))  # 07:00 in London, where it is summer now
    assert quick.told("bo") == [f"H-1 · {code} · offered"]
    assert "until Mon 31 Mar 16:30" in quick.card("H-1", own("bo"))


def test_what_cannot_be_opened_holds_up_only_itself(quick: Talk, logged: list[EventDict]) -> None:
    code = quick.patient()
    quick.say("lea", "flag board")
    for _ in range(3):
        quick.direct("ana", f"handoff offer {code} bo soon 'low mood'")
    quick.direct("ana", f"flag {code} 'low mood' soon psychologist")
    quick.direct("bo", f"flag {code} 'worse' soon physio")
    known, gone = quick.store.keyring, Keyring([bytes(range(32)), bytes(32)])
    quick.store.keyring = gone
    with quick.store.clinic(quick.now) as clinic:
        handoff, flag = clinic.handoffs.find("H-2"), clinic.flags.find("F-1")
        assert handoff is not None
        assert flag is not None
        clinic.handoffs.put(replace(handoff, due_at=quick.now), "offered", quick.now)
        clinic.flags.put(replace(flag, due_at=quick.now), "raised", quick.now)
    quick.store.keyring = known
    quick.hear()
    quick.now += timedelta(hours=2)
    tick(quick.store, quick.now, broke)
    quick.post()
    reminder = "{} still waits for your answer, until today 14:00"
    assert quick.told("bo") == [reminder.format(each) for each in ("H-1", "H-3")]
    assert quick.told("ana") == [reminder.format("F-2")]
    shown = [plain(each.card) for each in quick.messages[ROOM].values()]
    board = next(each for each in shown if each.startswith("Open flags in North team: 2"))
    assert ("F-1 ·" in board, "As of Mon 3 Mar 12:00." in board) == (True, True)
    assert [(each["event"], each["subject"], each["error"]) for each in logged] == [
        ("due_failed", subject, "KeyMissing") for subject in ("F-1", "H-2", f"issues:{code}")
    ]
    assert "low mood" not in "".join(str(each["exc_info"]) for each in logged)


def test_what_cannot_be_opened_before_it_is_known_what_it_is_holds_up_its_own_kind_alone(
    quick: Talk,
) -> None:
    known = quick.store.keyring
    quick.store.keyring = Keyring([bytes(range(32)), bytes(32)])
    quick.say("lea", "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 4 Mar")
    quick.store.keyring = known
    code = quick.patient()
    quick.hear()
    failed: list[str] = []
    quick.now += timedelta(days=15)
    tick(quick.store, quick.now, lambda subject, error: failed.append(subject))
    quick.post()
    assert "handlers.conferences.series_due" in failed
    assert f"{code}: measures are due" in quick.told("ana")
