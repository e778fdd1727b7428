"""Working minutes, quiet hours, and how people type them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.hours import BadHours, Hours, Span, read_hours, say_quiet, say_working

LONDON = read_hours("Europe/London", "Mon-Fri 08:30-17:00", "22-7")
MINUTE = timedelta(minutes=1)

times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
spans = st.builds(Span, times, times)
zones = st.sampled_from(
    ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC"]
)
hours = st.builds(
    Hours,
    zones,
    st.frozensets(st.integers(0, 6), min_size=1),
    spans,
    st.none() | spans.filter(lambda span: span.start != span.end),
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5),
)
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE
)


def at(text: str, zone: str = "Europe/London") -> datetime:
    """A local time, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23 09:00", 60, "2026-11-23 10:00"),  # a Monday
        ("2026-11-23 09:00", 480, "2026-11-23 17:00"),
        ("2026-11-23 09:00", 481, "2026-11-24 08:31"),
        ("2026-11-23 06:00", 60, "2026-11-23 09:30"),
        ("2026-11-23 17:00", 60, "2026-11-24 09:30"),
        ("2026-11-27 16:50", 60, "2026-11-30 09:20"),
        ("2026-11-28 12:00", 0, "2026-11-30 08:30"),
        ("2026-11-23 08:30", 5 * 510, "2026-11-27 17:00"),
        ("2026-03-27 16:00", 120, "2026-03-30 09:30"),  # the clocks go forward between
        ("2026-10-23 16:00", 120, "2026-10-26 09:30"),  # and back
    ],
)
def test_working_minutes_pass_in_working_hours(start: str, minutes: int, end: str) -> None:
    assert LONDON.deadline(at(start), minutes, working=True) == at(end)


def test_other_minutes_pass_always() -> None:
    assert LONDON.deadline(at("2026-10-24 23:30"), 180, working=False) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


def test_a_holiday_is_no_working_day() -> None:
    clinic = read_hours(
        "Europe/London", "Mon-Fri 9-17", "", frozenset({date(2026, 12, 25), date(2026, 12, 28)})
    )
    assert clinic.deadline(at("2026-12-24 16:30"), 60, working=True) == at("2026-12-29 09:30")


@pytest.mark.parametrize(
    ("night", "real_minutes"),
    [("2026-03-28", 7 * 60), ("2026-10-24", 9 * 60), ("2026-11-21", 8 * 60)],
)
def test_a_night_shift_lasts_as_long_as_it_really_does(night: str, real_minutes: int) -> None:
    ward = read_hours("Europe/London", "sat 22:00-06:00", "none")
    saturday = at(f"{night} 06:00")
    sunday = at((date.fromisoformat(night) + timedelta(days=1)).isoformat() + " 06:00")
    assert ward.deadline(saturday, real_minutes, working=True) == sunday
    assert ward.open_at(sunday - MINUTE)
    assert not ward.open_at(sunday)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-23 21:59", "2026-11-23 21:59"),
        ("2026-11-23 22:00", "2026-11-24 07:00"),
        ("2026-11-24 06:59", "2026-11-24 07:00"),
        ("2026-11-24 07:00", "2026-11-24 07:00"),
        ("2026-11-28 23:00", "2026-11-29 07:00"),  # quiet on week ends too
        ("2026-10-24 23:00", "2026-10-25 07:00"),
    ],
)
def test_quiet_hours_run_overnight(moment: str, until: str) -> None:
    assert LONDON.quiet_until(at(moment)) == at(until)
    assert LONDON.quiet_at(at(moment)) == (moment != until)


def test_no_quiet_hours() -> None:
    always = read_hours("UTC", "daily 0-24", "none")
    assert not always.quiet_at(at("2026-11-23 23:00"))
    assert always.open_at(at("2026-11-23 23:00"))


def test_a_time_that_a_spring_change_skips_is_the_moment_as_much_later() -> None:
    clinic = read_hours("Europe/London", "sun 01:30-05:00", "none")
    assert clinic.next_open(at("2026-03-28 12:00")) == at("2026-03-29 02:30")


def test_a_time_that_an_autumn_change_repeats_is_its_first() -> None:
    clinic = read_hours("Europe/London", "sun 01:30-05:00", "none")
    assert clinic.next_open(at("2026-10-24 12:00")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("ask", [LONDON.open_at, LONDON.quiet_at, LONDON.next_open, LONDON.quiet_until])
def test_naive_moments_are_refused(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(ValueError, match=r"^a moment needs its time zone: this datetime is naive$"):
        ask(datetime.fromisoformat("2026-11-23 09:00"))


def test_a_naive_or_backward_deadline_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        LONDON.deadline(datetime.fromisoformat("2026-11-23 09:00"), 1, working=False)
    with pytest.raises(ValueError, match=r"^a deadline cannot lie before its start$"):
        LONDON.deadline(at("2026-11-23 09:00"), -1, working=True)


@given(hours, moments, st.integers(1, 600))
def test_a_deadline_has_its_minutes_open_before_it(clinic: Hours, start: datetime, minutes: int) -> None:
    end = clinic.deadline(start, minutes, working=True)
    assert clinic.open_at(end - MINUTE)
    steps = (end - start) // MINUTE
    if steps < 6 * 24 * 60:
        assert sum(clinic.open_at(start + step * MINUTE) for step in range(steps)) == minutes


@given(hours, moments, st.integers(1, 3000), st.integers(1, 3000))
def test_deadlines_add_up(clinic: Hours, start: datetime, first: int, then: int) -> None:
    halfway = clinic.deadline(start, first, working=True)
    assert clinic.deadline(halfway, then, working=True) == clinic.deadline(start, first + then, working=True)


@given(hours, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(clinic: Hours, moment: datetime) -> None:
    opening = clinic.next_open(moment)
    assert clinic.open_at(opening)
    assert opening >= moment
    assert opening == moment or not clinic.open_at(opening - timedelta(microseconds=1))
    assert clinic.deadline(moment, 1, working=True) >= opening


@given(hours, moments)
def test_quiet_ends_when_it_says(clinic: Hours, moment: datetime) -> None:
    until = clinic.quiet_until(moment)
    assert not clinic.quiet_at(until)
    assert clinic.quiet_at(moment) == (until > moment)
    assert until == moment or clinic.quiet_at(until - timedelta(microseconds=1))


@given(hours)
def test_hours_are_read_as_they_are_said(clinic: Hours) -> None:
    assert read_hours(clinic.zone, say_working(clinic), say_quiet(clinic), clinic.holidays) == clinic


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Mon-Fri 08:30-17:00", "Mon-Fri 08:30-17:00"),
        ("mon,wed,fri 9-17", "Mon,Wed,Fri 09:00-17:00"),
        ("mon-fri 0900-1730", "Mon-Fri 09:00-17:30"),
        ("Monday to Thursday, 8.30am – 5pm", "Mon-Thu 08:30-17:00"),
        ("mon-wed and fri: 9h30-13", "Mon-Wed,Fri 09:30-13:00"),
        ("tues & thurs 9am-12pm", "Tue,Thu 09:00-12:00"),
        ("weekdays 12-20", "Mon-Fri 12:00-20:00"),
        ("every day 0-24", "Mon-Sun 00:00-00:00"),
        ("sat-mon 22-6", "Mon,Sat-Sun 22:00-06:00"),
        ("we th 10:00-05:00", "Wed-Thu 10:00-05:00"),
        ("Mon - Fri 9 to 17", "Mon-Fri 09:00-17:00"),
    ],
)
def test_working_hours_as_people_type_them(typed: str, said: str) -> None:
    assert say_working(read_hours("UTC", typed, "")) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("22-7", "22:00-07:00"),
        ("10pm to 7am", "22:00-07:00"),
        ("", "none"),
        ("None", "none"),
        ("0-6", "00:00-06:00"),
    ],
)
def test_quiet_hours_as_people_type_them(typed: str, said: str) -> None:
    assert say_quiet(read_hours("UTC", "daily 9-17", typed)) == said


TWO_CLOCKS = "Type hours on the 24-hour clock, or with am and pm for both, like "


@pytest.mark.parametrize(
    ("zone", "working", "quiet", "sentence"),
    [
        ("Europe/Londn", "mon 9-17", "", "There is no such time zone: type one like Europe/London."),
        ("", "mon 9-17", "", "There is no such time zone: type one like Europe/London."),
        ("../etc", "mon 9-17", "", "There is no such time zone: type one like Europe/London."),
        ("Europe", "mon 9-17", "", "There is no such time zone: type one like Europe/London."),
        ("UTC", "", "", "Type hours like Mon-Fri 08:30-17:00."),
        ("UTC", "Mon-Fri", "", "Type hours like Mon-Fri 08:30-17:00."),
        ("UTC", "9-17", "", "Say on which days the team works, like Mon-Fri 08:30-17:00."),
        ("UTC", "funday 9-17", "", "Type working days like Mon-Fri or Mon,Wed,Fri, and then the hours."),
        ("UTC", "m-f 9-17", "", "Type working days like Mon-Fri or Mon,Wed,Fri, and then the hours."),
        ("UTC", "mon 9-5", "", f"{TWO_CLOCKS}Mon-Fri 08:30-17:00."),
        ("UTC", "mon 08:30-5:00", "", f"{TWO_CLOCKS}Mon-Fri 08:30-17:00."),
        ("UTC", "mon 1-5pm", "", f"{TWO_CLOCKS}Mon-Fri 08:30-17:00."),
        ("UTC", "mon 9-17", "10-7", f"{TWO_CLOCKS}22:00-07:00."),
        ("UTC", "mon 9-25", "", "There is no such time of day: type hours like Mon-Fri 08:30-17:00."),
        ("UTC", "mon 13pm-2pm", "", "There is no such time of day: type hours like Mon-Fri 08:30-17:00."),
        ("UTC", "mon 9:75-17", "", "Type hours like Mon-Fri 08:30-17:00."),
        ("UTC", "mon 9-17", "at night", "Type hours like 22:00-07:00."),
        ("UTC", "mon 9-17", "0-24", "Quiet hours cannot last all day: type them like 22:00-07:00, or none."),
    ],
)
def test_a_refusal_says_what_to_type(zone: str, working: str, quiet: str, sentence: str) -> None:
    with pytest.raises(BadHours) as refused:
        read_hours(zone, working, quiet)
    assert str(refused.value) == sentence


@given(st.text(max_size=20), st.text(max_size=10))
def test_any_text_is_read_or_refused(working: str, quiet: str) -> None:
    try:
        clinic = read_hours("UTC", working, quiet)
    except BadHours as refusal:
        assert str(refusal).endswith(".")
    else:
        assert read_hours("UTC", say_working(clinic), say_quiet(clinic)) == clinic
