"""Conferences are moved, cancelled, lengthened and restored; a series is changed from a date on, or ends."""

from datetime import UTC, datetime, timedelta

from cards.plain import plain
from pathway.conference import Step, move
from pathway.invitee import Answer, member_key
from pathway.people import Member
from tests.handlers.talk import ROOM, Talk

SERIES = "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 4 Mar"


def heard(talk: Talk) -> list[str]:
    """What came in the room since this was asked last, but for agendas."""
    return [title for title in talk.heard() if not title.startswith("Agenda of ")]


def planned(talk: Talk, line: str = SERIES) -> None:
    talk.say("lea", line)
    talk.hear()
    talk.pass_time(11)


def starts(talk: Talk, ref: str) -> str:
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.conferences.find(ref)
    assert found is not None
    return f"{found.starts:%d %b %H:%M} {found.minutes} {found.state} {found.sequence}"


def accepted(talk: Talk, ref: str, who: str) -> Answer:
    key = member_key(talk.id(who))
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.conferences.find(ref)
        assert found is not None
        return clinic.invitees.answer(found, key).answer


def accept(talk: Talk, ref: str, who: str) -> None:
    key = member_key(talk.id(who))
    with talk.store.clinic(talk.now) as clinic:
        to = clinic.conferences.find(ref) if ref.startswith("C") else clinic.series.find(ref)
        assert to is not None
        clinic.invitees.put_answer(to, key, Answer.ACCEPTED, 0, talk.now, "chat", now=talk.now)


def test_one_is_moved_over_a_clock_change_and_everybody_hears_it_in_their_own_zone(talk: Talk) -> None:
    planned(talk)
    bo = talk.id("bo")
    with talk.store.clinic(talk.now) as clinic:
        clinic.people.save(Member(bo, "Bo Lindqvist", "America/New_York"))
    accept(talk, "S-1", "ana")
    accept(talk, "C-4", "bo")
    assert talk.say("lea", "conference move C-4 mon 31 mar 12:30") == (
        "C-4 is moved: Mon 31 Mar 12:30-13:30 London time\n\n"
        "It was Tue 25 Mar 12:30-13:30 London time. Who had answered is asked again.\n\n"
        "1. Show — conference show C-4"
    )
    assert heard(talk) == [
        "C-4 is moved from Tue 25 Mar 12:30-13:30 London time to Mon 31 Mar 12:30-13:30 London time"
    ]
    assert starts(talk, "C-4") == "31 Mar 11:30 60 planned 1"
    assert [accepted(talk, "C-4", who) for who in ("ana", "bo")] == [Answer.NEEDS_ACTION] * 2
    assert accepted(talk, "C-3", "ana") is Answer.ACCEPTED
    assert "When: Mon 31 Mar 07:30-08:30 New York time" in talk.say("bo", "conference show C-4")
    assert "Elsewhere: 12:30 London time" in talk.say("bo", "conference show C-4")
    talk.forward(24 * 60)
    with talk.store.clinic(talk.now) as clinic:
        again = [each.starts for each in clinic.conferences.of_series(1, talk.now)]
    assert datetime(2031, 3, 25, 12, 30, tzinfo=UTC) not in again, "the series has it already, moved"


def test_a_time_that_the_clocks_leave_out_is_said(quick: Talk) -> None:
    planned(quick)
    said = quick.say("lea", "conference move C-4 sun 30 mar 1:30")
    assert said.startswith("C-4 is moved: Sun 30 Mar 02:30-03:30 London time")
    assert "⚠️ The clocks leave out 01:30 on that day, so it is 02:30." in said
    assert "⚠️ That is outside of the team's working hours." in said


def test_one_moved_onto_another_is_said_before_it_is_done(talk: Talk) -> None:
    planned(talk)
    said = talk.say("lea", "conference move C-2 tue 18 mar 13:00")
    assert said == (
        "C-2 is not moved yet: Tue 18 Mar 13:00-14:00 London time\n\n"
        "⚠️ It would be at the time of C-3 (Tue 18 Mar 12:30-13:30 London time).\n\n"
        '1. Do it all the same — conference move conference="C-2" to="tue 18 mar 13:00" anyway="yes"\n'
        "2. Cancel C-2 instead — conference cancel C-2"
    )
    assert starts(talk, "C-2") == "11 Mar 12:30 60 planned 0"
    assert heard(talk) == []
    talk.say("lea", "conference move C-2 'tue 18 mar 13:00' anyway yes")
    assert starts(talk, "C-2") == "18 Mar 13:00 60 planned 1"


def test_two_leads_at_once_hear_of_each_other(talk: Talk) -> None:
    planned(talk)
    talk.say("lea", "team role @dee lead")
    talk.say("lea", "conference move C-2 wed 12 mar 9:00")
    talk.now += timedelta(minutes=2)
    said = talk.say("dee", "conference move C-2 thu 13 mar 9:00")
    assert said.startswith("C-2 is not moved yet: Thu 13 Mar 09:00-10:00 London time\n\n")
    assert "⚠️ Lea Brandt changed C-2 2 min ago (conference moved)." in said
    assert starts(talk, "C-2") == "12 Mar 09:00 60 planned 1"
    assert talk.say("dee", "conference cancel C-2").startswith("C-2 is not cancelled yet")
    talk.pass_time(15)
    assert talk.say("dee", "conference move C-2 thu 13 mar 9:00").startswith("C-2 is moved: ")


def test_one_is_cancelled_told_and_held_after_all(talk: Talk) -> None:
    planned(talk)
    assert talk.say("lea", "conference cancel C-1 Half of us are away").startswith("C-1 is cancelled.")
    assert heard(talk) == ["C-1 is cancelled: tomorrow 12:30-13:30 London time"]
    assert starts(talk, "C-1") == "04 Mar 12:30 60 cancelled 1"
    assert "Half of us" not in "".join(plain(each.card) for each in talk.messages[ROOM].values())
    assert talk.say("lea", "conference move C-1 friday 9:00") == (
        "C-1 is cancelled, so that can't be done now."
    )
    talk.forward(24 * 60 * 0.5)
    with talk.store.clinic(talk.now) as clinic:
        assert len(clinic.conferences.of_series(1, talk.now)) == 17, "it is not made anew"
    assert talk.say("lea", "conference restore C-1") == ("C-1 takes place: tomorrow 12:30-13:30 London time.")
    assert starts(talk, "C-1") == "04 Mar 12:30 60 planned 2"
    talk.until(datetime(2031, 3, 5, 9, 0, tzinfo=UTC))
    assert talk.say("lea", "conference cancel C-1").startswith("C-1 is cancelled.")
    assert talk.say("lea", "conference restore C-1").endswith("that is past.")


def test_one_that_runs_is_neither_moved_nor_cancelled(quick: Talk) -> None:
    planned(quick)
    with quick.store.clinic(quick.now) as clinic:
        found = clinic.conferences.find("C-1")
        assert found is not None
        clinic.conferences.put(move(found, Step.START, quick.now), "started", quick.now)
    says = "C-1 is running, so that can't be done now. `conference end` ends it."
    assert quick.say("lea", "conference cancel C-1") == says
    assert quick.say("lea", "conference move C-1 friday 9:00") == says


def test_longer_shorter_and_elsewhere(quick: Talk) -> None:
    planned(quick)
    assert (
        quick.say("lea", "conference lengthen C-1 by 30 min")
        == "C-1 is tomorrow 12:30-14:00 London time now."
    )
    assert quick.say("lea", "conference lengthen C-1 15 min shorter") == (
        "C-1 is tomorrow 12:30-13:45 London time now."
    )
    assert quick.say("lea", "conference lengthen C-1 90 min").endswith("12:30-14:00 London time now.")
    assert (
        quick.say("lea", "conference lengthen C-1 soon")
        == "Type how long, like 15 min, 2 h, 3 days or 1 h 30 min."
    )
    assert quick.say("lea", "conference place C-1 Room 4").startswith("C-1 is held there.")
    assert "Where: Room 4" in quick.say("bo", "conference show C-1")
    assert starts(quick, "C-1") == "04 Mar 12:30 90 planned 4"


def test_a_series_changed_from_a_date_on_keeps_what_was_moved_by_hand(talk: Talk) -> None:
    planned(talk)
    talk.say("lea", "conference move C-4 mon 24 mar 9:00")
    talk.say("lea", "conference cancel C-5")
    talk.pass_time(11)
    talk.hear()
    accept(talk, "C-3", "bo")
    accept(talk, "C-1", "bo")
    said = talk.say("lea", "conference change S-1 every wednesday 13:00-14:00 from 17 mar")
    assert said.startswith(
        "S-1 is changed from Mon 17 Mar on.\n\n"
        "MSK conference, every Wednesday 13:00-14:00 (London time) (S-1 until then, S-2 from then on).\n\n"
        "The first ones:\n"
        "- C-3: Wed 19 Mar 13:00-14:00 London time\n"
        "- C-4: Mon 24 Mar 09:00-10:00 London time\n"
    )
    assert "Moved by hand before, and left where they are:\n- C-4: Mon 24 Mar 09:00-10:00 London time" in said
    assert heard(talk) == ["S-1 changes from Mon 17 Mar on: every Wednesday 13:00-14:00 (London time)"]
    assert [starts(talk, ref) for ref in ("C-1", "C-2", "C-3", "C-4", "C-5")] == [
        "04 Mar 12:30 60 planned 0", "11 Mar 12:30 60 planned 0", "19 Mar 13:00 60 planned 1",
        "24 Mar 09:00 60 planned 2", "02 Apr 12:00 60 cancelled 2",
    ]  # fmt: skip
    assert (accepted(talk, "C-1", "bo"), accepted(talk, "C-3", "bo")) == (
        Answer.ACCEPTED, Answer.NEEDS_ACTION,
    )  # fmt: skip
    with talk.store.clinic(talk.now) as clinic:
        first, second = clinic.series.of_team("north-team")
        assert (str(first.until), second.follows, str(second.begins)) == (
            "2031-03-16",
            1,
            "2031-03-19",
        )
        assert len(clinic.invitees.of_series(2)) == 5
        moments = [each.recurs_at for each in clinic.conferences.of_series(2, talk.now)]
        assert len(moments) == len(set(moments))
    talk.forward(3 * 24 * 60)
    with talk.store.clinic(talk.now) as clinic:
        assert len(clinic.conferences.of_series(1, datetime(2031, 3, 1, tzinfo=UTC))) == 2


def test_a_series_that_has_not_begun_is_changed_under_its_own_number(quick: Talk) -> None:
    planned(quick)
    said = quick.say("lea", "conference change S-1 9-10")
    assert said.startswith("S-1 is changed from Mon 3 Mar on.")
    assert "every Tuesday 09:00-10:00 (London time) (S-1)." in said
    assert starts(quick, "C-1") == "04 Mar 09:00 60 planned 1"
    assert quick.say("lea", "conference change S-1 rubbish") == (
        "Say what is new, like every wednesday, 13:00-14:00, or both; and from when, like from 5 Jan."
    )


def test_fewer_conferences_than_before_are_cancelled_and_named(quick: Talk) -> None:
    planned(quick)
    said = quick.say("lea", "conference change S-1 every 2 weeks on tuesday from 5 mar")
    assert (
        "Cancelled, as the series has none in their place:\n- C-3: Tue 18 Mar 12:30-13:30 London time\n"
        in said
    )
    assert starts(quick, "C-3") == "18 Mar 12:30 60 cancelled 1"


def test_a_series_ends_from_a_day_on(talk: Talk) -> None:
    planned(talk)
    said = talk.say("lea", "conference cancel S-1 from 18 mar")
    assert said.startswith("S-1 ends before Tue 18 Mar.\n\nCancelled:\n- C-3: ")
    assert heard(talk) == ["S-1 ends: no conference from Tue 18 Mar on"]
    assert starts(talk, "C-2") == "11 Mar 12:30 60 planned 0"
    assert talk.say("lea", "conference restore C-3") == (
        "S-1 does not have it any more: `conference schedule` plans another."
    )
    talk.forward(40 * 24 * 60)
    with talk.store.clinic(talk.now) as clinic:
        assert len(clinic.conferences.of_series(1, datetime(2031, 3, 1, tzinfo=UTC))) == 17


def test_a_series_is_held_on_a_public_holiday_if_the_team_says_so(quick: Talk) -> None:
    planned(quick, "conference schedule Board every Friday 9-10 from 4 Apr holidays GB-ENG")
    said = quick.say("lea", "conference restore S-1 11 apr")
    assert said.startswith("S-1 is held on Fri 11 Apr.\n\nIt is Good Friday.\n\nPlanned:\n- C-")
    assert quick.say("lea", "conference restore S-1 12 apr") == (
        "S-1 leaves nothing out on Sat 12 Apr: `conference list` says what it does."
    )


def test_only_the_teams_own_and_only_by_who_may(quick: Talk) -> None:
    planned(quick)
    assert quick.say("ana", "conference cancel C-1").startswith("As physiotherapist you can't use")
    assert quick.say("lea", "conference cancel C-99") == (
        "There is no conference C-99: `conference list` shows yours."
    )
