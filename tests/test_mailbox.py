"""Answers that come by real mail: through Postfix, out of a mailbox of Dovecot, with IDLE and without."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, update

from agendas.event import Event, Time, Told
from agendas.mail_in import MOST_BYTES
from bot.mail.check import check_mailbox
from pathway.invitee import Answer, member_key
from storage.database import work
from storage.invites import ToldTo
from storage.tables import ToldRow
from tests.handlers.post import answered, conference, scheduled, uid
from tests.handlers.talk import Talk
from tests.mail_line import breaking
from tests.mail_reading import reading, settings, until
from tests.mail_servers import MailServers, mail_servers, missing
from tests.mails import calendar, mail
from tests.needs import require

NO_IDLE = "imap_capability = IMAP4rev1 SASL-IR LITERAL+"


@pytest.fixture(scope="module")
def _servers() -> Iterator[MailServers | None]:
    if missing():
        yield None
        return
    with mail_servers() as running:
        yield running


@pytest.fixture
def servers(_servers: MailServers | None) -> MailServers:
    """Dovecot and Postfix, at work."""
    require("mail-servers", missing())
    assert _servers is not None
    return _servers


@pytest.fixture
def meeting(sqlite_url: str) -> Iterator[Talk]:
    """A team whose weekly conference is tomorrow for the first time."""
    talk = Talk(sqlite_url)
    talk.team()
    scheduled(talk)
    yield talk
    talk.close()


def reply(talk: Talk, who: str, answer: str) -> bytes:
    address = f"{who}@clinic.example"
    text = calendar(uid=uid(talk), attendee=address, answer=answer, stamp=talk.now)
    return mail(text, sender=address, message_id=f"<{who}-{answer}@x.example>")


def test_an_answer_by_mail_is_noted_and_then_marked_as_read(
    servers: MailServers, meeting: Talk, tmp_path: Path
) -> None:
    given = settings(servers.imap, tmp_path)

    async def comes() -> None:
        servers.send(reply(meeting, "bo", "ACCEPTED"), given.imap_user)
        async with reading(meeting, given) as box:
            await until(lambda: answered(meeting) == {"Bo Lindqvist": Answer.ACCEPTED}, "what lay there")
            await until(lambda: box.link() == "", "up")
            await asyncio.to_thread(servers.send, reply(meeting, "cy", "DECLINED"), given.imap_user)
            await until(lambda: answered(meeting).get("Cy Osei") is Answer.DECLINED, "what IDLE tells")
            await until(lambda: all("Seen" in each for each in servers.flags(given.imap_user)), "marked")
        assert len(servers.flags(given.imap_user)) == 2

    asyncio.run(comes())


def test_without_idle_it_is_looked_from_time_to_time(meeting: Talk, tmp_path: Path) -> None:
    require("mail-servers", missing())
    with mail_servers(NO_IDLE) as servers:
        given = settings(servers.imap, tmp_path, imap_poll_seconds=5)

        async def comes() -> None:
            async with reading(meeting, given) as box:
                await until(lambda: box.link() == "", "up")
                servers.put(given.imap_user, reply(meeting, "bo", "ACCEPTED"))
                await until(lambda: answered(meeting) == {"Bo Lindqvist": Answer.ACCEPTED}, "polled")

        asyncio.run(comes())


def test_hostile_mail_never_sticks(servers: MailServers, meeting: Talk, tmp_path: Path) -> None:
    given = settings(servers.imap, tmp_path)
    level = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    deep = b"".join(level % (n, n) for n in range(99))
    hostile = [
        b"\r\n", b"\x00\xff\xfe", b"From: eli\r\n\r\n", b"From: a@b.example\r\n" + deep,
        b"From: a@b.example\r\nContent-Type: text/calendar; charset=no-such\r\n\r\n\xff",
        b"From: a@b.example\r\n\r\n" + b"x" * 5 * MOST_BYTES,
        mail("BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n" * 3000),
        b"From: =?utf-8?q?=0d=0aBcc:_x=40y.example?= <a@b.example>\r\n\r\nhi",
    ]  # fmt: skip

    async def comes() -> None:
        for each in hostile:
            await asyncio.to_thread(servers.put, given.imap_user, each)
        await asyncio.to_thread(servers.put, given.imap_user, reply(meeting, "bo", "ACCEPTED"))
        async with reading(meeting, given):
            await until(lambda: answered(meeting) == {"Bo Lindqvist": Answer.ACCEPTED}, "the one behind them")
            await until(lambda: all("Seen" in each for each in servers.flags(given.imap_user)), "marked")
        flags = servers.flags(given.imap_user)
        assert ["Flagged" in each for each in flags] == [True] * len(hostile) + [False]

    asyncio.run(comes())
    meeting.post()
    assert meeting.private("lea")[-1].startswith(f"{len(hostile)} mails today changed nothing")


def test_a_mail_that_breaks_us_is_set_aside_and_told(
    servers: MailServers, meeting: Talk, tmp_path: Path
) -> None:
    given = settings(servers.imap, tmp_path, imap_poll_seconds=5)
    damaged(meeting, "bo")

    async def comes() -> None:
        servers.put(given.imap_user, reply(meeting, "bo", "ACCEPTED"))
        async with reading(meeting, given):
            await asyncio.to_thread(servers.put, given.imap_user, reply(meeting, "cy", "ACCEPTED"))
            await until(lambda: answered(meeting) == {"Cy Osei": Answer.ACCEPTED}, "behind it")
            await until(lambda: all("Seen" in e for e in servers.flags(given.imap_user)), "set aside")

    asyncio.run(comes())
    meeting.post()
    assert "it can't be read as a mail" in meeting.private("lea")[-1]
    assert "Bo Lindqvist" not in answered(meeting)


def damaged(talk: Talk, who: str) -> None:
    """What somebody was told of the series is in the database, and can't be read any more."""
    key, starts = member_key(talk.id(who)), conference(talk).starts
    event = Event(Time(starts, 60), "Europe/London", "FREQ=WEEKLY;BYDAY=TU")
    with talk.store.clinic(talk.now) as clinic:
        address = clinic.addresses.of(f"{who}@clinic.example")
        clinic.invites.put_told("S-1", ToldTo(key, address.id, Told(event, 0)), talk.now)
    with work(talk.store.engine) as session:
        torn = update(ToldRow).where(ToldRow.invitee == key)
        session.execute(torn.values(sealed_told=func.substr(ToldRow.sealed_told, 1, 40)))
        session.commit()


def test_the_same_mail_after_the_line_broke_before_it_was_marked_has_one_effect(
    servers: MailServers, meeting: Talk, tmp_path: Path
) -> None:
    given = settings(servers.imap, tmp_path)
    servers.put(given.imap_user, reply(meeting, "bo", "ACCEPTED"))

    async def comes() -> None:
        async with breaking(servers.imap, b" STORE ") as line:
            async with reading(meeting, settings(line.listens, tmp_path)):
                await until(lambda: all("Seen" in e for e in servers.flags(given.imap_user)), "marked")
            assert line.broke == 1

    asyncio.run(comes())
    assert meeting.journal("S-1").count("answered") == 1
    assert answered(meeting) == {"Bo Lindqvist": Answer.ACCEPTED}


def test_one_process_reads_at_a_time(servers: MailServers, meeting: Talk, tmp_path: Path) -> None:
    given = settings(servers.imap, tmp_path)

    async def both() -> None:
        async with reading(meeting, given) as first:
            await until(lambda: first.link() == "", "up")
            async with reading(meeting, given) as second:
                await until(lambda: second.link().startswith("stand-by"), "waits")
            assert first.link() == ""

    asyncio.run(both())


def test_the_doctor_says_what_is_wrong_with_a_mailbox(servers: MailServers, tmp_path: Path) -> None:
    good = settings(servers.imap, tmp_path, imap_trusts="mx.clinic.example")
    says = "the mailbox is read, and its server tells at once what comes"
    assert asyncio.run(check_mailbox(good)) == [(True, says, "")]
    (found, trust) = asyncio.run(check_mailbox(settings(servers.imap, tmp_path)))
    assert found[0]
    assert trust[1] == "who sent a mail is believed as it says"
    assert trust[2].startswith("Warning: whoever knows an invitation can answer it for somebody else.")
    for wrong, step in (
        ({"imap_folder": "Elsewhere"}, "folder Elsewhere"),
        ({"imap_port": 1}, "connection"), ({"imap_tls": True}, "connection"),
    ):  # fmt: skip
        (fault, *_) = asyncio.run(check_mailbox(settings(servers.imap, tmp_path, **wrong)))
        assert not fault[0]
        assert step in fault[1]
