"""Invitations: what calendar programs make of them, over series, moves and cancellations in any order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from agendas.event import Event, News, Time, Told, What, news, read_told, told_text
from agendas.invite import Envelope, Method, message
from agendas.invite_check import BadCalendar, checked
from pathway.invitee import Answer
from pathway.recurrence import dates
from tests.agendas.calendars import Program, read_by_ical, read_by_recurring, read_by_vobject, states

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LONDON = "Europe/London"
WEEK = timedelta(days=7)
ENVELOPE = Envelope(
    uid="uid-1", sequence=0, organizer="baton@clinic.example", attendee="bo@clinic.example", stamp=NOW,
    summary="Case conference S-1", description="How to answer", link="https://baton.example/i/token",
)  # fmt: skip
ZONES = [LONDON, "America/New_York", "Australia/Sydney", "Asia/Kolkata", "America/St_Johns", "UTC"]
RULES = [
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
    "FREQ=MONTHLY;BYDAY=-1TU",
    "FREQ=DAILY;INTERVAL=3",
]


def weekly(exceptions: Mapping[datetime, Time | None] | None = None, until: datetime | None = None) -> Event:
    """Every Tuesday at 12:30 in London, from 1 December 2026 on."""
    first = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
    return Event(Time(first, 60), LONDON, "FREQ=WEEKLY;BYDAY=TU", until, exceptions or {})


def tuesday(weeks: int) -> datetime:
    """The moment of a Tuesday at 12:30 in London, so many weeks after the first."""
    day = date(2026, 12, 1) + weeks * WEEK
    return datetime.combine(day, time(12, 30), ZoneInfo(LONDON)).astimezone(UTC)


@st.composite
def series(draw: st.DrawFn) -> Event:
    zone, rule = draw(st.sampled_from(ZONES)), draw(st.sampled_from(RULES))
    # Hours that clocks skip or repeat are read by each program in its own way.
    wall = time(draw(st.integers(4, 22)), draw(st.sampled_from([0, 30, 45])))
    begins = next(dates(rule, date(2026, draw(st.sampled_from([1, 3, 10, 11])), 1), date(2026, 11, 2)))
    starts = datetime.combine(begins, wall, ZoneInfo(zone)).astimezone(UTC)
    return Event(Time(starts, draw(st.integers(15, 120))), zone, rule)


def moments(event: Event, count: int = 30) -> list[datetime]:
    """The moments at which its rule has it."""
    there = ZoneInfo(event.zone)
    wall = event.time.starts.astimezone(there)
    found = dates(event.rule, wall.date(), wall.date())
    return [datetime.combine(next(found), wall.time(), there).astimezone(UTC) for _ in range(count)]


@st.composite
def with_exceptions(draw: st.DrawFn, event: Event) -> Event:
    """The series with some days moved, lengthened or left out."""
    exceptions: dict[datetime, Time | None] = {}
    for day in draw(st.lists(st.sampled_from(moments(event, 12)), max_size=4, unique=True)):
        shift = timedelta(minutes=draw(st.integers(-300, 300)))
        other = Time(day + shift, draw(st.integers(15, 90)))
        exceptions[day] = draw(st.sampled_from([None, other]))
    return replace(event, exceptions=exceptions)


def times(event: Event) -> list[tuple[datetime, datetime]]:
    """When it is, by arithmetic alone."""
    days = [event.on(each) for each in moments(event)]
    return sorted((each.starts, each.ends) for each in days if each is not None)


END = timedelta(hours=6)


@given(st.data())
def test_other_programs_read_the_times_that_we_mean(data: st.DataObject) -> None:
    event = data.draw(data.draw(series().map(with_exceptions)))
    answer = data.draw(st.sampled_from([each.value for each in Answer]))
    _, text = message(News(What.INVITED, event), replace(ENVELOPE, answer=answer))
    ruled = moments(event)
    until = ruled[-1] + END
    # ical takes a day that differs in UTC for one more, as it leaves the Z out of its name.
    differs_in_utc = event.zone == "UTC" and any(event.exceptions.values())
    for read in (read_by_recurring,) if differs_in_utc else (read_by_recurring, read_by_ical):
        found = [each for each in read(text, NOW - WEEK * 10, until) if each[0] < until]
        assert found == times(event)
    assert read_by_vobject(text, until) == [each for each in ruled if event.on(each) is not None]
    assert set(states(text)) == {(f"mailto:{ENVELOPE.attendee}", answer)}


@settings(max_examples=60)
@given(st.data())
def test_a_program_that_is_told_only_what_changed_knows_all_that_is_so(data: st.DataObject) -> None:
    base = data.draw(series())
    program, told, sequence = Program(), None, 0
    now = NOW
    for _ in range(data.draw(st.integers(1, 6))):
        wanted = data.draw(st.none() | with_exceptions(base) | st.just(base))
        what = news(told, wanted, now, cancelled=data.draw(st.booleans()))
        if what is not None:
            _, text = message(what, replace(ENVELOPE, sequence=sequence))
            program.take(text)
            told = Told(wanted or what.event, sequence, gone=wanted is None)
            assert read_told(told_text(told)) == told
            sequence += 1
        until = moments(base)[-1] + END
        in_it = [each for each in program.between(now, until) if now < each[1] and each[0] < until]
        meant = [] if wanted is None else [each for each in times(wanted) if each[1] > now]
        assert in_it == meant
        now += timedelta(days=data.draw(st.integers(0, 5)))


def test_a_change_of_one_day_is_told_by_its_recurrence_id_over_a_clock_change() -> None:
    day = tuesday(18)  # 6 April 2027, in summer time
    moved = Time(day + timedelta(hours=2), 45)
    what = news(Told(weekly(), 0), weekly({day: moved}), NOW)
    assert what == News(What.DAY_CHANGED, weekly({day: moved}), day)
    method, text = message(what, replace(ENVELOPE, sequence=1))
    assert (method, day.hour) == (Method.REQUEST, 11)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    lines = text.split("\r\n")
    assert "RECURRENCE-ID;TZID=Europe/London:20270406T123000" in lines
    assert "DTSTART;TZID=Europe/London:20270406T143000" in lines
    assert "DTEND;TZID=Europe/London:20270406T151500" in lines
    assert "RRULE" not in event


@pytest.mark.parametrize(
    ("without", "what", "status"), [(False, What.DAY_OFF, "CANCELLED"), (True, What.DAY_WITHOUT, None)]
)
def test_one_day_off_is_a_cancel_of_that_day(without: bool, what: What, status: str | None) -> None:
    day = tuesday(1)
    found = news(Told(weekly(), 0), weekly({day: None}), NOW, without=[day] if without else [])
    assert found == News(what, weekly({day: None}), day)
    method, text = message(found, ENVELOPE)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert (method, event.get("STATUS")) == (Method.CANCEL, status)
    assert "RECURRENCE-ID;TZID=Europe/London:20261208T123000" in text


def test_several_days_or_one_that_comes_back_are_told_with_all_of_it() -> None:
    one, other = tuesday(1), tuesday(2)
    several = weekly({one: None, other: Time(other + timedelta(hours=1), 60)})
    assert news(Told(weekly(), 0), several, NOW) == News(What.CHANGED, several)
    assert news(Told(weekly({one: None}), 0), weekly(), NOW) == News(What.CHANGED, weekly())
    _, text = message(News(What.CHANGED, several), ENVELOPE)
    assert "EXDATE;TZID=Europe/London:20261208T123000" in text
    assert text.count("BEGIN:VEVENT") == 2


def test_nothing_is_told_of_what_is_as_it_was_or_over() -> None:
    day, after = tuesday(0), tuesday(0) + timedelta(days=1)
    assert news(Told(weekly(), 4), weekly(), NOW) is None
    assert news(Told(weekly(), 4), weekly({day: None}), after) is None
    assert news(None, None, NOW) is None
    single = Event(Time(day, 60), LONDON)
    assert news(None, single, after) is None
    assert news(Told(single, 0), None, after) is None
    assert news(Told(single, 0, gone=True), None, NOW) is None


@pytest.mark.parametrize(
    ("cancelled", "what", "status"), [(True, What.CANCELLED, "CANCELLED"), (False, What.REMOVED, None)]
)
def test_who_need_not_come_is_told_apart_from_what_does_not_take_place(
    cancelled: bool, what: What, status: str | None
) -> None:
    found = news(Told(weekly(), 3), None, NOW, cancelled=cancelled)
    assert found == News(what, weekly())
    method, text = message(found, ENVELOPE)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert (method, event.get("STATUS"), "LOCATION" in event) == (Method.CANCEL, status, False)


def test_a_series_that_ends_earlier_is_told_its_end_and_one_that_never_was_is_cancelled() -> None:
    now = tuesday(5) + timedelta(days=1)
    ended = weekly(until=tuesday(5))
    assert news(Told(weekly(), 0), ended, now) == News(What.CHANGED, ended)
    never = weekly(until=tuesday(-1))
    assert news(Told(weekly(), 0), never, NOW) == News(What.CANCELLED, weekly())
    assert news(None, ended, now) is None


def test_who_comes_back_is_invited_to_all_of_it_again() -> None:
    assert news(Told(weekly(), 3, gone=True), weekly(), NOW) == News(What.INVITED, weekly())


def test_in_a_zone_without_yearly_rules_a_meeting_is_told_in_utc_and_a_series_not_at_all() -> None:
    starts = datetime(2026, 12, 1, 10, tzinfo=UTC)
    _, text = message(News(What.INVITED, Event(Time(starts, 60), "Africa/Cairo")), ENVELOPE)
    assert "DTSTART:20261201T100000Z" in text and "VTIMEZONE" not in text
    with pytest.raises(ValueError, match="day by day"):
        message(News(What.INVITED, Event(Time(starts, 60), "Africa/Cairo", RULES[0])), ENVELOPE)


def test_an_invitation_in_full() -> None:
    method, text = message(News(What.INVITED, Event(Time(tuesday(0), 60), LONDON)), ENVELOPE)
    unfolded = text.replace("\r\n ", "")
    zone, event = unfolded.split("END:VTIMEZONE\r\n")
    assert method is Method.REQUEST
    assert zone.split("\r\n")[:5] == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Baton//Care team conferences//EN", "METHOD:REQUEST",
        "BEGIN:VTIMEZONE",
    ]  # fmt: skip
    assert sorted(event.split("\r\n")) == sorted(
        [
            "BEGIN:VEVENT", "UID:uid-1", "SEQUENCE:0", "DTSTAMP:20261101T000000Z",
            "DTSTART;TZID=Europe/London:20261201T123000", "DTEND;TZID=Europe/London:20261201T133000",
            "SUMMARY:Case conference S-1", "DESCRIPTION:How to answer",
            "ORGANIZER;CN=Baton:mailto:baton@clinic.example",
            "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE"
            ":mailto:bo@clinic.example",
            "CLASS:PRIVATE", "TRANSP:OPAQUE", "STATUS:CONFIRMED", "LOCATION:https://baton.example/i/token",
            "URL:https://baton.example/i/token", "END:VEVENT", "END:VCALENDAR", "",
        ]
    )  # fmt: skip


def good(*changes: tuple[str, str]) -> str:
    """A good invitation of a series, with some of it changed."""
    _, text = message(News(What.INVITED, weekly({tuesday(1): None}, until=tuesday(9))), ENVELOPE)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("METHOD:REQUEST\r\n", "", "METHOD"),
        ("METHOD:REQUEST", "METHOD:PUBLISH", "METHOD"),
        ("TZID:Europe/London\r\n", "TZID:Europe/Londres\r\n", "VTIMEZONE"),
        ("STATUS:CONFIRMED", "STATUS:CANCELLED", "STATUS"),
        ("PARTSTAT=NEEDS-ACTION", "PARTSTAT=YES", "iCalendar's"),
        ("UNTIL=20270202T123000Z", "UNTIL=20270202T123000", "UTC"),
        ("UNTIL=20270202T123000Z", "UNTIL=20270202", "UTC"),
        ("DTEND;TZID=Europe/London:20261201T133000", "DTEND;TZID=Europe/London:20261201T123000", "ends"),
        ("DTEND;TZID=Europe/London:20261201T133000", "DTEND:20261201T133000Z", "several"),
        ("DTSTART;TZID=Europe/London:20261201T123000", "DTSTART:20261201T123000", "no zone"),
        ("DTSTART;TZID=Europe/London:20261201T123000", "DTSTART;VALUE=DATE:20261201", "no zone"),
        ("EXDATE;TZID=Europe/London:20261208T123000", "EXDATE:20261208T123000Z", "several"),
        ("CLASS:PRIVATE", "RDATE:20261209T123000Z", "RDATE"),
        ("UID:uid-1\r\n", "", "UID"),
        ("SEQUENCE:0\r\n", "", "SEQUENCE"),
        ("DTSTAMP:20261101T000000Z\r\n", "", "stamp"),
        ("SUMMARY:Case", "SUMMARY:Ca\x07se", "control"),
        ("CLASS:PRIVATE", "ATTENDEE:mailto:cy@gp.example", "one attendee"),
    ],
)
def test_a_wrong_calendar_is_refused(old: str, new: str, says: str) -> None:
    assert checked(good()) == good()
    with pytest.raises(BadCalendar, match=says) as refused:
        checked(good((old, new)))
    assert "bo@" not in str(refused.value)


def test_two_events_in_one_message_are_refused() -> None:
    one = good().replace("END:VCALENDAR\r\n", "")
    other = good(("UID:uid-1", "UID:uid-2"))
    with pytest.raises(BadCalendar, match="one UID"):
        checked(one + other[other.index("BEGIN:VEVENT") :])


def test_the_next_dates_are_in_order_without_those_that_are_off() -> None:
    early = Time(tuesday(0) + timedelta(hours=1), 60)
    event = weekly({tuesday(0): None, tuesday(1): None, tuesday(3): early}, until=tuesday(4))
    assert [each.starts for each in event.days(NOW, 3)] == [early.starts, tuesday(2), tuesday(4)]
    assert [each.starts for each in event.days(tuesday(3), 9)] == [tuesday(4)]
