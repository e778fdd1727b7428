"""Duty passed on for a while: agreed, refused, or never answered, which who asked hears in time."""

from datetime import UTC, datetime

from tests.handlers.talk import Talk
from tests.handlers.test_duty import TUESDAY, row

FRIDAY = "Fri 7 Mar 00:00 to Sat 8 Mar 00:00"


def test_a_swap_counts_when_the_other_agrees(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    talk.hear()
    assert talk.direct("bo", "duty swap psychologist @cy tomorrow") == (
        "D-1: Cy Osei is asked.\n\nUntil they agree it stays yours: tomorrow 00:00 to Wed 5 Mar 00:00."
    )
    asks = "Bo Lindqvist asks you to be on duty as psychologist: tomorrow 00:00 to Wed 5 Mar 00:00"
    assert talk.told("cy") == [asks]
    assert "Cy Osei" not in talk.say("bo", "duty")
    assert talk.direct("ana", "duty take D-1") == "D-1 was asked of Cy Osei."
    assert talk.press("cy", "Take it").startswith("You are on duty as psychologist: tomorrow 00:00")
    assert talk.told("bo") == [
        "Cy Osei is on duty as psychologist instead of you: tomorrow 00:00 to Wed 5 Mar 00:00"
    ]
    assert talk.direct("cy", "duty take d-1") == "D-1 is agreed already."
    talk.until(TUESDAY)
    assert row(talk.say("bo", "duty")) == ("Cy Osei", "nobody, today 17:00")
    assert talk.journal("duty:D-1") == ["duty swap asked", "duty swapped"]


def test_a_swap_that_nobody_answers_is_told_as_work_begins_on_the_day_before(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    talk.direct("bo", "duty swap psychologist @cy friday")
    talk.hear()
    talk.until(datetime(2031, 3, 6, 8, 29, tzinfo=UTC))
    assert (talk.told("bo"), talk.told("cy")) == ([], [])
    talk.forward(1)
    assert talk.told("bo") == [
        "D-1: Cy Osei has not agreed, so you stay on duty as psychologist: tomorrow 00:00 to Sat 8 Mar 00:00"
    ]
    assert talk.told("lea") == [], "it matters to nobody else: somebody is on duty"
    talk.pass_time(3 * 24 * 60)
    assert (talk.told("bo"), talk.told("cy"), talk.told("lea")) == ([], [], []), "once"
    assert talk.direct("cy", "duty take D-1") == "D-1 is over."


def test_who_can_not_take_it_says_so_and_it_stays(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    talk.direct("bo", "duty swap psychologist @cy friday")
    talk.hear()
    assert talk.direct("ana", "duty refuse D-1") == "D-1 was asked of Cy Osei."
    assert talk.press("cy", "I can't") == "D-1 stays with Bo Lindqvist, who has been told."
    assert talk.told("bo") == [f"Cy Osei can't take over your duty as psychologist, it stays yours: {FRIDAY}"]
    assert talk.direct("cy", "duty take D-1").startswith("There is no such swap")
    talk.until(datetime(2031, 3, 7, 9, 0, tzinfo=UTC))
    assert talk.told("bo") == [], "what would have been told in time is not told any more"
    assert row(talk.say("bo", "duty"))[0] == "Bo Lindqvist"
    assert talk.journal("duty:D-1") == ["duty swap asked", "duty swap refused"]


def test_a_swap_for_today_is_told_while_there_is_time(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 14-17")
    talk.direct("bo", "duty swap psychologist @cy from today 14:00 until today 17:00")
    talk.hear()
    talk.forward(119)
    assert talk.told("bo") == []
    talk.forward(1)
    assert talk.told("bo") == [
        "D-1: Cy Osei has not agreed, so you stay on duty as psychologist: today 14:00 to 17:00"
    ]
    assert talk.press("cy", "Take it").startswith("You are on duty as psychologist: today 14:00"), "still"
    assert talk.told("bo") == ["Cy Osei is on duty as psychologist instead of you: today 14:00 to 17:00"]
