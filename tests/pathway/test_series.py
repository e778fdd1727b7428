"""Series: moments by a wall clock over clock changes both ways, without holidays; rules, read and said."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.public_holidays import BadRegion, Kept, holiday, read_region, region_of
from pathway.recurrence import LAST, Rule, Unit, dates, read_rule
from pathway.recurrence_words import read_words, say_rule
from pathway.series import Series, first_date, left_out, occurrences
from pathway.series_pairs import pairs
from pathway.series_words import read_changed, read_planned
from pathway.slot_words import say_span_of
from pathway.when import BadWhen

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
ZONES = st.sampled_from(
    ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana",
     "Asia/Beirut", "Pacific/Apia", "Asia/Kathmandu", "America/Nuuk", "Africa/Casablanca", "UTC"]
)  # fmt: skip
DAYS = st.lists(st.integers(0, 6), min_size=1, unique=True).map(sorted).map(tuple)
STEPS = st.integers(1, 12)
RULES = st.one_of(
    st.builds(Rule, st.just(Unit.DAY), STEPS),
    st.builds(Rule, st.just(Unit.WEEK), STEPS, DAYS),
    st.builds(
        Rule, st.just(Unit.MONTH), STEPS, st.integers(0, 6).map(lambda day: (day,)),
        st.sampled_from([1, 2, 3, 4, LAST]),
    ),
    st.builds(Rule, st.just(Unit.MONTH), STEPS, monthday=st.integers(1, 28)),
)  # fmt: skip


@st.composite
def made(draw: st.DrawFn) -> Series:
    rule = draw(RULES).rrule
    begins = first_date(rule, draw(st.dates(date(2010, 1, 1), date(2035, 1, 1))))
    until = draw(st.none() | st.integers(0, 2000).map(lambda days: begins + timedelta(days=days)))
    at = draw(st.times().map(lambda each: each.replace(second=0, microsecond=0, fold=0)))
    return Series(
        1, "north", "Board", draw(ZONES), begins, at, draw(st.integers(1, 480)), rule, until,
        draw(st.sampled_from(["", "GB-ENG", "DE", "US"])),
    )  # fmt: skip


def weekly(zone: str, at: time, begins: date) -> Series:
    rule = Rule(Unit.WEEK, 1, (begins.weekday(),)).rrule
    return Series(1, "north", "Board", zone, begins, at, 60, rule)


@given(made(), st.integers(-900, 900), st.integers(0, 600), st.integers(0, 600))
def test_moments_are_in_order_and_the_same_however_the_time_is_cut(
    series: Series, start: int, first: int, second: int
) -> None:
    since = series.starts_on(series.begins) + timedelta(days=start)
    middle = since + timedelta(days=first)
    until = middle + timedelta(days=second)
    found = occurrences(series, since, until)
    assert found == occurrences(series, since, middle) + occurrences(series, middle, until)
    assert list(found) == sorted(set(found))
    assert all(since <= each < until and each.tzinfo is UTC for each in found)


@given(made())
def test_each_moment_is_its_wall_clock_time_but_where_the_clock_leaves_that_out(series: Series) -> None:
    start = series.starts_on(series.begins)
    zone = ZoneInfo(series.zone)
    for moment in occurrences(series, start, start + timedelta(days=400))[:60]:
        local = moment.astimezone(zone)
        if local.time() != series.at:
            skipped = datetime.combine(local.date(), series.at, zone)
            back = skipped.astimezone(UTC).astimezone(zone)
            assert back.time() != series.at, "there is no such time on that day"
        assert holiday(series.holidays, local.date()) == ""
        assert series.until is None or local.date() <= series.until + timedelta(days=1)


@given(made(), st.integers(0, 2000))
def test_what_is_left_out_and_what_is_held_are_the_days_of_the_rule(series: Series, days: int) -> None:
    since = series.begins + timedelta(days=days)
    until = since + timedelta(days=200)
    free = [day for day, _ in left_out(series, since, until)]
    ruled = [day for day in _until(series, since, until) if series.until is None or day <= series.until]
    held = [day for day in ruled if not holiday(series.holidays, day)]
    assert sorted([*free, *held]) == ruled


def _until(series: Series, since: date, until: date) -> list[date]:
    found = []
    for day in dates(series.rule, series.begins, since):
        if day >= until:
            break
        found.append(day)
    return found


def test_over_clock_changes_the_hour_of_the_day_stays() -> None:
    series = weekly("Europe/London", time(12, 30), date(2026, 3, 24))
    spring = occurrences(series, datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 10, tzinfo=UTC))
    assert [f"{each:%d %H:%M}" for each in spring] == ["24 12:30", "31 11:30", "07 11:30"]
    autumn = occurrences(series, datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
    assert [f"{each:%d %H:%M}" for each in autumn] == ["20 11:30", "27 12:30"]


def test_a_time_that_a_zone_skips_is_as_much_later_and_one_that_it_repeats_the_first() -> None:
    skipped = weekly("Australia/Lord_Howe", time(2, 15), date(2026, 10, 4))  # half an hour is left out
    assert skipped.starts_on(date(2026, 10, 4)).astimezone(ZoneInfo(skipped.zone)).time() == time(2, 45)
    midnight = weekly("Asia/Beirut", time(0, 30), date(2026, 3, 29))
    assert midnight.starts_on(date(2026, 3, 29)).astimezone(ZoneInfo(midnight.zone)).time() == time(1, 30)
    repeated = weekly("Europe/London", time(1, 30), date(2026, 10, 25))
    assert repeated.starts_on(date(2026, 10, 25)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_leaves_out_has_no_second_conference() -> None:
    daily = Series(1, "t", "Board", "Pacific/Apia", date(2011, 12, 28), time(9), 30, Rule(Unit.DAY).rrule)
    found = occurrences(daily, datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC))
    assert [f"{each.astimezone(ZoneInfo(daily.zone)):%d}" for each in found] == ["28", "29", "31", "01", "02"]


@given(RULES)
def test_rules_are_read_back_from_what_is_written_and_from_what_is_said(rule: Rule) -> None:
    assert read_rule(rule.rrule) == rule
    assert read_words(say_rule(rule.rrule)) == rule


@pytest.mark.parametrize(
    "text", ["", "FREQ=WEEKLY", "FREQ=YEARLY", "FREQ=DAILY;COUNT=3", "FREQ=MONTHLY;BYMONTHDAY=31"]
)
def test_a_rule_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rule of ours"):
        read_rule(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("MSK conference every Tuesday 12:30-13:30 Europe/London from 1 Dec",
         "MSK conference|2026-12-01 12:30|60|every Tuesday|"),
        ("every 2 weeks on tuesday 9-10am", "Case conference|2026-12-01 09:00|60|every 2 weeks on Tuesday|"),
        ("first tuesday of the month 9-10",
         "Case conference|2026-12-01 09:00|60|the first Tuesday of every month|"),
        ("weekdays at 8", "Case conference|2026-11-27 08:00|60|weekdays|"),
        ("Huddle weekdays at 8 for 15 min", "Huddle|2026-11-27 08:00|15|weekdays|"),
        ("Board mondays and thursdays 9:00-9:45 until 30 june",
         "Board|2026-11-30 09:00|45|every Monday and Thursday|2027-06-30"),
        ("every other friday 2pm for 1 h", "Case conference|2026-11-27 14:00|60|every 2 weeks on Friday|"),
        ("Pain clinic 11-1pm every wed", "Pain clinic|2026-12-02 11:00|120|every Wednesday|"),
        ("the 3rd of every month at 10", "Case conference|2026-12-03 10:00|60|the 3rd of every month|"),
        ("every day at 12:30", "Case conference|2026-11-26 12:30|60|every day|"),
        ("every day at 8", "Case conference|2026-11-27 08:00|60|every day|"),
        ("Extra one fri 4 dec 14:00", "Extra one|2026-12-04 14:00|60||"),
        ("tomorrow 14:00-15:30", "Case conference|2026-11-27 14:00|90||"),
    ],
)  # fmt: skip
def test_what_people_type_is_understood(text: str, meant: str) -> None:
    read = read_planned(text, "Europe/London", NOW)
    rule = say_rule(read.rule) if read.rule else ""
    said = (read.title, f"{read.day} {read.at:%H:%M}", str(read.minutes), rule, str(read.until or ""))
    assert "|".join(said) == meant


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("every second tuesday at 9",
         "Type every 2 weeks on tuesday, or second tuesday of the month: which is meant?"),
        ("every tuesday at 3",
         "Is that 03:00 or 15:00? Type the time so, or with am or pm."),
        ("every tuesday 9-10 europe/londn",
         "There is no time zone europe/londn: type one like Europe/London."),
        ("every month at 9",
         "Say on which day of the month, like first tuesday of the month or on the 3rd."),
        ("monthly on the 31st at 9",
         "Not every month has that day: type one up to the 28th, or last friday of the month."),
        ("every week 9-10", "Say on which day of the week, like every week on tuesday."),
        ("every tuesday 9-10 from 1 dec until 30 nov 2026",
         "That ends before it begins: type `until` and a later day."),
        ("yesterday 14:00-15:00", "That is already past: type a later one, like tomorrow 9am or next tue."),
        ("every 40 days at 9", "It can be every 1 to 12 days, weeks or months."),
        ("every blue moon at 9", "Type how often, like every tuesday, every 2 weeks on tuesday, weekdays, or "
         "first tuesday of the month."),
    ],
)  # fmt: skip
def test_near_misses_say_what_to_type(text: str, says: str) -> None:
    with pytest.raises(BadWhen) as refused:
        read_planned(text, "Europe/London", NOW)
    assert str(refused.value) == says


WORDS = [
    "every",
    "tue",
    "9-10",
    "at",
    "the",
    "month",
    "last",
    "31",
    "until",
    "from",
    "2",
    "tomorrow",
    "first",
]


@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        read = read_planned(text, "Europe/London", NOW)
    except BadWhen as refused:
        assert str(refused)[-1] in ".?"
        return
    assert read.starts > NOW


def test_holidays_by_country_and_region() -> None:
    christmas = date(2026, 12, 25)
    assert [read_region(each) for each in ("gb-eng", "UK", "Germany", "none")] == ["GB-ENG", "GB", "DE", ""]
    assert (holiday("GB", christmas), holiday("", christmas)) == ("Christmas Day", "")
    assert [region_of(zone) for zone in ("Europe/London", "Australia/Lord_Howe", "UTC")] == ["GB", "AU", ""]
    with pytest.raises(BadRegion, match="DE has no region XX: type DE-BB, DE-BE"):
        read_region("DE-XX")
    with pytest.raises(BadRegion, match="Name a country by its code"):
        read_region("Narnia")


@pytest.mark.parametrize(
    ("said", "zone", "region", "christmas"),
    [
        ("", "Europe/London", "GB", True),
        ("", "UTC", "", False),
        ("none", "Europe/London", "", False),
        ("DE-BY", "Europe/London", "DE-BY", True),
    ],
)
def test_what_is_kept_is_the_countrys_unless_it_is_said(
    said: str, zone: str, region: str, christmas: bool
) -> None:
    kept = Kept(said, zone)
    assert kept.region == region
    assert [day in kept for day in (date(2025, 12, 25), date(2031, 12, 25))] == [christmas] * 2
    assert date(2026, 1, 27) not in kept


MOMENTS = st.sets(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda each: each.replace(tzinfo=UTC)),  # noqa: DTZ001
    max_size=12,
).map(list)


@given(MOMENTS, MOMENTS, ZONES)
def test_each_conference_takes_one_place_and_those_of_the_same_date_their_own(
    old: list[datetime], new: list[datetime], zone: str
) -> None:
    found = pairs(old, new, zone)
    assert set(found) <= set(old)
    assert len(set(found.values())) == len(found)
    assert set(found.values()) <= set(new)
    days = {each: each.astimezone(ZoneInfo(zone)).date() for each in (*old, *new)}
    for each, moment in found.items():
        near = days[each].isocalendar()[:2] == days[moment].isocalendar()[:2]
        assert near or (days[each].year, days[each].month) == (days[moment].year, days[moment].month)
    for day in {days[each] for each in old}:
        mine, theirs = ([each for each in side if days[each] == day] for side in (old, new))
        assert sum(each in found for each in mine) >= min(len(mine), len(theirs))


def test_a_series_changed_to_another_weekday_keeps_the_week() -> None:
    old = [datetime(2026, 12, day, 12, tzinfo=UTC) for day in (1, 8, 15)]
    new = [datetime(2026, 12, day, 9, tzinfo=UTC) for day in (3, 10, 17, 24)]
    assert pairs(old, new, "Europe/London") == dict(zip(old, new, strict=False))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("every wednesday 13:00-14:00 from 14 dec", "every Wednesday 13:00-14:00 2026-12-16"),
        ("13:00", "every Tuesday 13:00-14:00 2026-12-01"),
        ("9-9:45 from 10 dec", "every Tuesday 09:00-09:45 2026-12-15"),
        ("from 10 dec every 2 weeks on monday", "every 2 weeks on Monday 12:30-13:30 2026-12-14"),
    ],
)
def test_what_changes_in_a_series_is_understood_and_the_rest_stays(text: str, meant: str) -> None:
    series = weekly("Europe/London", time(12, 30), date(2026, 11, 3))
    after, _ = read_changed(text, series, NOW)
    assert f"{say_rule(after.rule)} {say_span_of(after.at, after.minutes)} {after.begins}" == meant


def test_every_second_week_stays_the_same_one_when_only_the_time_changes() -> None:
    series = Series(
        1, "t", "Board", "Europe/London", date(2026, 12, 1), time(9), 60, Rule(Unit.WEEK, 2, (1,)).rrule
    )
    after, since = read_changed("10:00 from 3 dec", series, NOW)
    assert (after.begins, since) == (date(2026, 12, 15), date(2026, 12, 3))
