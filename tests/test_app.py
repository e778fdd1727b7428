"""The running bot as a whole: health pages, a link that is down, posts that go out after the commit."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from starlette.routing import BaseRoute

from bot.app import App, store_of
from bot.config import Settings
from bot.config_faults import BadSettings
from bot.delivery import Undeliverable
from bot.door import Door, MovableClock
from cards.plain import plain
from handlers.definition.post import take_up
from handlers.request import ChatId, Outcome, Request
from pathway.definition import shipped, shipped_text
from storage.database import open_engine, work
from storage.lanes import Outgoing
from storage.outbox import Lane, direct_lane
from storage.secrets import new_key
from storage.tables import JournalRow
from tests.handlers.talk import Talk
from tests.patience import PATIENCE

ROOM = Lane("paper", "north")
KEY = new_key()
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Paper:
    """A platform that writes on paper: every post is kept in order, and its link can be cut."""

    name = "paper"

    def __init__(self, settings: Settings, door: Door) -> None:
        self.door = door
        self.sheets: list[tuple[str, str]] = []
        self.down = ""
        self.gone: set[str] = set()
        self.reminded = asyncio.Event()

    async def start(self) -> None:
        """Nothing to connect."""

    def ending(self) -> None:
        """Nothing is kept open."""

    async def stop(self) -> None:
        """Nothing to disconnect."""

    def routes(self) -> Sequence[BaseRoute]:
        """Nothing to serve."""
        return []

    def link(self) -> str:
        """What the test says of it."""
        return self.down

    def sends(self) -> bool:
        """Always."""
        return True

    async def post(self, outgoing: Outgoing) -> str:
        """Writes one sheet."""
        if outgoing.lane.target in self.gone:
            raise Undeliverable("the room is gone")
        self.sheets.append((outgoing.lane.target, plain(outgoing.card)))
        if "still waits for your answer" in outgoing.card.title:
            self.reminded.set()
        return str(len(self.sheets))

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        """Writes over a sheet."""
        self.sheets[int(message) - 1] = (outgoing.lane.target, plain(outgoing.card))
        return message

    async def find(self, outgoing: Outgoing) -> str | None:
        """Nothing is ever unclear on paper."""
        return None

    async def say(self, who: str, line: str, lane: Lane = ROOM) -> str:
        """What the bot answers to one person."""
        event = f"{who}:{line}:{len(self.sheets)}:{self.door.clock.now()}"
        asked = Request(event, ChatId("paper", who, who.title()), lane, line, posts_answer=False)
        reply = await self.door.answer(asked)
        assert reply.outcome is Outcome.DONE, reply
        assert reply.card is not None
        return reply.card.title


def settings_of(folder: Path, url: str, pathway: Path | None = None) -> Settings:
    """Settings of a bot on this database."""
    return Settings(
        data_folder=folder,
        database_url=SecretStr(url),
        secret_keys=(SecretStr(KEY),),
        http_port=0,
        pathway=pathway,
    )


def app_on_paper(folder: Path, url: str) -> tuple[App, Paper, MovableClock]:
    """A bot whose only platform is paper, at a time of the test's own."""
    papers: list[Paper] = []

    def build(settings: Settings, door: Door) -> Paper:
        papers.append(Paper(settings, door))
        return papers[0]

    clock = MovableClock(START)
    app = App(settings_of(folder, url), [build], clock)
    return app, papers[0], clock


async def get(app: App, path: str) -> httpx.Response:
    """What the bot serves at a path."""
    async with httpx.AsyncClient() as client:
        return await client.get(f"http://127.0.0.1:{app.port}{path}")


def test_health_says_alive_and_ready_says_which_link_is_down(tmp_path: Path, database_url: str) -> None:
    async def scene() -> None:
        app, paper, _ = app_on_paper(tmp_path, database_url)
        async with app.running(ticking=False):
            assert (await get(app, "/healthz")).text == "alive\n"
            up = await get(app, "/readyz")
            assert (up.status_code, up.json()) == (200, {"database": "up", "paper": "up"})
            paper.down = "no connection"
            down = await get(app, "/readyz")
            assert (down.status_code, down.json()) == (503, {"database": "up", "paper": "no connection"})
            paper.down = "stand-by: another process holds it"
            held = await get(app, "/readyz")
            assert (held.status_code, held.json()["paper"]) == (200, "stand-by: another process holds it")
            assert "baton_requests" in (await get(app, "/metrics")).text

    asyncio.run(scene())


def test_a_handoff_goes_out_after_its_commit_and_falls_due_by_the_clock(
    tmp_path: Path, sqlite_url: str
) -> None:
    async def scene() -> None:
        app, paper, clock = app_on_paper(tmp_path, sqlite_url)
        async with app.running(ticking=False):
            await paper.say("lea", "team setup name=North phone=01632 role=lead")
            await paper.say("ana", "team join physio")
            await paper.say("bo", "team join psychologist")
            code = (await paper.say("ana", "patient add name=Tess goal=walk")).removeprefix("Patient ")
            await paper.say("ana", f"handoff offer {code} bo urgent 'low mood'")
            await app.poster.drained()
            first = {where for where, text in paper.sheets if text.startswith("H-1 ·")}
            assert first == {"north", "@@bo"}
            clock.forward(timedelta(minutes=31))
            await app.ticker.tick()
            await app.poster.drained()
            assert any(text.startswith("H-1 still waits for your answer") for _, text in paper.sheets)
            await paper.say("bo", "handoff accept H-1", direct_lane("paper", "bo"))
            await app.poster.drained()
            cards = [text for where, text in paper.sheets if where == "north" and text.startswith("H-1 ·")]
            assert len(cards) == 1
            assert "accepted by Bo" in cards[0]

    asyncio.run(scene())


def test_what_fell_due_while_nothing_ran_is_done_as_soon_as_the_bot_runs(
    tmp_path: Path, sqlite_url: str
) -> None:
    async def scene() -> None:
        app, paper, clock = app_on_paper(tmp_path, sqlite_url)
        async with app.running(ticking=False):
            await paper.say("lea", "team setup name=North phone=01632 role=lead")
            await paper.say("bo", "team join psychologist")
            code = (await paper.say("lea", "patient add name=Tess goal=walk")).removeprefix("Patient ")
            await paper.say("lea", f"handoff offer {code} bo urgent 'low mood'")
            clock.forward(timedelta(minutes=31))
            app.ticker.start()
            await asyncio.wait_for(paper.reminded.wait(), PATIENCE)
            app.ticker.stop()

    asyncio.run(scene())


def test_the_lead_hears_once_of_a_post_that_cannot_be_delivered(tmp_path: Path, sqlite_url: str) -> None:
    async def scene() -> None:
        app, paper, _ = app_on_paper(tmp_path, sqlite_url)
        async with app.running(ticking=False):
            await paper.say("lea", "team setup name=North phone=01632 role=lead")
            paper.gone = {"@@bo"}
            await paper.say("bo", "team join psychologist")
            await app.poster.drained()
            await app.poster.drained()
            told = [text for where, text in paper.sheets if where == "@@lea"]
            assert [text.splitlines()[0] for text in told] == [
                "Bo has joined North as psychologist",
                "A message did not reach Bo",
            ]

    asyncio.run(scene())


def test_another_secret_key_is_refused_before_anything_is_done_with_it(
    tmp_path: Path, database_url: str
) -> None:
    async def scene() -> None:
        app, paper, _ = app_on_paper(tmp_path, database_url)
        async with app.running(ticking=False):
            await paper.say("lea", "team setup name=North phone='01632 960001' role=lead")

    def journalled() -> list[str]:
        with work(engine) as session:
            return list(session.scalars(select(JournalRow.action).order_by(JournalRow.seq)))

    asyncio.run(scene())
    engine = open_engine(database_url)
    before = journalled()
    settings = settings_of(tmp_path, database_url)
    wrong = settings.model_copy(update={"secret_keys": (SecretStr(new_key()),)})
    with pytest.raises(BadSettings) as refused:
        App(wrong, [Paper])
    assert refused.value.faults == (
        "BATON_SECRET_KEYS does not open what is in the database. This was sealed with key "
        f"{settings.keyring().key_ids[0]}, which is not among BATON_SECRET_KEYS. "
        "Add that key again, after the newest.",
    )
    assert journalled() == before
    engine.dispose()


@pytest.fixture
def without_soon(tmp_path: Path) -> Path:
    """A pathway definition that has no urgency `soon`."""
    file = tmp_path / "other.toml"
    file.write_text(shipped_text().replace('"soon"', '"sooner"'), "utf-8")
    return file


def test_a_pathway_without_an_urgency_that_is_in_use_does_not_come_into_force(
    tmp_path: Path, sqlite_url: str, without_soon: Path
) -> None:
    talk = Talk(sqlite_url)
    talk.team()
    talk.say("ana", f"handoff offer {talk.patient()} bo soon 'low mood'")
    key = SecretStr(urlsafe_b64encode(bytes(32)).decode())  # as `Talk` has it
    settings = settings_of(tmp_path, sqlite_url, without_soon).model_copy(update={"secret_keys": (key,)})
    with pytest.raises(BadSettings, match="BATON_PATHWAY has no urgency soon, but open handoffs"):
        store_of(settings)
    take_up(talk.store, shipped_text(), talk.now)
    store = store_of(settings)
    assert [each.id for each in store.definition.urgencies] == [each.id for each in shipped().urgencies]
    store.close()
