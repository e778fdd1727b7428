"""The practice page shows the mail that would go out, and gives its calendar away; nothing leaves."""

import asyncio
import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from bot.config import Settings
from bot.door import Door, MovableClock
from bot.metrics import Metrics
from bot.post import Poster
from bot.practice.mail import PracticeMail
from handlers.tick import tick
from storage.lanes import Lanes
from tests.handlers.mailed import PAGES, SENDER, Mailing
from tests.handlers.talk import Talk


@pytest.fixture
def mailing(sqlite_url: str) -> Iterator[Mailing]:
    talk = Talk(sqlite_url, mail_from=SENDER, base_url=PAGES)
    talk.team()
    yield Mailing(talk)
    talk.close()


def test_a_mail_is_shown_as_it_looks_and_its_calendar_is_given_away(mailing: Mailing) -> None:
    mailing.plan("ana")
    talk = mailing.talk

    async def playing() -> list[httpx.Response]:
        clock = MovableClock(talk.now)
        door = Door(talk.store, clock, Metrics(), lambda lanes: None)
        platform = PracticeMail(Settings(), door)

        async def given_up(*_: object) -> None:
            raise AssertionError("nothing is given up")

        poster = Poster(Lanes(talk.store, "one"), {"mail": platform}, clock.now, given_up)
        app = httpx.ASGITransport(app=Starlette(routes=[*platform.routes()]))
        async with httpx.AsyncClient(transport=app, base_url="http://127.0.0.1") as client:
            found = [await client.get("/mail/")]
            tick(talk.store, talk.now.replace(minute=30))
            clock.forward(talk.now.replace(minute=30) - talk.now)
            await poster.drained()
            found.append(await client.get("/mail/"))
            paths = re.findall(r'(?:src|href)="(/mail/[^"]+)"', found[1].text)
            found += [await client.get(each) for each in (*paths, "/mail/no-such/invite.ics")]
            found.append(await client.get("/mail/", headers={"host": "evil.example"}))
        door.close()
        return found

    before, after, look, calendar, whole, missing, elsewhere = asyncio.run(playing())
    assert "There is no mail yet" in before.text
    assert "Invitation: Case conference C-1, Tue 4 Mar 2031, 12:30–13:30, London time" in after.text
    assert "To ana@clinic.example" in after.text
    assert "<h1" in look.text and "script-src" not in look.headers["content-security-policy"]
    assert calendar.text.startswith("BEGIN:VCALENDAR\r\n")
    assert calendar.headers["content-disposition"] == 'attachment; filename="invite.ics"'
    assert whole.content.startswith(b"From: Baton <baton@clinic.example>\r\nTo: ana@clinic.example\r\n")
    assert (missing.status_code, elsewhere.status_code) == (404, 400)
