"""A weekly conference as its team lives it by real mail: out by Postfix, into mailboxes of Dovecot, and back.

It is planned in chat, one of it is moved over a change of the clocks, a quorum is lost and regained by
answers, and all of it is cancelled.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from bot.door import MovableClock
from pathway.invitee import Answer
from tests.agendas.calendars import Program
from tests.handlers.post import BATON, answered
from tests.handlers.talk import NAMES, ROOM, Talk
from tests.mail_house import mailing
from tests.mail_reading import reading, settings, until
from tests.mail_servers import MailServers, mail_servers, missing
from tests.mails import calendar, mail
from tests.needs import require

LONDON = ZoneInfo("Europe/London")
GP = "gray@practice.example"
STRANGER = "mallory@evil.example"
WITH_MAIL = ("ana", "bo", "cy", "dee")
WEEKLY = "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 4 Mar"
LAST_IN_WINTER = datetime(2031, 3, 25, 12, 30, tzinfo=UTC)
"""The fourth of it, five days before the clocks go forward."""
FIRST_IN_SUMMER = datetime(2031, 3, 31, 11, 30, tzinfo=UTC)
"""The Monday after that, at the same hour in London."""
THAT_DAY = "Tue 25 Mar 2031, 12:30–13:30, London time"


def box(who: str) -> str:
    """Somebody's mailbox."""
    return f"{who}@clinic.example" if who in NAMES else who


@dataclass
class Post:
    """Mail on its way both ways; `programs` are the calendar programs behind the mailboxes."""

    talk: Talk
    servers: MailServers
    folder: Path
    programs: dict[str, Program] = field(default_factory=dict)
    _read: dict[str, int] = field(default_factory=dict)
    _written: int = 0

    def goes_out(self) -> None:
        """Some minutes pass, and everything that waits leaves by the mail server."""
        self.talk.forward(6)

        async def sent() -> None:
            clock = MovableClock(self.talk.now)
            async with mailing(self.talk.store, self.servers.smtp, clock) as house:
                await house.platform.server.up.wait()
                for _ in range(5):
                    await house.poster.drained()
                    clock.forward(timedelta(seconds=2))
            assert house.given_up == []

        asyncio.run(sent())

    def arrived(self, who: str, count: int) -> list[EmailMessage]:
        """The next mails in somebody's mailbox, as many as must come; their calendars are taken in."""
        address, known = box(who), self._read.get(who, 0)
        asyncio.run(until(lambda: len(self.servers.mails(address)) >= known + count, f"mail for {address}"))
        mails = [message_from_bytes(each, policy=default) for each in self.servers.mails(address)[known:]]
        assert len(mails) == count, f"one more than must come for {address}"
        self._read[who] = known + count
        for each in mails:
            (part,) = [part for part in each.walk() if part.get_content_type() == "text/calendar"]
            self.programs.setdefault(who, Program()).take(part.get_content())
        return mails

    def subjects(self, who: str, count: int = 1) -> list[str]:
        """Of those."""
        return [each["Subject"] for each in self.arrived(who, count)]

    def answer(self, who: str, says: str, *, day: datetime | None = None, sequence: int = -1) -> None:
        """Somebody's calendar program answers what it was sent, for one day or for all of it."""
        program = self.programs[who if who in self.programs else "bo"]
        more = [f"RECURRENCE-ID;TZID=Europe/London:{day.astimezone(LONDON):%Y%m%dT%H%M%S}"] if day else []
        self._written += 1
        text = calendar(
            *more, uid=program.uid, attendee=box(who), answer=says, organizer=BATON,
            sequence=program.sequence if sequence < 0 else sequence,
            stamp=self.talk.now + timedelta(seconds=self._written),
        )  # fmt: skip
        data = mail(text, sender=box(who), message_id=f"<{self._written}@x.example>")
        self.servers.send(data, BATON, box(who))

    def comes_in(self) -> None:
        """Baton reads its mailbox until nothing in it is unread, and says in chat what follows."""
        self.talk.now += timedelta(minutes=1)
        given = settings(self.servers.imap, self.folder, imap_user=BATON)

        def all_read() -> bool:
            flags = self.servers.flags(BATON)
            return len(flags) == self._written and all("Seen" in each for each in flags)

        async def read() -> None:
            async with reading(self.talk, given):
                await until(all_read, "the mailbox is read")

        asyncio.run(read())
        self.talk.post()

    def times(self, who: str) -> list[tuple[datetime, datetime]]:
        """What somebody's calendar program has from Friday 21 March to Wednesday 2 April."""
        since = datetime(2031, 3, 21, tzinfo=UTC)
        return self.programs[who].between(since, since + timedelta(days=12))


@pytest.fixture(scope="module")
def _servers() -> Iterator[MailServers | None]:
    if missing():
        yield None
        return
    with mail_servers() as running:
        yield running


@pytest.fixture
def post(_servers: MailServers | None, database_url: str, tmp_path: Path) -> Iterator[Post]:
    require("mail-servers", missing())
    assert _servers is not None
    talk = Talk(database_url, mail_from=BATON)
    talk.platforms.remove("mail")
    talk.team()
    for who in WITH_MAIL:
        member = talk.id(who)
        with talk.store.clinic(talk.now) as clinic:
            known = clinic.people.member(member)
            assert known is not None
            clinic.people.save(replace(known, email=box(who)))
    yield Post(talk, _servers, tmp_path)
    _servers.empty()
    assert talk.broke == []
    talk.close()


def test_a_series_is_planned_moved_over_a_clock_change_without_and_with_a_quorum_and_cancelled(
    post: Post,
) -> None:
    talk = post.talk
    planned(post)
    moved(post)
    answers(post)
    talk.hear()
    cancelled(post)
    everyone = [*map(box, WITH_MAIL), GP]
    for address in (box("lea"), box("eli"), STRANGER):
        assert post.servers.mails(address) == [], "who is not invited, or has no address, gets nothing"
    for address in everyone:
        for data in post.servers.mails(address):
            message = message_from_bytes(data, policy=default)
            assert (message["From"], message["To"]) == (f"Baton <{BATON}>", address)
            others = [each for each in (*everyone, *NAMES.values(), "Gray", "MSK") if each != address]
            assert named(others, whole_text(message)) == [], "a mail names nobody but whom it is for"


def whole_text(message: EmailMessage) -> str:
    """All the headers and texts of a mail and its parts, decoded."""
    parts = list(message.walk())
    headers = [f"{name}: {value}" for part in parts for name, value in part.items()]
    return "\n".join(
        headers + [part.get_content() for part in parts if part.get_content_maintype() == "text"]
    )


def named(people: list[str], text: str) -> list[str]:
    """Those of people and addresses that stand in a text; a random id may end with what begins an address."""
    return [each for each in people if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text)]


def test_who_is_named_is_found_and_an_id_is_no_name() -> None:
    ids = "Message-ID: <7c1f02aadee@clinic.example>"
    assert named(["dee@clinic.example", "Dee"], ids) == []
    assert named(["dee@clinic.example", "Dee"], f"{ids}\nTo: Dee <dee@clinic.example>") == [
        "dee@clinic.example", "Dee",
    ]  # fmt: skip


def planned(post: Post) -> None:
    """The lead plans it and invites a GP, and each of them has it in their calendar."""
    talk = post.talk
    talk.say("lea", WEEKLY)
    talk.say("lea", f"conference invite S-1 Dr Gray {GP} stands_for GP")
    talk.say("lea", "agenda quorum psychology")
    post.goes_out()
    for who in (*WITH_MAIL, GP):
        assert post.subjects(who) == [
            "Invitation: Case conference S-1, Tue 4 Mar 2031, 12:30–13:30, London time"
        ]
        hour = timedelta(hours=1)
        summer = datetime(2031, 4, 1, 11, 30, tzinfo=UTC)
        assert post.times(who) == [(LAST_IN_WINTER, LAST_IN_WINTER + hour), (summer, summer + hour)]
    talk.hear()


def moved(post: Post) -> None:
    """One of it is moved over the change of the clocks: another moment in UTC, the same hour in London."""
    talk = post.talk
    assert talk.say("lea", "conference move C-4 mon 31 mar 12:30").startswith(
        "C-4 is moved: Mon 31 Mar 12:30-13:30 London time"
    )
    assert LAST_IN_WINTER.astimezone(LONDON).hour == FIRST_IN_SUMMER.astimezone(LONDON).hour == 12
    assert LAST_IN_WINTER.hour - FIRST_IN_SUMMER.hour == 1
    post.goes_out()
    for who in (*WITH_MAIL, GP):
        (message,) = post.arrived(who, 1)
        assert message["Subject"] == f"Changed: Case conference S-1, {THAT_DAY}"
        (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        events: list[Any] = Calendar.from_ical(part.get_content()).walk("VEVENT")
        (event,) = events
        assert event["RECURRENCE-ID"].dt.astimezone(UTC) == LAST_IN_WINTER
        assert event["DTSTART"].dt.astimezone(UTC) == FIRST_IN_SUMMER
        assert f"{event['DTSTART'].dt.astimezone(LONDON):%H:%M %Z}" == "12:30 BST"
        assert str(event["ATTENDEE"]) == f"mailto:{box(who)}"
        assert [starts for starts, _ in post.times(who)] == [
            FIRST_IN_SUMMER, datetime(2031, 4, 1, 11, 30, tzinfo=UTC),
        ]  # fmt: skip
    talk.hear()


def answers(post: Post) -> None:
    """Answers to that day come by mail: the quorum is there, is lost, and is there again."""
    talk, day = post.talk, LAST_IN_WINTER
    post.answer("dee", "DECLINED", day=day, sequence=0)  # of before it was moved
    for who in ("ana", "bo", GP):
        post.answer(who, "ACCEPTED", day=day)
    post.answer(STRANGER, "DECLINED", day=day)
    post.comes_in()
    has = {"Ana Ruiz": Answer.ACCEPTED, "Bo Lindqvist": Answer.ACCEPTED, "Dr Gray": Answer.ACCEPTED}
    assert answered(talk, "C-4") == has, "old answers and those of strangers change nothing"
    assert answered(talk, "C-3") == {}, "the other days were not answered"
    assert talk.told("lea") == ["A mail today changed nothing"], "the lead hears of the stranger"
    assert talk.private("lea")[-1].endswith(": who answers is not invited"), "not from which address"
    post.answer("bo", "DECLINED", day=day)
    post.comes_in()
    assert answered(talk, "C-4") == has | {"Bo Lindqvist": Answer.DECLINED}
    assert talk.told("lea") == ["C-4, Mon 31 Mar 12:30, has lost its quorum"]
    assert "nobody of psychology has accepted" in talk.private("lea")[-1]
    assert talk.told("cy") == ["Bo Lindqvist can't come to C-4: can you?"]
    assert talk.told("ana") == [], "who can't stand in is not asked"
    post.answer("cy", "ACCEPTED", day=day)
    post.comes_in()
    assert answered(talk, "C-4") == has | {"Bo Lindqvist": Answer.DECLINED, "Cy Osei": Answer.ACCEPTED}
    assert talk.told("lea") == ["C-4, Mon 31 Mar 12:30, has its quorum again"]
    assert talk.heard(ROOM) == [], "answers are no news for the room"
    post.goes_out()
    for who in (*WITH_MAIL, GP):
        assert post.subjects(who, 0) == [], "nobody is mailed because somebody else has answered"


def cancelled(post: Post) -> None:
    """All of it is cancelled: everybody who was told of it is told, also who can't come, and once."""
    talk = post.talk
    talk.say("lea", "conference cancel S-1 'Half of us are away'")
    assert "S-1 ends" in " ".join(talk.heard(ROOM))
    post.goes_out()
    for who in (*WITH_MAIL, GP):
        (message,) = post.arrived(who, 1)
        assert (
            message["Subject"] == "Cancelled: Case conference S-1, Tue 4 Mar 2031, 12:30–13:30, London time"
        )
        assert "Half of us" not in message.as_string()
        assert post.times(who) == []
    post.goes_out()
    for who in (*WITH_MAIL, GP):
        assert post.subjects(who, 0) == []
