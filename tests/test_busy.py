"""Calendars that members share are read over HTTP; what may not be reached is not, none takes for ever."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import pytest
from aiohttp import ClientConnectorDNSError, web
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.busy import MOST_BYTES, Calendars, Unreadable, is_public, read
from bot.door import Door, MovableClock
from bot.metrics import Metrics
from tests.agendas.test_busy import calendar
from tests.handlers.talk import Talk

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
SLOT = "DTSTART:20310304T090000Z\nDTEND:20310304T170000Z"
BOMB = "DTSTART:19000101T090000Z\nDTEND:19000101T100000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"


@pytest.fixture
def talk(sqlite_url: str) -> Iterator[Talk]:
    made = Talk(sqlite_url)
    made.team()
    yield made
    made.close()


def answers(path: str, text: bytes, status: int = 200, **headers: str) -> web.RouteDef:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=text, status=status, headers=headers)

    return web.get(path, answer)


def served(routes: list[web.RouteDef], play: Callable[[BaseTestServer], Awaitable[None]]) -> None:
    async def playing() -> None:
        app = web.Application(client_max_size=10 * MOST_BYTES)
        app.add_routes(routes)
        async with TestServer(app) as server:
            await play(server)

    asyncio.run(playing())


def test_what_a_calendar_says_is_kept_and_times_are_proposed_by_it(talk: Talk) -> None:
    bo = talk.id("bo")
    assert talk.say("bo", "calendar free https://c.example/x").startswith("That address is a secret")
    said = talk.direct("bo", "calendar free webcal://c.example/x")
    assert said.startswith("Your calendar is read from now on")
    with talk.store.clinic(talk.now) as clinic:
        given = clinic.busy.of(bo)
        assert given is not None
        assert given.address == "https://c.example/x"

    async def play(server: BaseTestServer) -> None:
        with talk.store.clinic(talk.now) as clinic:
            clinic.busy.give(bo, str(server.make_url("/bo.ics")), talk.now)
        door = Door(talk.store, MovableClock(talk.now), Metrics(), lambda lanes: None)
        await Calendars(door, ("http",), lambda address: True).look()
        door.close()

    served([answers("/bo.ics", calendar(SLOT))], play)
    with talk.store.clinic(talk.now) as clinic:
        assert clinic.busy.of_members([bo]) == {
            bo: ((NOW.replace(day=4, hour=9), NOW.replace(day=4, hour=17)),)
        }
        assert "Secret" not in repr(clinic.busy.of_members([bo]))
    assert talk.direct("bo", "calendar free").startswith("Your calendar is shared.\n\nIt was read ")
    talk.direct("cy", "away until wednesday 8:30")
    talk.say("lea", "agenda quorum psychology")
    talk.say("lea", "conference poll Board")
    with talk.store.clinic(talk.now) as clinic:
        poll = clinic.polls.find("T-1")
    assert poll is not None
    assert all(each.day != 4 for each in poll.slots), "no psychologist could come on Tuesday"
    assert talk.direct("bo", "calendar free off").endswith("what it said is forgotten.")
    with talk.store.clinic(talk.now) as clinic:
        assert clinic.busy.of_members([bo]) == {}


def test_only_public_addresses_are_reached_also_after_a_redirect(talk: Talk) -> None:
    addresses = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1", "8.8.8.8", "2130706433", "x")
    assert [each for each in addresses if is_public(each)] == ["8.8.8.8"]

    async def play(server: BaseTestServer) -> None:
        door = Door(talk.store, MovableClock(NOW), Metrics(), lambda lanes: None)
        for address in (
            "http://c.example/", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "file:///etc/passwd",
        ):  # fmt: skip
            with pytest.raises(Unreadable, match="begins with https:// and is a public one"):
                await Calendars(door).fetch(address)
        with pytest.raises(ClientConnectorDNSError):  # its name leads to a place that is not public
            await Calendars(door).fetch(f"https://localhost:{server.port}/")
        within = Calendars(door, ("http",), lambda address: True)
        with pytest.raises(Unreadable, match="begins with https://"):
            await within.fetch(str(server.make_url("/away")))
        with pytest.raises(Unreadable, match="leads on and on"):
            await within.fetch(str(server.make_url("/round")))
        with pytest.raises(Unreadable, match="larger than 5 MB"):
            await within.fetch(str(server.make_url("/large")))
        with pytest.raises(Unreadable, match="answers with 404"):
            await within.fetch(str(server.make_url("/none")))
        door.close()

    served(
        [
            answers("/away", b"", 302, Location="file:///etc/passwd"),
            answers("/round", b"", 302, Location="/round"),
            answers("/large", b"x" * (MOST_BYTES + 1)),
        ],
        play,
    )


def test_a_rule_without_an_end_is_ended() -> None:
    events = [BOMB] * 400
    with pytest.raises(Unreadable, match="takes too long to read"):
        asyncio.run(read(calendar(*events), "Europe/London", NOW, 2))
    with pytest.raises(Unreadable, match="That address gives no calendar"):
        asyncio.run(read(b"<html>", "Europe/London", NOW, 20))
