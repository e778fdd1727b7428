"""What mails say of invitations, as real programs write them, and as they should not be written."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas.mail_in import Bounce, take_apart
from agendas.refusal import Reason, Unusable
from agendas.reply import (
    ANSWERS,
    About,
    Answered,
    Automatic,
    Countered,
    Moment,
    Refresh,
    Said,
    Words,
    understood,
)
from tests.mails import STAMP, calendar, mail, report

ELI = About("u-1", "eli@gp.example", organizer="baton@clinic.example")
HALF_PAST = datetime(2031, 7, 8, 11, 30, tzinfo=UTC)
MORE_EVENTS = "BEGIN:VEVENT\r\nUID:u-1\r\nEND:VEVENT\r\n" * 30


def said(data: bytes) -> tuple[Said, ...]:
    return understood(take_apart(data))


def refused(data: bytes) -> Reason:
    with pytest.raises(Unusable) as why:
        said(data)
    assert "eli" not in str(why.value)
    return why.value.reason


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_an_answer_for_all_that_one_is_invited_to(answer: str) -> None:
    assert said(mail(calendar(answer=answer))) == (Answered(ELI, answer, STAMP),)


def test_an_answer_with_words_for_one_day_to_an_older_invitation() -> None:
    text = calendar(
        "RECURRENCE-ID;TZID=Europe/London:20310304T123000", "COMMENT:Half an hour late\\, sorry", sequence=3
    )
    day = Moment(datetime(2031, 3, 4, 12, 30), "Europe/London")  # noqa: DTZ001
    about = About("u-1", "eli@gp.example", day, "baton@clinic.example", 3, "Half an hour late, sorry")
    assert said(mail(text)) == (Answered(about, "ACCEPTED", STAMP),)


@pytest.mark.parametrize(
    ("written", "zone", "moment"),
    [
        (":20310708T113000Z", "UTC", HALF_PAST),
        (";TZID=GMT Standard Time:20310708T123000", "Europe/London", HALF_PAST),
        (";TZID=/example.org/Europe/London:20310708T123000", "Europe/London", HALF_PAST),
        (';TZID="(UTC+00:00) Dublin, London":20310708T123000', "", HALF_PAST),
        (";VALUE=DATE:20310708", "", datetime(2031, 7, 7, 23, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_days_as_programs_write_them(written: str, zone: str, moment: datetime) -> None:
    (answered,) = said(mail(calendar(f"RECURRENCE-ID{written}")))
    assert isinstance(answered, Answered)
    day = answered.about.occurrence
    assert day is not None
    assert (day.zone, day.utc("Europe/London")) == (zone, moment)


@pytest.mark.parametrize("name", ["Eli\\", '"C:\\Eli"', "\\", "Sample\\, Eli", "Sample\\; Eli", '"Eli\\"'])
def test_a_backslash_in_a_name_swallows_no_answer(name: str) -> None:
    text = calendar(answer="DECLINED").replace('"Novak, Eli"', name)
    assert f"CN={name};" in text
    assert said(mail(text)) == (Answered(ELI, "DECLINED", STAMP),)


def test_outlook_leaves_the_organizer_out_and_gmail_the_parameter() -> None:
    (answered,) = said(mail(calendar(organizer=""), method=""))
    assert answered == Answered(About("u-1", "eli@gp.example"), "ACCEPTED", STAMP)


def test_the_property_wins_over_the_parameter_and_stands_in_for_it() -> None:
    assert refused(mail(calendar(method="REQUEST"))) is Reason.METHOD
    without = calendar().replace("METHOD:REPLY\r\n", "")
    assert said(mail(without)) == (Answered(ELI, "ACCEPTED", STAMP),)
    assert refused(mail(without, method="")) is Reason.METHOD


def test_answers_for_several_days_come_in_one_mail() -> None:
    event = "BEGIN:VEVENT" + calendar("RECURRENCE-ID:20310311T123000Z").split("BEGIN:VEVENT")[1]
    both = calendar("RECURRENCE-ID:20310304T123000Z").replace("END:VCALENDAR\r\n", event)
    days = [each.about.occurrence for each in said(mail(both)) if isinstance(each, Answered)]
    assert days == [
        Moment(datetime(2031, 3, 4, 12, 30), "UTC"),  # noqa: DTZ001
        Moment(datetime(2031, 3, 11, 12, 30), "UTC"),  # noqa: DTZ001
    ]


def test_whom_somebody_sends_instead() -> None:
    text = calendar(answer='DELEGATED;DELEGATED-TO="mailto:Kim@gp.example"')
    assert said(mail(text)) == (Answered(ELI, "DELEGATED", STAMP, "kim@gp.example"),)


def test_another_time_and_the_invitation_once_more() -> None:
    times = ("DTSTART;TZID=Europe/London:20310304T140000", "DTEND;TZID=Europe/London:20310304T150000")
    others = "ATTENDEE:mailto:ana@clinic.example"
    two, three = (datetime(2031, 3, 4, hour) for hour in (14, 15))  # noqa: DTZ001
    assert said(mail(calendar(*times, others, method="COUNTER"))) == (
        Countered(ELI, Moment(two, "Europe/London"), Moment(three, "Europe/London")),
    )
    assert said(mail(calendar(method="REFRESH"))) == (Refresh(ELI),)


def test_words_are_for_a_person_to_read_without_what_was_quoted() -> None:
    text = "Could we do Thursday?\n\nEli\n\nOn Mon, 3 Mar 2031 Baton wrote:\n> You are invited\n"
    assert said(mail(text=text)) == (Words("Could we do Thursday?\n\nEli"),)
    page = "<style>p{}</style><p>Could we <b>do</b> Thursday?</p><script>alert(1)</script>"
    html = f"From: eli@gp.example\nContent-Type: text/html; charset=utf-8\n\n{page}".encode()
    assert said(html) == (Words("Could we do Thursday?"),)
    assert said(mail(text="")) == (Words(""),)


@pytest.mark.parametrize(
    "headers", [{"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List-Id": "<news.example>"}]
)
def test_what_a_machine_wrote_need_not_be_read_unless_it_answers(headers: dict[str, str]) -> None:
    assert said(mail(text="I am away", headers=headers)) == (Automatic(),)
    assert said(mail(calendar(), headers=headers)) == (Answered(ELI, "ACCEPTED", STAMP),)


def test_what_could_not_be_delivered() -> None:
    sent = "<id-1@clinic.example>"
    eli = ("eli@gp.example",)
    lasting, passing = report("Eli@gp.example", sent), report("eli@gp.example", sent, "4.4.7")
    assert said(lasting) == (Bounce(eli, lasting=True, mails=("id-1",)),)
    assert said(passing) == (Bounce(eli, lasting=False, mails=("id-1",)),)
    whole = report("eli@gp.example", sent, about="message/rfc822")
    assert said(whole) == (Bounce(eli, lasting=True, mails=("id-1",)),)
    answering = b"In-Reply-To: <id-2@clinic.example>\n" + report("eli@gp.example", "")
    assert said(answering) == (Bounce(eli, lasting=True, mails=("id-2",)),)
    assert said(passing.replace(b"failed\n", b"delayed\n", 1)) == (Automatic(),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no calendar at all", Reason.NOT_CALENDAR),
        ("BEGIN:VCALENDAR\nEND:VEVENT\n", Reason.NOT_CALENDAR),
        (calendar().replace("END:VCALENDAR", ""), Reason.NOT_CALENDAR),
        (calendar().replace("u-1", "u\x00"), Reason.NOT_CALENDAR),
        ("BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n", Reason.EVENTS),
        (calendar().replace("UID:u-1\r\n", ""), Reason.EVENTS),
        (calendar(uid="u" * 300), Reason.EVENTS),
        (calendar(attendee="eli"), Reason.ATTENDEES),
        (calendar("ATTENDEE;PARTSTAT=ACCEPTED:mailto:kim@gp.example"), Reason.ATTENDEES),
        (calendar(answer="YES"), Reason.ANSWER),
        (calendar(answer="ACCEPTED").replace(";PARTSTAT=ACCEPTED", ""), Reason.ANSWER),
        (calendar("RECURRENCE-ID:20310399T123000Z"), Reason.TIME),
        (calendar().replace("DTSTAMP:2031", "DTSTAMP:2031x"), Reason.TIME),
        (calendar(method="COUNTER"), Reason.TIME),
        (calendar(*(f"X-A:{n}" for n in range(2500))), Reason.TOO_BIG),
        (calendar(f"COMMENT:{'a' * 9000}"), Reason.TOO_BIG),
        (calendar(f"COMMENT:{'a' * 70000}"), Reason.TOO_BIG),
        (calendar(*(["BEGIN:VALARM", "END:VALARM"] * 200)), Reason.TOO_BIG),
        (calendar().replace("END:VCALENDAR", f"{MORE_EVENTS}END:VCALENDAR"), Reason.EVENTS),
    ],
)  # fmt: skip
def test_calendars_that_are_no_answer(text: str, reason: Reason) -> None:
    assert refused(mail(text)) is reason


def test_an_endless_rule_is_never_followed() -> None:
    endless = "RRULE:FREQ=SECONDLY"
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Bomb\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\n"
        f"TZOFFSETTO:+0000\r\n{endless}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
    )
    text = calendar(endless, "DTSTART;TZID=Bomb:19700101T000000").replace("BEGIN:VEVENT", zone)
    assert said(mail(text)) == (Answered(ELI, "ACCEPTED", STAMP),)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=80)


@given(
    answer=st.sampled_from(sorted(ANSWERS)),
    sequence=st.integers(0, 10**8),
    starts=st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
    name=NAMES,
    comment=NAMES,
)
def test_an_answer_that_another_program_wrote_is_read_as_it_was_meant(
    answer: str, sequence: int, starts: datetime, zone: str, name: str, comment: str
) -> None:
    starts = starts.replace(microsecond=0)
    event = icalendar.Event()
    event.add("uid", "u-1")
    event.add("dtstamp", STAMP)
    event.add("sequence", sequence)
    event.add("recurrence-id", starts.replace(tzinfo=ZoneInfo(zone)))
    event.add("comment", comment)
    person = icalendar.vCalAddress("MAILTO:Eli@GP.example")
    person.params["CN"], person.params["PARTSTAT"] = name.replace('"', ""), answer
    event.add("attendee", person, encode=False)
    made = icalendar.Calendar()
    made.add("method", "REPLY")
    made.add_component(event)
    (read,) = said(mail(made.to_ical().decode()))
    assert isinstance(read, Answered)
    assert (read.partstat, read.stamped_at) == (answer, STAMP)
    assert (read.about.attendee, read.about.sequence) == ("eli@gp.example", sequence)
    assert read.about.comment == comment.strip()
    assert read.about.occurrence == Moment(starts, zone)


@given(st.text(st.sampled_from('ABEGIN:VCALENDREVT;="\\^,\r\n \t\x00é')), st.integers(0, 200))
def test_whatever_a_calendar_part_holds_is_read_or_refused(junk: str, where: int) -> None:
    text = calendar()
    try:
        found = said(mail(text[:where] + junk + text[where:]))
    except Unusable as why:
        assert str(why) == why.reason.name, "none of its text is kept"
        assert why.sender in ("", "eli@gp.example")
    else:
        assert found
        assert all(isinstance(each, Said) for each in found)


def test_a_moment_that_a_clock_change_skips_or_repeats_is_still_one() -> None:
    skipped = Moment(datetime(2031, 3, 30, 1, 30), "Europe/London")  # noqa: DTZ001
    assert skipped.utc("UTC") == datetime(2031, 3, 30, 1, 30, tzinfo=UTC)
    assert skipped.utc("UTC") - Moment(datetime(2031, 3, 30, 0, 30), "Europe/London").utc("UTC") == timedelta(  # noqa: DTZ001
        hours=1
    )
