"""Time zones as calendars are told them, read back by a program that is not ours, beside the database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest
import vobject  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given
from hypothesis import strategies as st

from agendas.timezone import is_regular, vtimezone

NOW = datetime(2026, 11, 1, tzinfo=UTC)
IRREGULAR = {
    "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Nuuk", "America/Santiago",
    "America/Scoresbysund", "Asia/Gaza", "Asia/Hebron", "Asia/Jerusalem",
}  # fmt: skip
REGULAR = [
    "Europe/London", "Europe/Dublin", "Europe/Madrid", "Europe/Istanbul", "America/New_York",
    "America/Sao_Paulo", "Australia/Lord_Howe", "Australia/Sydney", "Asia/Kolkata", "Asia/Kathmandu",
    "Pacific/Auckland", "Pacific/Chatham", "America/St_Johns", "Africa/Lagos", "Asia/Tehran", "Etc/GMT+5",
]  # fmt: skip


def test_every_zone_has_yearly_rules_but_for_those_that_have_none() -> None:
    irregular = {zone for zone in available_timezones() if not is_regular(zone, NOW)}
    assert irregular >= IRREGULAR
    assert irregular - IRREGULAR == {
        "America/Godthab",
        "Asia/Tel_Aviv",
        "Chile/Continental",
        "Egypt",
        "Israel",
    }


@given(st.sampled_from(REGULAR), st.datetimes(datetime(2026, 1, 1), datetime(2031, 12, 31)))  # noqa: DTZ001
def test_a_zone_read_back_by_vobject_has_the_offsets_of_the_database(zone: str, wall: datetime) -> None:
    there = ZoneInfo(zone)
    # An hour that a change skips or repeats means one thing or the other to each program.
    around = {(wall + timedelta(hours=each)).replace(tzinfo=there).utcoffset() for each in (-2, 0, 2)}
    made = vtimezone(zone, NOW)
    assert made is not None
    text = f"BEGIN:VCALENDAR\r\n{made.to_ical().decode()}END:VCALENDAR\r\n"
    read = vobject.readOne(text).vtimezone.gettzinfo()
    if len(around) == 1:
        assert read.utcoffset(wall) == wall.replace(tzinfo=there).utcoffset()


def test_clocks_change_at_the_hour_at_which_they_do() -> None:
    made = vtimezone("Europe/London", NOW)
    assert made is not None
    assert made.to_ical().decode().split("\r\n")[1:-2] == [
        "TZID:Europe/London",
        "BEGIN:STANDARD",
        "DTSTART:19701025T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T010000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "END:DAYLIGHT",
    ]


def test_a_zone_whose_rules_changed_meanwhile_is_told_for_the_years_in_which_they_hold() -> None:
    before, after = datetime(2014, 1, 1, tzinfo=UTC), datetime(2018, 1, 1, tzinfo=UTC)
    assert [is_regular("Europe/Istanbul", each) for each in (before, after)] == [False, True]


@pytest.mark.parametrize("name", ["../../etc/passwd", "Europe/Nowhere", ""])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises((ZoneInfoNotFoundError, ValueError)):
        is_regular(name, NOW)
