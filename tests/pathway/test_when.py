"""Dates, times and spans as people type them at 20:00 on Monday 23 November 2026, in London."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.when import BadWhen, read_day, read_span, read_when, say_day, say_span, say_when

LONDON = "Europe/London"
MINUTE = timedelta(minutes=1)

zones = st.sampled_from(
    [LONDON, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"]
)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * MINUTE)


def at(text: str, zone: str = LONDON) -> datetime:
    """A local time, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


NOW = at("2026-11-23 20:00")

WHEN = "Type a time like tomorrow 9am, fri 14:00, in 2 h or 3 Dec 09:30."
DAY = "Type a day like tomorrow, friday, next tue or 3 Dec 2026."
SPAN = "Type how long, like 15 min, 2 h, 3 days or 1 h 30 min."
PAST = "That is already past: type a later one, like tomorrow 9am or next tue."
ORDER = "Write the month as a word, like 3 Dec 2026, because people write days and months in both orders."


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomorrow 9am", "2026-11-24 09:00"),
        ("9 am tomorrow", "2026-11-24 09:00"),
        ("Tomorrow at 9:30 AM", "2026-11-24 09:30"),
        ("tomorrow", "2026-11-24 09:00"),
        ("tmrw 9.30am", "2026-11-24 09:30"),
        ("day after tomorrow, noon", "2026-11-25 12:00"),
        ("the day after tomorrow", "2026-11-25 09:00"),
        ("today 23:00", "2026-11-23 23:00"),
        ("today 21", "2026-11-23 21:00"),
        ("tomorrow 9", "2026-11-24 09:00"),
        ("tomorrow 9.30", "2026-11-24 09:30"),
        ("tomorrow 9.10", "2026-11-24 09:10"),
        ("tomorrow 0900", "2026-11-24 09:00"),
        ("tomorrow 2030", "2026-11-24 20:30"),
        ("0900", "2026-11-24 09:00"),
        ("until 9.30", "2026-11-24 09:30"),
        ("14.30", "2026-11-24 14:30"),
        ("fri 9.30", "2026-11-27 09:30"),
        ("3 dec 9.30", "2026-12-03 09:30"),
        ("monday at 9", "2026-11-30 09:00"),
        ("at 10 on friday", "2026-11-27 10:00"),
        ("friday at 5.15", "2026-11-27 05:15"),
        ("next friday 10", "2026-12-04 10:00"),
        ("9.00", "2026-11-24 09:00"),
        ("until friday 9.00", "2026-11-27 09:00"),
        ("fri 14.00", "2026-11-27 14:00"),
        ("14.00", "2026-11-24 14:00"),
        ("until friday 0900", "2026-11-27 09:00"),
        ("at 0900", "2026-11-24 09:00"),
        ("tomorrow at 0900", "2026-11-24 09:00"),
        ("fri 1800", "2026-11-27 18:00"),
        ("2030", "2026-11-23 20:30"),
        ("tomorrow morning at 8", "2026-11-24 08:00"),
        ("tomorrow morning 8:15", "2026-11-24 08:15"),
        ("8:15 tomorrow morning", "2026-11-24 08:15"),
        ("at 2 tomorrow afternoon", "2026-11-24 14:00"),
        ("8 in the morning", "2026-11-24 08:00"),
        ("tomorrow 7 in the evening", "2026-11-24 19:00"),
        ("tomorrow evening 7.30", "2026-11-24 19:30"),
        ("dec 3 in the morning", "2026-12-03 09:00"),
        ("3 dec in the afternoon", "2026-12-03 14:00"),
        ("friday afternoon at 2", "2026-11-27 14:00"),
        ("friday noon", "2026-11-27 12:00"),
        ("9am tomorrow morning", "2026-11-24 09:00"),
        ("tonight at 9", "2026-11-23 21:00"),
        ("tonight 21:00", "2026-11-23 21:00"),
        ("tomorrow morning", "2026-11-24 09:00"),
        ("friday afternoon", "2026-11-27 14:00"),
        ("tonight", "2026-11-23 20:00"),
        ("midnight", "2026-11-24 00:00"),
        ("next week", "2026-11-30 09:00"),
        ("25.12", "2026-12-25 09:00"),
        ("now", "2026-11-23 20:00"),
        ("in 2 h", "2026-11-23 22:00"),
        ("2h", "2026-11-23 22:00"),
        ("15 min", "2026-11-23 20:15"),
        ("in 1h30", "2026-11-23 21:30"),
        ("two hours from now", "2026-11-23 22:00"),
        ("in 3 days", "2026-11-26 20:00"),
        ("in 3 days at 9am", "2026-11-26 09:00"),
        ("in two weeks", "2026-12-07 20:00"),
        ("friday", "2026-11-27 09:00"),
        ("fri 14:00", "2026-11-27 14:00"),
        ("14:00 on friday", "2026-11-27 14:00"),
        ("4pm thurs", "2026-11-26 16:00"),
        ("mon", "2026-11-30 09:00"),
        ("monday 21:00", "2026-11-23 21:00"),
        ("until monday", "2026-11-30 09:00"),
        ("next tue", "2026-12-01 09:00"),
        ("this tue", "2026-11-24 09:00"),
        ("by wednesday end of day", "2026-11-25 17:00"),
        ("end of day", "2026-11-24 17:00"),
        ("eod fri", "2026-11-27 17:00"),
        ("noon", "2026-11-24 12:00"),
        ("12am", "2026-11-24 00:00"),
        ("12:30 pm", "2026-11-24 12:30"),
        ("23:15", "2026-11-23 23:15"),
        ("3 Dec", "2026-12-03 09:00"),
        ("Dec 3rd, 2pm", "2026-12-03 14:00"),
        ("3rd of December 2027 14:00", "2027-12-03 14:00"),
        ("3 Nov", "2027-11-03 09:00"),
        ("23 nov 20:30", "2026-11-23 20:30"),
        ("23 nov 19:30", "2027-11-23 19:30"),
        ("29 feb", "2028-02-29 09:00"),
        ("sept 3", "2027-09-03 09:00"),
        ("Thu 3 Dec 09:30", "2026-12-03 09:30"),
        ("thursday, dec 3 2026", "2026-12-03 09:00"),
        ("2026-12-03 09:30", "2026-12-03 09:30"),
        ("2026-12-03T09:30", "2026-12-03 09:30"),
        ("2026-12-03", "2026-12-03 09:00"),
        ("25/12/2026", "2026-12-25 09:00"),
        ("12/25/2026 10:00", "2026-12-25 10:00"),
        ("12.12.2026", "2026-12-12 09:00"),
        ("25/12", "2026-12-25 09:00"),
        (' "tomorrow 9am" ', "2026-11-24 09:00"),
    ],
)
def test_a_time_as_people_type_it(typed: str, meant: str) -> None:
    assert read_when(typed, LONDON, NOW) == at(meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yesterday 9am", "2026-11-22 09:00"),
        ("friday", "2026-11-20 09:00"),
        ("monday", "2026-11-23 09:00"),
        ("last monday", "2026-11-16 09:00"),
        ("3 Nov", "2026-11-03 09:00"),
        ("3 Dec", "2025-12-03 09:00"),
        ("23:00", "2026-11-22 23:00"),
        ("3 days ago", "2026-11-20 20:00"),
        ("2 h ago", "2026-11-23 18:00"),
        ("29 feb", "2024-02-29 09:00"),
        ("tomorrow 9am", "2026-11-24 09:00"),
        ("3 Dec 2026", "2026-12-03 09:00"),
    ],
)
def test_what_may_be_past_is_looked_for_there(typed: str, meant: str) -> None:
    assert read_when(typed, LONDON, NOW, future=False) == at(meant)


def test_a_day_alone_means_the_time_that_the_caller_says() -> None:
    assert read_when("until friday", LONDON, NOW, alone=time(0)) == at("2026-11-27 00:00")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", WHEN),
        ("  ", WHEN),
        ("at", WHEN),
        ("soon", WHEN),
        ("may", WHEN),
        ("9", WHEN),
        ("tomorrow 25:00", WHEN),
        ("tomorrow 13pm", WHEN),
        ("tomorrow 0am", WHEN),
        ("9am 10am", WHEN),
        ("30 feb", WHEN),
        ("3 dec 26", WHEN),
        ("2026-13-01", WHEN),
        ("2026-02-30", WHEN),
        ("3 dec 0001", WHEN),
        ("next tue 3 dec", WHEN),
        ("P-7K3K", WHEN),
        ("2 h 14:00", WHEN),
        ("03/12/2026", ORDER),
        ("3.12.", "“3.12” may be a time or a day: type 3:12, or the month as a word, like 3 Dec."),
        ("3/12", ORDER),
        ("9.10", "“9.10” may be a time or a day: type 9:10, or the month as a word, like 3 Dec."),
        ("10.10", "“10.10” may be a time or a day: type 10:10, or the month as a word, like 3 Dec."),
        ("fri 9.10", "“9.10” may be a time or a day: type 9:10, or the month as a word, like 3 Dec."),
        ("tomorrow morning or evening", WHEN),
        ("15.12", "“15.12” may be a time or a day: type 15:12, or the month as a word, like 3 Dec."),
        ("this evening", PAST),
        ("monday at 5", "Say which half of the day: 5am, or 17:00."),
        ("tomorrow 4", "Say which half of the day: 4am, or 16:00."),
        ("friday 10", WHEN),
        ("9 30", WHEN),
        ("13/12/26", ORDER),
        ("25/25/2026", ORDER),
        ("today 9am", PAST),
        ("yesterday", PAST),
        ("this mon", PAST),
        ("2 h ago", PAST),
        ("2026-11-01", PAST),
        ("last friday", PAST),
        ("fri 3 dec", "3 Dec 2026 is a Thursday: type the date or the weekday again."),
    ],
)
def test_a_time_that_cannot_be_read_is_refused_with_examples(typed: str, sentence: str) -> None:
    with pytest.raises(BadWhen) as refused:
        read_when(typed, LONDON, NOW)
    assert str(refused.value) == sentence


def test_today_is_the_day_where_the_person_is() -> None:
    assert read_when("today 14:00", "Pacific/Kiritimati", NOW) == at("2026-11-24 14:00", "Pacific/Kiritimati")


def test_a_time_that_a_spring_change_skips_is_the_moment_as_much_later() -> None:
    now = at("2026-03-28 12:00")
    assert read_when("tomorrow 01:30", LONDON, now) == at("2026-03-29 02:30")


def test_a_time_that_an_autumn_change_repeats_is_its_first() -> None:
    now = at("2026-10-24 12:00")
    assert read_when("tomorrow 01:30", LONDON, now) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_days_keep_the_time_of_day_over_a_change_and_hours_are_real() -> None:
    now = at("2026-10-24 12:00")
    assert read_when("in 1 day", LONDON, now) == at("2026-10-25 12:00")
    assert read_when("in 24 h", LONDON, now) == at("2026-10-25 11:00")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today", date(2026, 11, 23)),
        ("tomorrow", date(2026, 11, 24)),
        ("monday", date(2026, 11, 23)),
        ("friday", date(2026, 11, 27)),
        ("next tue", date(2026, 12, 1)),
        ("in 3 weeks", date(2026, 12, 14)),
        ("3 Dec", date(2026, 12, 3)),
        ("23 nov", date(2026, 11, 23)),
        ("22 nov", date(2027, 11, 22)),
        ("2026-12-03", date(2026, 12, 3)),
        ("15.12", date(2026, 12, 15)),
        ("12.12", date(2026, 12, 12)),
    ],
)
def test_a_day_as_people_type_it(typed: str, meant: date) -> None:
    assert read_day(typed, LONDON, NOW) == meant


def test_a_day_that_may_be_past() -> None:
    assert read_day("22 nov", LONDON, NOW, future=False) == date(2026, 11, 22)
    assert read_day("12 Mar 1961", LONDON, NOW, future=False) == date(1961, 3, 12)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", DAY), ("in 2 h", DAY), ("fri 14:00", DAY), ("whenever", DAY), ("yesterday", PAST), ("1/2", ORDER)],
)
def test_a_day_that_cannot_be_read_is_refused_with_examples(typed: str, sentence: str) -> None:
    with pytest.raises(BadWhen) as refused:
        read_day(typed, LONDON, NOW)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("typed", "long"),
    [
        ("15 min", timedelta(minutes=15)),
        ("15m", timedelta(minutes=15)),
        ("2 h", timedelta(hours=2)),
        ("1h30", timedelta(hours=1, minutes=30)),
        ("1 h 30 min", timedelta(hours=1, minutes=30)),
        ("1 hour and 30 minutes", timedelta(hours=1, minutes=30)),
        ("1.5 hrs", timedelta(hours=1, minutes=30)),
        ("an hour", timedelta(hours=1)),
        ("half an hour", timedelta(minutes=30)),
        ("3 days", timedelta(days=3)),
        ("1.5 days", timedelta(hours=36)),
        ("two weeks", timedelta(weeks=2)),
        ("a fortnight", timedelta(weeks=2)),
    ],
)
def test_a_span_as_people_type_it(typed: str, long: timedelta) -> None:
    assert read_span(typed) == long


@pytest.mark.parametrize(
    "typed", ["", "0 min", "15", "-15 min", "a while", "3 months", "2 h ago", "5 ms", "1h3x"]
)
def test_a_span_that_cannot_be_read_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(BadWhen) as refused:
        read_span(typed)
    assert str(refused.value) == SPAN


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-23 14:05", "today 14:05"),
        ("2026-11-24 09:00", "tomorrow 09:00"),
        ("2026-11-22 09:00", "yesterday 09:00"),
        ("2026-12-04 09:00", "Fri 4 Dec 09:00"),
        ("2027-01-04 09:00", "Mon 4 Jan 2027 09:00"),
    ],
)
def test_a_moment_as_it_is_said(moment: str, said: str) -> None:
    assert say_when(at(moment), LONDON, NOW) == said
    assert say_when(at(moment), LONDON, NOW, zone_name=True) == f"{said} London time"


@pytest.mark.parametrize(
    ("zone", "said"),
    [("America/New_York", "today 15:00 New York time"), ("UTC", "today 20:00 UTC time")],
)
def test_a_moment_is_said_where_the_person_is(zone: str, said: str) -> None:
    assert say_when(NOW, zone, NOW, zone_name=True) == said


def test_a_date_as_it_is_said() -> None:
    today = date(2026, 11, 23)
    assert (say_day(date(2026, 12, 3), today), say_day(date(2027, 1, 4), today)) == (
        "Thu 3 Dec",
        "Mon 4 Jan 2027",
    )


@pytest.mark.parametrize(
    ("long", "said"),
    [
        (timedelta(seconds=30), "0 min"),
        (timedelta(minutes=15), "15 min"),
        (timedelta(minutes=-15), "15 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=1, minutes=30), "1 h 30 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=4, minutes=5), "2 days 4 h"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=12, hours=4), "12 days"),
    ],
)
def test_a_span_as_it_is_said(long: timedelta, said: str) -> None:
    assert say_span(long) == said


NAIVE = datetime.fromisoformat("2026-11-23 20:00")


def test_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        read_when("tomorrow 9am", LONDON, NAIVE)
    with pytest.raises(ValueError, match="naive"):
        read_day("tomorrow", LONDON, NAIVE)
    with pytest.raises(ValueError, match="naive"):
        say_when(NAIVE, LONDON, NOW)
    with pytest.raises(ValueError, match="naive"):
        say_when(NOW, LONDON, NAIVE)


@given(moments, st.integers(0, 6 * 24 * 60), zones)
def test_a_moment_is_read_as_it_is_said(now: datetime, later: int, zone: str) -> None:
    moment = now + later * MINUTE
    twice = moment.astimezone(ZoneInfo(zone)).replace(fold=0).astimezone(UTC)
    if twice == moment:  # the second of two like hours is said as the first
        assert read_when(say_when(moment, zone, now), zone, now) == moment


@given(moments, st.integers(1, 6 * 24 * 60), zones)
def test_a_past_moment_is_read_as_it_is_said(now: datetime, earlier: int, zone: str) -> None:
    moment = now - earlier * MINUTE
    twice = moment.astimezone(ZoneInfo(zone)).replace(fold=0).astimezone(UTC)
    if twice == moment:
        assert read_when(say_when(moment, zone, now), zone, now, future=False) == moment


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), moments, zones)
def test_a_date_is_read_as_it_is_said(day: date, now: datetime, zone: str) -> None:
    today = now.astimezone(ZoneInfo(zone)).date()
    assert read_day(say_day(day, today), zone, now, future=day >= today) == day


@given(
    st.integers(1, 24 * 60 - 1).map(lambda n: n * MINUTE)
    | st.integers(24, 7 * 24 - 1).map(lambda n: timedelta(hours=n))
    | st.integers(7, 900).map(lambda n: timedelta(days=n))
)
def test_a_span_is_read_as_it_is_said(long: timedelta) -> None:
    assert read_span(say_span(long)) == long


@given(
    st.text(max_size=20) | st.from_regex(r"[0-9 :/.-]{1,12}|[a-z0-9 ]{1,12}", fullmatch=True), moments, zones
)
def test_any_text_is_read_or_refused(text: str, now: datetime, zone: str) -> None:
    for future in (True, False):
        try:
            meant = read_when(text, zone, now, future=future)
        except BadWhen as refusal:
            assert str(refusal).endswith(".")
        else:
            assert meant.tzinfo is UTC
            assert not future or meant >= now
