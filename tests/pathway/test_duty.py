"""Who is on duty: rotas, their turns and changes, nights on which the clocks change; and as it is typed."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.duty import EVERYBODY, Change, Gap, Rota, Shift, gaps, next_on_duty, on_duty
from pathway.duty_words import is_stretch, read_shift, read_stretch, say_shift, say_stretch
from pathway.hours import BadHours, Span, read_hours
from pathway.people import Absence, Member, Place, Roster, Team
from pathway.when import BadWhen

LONDON = "Europe/London"
HOURS = read_hours(LONDON, "Mon-Fri 08:30-17:00", "22-7")
TEAM = Team("north", "North team", HOURS)
PLACES = tuple(Place(Member(each, each), "psychologist") for each in ("bo", "cy", "dee"))
ROSTER = Roster(TEAM, PLACES)
EVERY_DAY = frozenset(range(7))
LONG_AGO = date(2020, 1, 6)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday."""


def at(text: str, zone: str = LONDON) -> datetime:
    """A local time, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def weekly(member: str, text: str) -> Shift:
    """A shift as people type it."""
    return read_shift(text, member, HOURS, NOW)


WEEK = Rota(LONDON, (weekly("bo", "mon-fri 9-13"), weekly("cy", "mon-fri 13-17")))


@pytest.mark.parametrize(
    ("moment", "members"),
    [
        ("2026-11-23 09:00", ("bo",)),
        ("2026-11-23 08:59", ()),
        ("2026-11-23 12:59", ("bo",)),
        ("2026-11-23 13:00", ("cy",)),
        ("2026-11-23 17:00", ()),
        ("2026-11-28 10:00", ()),
        ("2026-11-22 10:00", ()),
    ],
)
def test_a_shift_holds_from_its_beginning_up_to_its_end(moment: str, members: tuple[str, ...]) -> None:
    assert WEEK.named(at(moment)) == members


def test_a_night_shift_lasts_into_the_day_after_its_last() -> None:
    rota = Rota(LONDON, (weekly("bo", "fri 20-8 until fri 27 Nov 2026"),))
    nights = ["2026-11-28 07:59", "2026-11-28 08:00", "2026-12-04 21:00"]
    assert [rota.named(at(each)) for each in nights] == [("bo",), (), ()]


def test_a_rota_turns_by_weeks_that_begin_on_monday() -> None:
    turns = ("every 2 weeks from mon 23 Nov 2026", "every 2 weeks from mon 30 Nov 2026")
    both = zip(("bo", "cy"), turns, strict=True)
    rota = Rota(LONDON, tuple(weekly(who, f"daily 0-24 {turn}") for who, turn in both))
    weeks = [rota.named(at("2026-11-23 00:00") + timedelta(days=day)) for day in range(28)]
    assert weeks == [("bo",)] * 7 + [("cy",)] * 7 + [("bo",)] * 7 + [("cy",)] * 7


def test_changes_apply_in_the_order_in_which_they_were_made() -> None:
    starts, ends = at("2026-11-24 09:00"), at("2026-11-24 12:00")
    swap, back = Change("bo", "cy", starts, ends), Change("cy", "dee", starts, ends)
    rota = Rota(LONDON, WEEK.shifts, (swap, back))
    seen = ["2026-11-24 09:00", "2026-11-24 11:59", "2026-11-24 12:00", "2026-11-25 09:00"]
    assert [rota.named(at(each)) for each in seen] == [("dee",), ("dee",), ("bo",), ("bo",)]
    other_way = Rota(LONDON, WEEK.shifts, (back, swap))
    assert other_way.named(at("2026-11-24 09:00")) == ("cy",)


def test_a_swap_counts_when_it_is_agreed_and_only_while_that_one_is_on_duty() -> None:
    starts, ends = at("2026-11-24 00:00"), at("2026-11-25 00:00")
    asked = Rota(LONDON, WEEK.shifts, (Change("bo", "dee", starts, ends, agreed=False),))
    agreed = Rota(LONDON, WEEK.shifts, (Change("bo", "dee", starts, ends),))
    seen = [at("2026-11-24 10:00"), at("2026-11-24 14:00"), at("2026-11-24 20:00")]
    assert [asked.named(each) for each in seen] == [("bo",), ("cy",), ()]
    assert [agreed.named(each) for each in seen] == [("dee",), ("cy",), ()]


def test_a_stretch_stands_in_place_of_the_whole_rota() -> None:
    change = Change(EVERYBODY, "dee", at("2026-11-24 12:00"), at("2026-11-24 20:00"))
    rota = Rota(LONDON, WEEK.shifts, (change,))
    seen = ["2026-11-24 11:59", "2026-11-24 12:00", "2026-11-24 19:59", "2026-11-24 20:00"]
    assert [rota.named(at(each)) for each in seen] == [("bo",), ("dee",), ("dee",), ()]


def test_the_absent_are_covered_or_missing() -> None:
    away = Absence("bo", at("2026-11-23 08:00"), at("2026-11-25 08:00"), "dee")
    moment = at("2026-11-23 10:00")
    assert on_duty(WEEK, Roster(TEAM, PLACES, (away,)), moment) == ("dee",)
    uncovered = Roster(TEAM, PLACES, (Absence("bo", away.starts, away.ends),))
    assert on_duty(WEEK, uncovered, moment) == ()
    assert on_duty(WEEK, Roster(TEAM, PLACES[1:]), moment) == (), "who has left is on duty no more"


def test_who_is_next() -> None:
    assert next_on_duty(WEEK, ROSTER, NOW, timedelta(days=1)) == (at("2026-11-23 13:00"), ("cy",))
    assert next_on_duty(WEEK, ROSTER, at("2026-11-27 18:00"), timedelta(days=1)) is None
    saturday = next_on_duty(WEEK, ROSTER, at("2026-11-27 18:00"), timedelta(days=3))
    assert saturday == (at("2026-11-30 09:00"), ("bo",))


def test_gaps_are_when_the_team_works_or_the_rota_names_somebody() -> None:
    start, end = at("2026-11-23 00:00"), at("2026-11-24 00:00")
    assert gaps(WEEK, ROSTER, start, end) == (Gap(at("2026-11-23 08:30"), at("2026-11-23 09:00"), ()),)
    nights = Rota(LONDON, (weekly("bo", "daily 17-8:30"), weekly("cy", "mon-fri 8:30-17")))
    away = Roster(TEAM, PLACES, (Absence("bo", at("2026-11-23 20:00"), at("2026-11-24 20:00")),))
    missing = Gap(at("2026-11-23 20:00"), at("2026-11-24 00:00"), ("bo",))
    assert gaps(nights, away, start, end) == (missing,)
    assert gaps(Rota(LONDON), ROSTER, start, end) == ()


@pytest.mark.parametrize(
    ("night", "hours"), [("2026-03-28 20:00", 11), ("2026-10-24 20:00", 13), ("2026-11-07 20:00", 12)]
)
def test_the_night_shift_is_as_long_as_its_night(night: str, hours: int) -> None:
    rota = Rota(LONDON, (Shift("bo", EVERY_DAY, Span(time(20), time(8)), LONG_AGO),))
    starts = at(night)
    moments = [starts + timedelta(minutes=30 * each) for each in range(-2, 30)]
    held = [each for each in moments if rota.named(each)]
    assert (held[0], held[-1] + timedelta(minutes=30)) == (starts, starts + timedelta(hours=hours))


def test_the_hour_that_comes_twice_is_its_first_and_nobody_is_missing() -> None:
    rota = Rota(
        LONDON,
        (
            Shift("bo", EVERY_DAY, Span(time(20), time(1, 30)), LONG_AGO),
            Shift("cy", EVERY_DAY, Span(time(1, 30), time(20)), LONG_AGO),
        ),
    )
    midnight = datetime(2026, 10, 24, 23, tzinfo=UTC)  # 00:00 by the clock that is put back at 02:00
    seen = [rota.named(midnight + timedelta(minutes=30 * each)) for each in range(6)]
    assert seen == [("bo",), ("bo",), ("bo",), ("cy",), ("cy",), ("cy",)]


zones = st.sampled_from([LONDON, "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "UTC"])
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
cuts = st.lists(
    st.times().map(lambda each: each.replace(second=0, microsecond=0, fold=0)), min_size=2, unique=True
)


@given(zones, cuts, moments)
def test_where_shifts_meet_somebody_is_always_on_duty(zone: str, cut: list[time], moment: datetime) -> None:
    ends = sorted(cut)
    spans = [Span(*each) for each in pairwise([*ends, ends[0]])]
    shifts = tuple(Shift(f"m{n}", EVERY_DAY, span, LONG_AGO) for n, span in enumerate(spans))
    named = Rota(zone, shifts).named(moment)
    assert named
    assert set(named) <= {each.member for each in shifts}


@given(zones, cuts, moments, st.integers(1, 72))
def test_gaps_lie_in_order_apart_and_nobody_is_on_duty_in_them(
    zone: str, cut: list[time], moment: datetime, hours: int
) -> None:
    team = Team("north", "North", read_hours(zone, "Mon-Fri 08:30-17:00", "22-7"))
    roster = Roster(team, PLACES)
    shifts = (Shift("bo", EVERY_DAY, Span(cut[0], cut[1]), LONG_AGO),)
    rota = Rota(zone, shifts)
    end = moment + timedelta(hours=hours)
    found = gaps(rota, roster, moment, end)
    assert all(moment <= each.starts < each.ends <= end for each in found)
    assert all(earlier.ends <= later.starts for earlier, later in pairwise(found))
    for minute in range(0, hours * 60, 17):
        looked = moment + timedelta(minutes=minute)
        missing = team.hours.open_at(looked) and not on_duty(rota, roster, looked)
        assert missing == any(each.starts <= looked < each.ends for each in found)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mon-fri 9-17", "Mon-Fri 09:00-17:00"),
        ("weekdays", "Mon-Fri 08:30-17:00"),
        ("9-17", "Mon-Fri 09:00-17:00"),
        ("mon to fri 9 to 17", "Mon-Fri 09:00-17:00"),
        ("daily 20-8 from friday", "Mon-Sun 20:00-08:00, from Fri 27 Nov"),
        ("weekends 0-24", "Sat-Sun 00:00-00:00"),
        ("tue 9-17 until next tue", "Tue 09:00-17:00, until Tue 1 Dec"),
        ("mon 9-17 every other week", "Mon 09:00-17:00, every 2 weeks, counted from Mon 23 Nov"),
        ("mon 9-17 every 3 weeks from next monday", "Mon 09:00-17:00, every 3 weeks, from Mon 30 Nov"),
    ],
)
def test_weekly_duty_as_it_is_typed_and_said_back(typed: str, said: str) -> None:
    assert not is_stretch(typed)
    assert say_shift(weekly("bo", typed), HOURS, NOW) == said


@pytest.mark.parametrize("typed", ["", "now and then", "9-5", "mon 9-17 every 0 weeks"])
def test_weekly_duty_that_can_not_be_read(typed: str) -> None:
    with pytest.raises(BadHours):
        weekly("bo", typed)


def test_a_rota_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadWhen, match="ends before it starts"):
        weekly("bo", "mon 9-17 from 7 Dec 2026 until 1 Dec 2026")


@pytest.mark.parametrize(
    ("typed", "said", "stretch"),
    [
        ("from fri 18:00 until mon 8:00", "Fri 27 Nov 18:00 to Mon 30 Nov 08:00", True),
        ("from now until 17:00", "today 10:00 to 17:00", True),
        ("from tomorrow 9am to 5pm", "tomorrow 09:00 to 17:00", True),
        ("from tomorrow 9am until tomorrow 5pm", "tomorrow 09:00 to 17:00", True),
        ("friday", "Fri 27 Nov 00:00 to Sat 28 Nov 00:00", False),
        ("29 Mar 2027", "Mon 29 Mar 2027 00:00 to Tue 30 Mar 2027 00:00", False),
    ],
)
def test_a_stretch_as_it_is_typed_and_said_back(typed: str, said: str, stretch: bool) -> None:
    assert is_stretch(typed) is stretch
    assert say_stretch(*read_stretch(typed, LONDON, NOW), LONDON, NOW) == said


@pytest.mark.parametrize("typed", ["next week", "yesterday", "from yesterday until tomorrow", "soon"])
def test_a_stretch_that_can_not_be_read(typed: str) -> None:
    with pytest.raises(BadWhen):
        read_stretch(typed, LONDON, NOW)


def test_a_whole_day_is_as_long_as_it_is() -> None:
    starts, ends = read_stretch("28 Mar 2027", LONDON, NOW)
    assert ends - starts == timedelta(hours=23)


def test_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Change("bo", "cy", datetime(2026, 11, 23), NOW)  # noqa: DTZ001
