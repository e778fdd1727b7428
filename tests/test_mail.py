"""Mail leaves by a real SMTP server: once, in order, over failures of the server and of single recipients."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.typing import EventDict

from bot.door import MovableClock
from bot.mail.message import mail_bytes
from bot.mail.platform import MOST_ATTEMPTS, again
from cards.mail import Mail
from pathway.definition import shipped
from storage.clinic import Store
from storage.database import work
from storage.post import Sending
from storage.secrets import Keyring
from storage.tables import OutgoingRow
from tests.certificates import certificate
from tests.mail_house import GONE, SENDER, MailHouse, Postbox, listening, mailing
from tests.patience import PATIENCE

START = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
BO, CY = "bo@clinic.example", "cy@gp.example"


def mail(subject: str) -> Mail:
    return Mail(
        subject, f"{subject}, in full.\n", f"<p>{subject}</p>", START, CALENDAR, "REQUEST", "thread-1"
    )


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    opened = Store(sqlite_url, Keyring([bytes(range(32))]), shipped(), mail_from=SENDER)
    yield opened
    opened.close()


def write(store: Store, address: str, *subjects: str) -> None:
    with store.clinic(START) as clinic:
        lane = clinic.addresses.of(address).lane
        for subject in subjects:
            clinic.outbox.mail(lane, mail(subject), START, subject="C-1")


def states(store: Store) -> list[str]:
    with work(store.engine) as session:
        return [row.state for row in session.query(OutgoingRow).order_by(OutgoingRow.seq)]


def run(
    store: Store, postbox: Postbox, play: Callable[[MailHouse], Awaitable[None]], **more: object
) -> MailHouse:
    """Plays with a bot whose mail server is there; what it was afterwards."""

    async def playing() -> MailHouse:
        async with listening(postbox) as port, mailing(store, port, MovableClock(START), more) as house:
            await house.platform.server.up.wait()
            await play(house)
            return house

    return asyncio.run(asyncio.wait_for(playing(), PATIENCE))


async def drained(house: MailHouse) -> None:
    await house.poster.drained()


def subjects(postbox: Postbox, address: str) -> list[str]:
    return [each["Subject"] for each in postbox.to(address)]


def test_mails_go_out_once_and_in_order_to_each_address(store: Store) -> None:
    postbox = Postbox()
    write(store, BO, "first", "second")
    write(store, CY, "third")
    run(store, postbox, drained)
    assert (subjects(postbox, BO), subjects(postbox, CY)) == (["first", "second"], ["third"])
    assert states(store) == [Sending.SENT] * 3


def test_a_mail_has_the_shape_whose_calendar_programs_show_with_buttons(store: Store) -> None:
    postbox = Postbox()
    write(store, BO, "first")
    run(store, postbox, drained)
    (message,) = postbox.to(BO)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
        "application/ics",
    ]  # fmt: skip
    calendar, file = list(message.walk())[-2:]
    assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "UTF-8"}
    assert [part.get_payload(decode=True) for part in (calendar, file)] == [CALENDAR.encode()] * 2
    assert {name: message[name] for name in ("From", "To", "Auto-Submitted", "References")} == {
        "From": f"Baton <{SENDER}>", "To": BO, "Auto-Submitted": "auto-generated",
        "References": "<thread-1@clinic.example>",
    }  # fmt: skip
    assert message["Date"].datetime == START


def test_the_same_mail_under_the_same_id_is_the_same_bytes() -> None:
    made = [mail_bytes(mail("first"), "id-1", SENDER, BO) for _ in range(2)]
    assert made[0] == made[1]
    assert b"Message-ID: <id-1@clinic.example>" in made[0]


def test_a_mail_that_may_have_gone_out_is_sent_again_as_the_same_bytes(store: Store) -> None:
    postbox = Postbox()
    postbox.answer("data", GONE)
    write(store, BO, "first", "second")

    async def play(house: MailHouse) -> None:
        await house.poster.drained()
        assert states(store) == [Sending.SENDING, Sending.WAITING]
        house.clock.forward(timedelta(minutes=2))
        await house.poster.drained()

    run(store, postbox, play)
    assert subjects(postbox, BO) == ["first", "first", "second"]
    assert postbox.taken[0] == postbox.taken[1]
    assert states(store) == [Sending.SENT, Sending.SENT]


def test_a_server_that_is_away_for_an_hour_loses_and_gives_up_nothing(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for number in range(20):
        write(store, f"p{number}@clinic.example", "first", "second")
    postbox = Postbox()

    async def playing() -> MailHouse:
        async with mailing(store, port, MovableClock(START)) as house:
            house.platform.server.wait_at_first = 0.01
            await house.tried()
            for _ in range(60):
                await house.poster.drained()
                house.clock.forward(timedelta(minutes=1))
            assert not house.platform.sends()
            assert "Connect" in house.platform.link()
            async with listening(postbox, port):
                await house.platform.server.up.wait()
                await house.poster.drained()
            return house

    house = asyncio.run(asyncio.wait_for(playing(), PATIENCE))
    assert house.given_up == []
    assert sorted(postbox.recipients) == sorted(f"p{n}@clinic.example" for n in range(20) for _ in range(2))
    assert states(store) == [Sending.SENT] * 40


def test_a_server_that_goes_away_between_two_mails_is_waited_for(store: Store) -> None:
    postbox = Postbox()
    write(store, BO, "first")

    async def playing() -> None:
        async with listening(postbox) as port, mailing(store, port, MovableClock(START)) as house:
            await house.platform.server.up.wait()
            await house.poster.drained()
            postbox.answer("mail", "421 closing")
            write(store, BO, "second")
            await house.poster.drained()
            house.clock.forward(timedelta(minutes=2))
            await house.platform.server.up.wait()
            await house.poster.drained()

    asyncio.run(asyncio.wait_for(playing(), PATIENCE))
    assert subjects(postbox, BO) == ["first", "second"]


def test_one_recipient_who_is_put_off_holds_up_nobody_else(store: Store) -> None:
    postbox = Postbox()
    postbox.answer(BO, "451 greylisted", "452 full")
    write(store, BO, "first", "second")
    write(store, CY, "third")

    async def play(house: MailHouse) -> None:
        await house.poster.drained()
        assert (postbox.recipients, house.platform.sends()) == ([CY], True)
        house.clock.forward(again(1))
        await house.poster.drained()
        house.clock.forward(again(2) - timedelta(seconds=1))
        await house.poster.drained()
        assert postbox.recipients == [CY]
        house.clock.forward(timedelta(seconds=1))
        await house.poster.drained()

    house = run(store, postbox, play)
    assert subjects(postbox, BO) == ["first", "second"]
    assert house.given_up == []


def test_who_is_put_off_for_a_day_is_given_up(store: Store) -> None:
    postbox = Postbox()
    postbox.answer(BO, *["451 later"] * MOST_ATTEMPTS)
    write(store, BO, "first", "second")

    async def play(house: MailHouse) -> None:
        for attempt in range(1, MOST_ATTEMPTS + 2):
            await house.poster.drained()
            house.clock.forward(again(attempt))

    house = run(store, postbox, play)
    waited = sum((again(attempt) for attempt in range(1, MOST_ATTEMPTS + 1)), timedelta())
    assert timedelta(hours=23) < waited < timedelta(hours=26)
    assert house.given_up == [("C-1", "its mail server has not taken it for a day")]
    assert subjects(postbox, BO) == ["second"]


@pytest.mark.parametrize(
    ("says", "marked"),
    [
        ("550 no such user", "550"), ("550 5.1.1 unknown", "550"), ("551 moved", "551"), ("553 bad", "553"),
        ("554 5.7.1 relay denied", ""), ("550 5.7.1 policy", ""), ("552 5.2.2 full", ""),
        ("550 5.2.2 full", ""),
    ],
)  # fmt: skip
def test_a_refused_recipient_is_given_up_and_marked_if_there_is_no_such_mailbox(
    store: Store, says: str, marked: str
) -> None:
    postbox = Postbox()
    postbox.answer(BO, says)
    write(store, BO, "first")
    write(store, CY, "second")
    house = run(store, postbox, drained)
    assert [subject for subject, _ in house.given_up] == ["C-1"]
    assert says.split()[0] in house.given_up[0][1]
    assert BO not in str(house.given_up)
    assert postbox.recipients == [CY]
    with store.clinic(START) as clinic:
        address = clinic.addresses.of(BO)
    assert (address.refused, address.refused_at) == (marked, START if marked else None)


def test_a_refused_mail_says_nothing_of_its_address(store: Store) -> None:
    postbox = Postbox()
    postbox.answer("data", "554 5.7.1 looks like spam", "451 busy")
    write(store, BO, "first", "second")

    async def play(house: MailHouse) -> None:
        await house.poster.drained()
        house.clock.forward(again(1))
        await house.poster.drained()

    house = run(store, postbox, play)
    assert house.given_up == [("C-1", "the mail server refused the mail (it answered 554)")]
    assert subjects(postbox, BO) == ["second"]
    with store.clinic(START) as clinic:
        assert clinic.addresses.of(BO).refused == ""


def test_a_sender_that_is_refused_is_a_server_that_is_down(store: Store) -> None:
    postbox = Postbox()
    write(store, BO, "first")

    async def play(house: MailHouse) -> None:
        house.platform.server.wait_at_first = 0.05
        postbox.answer("mail", *["550 who are you"] * 3)
        await house.poster.drained()
        assert (house.platform.sends(), "550" in house.platform.link()) == (False, True)
        await house.platform.server.up.wait()
        house.clock.forward(again(1))
        await house.poster.drained()

    house = run(store, postbox, play)
    assert (subjects(postbox, BO), house.given_up) == (["first"], [])


def test_a_hundred_addresses_share_a_few_connections(store: Store) -> None:
    postbox = Postbox()
    for number in range(100):
        write(store, f"p{number}@clinic.example", "first")

    async def play(house: MailHouse) -> None:
        while Sending.WAITING in states(store):
            await house.poster.drained()
            house.clock.forward(timedelta(seconds=2))

    run(store, postbox, play)
    assert sorted(postbox.recipients) == sorted(f"p{number}@clinic.example" for number in range(100))
    assert postbox.connections <= 5


def test_it_speaks_tls_and_logs_in(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served, authority = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    postbox = Postbox()
    write(store, BO, "first")

    async def playing(password: str) -> str:
        more = {"smtp_starttls": True, "smtp_user": "baton", "smtp_password": password}
        async with (
            listening(postbox, tls=served, login=True) as port,
            mailing(store, port, MovableClock(START), more) as house,
        ):
            await house.tried()
            await house.poster.drained()
            return house.platform.link()

    assert asyncio.run(playing("wrong")) == "SMTPAuthenticationError 535"
    assert postbox.taken == []
    assert asyncio.run(playing("secret")) == ""
    assert (postbox.recipients, postbox.encrypted) == ([BO], [True])
    assert (b"baton", b"secret") in postbox.logins


def test_without_tls_where_tls_is_asked_for_nothing_is_sent(store: Store) -> None:
    postbox = Postbox()
    write(store, BO, "first")

    async def playing() -> str:
        async with listening(postbox) as port:
            more = {"smtp_starttls": True}
            async with mailing(store, port, MovableClock(START), more) as house:
                await house.tried()
                await house.poster.drained()
                return house.platform.link()

    assert asyncio.run(playing()) == "SMTPException"
    assert (postbox.taken, states(store)) == ([], [Sending.WAITING])


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(store: Store, tmp_path: Path) -> None:
    served, _ = certificate(tmp_path, "127.0.0.1")
    write(store, BO, "first")

    async def playing() -> str:
        more = {"smtp_starttls": True}
        async with (
            listening(Postbox(), tls=served) as port,
            mailing(store, port, MovableClock(START), more) as house,
        ):
            await house.tried()
            return house.platform.link()

    assert asyncio.run(playing()) == "SSLCertVerificationError"


def test_nothing_of_a_mail_or_its_address_is_logged_or_stands_in_the_open(
    store: Store, logged: list[EventDict]
) -> None:
    postbox = Postbox()
    postbox.answer(BO, "550 no such user: bo@clinic.example")
    write(store, BO, "Quillonia")
    run(store, postbox, drained)
    assert logged
    assert "Quillonia" not in str(logged) and BO not in str(logged)
    with work(store.engine) as session:
        kept = [str(vars(row)) for row in session.query(OutgoingRow)]
    assert kept and not [row for row in kept if BO in row or "Quillonia" in row]
