"""The demonstration in Matrix: a private homeserver with the same team in two encrypted rooms."""

import asyncio
import json
import secrets
import signal
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import nio  # type: ignore[import-untyped]
from pydantic import SecretStr

from bot.app import App, store_of
from bot.config import Settings
from bot.config_faults import BadSettings
from bot.demo import LEAD, TEAM, Place, seed_team
from bot.homeserver import Homeserver, HomeserverError, answers, write_private
from bot.matrix.platform import MatrixPlatform
from bot.practice.people import PEOPLE

BOT = "baton"
ROOMS = (TEAM, f"{TEAM}, second site")
PORT_ABOVE = 8
"""The homeserver listens so much above the port of the practice page: at 8008, as homeservers do."""
ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


@dataclass(frozen=True)
class MatrixDemo:
    """A running demonstration: where it is, who can sign in with which password, and its rooms by id."""

    url: str
    accounts: Mapping[str, str]
    password: str
    rooms: Mapping[str, str]


async def run_demo_matrix(settings: Settings) -> None:
    """Runs the demonstration until Ctrl-C, and says how to sign in. `settings` are `demo_settings`."""
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    click.echo("Starting a private Matrix server...")
    try:
        async with matrix_demo(settings) as demo:
            click.echo("\n".join(_how(demo)))
            await stop.wait()
    except (HomeserverError, BadSettings) as error:
        raise click.ClickException(str(error)) from error


@asynccontextmanager
async def matrix_demo(settings: Settings) -> AsyncIterator[MatrixDemo]:
    """Homeserver, people, rooms and bot, kept in a folder below that of `settings`; gone at the end.

    Raises HomeserverError if the homeserver can't be had.
    """
    folder = settings.data_folder / "matrix"
    homeserver = Homeserver(folder / "homeserver", _port(settings.http_port))
    await asyncio.to_thread(homeserver.start)
    try:
        password = _kept(folder / "people.password")
        accounts = {
            person.handle: homeserver.register(person.handle, password, person.name) for person in PEOPLE
        }
        baton = homeserver.register(BOT, _kept(folder / "baton.password"), "Baton")
        rooms = _known(folder / "rooms.json")
        if not rooms:
            rooms = await _rooms(homeserver.url, accounts, password, baton)
            write_private(folder / "rooms.json", json.dumps(rooms))
        own = _settings(settings, folder, homeserver.url, baton)
        with closing(store_of(own)) as store:
            place = Place("matrix", dict.fromkeys(rooms.values(), True), accounts, always=True)
            seed_team(store, datetime.now(UTC), place, PEOPLE)
        async with App(own, [MatrixPlatform]).running():
            yield MatrixDemo(homeserver.url, accounts, password, rooms)
    finally:
        await asyncio.to_thread(homeserver.stop)


def _settings(settings: Settings, folder: Path, url: str, baton: str) -> Settings:
    return settings.model_copy(
        update={
            "data_folder": folder,
            "database_url": SecretStr(f"sqlite:///{folder}/baton.db"),
            "matrix_homeserver": url,
            "matrix_user": baton,
            "matrix_password": SecretStr(_kept(folder / "baton.password")),
            "matrix_store": folder / "devices",
            "matrix_allowed": (f":{baton.partition(':')[2]}",),
        }
    )


async def _rooms(url: str, accounts: Mapping[str, str], password: str, baton: str) -> dict[str, str]:
    """Rooms made by the lead, by name; everybody is in them, and Baton is invited."""
    lead = nio.AsyncClient(url, accounts[LEAD])
    others = [account for handle, account in accounts.items() if handle != LEAD]
    try:
        _checked(await lead.login(password))
        rooms = {name: await _room(lead, name, [*others, baton]) for name in ROOMS}
    finally:
        await lead.close()
    for account in others:
        await _join(url, account, password, rooms.values())
    return rooms


def _known(path: Path) -> dict[str, str]:
    """The rooms that were made before."""
    rooms: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return rooms


async def _room(lead: nio.AsyncClient, name: str, invited: Sequence[str]) -> str:
    made = await lead.room_create(
        name=name, invite=list(invited), initial_state=[ENCRYPTION], preset=nio.RoomPreset.private_chat
    )
    room: str = _checked(made).room_id
    return room


async def _join(url: str, account: str, password: str, rooms: Iterable[str]) -> None:
    client = nio.AsyncClient(url, account)
    try:
        _checked(await client.login(password))
        for room in rooms:
            _checked(await client.join(room))
        await client.logout()
    finally:
        await client.close()


def _checked(response: nio.Response) -> nio.Response:
    if isinstance(response, nio.ErrorResponse):
        raise HomeserverError(f"The private homeserver refused a request: {response.status_code}.")
    return response


def _kept(path: Path) -> str:
    """A password that is made on first use and stays the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(9))
    return path.read_text("utf-8")


def _port(page: int) -> int:
    """The usual port of the demonstration's homeserver, or any (0) if somebody else has it."""
    wanted = page + PORT_ABOVE if page else 0
    return 0 if wanted and answers(wanted) else wanted


def _how(demo: MatrixDemo) -> list[str]:
    return [
        "",
        f"Sign in with any Matrix client. Homeserver: {demo.url}   Password of everybody: {demo.password}",
        "",
        *(f"  {demo.accounts[person.handle]:<18} {person.name}, {person.role}" for person in PEOPLE),
        "",
        f"Rooms: {'; '.join(demo.rooms)}.",
        "Both are encrypted: what was said before you signed in can't be read.",
        "Type in a room: !care help. Or write to @baton in private, without the !care.",
        "Stop with Ctrl-C; what was said is kept in the folder, and is there next time.",
    ]
