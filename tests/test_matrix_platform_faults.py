"""Matrix when things go wrong: killed processes, gaps, a homeserver or a database that is away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cards.card import Card, Text
from storage.clinic import Clinic
from storage.database import open_engine
from storage.tables import JournalRow
from tests.databases import away, commits_lost
from tests.matrix_bot import MatrixBot, MatrixBotProcess, eventually
from tests.matrix_faults import Fault, FaultProxy, limited
from tests.matrix_homeserver import fresh_person, shared_homeserver
from tests.matrix_loop import run
from tests.matrix_scene import Scene, scene
from tests.patience import PATIENCE

pytestmark = pytest.mark.usefixtures("homeserver")


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    with FaultProxy(shared_homeserver().url) as made:
        yield made


@pytest.fixture
def bot(sqlite_url: str, tmp_path: Path, proxy: FaultProxy) -> MatrixBot:
    """A bot whose homeserver can be made to fail."""
    return MatrixBot(sqlite_url, tmp_path / "data", matrix_homeserver=proxy.url)


@pytest.fixture
def team(bot: MatrixBot) -> Iterator[Scene]:
    with scene(bot) as made:
        yield made


def test_a_killed_bot_loses_nothing_and_does_nothing_twice(team: Scene) -> None:
    team.bot.stop()
    process = MatrixBotProcess(team.bot)
    engine = open_engine(team.bot.settings.database_url.get_secret_value())
    asked: list[str] = []

    def added() -> int:
        with engine.connect() as connection:
            count = select(func.count()).where(JournalRow.action == "patient add")
            return int(connection.scalar(count) or 0)

    try:
        for number in range(3):
            process.start()
            asked.append(team.ana.say(team.room, f"!care patient add name='Tess {number}' goal=walk"))
            # Committed; whether it is answered is open, and its batch is not noted as read.
            assert eventually(lambda: added() == len(asked)), process.log.read_text()
            process.kill()
            asked.append(team.ana.say(team.room, f"!care patient add name='Tom {number}' goal=swim"))
    finally:
        process.kill()
        engine.dispose()
    team.bot.start()
    for each in asked:
        team.answer(each, seconds=60)  # what the dead one was sending is free after its lease
    team.ask("!care mine")
    assert [len(team.answers(each)) for each in asked] == [1] * len(asked)
    assert team.journal("patient add") == len(asked)


def test_a_gap_between_two_syncs_is_filled(sqlite_url: str, tmp_path: Path) -> None:
    with scene(MatrixBot(sqlite_url, tmp_path / "data"), encrypted=False) as team:
        team.bot.stop()
        first = team.ana.say(team.room, "!care mine")

        async def chatter() -> None:
            for start in range(0, 520, 40):
                await asyncio.gather(*(talk(number) for number in range(start, start + 40)))

        async def talk(number: int) -> None:
            content = {"msgtype": "m.text", "body": f"talk {number}"}
            await team.ana.client.room_send(team.room, "m.room.message", content)

        team.ana.run(chatter())
        last = team.ana.say(team.room, "!care mine")
        team.bot.start()
        assert team.answer(last).body == team.answer(first).body
        assert (len(team.answers(first)), len(team.answers(last))) == (1, 1)


def test_a_homeserver_that_was_down_gets_everything_in_order_and_once(team: Scene, proxy: FaultProxy) -> None:
    proxy.down()
    said = [team.ana.say(team.room, "!care mine") for _ in range(2)]
    assert eventually(lambda: team.bot.platform.link().startswith("the homeserver does not answer"))
    titles = [f"news {number}" for number in range(5)]
    team.tell(*titles)
    proxy.up()
    for each in said:
        team.answer(each)
    team.ana.wait_for(team.room, lambda m: m.body == titles[-1])
    assert [body for body in team.from_bot() if body in titles] == titles
    assert [len(team.answers(each)) for each in said] == [1, 1]
    team.bot.link_is("")


@pytest.mark.parametrize(
    "fault",
    [
        limited("PUT .*/send/m.room.encrypted", times=2),
        Fault("answer", "PUT .*/send/m.room.encrypted", times=1, status=500),
        Fault("cut", "PUT .*/send/m.room.encrypted", times=2, taken=True),
        Fault("hang", "PUT .*/send/m.room.encrypted", times=1, taken=True),
        Fault("answer", "sendToDevice", times=1, status=500),
        Fault("cut", "keys/(claim|query)", times=1),
        Fault("answer", "/sync", times=2, status=502),
    ],
    ids=lambda fault: f"{fault.outcome} {fault.status} {fault.where[-12:]}",
)
def test_whatever_fails_once_nothing_is_lost_or_doubled(team: Scene, proxy: FaultProxy, fault: Fault) -> None:
    sender = team.bot.platform.sender
    assert sender is not None
    sender.client.olm.users_for_key_query.add(team.ana.user_id)
    sender.client.invalidate_outbound_session(team.room)
    proxy.add(fault)
    team.tell("first", "second")
    asked = team.ana.say(team.room, "!care mine")
    proxy.wait_for(fault.where, fault.outcome)
    if fault.outcome == "hang":
        proxy.clear()
    team.ana.wait_for(team.room, lambda m: m.body == "second")
    assert team.answer(asked).decrypted
    assert [body for body in team.from_bot() if body in ("first", "second")] == ["first", "second"]
    assert len(team.answers(asked)) == 1
    assert "matrix_logged_out" not in team.bot.platform.link()


def test_a_card_in_parts_shows_its_newest_state_though_an_edit_was_broken_off(
    team: Scene, proxy: FaultProxy
) -> None:
    def show(word: str) -> None:
        card = Card(f"H-1 {word}", tuple(Text(f"{word} " * 500) for _ in range(20)))
        run(team.bot.app.door.once(f"show:{word}", lambda clinic, now: put(clinic, now, card)))

    def put(clinic: Clinic, now: datetime, card: Card) -> None:
        clinic.outbox.show("H-1", clinic.people.teams()[0].id, card, now)

    def shown(word: str) -> bool:
        bodies = [m.body for m in team.ana.messages(team.room) if "H-1" in m.body or "word" in m.body]
        return len(bodies) > 1 and all(word in body for body in bodies)

    show("word-one")
    team.ana.wait_until(lambda: shown("word-one"), "the first state", PATIENCE)
    proxy.add(Fault("slow", "PUT .*/send/m.room.encrypted", times=1))  # the first part's edit
    proxy.add(limited("PUT .*/send/m.room.encrypted", times=1, retry_after_ms=3000))
    show("word-two")
    proxy.wait_for("PUT .*/send/m.room.encrypted", "answer")
    run(team.bot.app.poster.drained())  # until what broke off is noted, and waits
    show("word-three")
    team.ana.wait_until(lambda: shown("word-three"), "the newest state", PATIENCE)


def test_a_second_process_stands_by_and_takes_over(database_url: str, tmp_path: Path) -> None:
    bot = MatrixBot(database_url, tmp_path / "one")
    with scene(bot) as team:
        store = tmp_path / "two" if database_url.startswith("postgresql") else bot.settings.matrix_store
        other = MatrixBot(database_url, tmp_path / "two", matrix_user=bot.user_id, matrix_store=store)
        other.start("stand-by: another process follows the account")
        assert not other.platform.sends()
        assert team.ask("!care mine").body.startswith("Nothing waits for you")
        bot.stop()
        other.link_is("")
        asked = team.ana.say(team.room, "!care mine")
        assert team.answer(asked).decrypted
        other.stop()
        bot.start()
        assert len(team.answers(asked)) == 1
        assert team.ask("!care mine").body.startswith("Nothing waits for you")


def test_what_is_said_while_the_database_is_away_is_kept_and_answered(
    postgresql_url: str, tmp_path: Path
) -> None:
    with scene(MatrixBot(postgresql_url, tmp_path / "data")) as team, away(postgresql_url) as back:
        asked = team.ana.say(team.room, "!care mine")
        kept = team.answer(asked)
        assert kept.body.startswith("I can't reach my records right now.")
        later = team.ana.say(team.room, "!care mine")
        back()
        team.ana.wait_for(team.room, lambda m: m.thread == asked and "Nothing waits" in m.body)
        assert team.answer(later).body.startswith("Nothing waits")
        assert [len(team.answers(each)) for each in (asked, later)] == [2, 1]


def test_what_may_be_done_or_not_is_asked_again_until_it_is_known(
    postgresql_url: str, tmp_path: Path
) -> None:
    with scene(MatrixBot(postgresql_url, tmp_path / "data")) as team:
        with commits_lost(team.bot.app.store.engine, 10_000, after=False):
            asked = team.ana.say(team.room, "!care away until friday 9am")
            kept = team.answer(asked, seconds=PATIENCE)
            assert kept.body.startswith("I can't reach my records right now.")
        team.ana.wait_for(team.room, lambda m: m.thread == asked and "You are away" in m.body)
        assert team.journal("away") == 1
        assert len(team.answers(asked)) == 2


def test_several_persons_at_once_are_answered_each_once(team: Scene) -> None:
    people = [fresh_person("bo") for _ in range(3)]
    for person in people:
        team.ana.invite(team.room, person.user_id)
        person.join(team.room)
    asked = [person.say(team.room, "!care help mine") for _ in range(4) for person in people]
    for each in asked:
        team.answer(each)
    team.ask("!care mine")
    assert [len(team.answers(each)) for each in asked] == [1] * len(asked)
    for person in people:
        person.close()
