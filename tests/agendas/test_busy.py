"""When somebody is busy, out of calendars as programs write them, and as nobody should."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas.busy import NotACalendar, joined, read_busy

SINCE, UNTIL = datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 4, 6, tzinfo=UTC)
LINES = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
{}
END:VCALENDAR
"""


def calendar(*events: str) -> bytes:
    inner = "\n".join(
        f"BEGIN:VEVENT\nUID:u{at}\nDTSTAMP:20260301T000000Z\nSUMMARY:Secret\n{each}\nEND:VEVENT"
        for at, each in enumerate(events)
    )
    return LINES.format(inner).replace("\n", "\r\n").encode()


def busy(*events: str) -> list[str]:
    found = read_busy(calendar(*events), "Europe/London", SINCE, UNTIL)
    return [f"{starts:%d %H:%M}-{ends:%d %H:%M}" for starts, ends in found]


def test_what_recurs_stays_at_its_hour_over_a_clock_change() -> None:
    weekly = "DTSTART;TZID=Europe/London:20260324T090000\nDTEND;TZID=Europe/London:20260324T100000"
    assert busy(f"{weekly}\nRRULE:FREQ=WEEKLY") == ["24 09:00-24 10:00", "31 08:00-31 09:00"]


def test_whole_days_count_and_what_is_free_or_cancelled_does_not() -> None:
    assert busy("DTSTART;VALUE=DATE:20260330\nDTEND;VALUE=DATE:20260331") == ["29 23:00-30 23:00"]
    assert busy("DTSTART:20260330T090000\nDURATION:PT1H") == ["30 08:00-30 09:00"], "the owner's own time"
    slot = "DTSTART:20260324T090000Z\nDTEND:20260324T100000Z"
    assert busy(f"{slot}\nTRANSP:TRANSPARENT", f"{slot}\nSTATUS:CANCELLED") == []
    assert busy(f"{slot}\nRRULE:FREQ=SECONDLY", f"{slot}\nRRULE:FREQ=MINUTELY;COUNT=9") == []
    assert busy("DTSTART:20260301T000000Z\nDTEND:20260324T000000Z") == ["23 00:00-24 00:00"]


@pytest.mark.parametrize(
    "text", [b"", b"<html>", b"BEGIN:VCALENDAR", b"\xff\xfe", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"]
)
def test_what_is_no_calendar_is_said_and_not_quoted(text: bytes) -> None:
    with pytest.raises(NotACalendar, match="That address gives no calendar"):
        read_busy(text, "Europe/London", SINCE, UNTIL)


MINUTES = st.integers(0, 2000).map(lambda minutes: SINCE + timedelta(minutes=minutes))


@given(st.lists(st.tuples(MINUTES, MINUTES)))
def test_joined_is_the_same_time_in_as_few_pieces_as_can_be(
    intervals: list[tuple[datetime, datetime]],
) -> None:
    found = joined(intervals)
    assert all(a < b for a, b in found)
    assert all(b < c for (_, b), (c, _) in pairwise(found))
    edges = {each for interval in intervals for each in interval}
    for moment in edges:
        before = any(a <= moment < b for a, b in intervals)
        assert any(a <= moment < b for a, b in found) == before
