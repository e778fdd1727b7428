"""The keys of the bot's device: lost, damaged, deleted, or not given to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config_faults import BadSettings
from bot.door import Door
from bot.matrix.check import check_matrix
from bot.matrix.platform import MatrixPlatform
from bot.metrics import Metrics
from pathway.definition import shipped
from storage.clinic import Store
from storage.secrets import new_key
from tests.matrix_bot import MatrixBot
from tests.matrix_homeserver import shared_homeserver
from tests.matrix_loop import run
from tests.matrix_scene import Scene, scene

pytestmark = pytest.mark.usefixtures("homeserver")


@pytest.fixture
def team(sqlite_url: str, tmp_path: Path) -> Iterator[Scene]:
    with scene(MatrixBot(sqlite_url, tmp_path / "data")) as made:
        yield made


def test_lost_keys_make_a_new_device_and_a_notice(team: Scene) -> None:
    devices = team.ana.devices_of(team.bot.user_id)
    team.bot.stop()
    shutil.rmtree(team.bot.settings.matrix_store)
    lost = team.ana.say(team.room, "!care mine")
    team.bot.start()
    notice = team.ana.wait_for(team.room, lambda m: "I have a new device" in m.body)
    assert notice.decrypted
    again = team.ana.wait_for(team.room, lambda m: m.thread == lost)
    assert again.body.startswith("I can't read what Ana wrote here.")
    team.ana.wait_until(lambda: not devices & team.ana.devices_of(team.bot.user_id), "the old device to go")
    assert len(team.ana.devices_of(team.bot.user_id)) == 1
    assert team.ask("!care mine").body.startswith("Nothing waits for you")
    team.bot.stop()
    team.bot.start()
    team.ask("!care mine")
    assert sum("I have a new device" in body for body in team.from_bot()) == 1


def test_damaged_keys_are_lost_keys(team: Scene) -> None:
    team.bot.stop()
    for part in team.bot.settings.matrix_store.glob("crypto.db*"):
        part.write_bytes(b"not a database, not any more")
    team.bot.start()
    team.ana.wait_for(team.room, lambda m: "I have a new device" in m.body)
    assert team.ask("!care mine").body.startswith("Nothing waits for you")


def kept(folder: Path) -> dict[str, bytes]:
    """What lies in the folder of the keys, by its name."""
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_another_secret_key_is_not_a_loss(team: Scene) -> None:
    team.bot.stop()
    settings = team.bot.settings
    before = kept(settings.matrix_store)
    wrong = settings.model_copy(update={"secret_keys": (SecretStr(new_key()),)})
    says = (
        f"BATON_SECRET_KEYS does not open Baton's login at Matrix, {settings.matrix_store / 'session'}. "
        f"This was sealed with key {settings.keyring().key_ids[0]}, which is not among BATON_SECRET_KEYS. "
        "Add that key again, after the newest."
    )
    store = Store(f"sqlite:///{settings.data_folder / 'other.db'}", wrong.keyring(), shipped())
    with pytest.raises(BadSettings) as refused:
        run(MatrixPlatform(wrong, Door(store, team.bot.clock, Metrics(), lambda lanes: None)).start())
    assert str(refused.value) == says
    wrong_ones = [each for each in run(check_matrix(wrong)) if not each[0]]
    assert wrong_ones == [(False, "the kept login can't be opened", says)]
    assert kept(settings.matrix_store) == before
    team.bot.start()
    assert team.ask("!care mine").body.startswith("Nothing waits for you")
    assert not any("I have a new device" in body for body in team.from_bot())


def test_a_homeserver_that_is_spelled_differently_is_the_same(sqlite_url: str, tmp_path: Path) -> None:
    url = shared_homeserver().url.replace("127.0.0.1", "localhost")
    with scene(MatrixBot(sqlite_url, tmp_path / "data", matrix_homeserver=url)) as team:
        devices = team.ana.devices_of(team.bot.user_id)
        team.bot.stop()
        spelled = url.replace("localhost", "LocalHost")
        team.bot.settings = team.bot.settings.model_copy(update={"matrix_homeserver": spelled})
        team.bot.start()
        assert team.ask("!care mine").body.startswith("Nothing waits for you")
        assert team.ana.devices_of(team.bot.user_id) == devices


def test_what_seems_lost_stays_where_it_is_until_there_is_a_new_device(team: Scene) -> None:
    device = team.ana.devices_of(team.bot.user_id)
    team.bot.stop()
    settings = team.bot.settings
    (settings.matrix_store / "session").write_text("not a session", "ascii")
    before = kept(settings.matrix_store)
    team.bot.settings = settings.model_copy(update={"matrix_password": SecretStr("not it")})
    team.bot.start("the homeserver refuses the login (M_FORBIDDEN)")
    team.bot.stop()
    assert kept(settings.matrix_store) == before
    team.bot.settings = settings
    team.bot.start()
    team.ana.wait_for(team.room, lambda m: "I have a new device" in m.body)
    (new,) = team.ana.devices_of(team.bot.user_id) - device
    aside = kept(settings.matrix_store / f"before-{new}")
    assert aside == {name: each for name, each in before.items() if name != "lock"}


def test_a_device_deleted_by_somebody_is_replaced(team: Scene) -> None:
    user = {"type": "m.id.user", "user": team.bot.user_id}
    auth = {"type": "m.login.password", "identifier": user, "password": "correct horse battery staple"}
    sender = team.bot.platform.sender
    assert sender is not None
    deleted = sender.client.device_id
    run(sender.client.delete_devices([deleted], auth))
    team.ana.wait_for(team.room, lambda m: "I have a new device" in m.body)
    assert team.ask("!care mine").body.startswith("Nothing waits for you")


def test_what_cannot_be_read_is_said_once_for_each_key(team: Scene) -> None:
    team.ana.run(keep_from(team, team.ana.client, True))
    unread = [team.ana.say(team.room, f"!care mine {number}") for number in range(3)]
    notice = team.ana.wait_for(team.room, lambda m: m.body.startswith("I can't read what Ana wrote here."))
    assert notice.thread in unread
    team.ana.run(keep_from(team, team.ana.client, False))
    assert team.ask("!care mine").body.startswith("Nothing waits for you")
    assert sum("I can't read" in body for body in team.from_bot()) == 1


async def keep_from(team: Scene, client: Any, secret: bool) -> None:
    """Ana's client gives the bot's device no key from now on, or does again."""
    for device in list(client.device_store.active_user_devices(team.bot.user_id)):
        client.blacklist_device(device) if secret else client.unblacklist_device(device)
    client.invalidate_outbound_session(team.room)
