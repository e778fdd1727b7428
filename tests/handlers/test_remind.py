"""Reminders of conferences: as each person set them, never at night, none after a decline."""

from datetime import UTC, datetime

import pytest

from pathway.reminder import Span, next_moment, spans_due
from tests.handlers.talk import Talk

NEXT_TUESDAY = "conference schedule Board Tue 11 Mar 12:30-13:30"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2031, 3, day, hour, minute, tzinfo=UTC)


def reminded(talk: Talk, who: str) -> list[str]:
    """What somebody was told that reminds them."""
    return [each for each in talk.told(who) if each.startswith("C-1 is ")]


@pytest.fixture
def board(talk: Talk) -> Talk:
    talk.say("lea", NEXT_TUESDAY)
    talk.hear()
    return talk


def test_each_is_reminded_as_they_set_it(board: Talk) -> None:
    assert board.say("ana", "conference remind") == (
        "You are reminded of conferences a day before.\n\n"
        "1. A day and an hour before — conference remind day hour\n2. Never — conference remind none"
    )
    assert board.say("bo", "conference remind a week, day and hour") == (
        "You are reminded of conferences a week, a day and an hour before."
    )
    assert board.say("cy", "conference remind none") == "You are reminded of conferences never."
    assert "Type any of week, day and hour" in board.say("cy", "conference remind fortnight")
    board.until(at(4, 12, 31))
    assert (reminded(board, "ana"), len(reminded(board, "bo"))) == ([], 1)
    board.until(at(10, 12, 29))
    assert reminded(board, "bo") == []
    board.until(at(10, 12, 31))
    assert reminded(board, "ana") == ["C-1 is tomorrow 12:30-13:30 London time"]
    assert reminded(board, "bo") == ["C-1 is tomorrow 12:30-13:30 London time"]
    assert reminded(board, "cy") == []
    board.until(at(11, 11, 31))
    assert reminded(board, "ana") == []
    assert reminded(board, "bo") == ["C-1 is today 12:30-13:30 London time"]
    assert board.private("bo")[-1].endswith("Agenda — agenda show C-1")


def test_who_declined_is_not_reminded_even_of_what_waits_for_the_morning(board: Talk) -> None:
    board.say("lea", "conference schedule Early Wed 12 Mar 06:00-06:30")
    board.say("bo", "conference decline C-1")
    board.until(at(11, 6, 30))
    board.say("ana", "conference decline C-2")
    board.until(at(11, 13, 0))
    assert reminded(board, "bo") == []
    assert [each for each in board.told("ana") if each.startswith("C-2 is ")] == []
    assert [each for each in board.told("cy") if each.startswith("C-2 is ")] == [
        "C-2 is tomorrow 06:00-06:30 London time"
    ]


def test_nobody_is_reminded_at_night_nor_after_it_has_begun(board: Talk) -> None:
    board.say("lea", "conference schedule Early Wed 12 Mar 06:30-07:00")
    board.say("bo", "conference remind hour")
    board.until(at(12, 9, 0))
    assert [each for each in board.told("bo") if each.startswith("C-2")] == []


def test_an_outage_leaves_one_reminder_not_three(board: Talk) -> None:
    board.say("bo", "conference remind week day hour")
    board.until(at(3, 11, 0))
    board.hear()
    board.until(at(11, 12, 0))
    assert reminded(board, "bo") == ["C-1 is today 12:30-13:30 London time"]
    board.until(at(11, 14, 0))
    assert reminded(board, "bo") == []


def test_who_is_away_is_not_reminded(board: Talk) -> None:
    board.direct("bo", "away until friday 14 march 9am")
    board.until(at(10, 13, 0))
    assert reminded(board, "bo") == []


def test_moments_of_reminders() -> None:
    starts = at(11, 12, 30)
    assert next_moment(starts, at(3, 0)) == at(4, 12, 30)
    assert next_moment(starts, at(4, 12, 30)) == at(10, 12, 30)
    assert next_moment(starts, at(11, 12)) is None
    assert spans_due(starts, at(4, 12, 30), at(10, 12, 30)) == {Span.WEEK, Span.DAY}
    assert spans_due(starts, at(10, 12, 30), at(10, 12, 30)) == {Span.DAY}
    assert spans_due(starts, at(4, 12, 30), starts) == frozenset()
