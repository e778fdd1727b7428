"""(h) Invitations and mail: `python -m benchmarks.mail`: built, fetched and sent, beside plain libraries.

Plain icalendar builds the same calendars with its zone given, and plain aiosmtplib sends the same bytes.
Times are those of one processor, so that what else runs does not count.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import structlog
from aiosmtplib import SMTP
from icalendar import Calendar, Event, vCalAddress
from sqlalchemy import func, select
from starlette.applications import Starlette

from agendas.event import Event as Meeting
from agendas.event import News, Time, What
from agendas.invite import Envelope, message
from agendas.invite_mail import Reader, Sending, invitation
from benchmarks.series import Series, Table, times
from bot.door import Door, MovableClock
from bot.metrics import Metrics
from bot.pages.feed_site import FeedSite
from cards.language import nearest
from cards.mail import Mail
from pathway.conference import Conference
from pathway.definition import shipped
from pathway.invitee import Invitee, Kind, member_key
from storage.clinic import Clinic, Store
from storage.database import work
from storage.migrate import upgrade
from storage.post import Sending as State
from storage.secrets import Keyring
from storage.tables import OutgoingRow
from tests.handlers.talk import Talk
from tests.mail_house import SENDER, Postbox, listening, mailing

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
STARTS = datetime(2031, 3, 4, 12, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
EVENTS, MAILS, ADDRESSES, BUILT, FETCHED = 500, 1_000, 100, 1_000, 100
CONNECTIONS = 4
SERIES = Meeting(Time(STARTS, 60), "Europe/London", "FREQ=WEEKLY;BYDAY=TU")
INVITED = News(What.INVITED, SERIES)
READER = Reader(nearest("en"), "Europe/London", page="https://baton.example/i/0123456789abcdef")
ASKED = Sending("S-1", "0d4f6f3e-3a1c", 0, SENDER, "bo@clinic.example", NOW)
ENVELOPE = Envelope(ASKED.uid, 0, SENDER, ASKED.attendee, NOW, "Case conference S-1", "How to answer.",
                    READER.page)  # fmt: skip


def timed(do: Callable[[], object], count: int) -> Series:
    """So many runs, each in milliseconds of a processor."""
    do()
    taken = []
    for _ in range(count):
        began = time.process_time()
        do()
        taken.append((time.process_time() - began) * 1000)
    return Series(tuple(taken))


def plain_invitation(zone: Any) -> bytes:
    """The same REQUEST, by icalendar alone."""
    calendar = Calendar()
    for name, value in (("version", "2.0"), ("prodid", "-//Plain//EN"), ("method", "REQUEST")):
        calendar.add(name, value)
    calendar.add_component(zone)
    event = Event()
    organizer, attendee = vCalAddress(f"mailto:{SENDER}"), vCalAddress(f"mailto:{ASKED.attendee}")
    organizer.params["CN"] = "Baton"
    attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    said: tuple[tuple[str, Any], ...] = (
        ("uid", ASKED.uid), ("sequence", 0), ("dtstamp", NOW), ("summary", ENVELOPE.summary),
        ("description", ENVELOPE.description), ("location", ENVELOPE.link),
        ("dtstart", STARTS.astimezone(LONDON)), ("dtend", (STARTS + timedelta(hours=1)).astimezone(LONDON)),
        ("rrule", {"freq": "weekly", "byday": "tu"}), ("organizer", organizer), ("attendee", attendee),
        ("status", "CONFIRMED"), ("transp", "OPAQUE"), ("class", "PRIVATE"),
    )  # fmt: skip
    for name, given in said:
        event.add(name, given)
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def plain_feed() -> bytes:
    """So many events, by icalendar alone."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Plain//EN")
    for number in range(EVENTS):
        starts, event = STARTS + timedelta(days=number), Event()
        for name, value in (
            ("uid", f"c-{number}-0123456789ab"), ("dtstamp", NOW), ("summary", f"Case conference C-{number}"),
            ("dtstart", starts), ("dtend", starts + timedelta(hours=1)), ("class", "PRIVATE"),
            ("transp", "OPAQUE"),
        ):  # fmt: skip
            event.add(name, value)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def building(count: int) -> list[tuple[str, ...]]:
    """Invitations to a weekly series: the calendar with all its checks, and the whole mail."""
    (zone,) = Calendar.from_ical(message(INVITED, ENVELOPE)[1]).walk("VTIMEZONE")
    plain = timed(lambda: plain_invitation(zone), count)
    ours = timed(lambda: message(INVITED, ENVELOPE), count)
    whole = timed(lambda: invitation(INVITED, ASKED, READER), count)
    return [
        _row("an invitation's calendar, plain icalendar", plain),
        _row("an invitation's calendar, checked", ours, plain),
        _row("the whole invitation, with its text and HTML", whole, plain),
    ]


def _row(name: str, taken: Series, plain: Series | None = None) -> tuple[str, ...]:
    each = f"{1000 / taken.p50:,.0f} a second"
    return (name, f"p50 {taken.p50:.2f} ms", each, times(taken.p50, plain.p50) if plain else "")


def fetching(folder: Path, count: int) -> list[tuple[str, ...]]:
    """One person's calendar of so many conferences over HTTP: made, kept, and not changed."""
    plain = timed(plain_feed, max(count // 10, 5))
    talk = Talk(_database(folder / "feed"), NOW, base_url="https://baton.example", mail_from=SENDER)
    talk.team()
    ana = talk.id("ana")
    with talk.store.clinic(talk.now) as clinic:
        _conferences(ana, clinic)
    path = talk.direct("ana", "calendar link").partition("https://baton.example")[2].split()[0]
    made, kept, same, size = asyncio.run(_fetched(talk, path, count))
    talk.close()
    return [
        _row(f"a feed of {EVENTS} events, plain icalendar builds it", plain),
        _row(f"the feed answered, {size // 1024} KiB, made anew", made, plain),
        _row("the feed answered as it was kept", kept, plain),
        _row("the feed answered with 304", same, plain),
    ]


def _conferences(member: str, clinic: Clinic) -> None:
    (team,) = clinic.people.teams()
    for number in range(1, EVENTS + 1):
        made = Conference(number, team.id, "Board", STARTS + timedelta(days=number), 60, "Europe/London")
        clinic.conferences.put(made, "planned", NOW)
        clinic.invitees.invite(made, Invitee(member_key(member), Kind.MEMBER, "Ana", member=member), NOW)


async def _fetched(talk: Talk, path: str, count: int) -> tuple[Series, Series, Series, int]:
    door = Door(talk.store, MovableClock(talk.now), Metrics(), lambda lanes: None)
    site = FeedSite(door)
    app = httpx.ASGITransport(app=Starlette(routes=[*site.routes()]))
    taken: dict[str, list[float]] = {"made": [], "kept": [], "same": []}
    async with httpx.AsyncClient(transport=app, base_url="https://baton.example") as client:
        first = await client.get(path)
        assert first.content.count(b"BEGIN:VEVENT") == EVENTS
        tag = {"If-None-Match": first.headers["etag"]}
        for _ in range(count):
            for name, headers, status in (("made", {}, 200), ("kept", {}, 200), ("same", tag, 304)):
                if name == "made":
                    site._kept.clear()
                began = time.process_time()
                found = await client.get(path, headers=headers)
                taken[name].append((time.process_time() - began) * 1000)
                assert found.status_code == status
    door.close()
    made, kept, same = (Series(tuple(each)) for each in taken.values())
    return made, kept, same, len(first.content)


def sending(folder: Path, count: int) -> list[tuple[str, ...]]:
    """So many invitations through the outbox to a mail server on loopback, in the same process."""
    store = Store(_database(folder / "mail"), Keyring([bytes(32)]), shipped(), mail_from=SENDER)
    mail = invitation(INVITED, ASKED, READER)
    with store.clinic(NOW) as clinic:
        _write(mail, count, clinic)
    postbox = Postbox()
    ours = asyncio.run(_through_the_outbox(store, postbox, count))
    plain = asyncio.run(_plainly(postbox.taken))
    store.close()
    size = sum(len(content) for _, content in postbox.taken) // count
    return [
        _sent(f"{count:,} mails of {size:,} bytes, plain aiosmtplib", count, plain),
        (*_sent("the same through the outbox", count, ours)[:3], times(ours, plain)),
    ]


def _write(mail: Mail, count: int, clinic: Clinic) -> None:
    lanes = [clinic.addresses.of(f"p{number}@clinic.example").lane for number in range(ADDRESSES)]
    for number in range(count):
        each = replace(mail, thread=f"{mail.thread}-{number}")
        clinic.outbox.mail(lanes[number % ADDRESSES], each, NOW, subject="S-1")


def _sent(name: str, count: int, seconds: float) -> tuple[str, ...]:
    return (name, f"{seconds:.1f} s", f"{count / seconds:,.0f} a second", "")


async def _through_the_outbox(store: Store, postbox: Postbox, count: int) -> float:
    unsent = select(func.count()).select_from(OutgoingRow).where(OutgoingRow.state != State.SENT)

    def waiting() -> int:
        with work(store.engine) as session:
            return session.scalar(unsent) or 0

    async with listening(postbox) as port, mailing(store, port, MovableClock(NOW)) as house:
        await house.platform.server.up.wait()
        began = time.process_time()
        while waiting():
            await house.poster.drained()
            house.clock.forward(timedelta(seconds=2))
        taken = time.process_time() - began
    assert len(postbox.taken) == count
    return taken


async def _plainly(mails: list[tuple[str, bytes]]) -> float:
    """The same bytes over as many connections."""

    async def send(port: int, share: list[tuple[str, bytes]]) -> None:
        async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for address, content in share:
                await client.sendmail(SENDER, [address], content)

    postbox = Postbox()
    async with listening(postbox) as port:
        began = time.process_time()
        await asyncio.gather(*(send(port, mails[each::CONNECTIONS]) for each in range(CONNECTIONS)))
        taken = time.process_time() - began
    assert len(postbox.taken) == len(mails)
    return taken


def _database(folder: Path) -> str:
    folder.mkdir()
    url = f"sqlite:///{folder / 'baton.db'}"
    upgrade(url)
    return url


def measure(built: int, fetched: int, mails: int) -> Table:
    """Everything, measured."""
    with TemporaryDirectory() as name:
        rows = (*building(built), *fetching(Path(name), fetched), *sending(Path(name), mails))
    says = (
        "An invitation is to a weekly series in Europe/London; ours is read again and refused if it is "
        "wrong before it leaves. Plain icalendar is given the zone's rules. A feed is asked of the "
        f"application over ASGI, from SQLite. {ADDRESSES} addresses share the mails; aiosmtpd takes them in "
        "the same process as whoever sends, so that its work is in both times, over "
        f"{CONNECTIONS} connections each. Times are those of one processor, so that what else runs does not "
        "count. The ratio is to the plain library."
    )
    return Table("(h) Invitations and mail", says, ("", "taken", "", "to plain"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.mail")
    parser.add_argument("--quick", action="store_true", help="small counts")
    quick = parser.parse_args().quick
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("CRITICAL"))
    made = measure(*((50, 5, 100) if quick else (BUILT, FETCHED, MAILS)))
    sys.stdout.write(f"{made.markdown()}\n")


if __name__ == "__main__":
    main()
