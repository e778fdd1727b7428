"""Who is invited by mail hears what concerns them, once, and their calendar holds what is so."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from handlers.invitations import invitations
from handlers.tick import tick
from pathway.conference import Step
from pathway.invitee import Answer
from tests.handlers.mailed import GP, PAGES, SENDER, WEEK, Mailing, box
from tests.handlers.talk import Talk

ANA, BO = box("ana"), box("bo")
TUESDAY = datetime(2031, 3, 4, 12, 30, tzinfo=UTC)


def subject(what: str, ref: str, day: int, time: str) -> str:
    """The subject of a mail about a Tuesday in March."""
    return f"{what}: Case conference {ref}, Tue {day} Mar 2031, {time}, London time"


def opened(url: str) -> Mailing:
    talk = Talk(url, mail_from=SENDER, base_url=PAGES)
    talk.team()
    return Mailing(talk)


@pytest.fixture
def mailing(sqlite_url: str) -> Iterator[Mailing]:
    made = opened(sqlite_url)
    yield made
    assert made.talk.broke == []
    made.talk.close()


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Mailing]:
    """The same on each kind of database."""
    made = opened(database_url)
    yield made
    assert made.talk.broke == []
    made.talk.close()


def test_who_is_invited_gets_one_mail_some_minutes_later_and_nobody_else_does(anywhere: Mailing) -> None:
    anywhere.plan("ana", "bo")
    anywhere.come(4)
    assert anywhere.boxes == {}
    anywhere.come(2)
    assert sorted(anywhere.boxes) == [ANA, BO]
    said = [subject("Invitation", "C-1", 4, "12:30–13:30")]
    assert (anywhere.subjects(ANA), anywhere.subjects(BO)) == (said, said)
    assert anywhere.calendar(ANA) == [TUESDAY]
    anywhere.come(600)
    assert anywhere.subjects(ANA) == []


def test_what_is_no_address_holds_up_nobody_else(mailing: Mailing) -> None:
    made = mailing.plan("ana")
    mailing.invite(made, mailing.outside("gray at home"))
    mailing.come()
    assert sorted(mailing.boxes) == [ANA]


def test_each_mail_names_its_recipient_alone(mailing: Mailing) -> None:
    mailing.plan("ana", "bo")
    mailing.come()
    (mail,) = mailing.boxes[ANA].mails
    assert ANA in mail.calendar.replace("\r\n ", "")
    assert BO not in f"{mail.calendar}{mail.text}{mail.html}{mail.subject}".replace("\r\n ", "")


def test_changes_within_some_minutes_are_one_mail_and_a_change_taken_back_is_none(mailing: Mailing) -> None:
    made = mailing.plan("ana")
    mailing.come()
    mailing.subjects(ANA)
    first = mailing.change(made, starts=made.starts + timedelta(hours=1))
    mailing.come(2)
    mailing.change(first, starts=made.starts + timedelta(hours=2))
    mailing.come(10)
    assert mailing.subjects(ANA) == [subject("Changed", "C-1", 4, "14:30–15:30")]
    assert mailing.calendar(ANA) == [TUESDAY + timedelta(hours=2)]
    mailing.change(made, starts=made.starts)
    mailing.change(made, starts=made.starts + timedelta(hours=2))
    mailing.come()
    assert mailing.subjects(ANA) == []


def test_a_planned_and_cancelled_conference_is_never_told(mailing: Mailing) -> None:
    made = mailing.plan("ana")
    mailing.step(made, Step.CANCEL)
    mailing.come()
    assert mailing.boxes == {}


def test_a_cancellation_is_told_at_once_and_takes_all_that_waits_along(anywhere: Mailing) -> None:
    made = anywhere.plan("ana", "bo")
    anywhere.come()
    anywhere.subjects(ANA)
    anywhere.change(made, minutes=30)
    anywhere.step(made, Step.CANCEL)
    anywhere.come(0)
    assert anywhere.subjects(ANA) == [subject("Cancelled", "C-1", 4, "12:30–13:30")]
    assert anywhere.calendar(ANA) == []
    anywhere.step(made, Step.RESTORE)
    anywhere.come()
    assert anywhere.subjects(ANA) == [subject("Invitation", "C-1", 4, "12:30–13:00")]
    assert anywhere.calendar(ANA) == [TUESDAY]


def test_a_person_removed_and_asked_again_hears_of_it_and_the_others_do_not(mailing: Mailing) -> None:
    made = mailing.plan("ana", "bo")
    mailing.come()
    mailing.subjects(ANA), mailing.subjects(BO)
    mailing.uninvite(made, mailing.member("bo"))
    mailing.come()
    assert (mailing.subjects(ANA), len(mailing.subjects(BO)), mailing.calendar(BO)) == ([], 1, [])
    mailing.invite(made, mailing.member("bo"))
    mailing.come()
    assert mailing.subjects(BO) == [subject("Invitation", "C-1", 4, "12:30–13:30")]
    assert mailing.calendar(BO) == [TUESDAY]
    mailing.change(made, minutes=90)
    mailing.come()
    assert (len(mailing.subjects(ANA)), len(mailing.subjects(BO))) == (1, 1)


def test_a_series_its_moved_day_its_cancelled_day_and_one_that_comes_back(anywhere: Mailing) -> None:
    series = anywhere.repeat("ana", "bo")
    anywhere.come()
    assert anywhere.subjects(ANA) == [subject("Invitation", "S-1", 4, "12:30–13:30")]
    weeks = [TUESDAY + each * WEEK for each in range(4)]
    assert anywhere.calendar(ANA, 24) == weeks
    days = anywhere.days(series)
    anywhere.change(days[1], starts=days[1].starts + timedelta(hours=2))
    anywhere.come()
    assert anywhere.subjects(ANA) == [subject("Changed", "S-1", 11, "12:30–13:30")]
    anywhere.step(days[2], Step.CANCEL)
    anywhere.come(0)
    assert anywhere.subjects(ANA) == [subject("Cancelled", "S-1", 18, "12:30–13:30")]
    assert anywhere.calendar(ANA, 24) == [weeks[0], weeks[1] + timedelta(hours=2), weeks[3]]
    anywhere.step(days[2], Step.RESTORE)
    anywhere.come()
    assert anywhere.calendar(ANA, 24) == [weeks[0], weeks[1] + timedelta(hours=2), *weeks[2:]]
    assert anywhere.calendar(BO, 24) == anywhere.calendar(ANA, 24)


def test_a_day_moved_over_a_clock_change_keeps_its_wall_time_in_the_rest(mailing: Mailing) -> None:
    series = mailing.repeat("ana")
    mailing.come()
    spring = mailing.days(series)[4]  # 1 April, the first in summer time
    assert spring.starts.hour == 11
    mailing.change(spring, starts=spring.starts - timedelta(days=3))  # on Saturday, before the change
    mailing.come()
    found = mailing.calendar(ANA, 45)
    assert found[3:6] == [
        datetime(2031, 3, 25, 12, 30, tzinfo=UTC), datetime(2031, 3, 29, 11, 30, tzinfo=UTC),
        datetime(2031, 4, 8, 11, 30, tzinfo=UTC),
    ]  # fmt: skip


def test_who_joins_a_series_late_gets_it_with_its_exceptions_and_nobody_else_hears(mailing: Mailing) -> None:
    series = mailing.repeat("ana")
    mailing.come()
    days = mailing.days(series)
    mailing.step(days[0], Step.CANCEL)
    mailing.change(days[1], minutes=30)
    mailing.come()
    mailing.subjects(ANA)
    mailing.invite(series, mailing.outside())
    mailing.come()
    assert (mailing.subjects(ANA), len(mailing.subjects(GP))) == ([], 1)
    assert mailing.calendar(GP, 24) == [TUESDAY + each * WEEK for each in (1, 2, 3)]
    assert mailing.calendar(GP, 90) == mailing.calendar(ANA, 90)


def test_who_is_left_out_of_one_day_hears_of_that_day_and_is_told_it_takes_place(mailing: Mailing) -> None:
    series = mailing.repeat("ana", "bo")
    mailing.come()
    mailing.subjects(ANA), mailing.subjects(BO)
    mailing.uninvite(mailing.days(series)[1], mailing.member("bo"))
    mailing.come()
    (mail,) = mailing.boxes[BO].mails
    assert mail.text.startswith("You need not come on Tue 11 Mar 2031, 12:30–13:30, London time.")
    assert mailing.subjects(ANA) == []
    assert TUESDAY + WEEK not in mailing.calendar(BO)


def test_who_is_asked_for_one_day_of_a_series_gets_that_day_alone(mailing: Mailing) -> None:
    series = mailing.repeat("ana")
    day = mailing.days(series)[1]
    mailing.invite(day, mailing.outside())
    mailing.come()
    assert mailing.subjects(GP) == [subject("Invitation", day.ref, 11, "12:30–13:30")]
    assert mailing.calendar(GP, 60) == [TUESDAY + WEEK]
    mailing.step(day, Step.CANCEL)
    mailing.come(0)
    assert (mailing.calendar(GP, 60), len(mailing.subjects(ANA))) == ([], 2)


def test_a_series_in_a_zone_without_yearly_rules_is_told_day_by_day(mailing: Mailing) -> None:
    series = mailing.repeat("ana", zone="Africa/Cairo")
    mailing.talk.pass_time(6)
    mails = mailing.talk.mailed(ANA)
    days = mailing.days(series)
    assert len(mails) == len(days)
    assert all("RRULE" not in each.calendar and "VTIMEZONE" not in each.calendar for each in mails)
    assert f"DTSTART:{days[0].starts:%Y%m%dT%H%M%SZ}" in mails[0].calendar


def test_a_new_address_gets_all_of_it_and_the_old_one_hears_that_it_is_over_there(mailing: Mailing) -> None:
    made = mailing.plan()
    mailing.invite(made, mailing.outside("old@surgery.example"))
    mailing.come()
    mailing.invite(made, mailing.outside("new@surgery.example"))
    mailing.come()
    assert mailing.calendar("old@surgery.example") == []
    assert mailing.calendar("new@surgery.example") == [TUESDAY]
    assert len(mailing.subjects("old@surgery.example")) == 2


def test_who_has_no_address_or_one_that_was_refused_gets_nothing(mailing: Mailing) -> None:
    made = mailing.plan()
    mailing.invite(made, mailing.outside(""))
    mailing.come()
    mailing.invite(made, mailing.outside(GP))
    with mailing.talk.store.clinic(mailing.talk.now) as clinic:
        clinic.addresses.refuse(clinic.addresses.of(GP).id, "550", mailing.talk.now)
    mailing.come()
    assert mailing.boxes == {}


def test_an_answer_that_was_given_is_not_forgotten_by_the_next_message(mailing: Mailing) -> None:
    made = mailing.plan("ana")
    mailing.come()
    with mailing.talk.store.clinic(mailing.talk.now) as clinic:
        clinic.invitees.put_answer(
            made, mailing.key("ana"), Answer.ACCEPTED, 0, None, "chat", now=mailing.talk.now
        )
    mailing.change(made, where="Room 3")
    mailing.come()
    assert "PARTSTAT=ACCEPTED" in mailing.boxes[ANA].mails[-1].calendar.replace("\r\n ", "")


def test_the_place_is_told_by_a_link_and_its_change_is_told(mailing: Mailing) -> None:
    made = mailing.plan("ana", where="https://video.example/tess-testcase")
    mailing.come()
    mailing.change(made, where="Room of Tess Testcase")
    mailing.come()
    first, second = mailing.boxes[ANA].mails
    assert second.subject.startswith("Changed: ")
    for each in (first, second):
        assert "tess" not in f"{each.calendar}{each.text}{each.html}".lower()
        assert f"LOCATION:{PAGES}/i/" in each.calendar.replace("\r\n ", "")


def test_it_is_said_in_the_readers_language_and_on_their_clock(mailing: Mailing) -> None:
    made = mailing.plan()
    with mailing.talk.store.clinic(mailing.talk.now) as clinic:
        person = mailing.outside(language="es")
        clinic.invitees.invite(
            made, type(person)(**{**vars(person), "zone": "America/Bogota"}), mailing.talk.now
        )
        invitations.changed(clinic, mailing.talk.now, conference=made)
    mailing.come()
    assert mailing.subjects(GP) == [
        "Invitación: Sesión de casos C-1, martes 4 de marzo de 2031, de 07:30 a 08:30, hora de Bogota"
    ]


def test_two_processes_that_look_at_once_tell_once(anywhere: Mailing) -> None:
    anywhere.plan("ana")
    now = anywhere.talk.now + timedelta(minutes=6)
    with anywhere.talk.store.clinic(now) as one:
        first = invitations.next_due(one, now, [])
        assert first is not None
        first.do()
        if one.rows.session.get_bind().dialect.name == "postgresql":
            with anywhere.talk.store.clinic(now) as other:
                assert invitations.next_due(other, now, []) is None
    tick(anywhere.talk.store, now)
    anywhere.come()
    assert len(anywhere.subjects(ANA)) == 1


def test_where_no_mail_can_be_sent_nothing_waits(sqlite_url: str) -> None:
    talk = Talk(sqlite_url)
    talk.team()
    mailing = Mailing(talk)
    mailing.plan("ana")
    mailing.come()
    assert mailing.boxes == {}
    with talk.store.clinic(talk.now) as clinic:
        assert clinic.invites.due(talk.now + WEEK) is None
    talk.close()
