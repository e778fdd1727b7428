"""Posts on Matrix: found again, in several parts, with pictures, at places that are not there."""

from __future__ import annotations

import struct
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery import Undeliverable, Vanished
from cards.card import Card, Image, Text
from cards.chart_draw import draw
from cards.matrix import contents
from cards.picture import size_of
from storage.post import Kind, Lane, direct_lane
from tests.cards.drawn import WHOLE
from tests.matrix_bot import MatrixBot
from tests.matrix_loop import run
from tests.matrix_scene import Scene, outgoing, scene

pytestmark = pytest.mark.usefixtures("homeserver")


@pytest.fixture
def team(sqlite_url: str, tmp_path: Path) -> Iterator[Scene]:
    with scene(MatrixBot(sqlite_url, tmp_path / "data")) as made:
        yield made


def test_a_post_is_found_by_another_process_and_sent_on(team: Scene) -> None:
    long = Card("Long", tuple(Text(f"{number} " + "word " * 900) for number in range(10)))
    post = outgoing(str(uuid.uuid4()), team.lane, long)
    platform = team.bot.platform
    assert run(platform.find(post)) is None
    first = run(platform.post(post))
    assert run(platform.post(post)) == first, "the same id is the same event"
    team.bot.stop()
    team.bot.start()
    platform = team.bot.platform
    assert run(platform.find(post)) == first
    assert run(platform.find(outgoing(str(uuid.uuid4()), team.lane, long))) is None
    team.ask("!care mine")
    assert sum("word word" in body for body in team.from_bot()) == len(contents(long)) > 1


def test_a_living_card_of_several_parts_grows_shrinks_and_is_posted_afresh(team: Scene) -> None:
    def shown(words: int, **more: str) -> Card:
        return Card("H-1", tuple(Text(f"{number} " + "word " * words) for number in range(10)))

    platform = team.bot.platform

    def edit(card: Card) -> None:
        run(platform.edit(outgoing(str(uuid.uuid4()), team.lane, card, kind=Kind.SHOW, edits=first), first))

    first = run(platform.post(outgoing(str(uuid.uuid4()), team.lane, shown(900), kind=Kind.SHOW)))
    assert sum("word word" in body for body in team.from_bot()) >= 1
    edit(shown(1))
    last = team.ana.say(team.room, "!care mine")
    team.answer(last)
    assert [m.body[:4] for m in team.ana.messages(team.room) if "word" in m.body] == ["H-1\n"]
    edit(shown(500))
    team.bot.stop()
    team.bot.start()
    platform = team.bot.platform
    edit(shown(2))
    team.answer(team.ana.say(team.room, "!care mine"))
    assert ["word word" in m.body for m in team.ana.messages(team.room) if "word" in m.body] == [True]
    team.ana.redact(team.room, first)
    team.answer(team.ana.say(team.room, "!care mine"))
    with pytest.raises(Vanished):
        edit(shown(3))


def test_pictures_are_encrypted_and_places_that_are_not_there_are_said(team: Scene) -> None:
    card = Card("A chart", (Image(tiny_png(), "Pain went down", "pain.png"),))
    platform = team.bot.platform
    run(platform.post(outgoing(str(uuid.uuid4()), team.lane, card)))
    picture = team.ana.wait_for(team.room, lambda m: m.content.get("msgtype") == "m.image")
    assert (picture.body, picture.decrypted, "url" in picture.content) == ("Pain went down", True, False)
    assert picture.content["file"]["url"].startswith("mxc://")
    with pytest.raises(Undeliverable, match="not in that room"):
        run(platform.post(outgoing(str(uuid.uuid4()), Lane("matrix", "!nowhere:localhost"), Card("x"))))
    with pytest.raises(Undeliverable):
        nobody = direct_lane("matrix", "@nobody:nowhere.invalid")
        run(platform.post(outgoing(str(uuid.uuid4()), nobody, Card("x"))))


def test_a_chart_stands_once_however_often_it_is_sent(team: Scene) -> None:
    card = Card("A chart", (Image(b"", WHOLE.alt, "chart-P-7K3K.png", chart=WHOLE),))
    post = outgoing(str(uuid.uuid4()), team.lane, card)
    first = run(team.bot.platform.post(post))
    assert run(team.bot.platform.post(post)) == first, "the same id is the same event"
    team.bot.stop()
    team.bot.start()
    assert run(team.bot.platform.find(post)) == first
    team.ask("!care mine")
    (picture,) = [m for m in team.ana.messages(team.room) if m.content.get("msgtype") == "m.image"]
    assert team.ana.file(picture) == draw(WHOLE)
    assert (picture.body, picture.content["filename"]) == (WHOLE.alt, "chart-P-7K3K.png")
    size = size_of(draw(WHOLE))
    assert size == (picture.content["info"]["w"], picture.content["info"]["h"])


def test_the_picture_of_a_living_card_stays_while_its_words_change(team: Scene) -> None:
    picture = Image(tiny_png(), "Pain went down", "pain.png")
    platform = team.bot.platform

    def edit(words: int) -> None:
        card = Card("P-7K3K", (picture, *(Text("word " * words) for _ in range(10))))
        run(platform.edit(outgoing(str(uuid.uuid4()), team.lane, card, kind=Kind.SHOW, edits=first), first))

    def pictures() -> list[bool]:
        team.ask("!care mine")
        told = team.ana.messages(team.room)
        return [each.redacted for each in told if each.event.content.get("msgtype") == "m.image"]

    card = Card("P-7K3K", (picture, Text("word " * 9)))
    first = run(platform.post(outgoing(str(uuid.uuid4()), team.lane, card, kind=Kind.SHOW)))
    edit(900)
    edit(1)
    assert pictures() == [False]
    edit(900)
    team.bot.stop()
    team.bot.start()
    platform = team.bot.platform
    edit(1)
    assert pictures() == [False]
    assert [m.body.count("word") for m in team.ana.messages(team.room) if "word" in m.body] == [10]


def tiny_png() -> bytes:
    """A picture of one grey point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    image = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + image + chunk(b"IEND", b"")
