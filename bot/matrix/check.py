"""`baton doctor` on Matrix: looks at the account, its keys and its rooms as the homeserver shows them."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import nio  # type: ignore[import-untyped]

from bot.config import Settings
from bot.config_faults import BadSettings
from bot.delivery import Later, Unclear, Undeliverable
from bot.matrix.account import Account, Session, plain_client
from bot.matrix.errors import Declined, accepted, reaching

MOST_SKEW_SECONDS = 30
Found = tuple[bool, str, str]
State = dict[str, dict[str, Any]]


async def check_matrix(settings: Settings) -> list[Found]:
    """What was looked at: whether it is right, what it is, and how to mend it."""
    client = plain_client(settings)
    try:
        return [each async for each in _look(client, settings)]
    except (Later, Unclear, Undeliverable) as broken:
        return [(False, f"the homeserver stopped answering ({broken})", "Try again in a minute.")]
    finally:
        await client.close()


async def _look(client: nio.AsyncClient, settings: Settings) -> AsyncIterator[Found]:
    try:
        skew = await _skew(client)
    except Unclear as broken:
        says = f"{settings.matrix_homeserver} does not answer as a homeserver ({broken})"
        yield False, says, "See that BATON_MATRIX_HOMESERVER is the address that Matrix apps connect to."
        return
    mend = "" if skew <= MOST_SKEW_SECONDS else "Let this machine take its time from NTP."
    yield not mend, f"the homeserver's clock differs by {skew:.0f} s", mend
    try:
        kept = _kept(settings)
    except BadSettings as error:
        yield False, "the kept login can't be opened", str(error)
        return
    login = await _log_in(client, settings, kept)
    yield login
    if not login[0]:
        return
    try:
        if kept is not None:
            yield await _keys(client, settings, kept)
        for each in _invitations(settings):
            yield each
        async for each in _rooms(client, settings):
            yield each
    finally:
        if kept is None:
            await client.logout()


async def _skew(client: nio.AsyncClient) -> float:
    with reaching():
        answer = await client.send("GET", "/_matrix/client/versions")
        told = answer.headers.get("Date", "")
    if answer.status != 200 or not told:
        raise Unclear(f"HTTP {answer.status}")
    return abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())


def _kept(settings: Settings) -> Session | None:
    return Account(settings, settings.keyring()).kept() if settings.secret_keys else None


async def _log_in(client: nio.AsyncClient, settings: Settings, kept: Session | None) -> Found:
    """With the session that the bot uses, if there is one: a new device would be shown to everybody."""
    password = settings.matrix_password
    mend = "Check BATON_MATRIX_USER and BATON_MATRIX_PASSWORD by logging in with any Matrix app."
    try:
        with reaching():
            if kept is not None:
                client.restore_login(kept.user, kept.device, kept.token)
                accepted(await client.whoami())
                return True, f"logged in as {settings.matrix_user}, with the device {kept.device}", ""
            secret = password.get_secret_value() if password else ""
            accepted(await client.login(secret, device_name="Baton doctor"))
    except Declined as declined:
        return False, f"the login of {settings.matrix_user} is refused ({declined.code})", mend
    except (Later, Unclear) as broken:
        if kept is not None:
            mend = "Baton makes itself a new device when it starts. If it runs: restart it."
        return False, f"the login of {settings.matrix_user} does not work ({broken})", mend
    return True, f"{settings.matrix_user} can log in; Baton has no device yet", ""


async def _keys(client: nio.AsyncClient, settings: Settings, kept: Session) -> Found:
    """Whether the keys in the store are those that people encrypt for."""
    mend = "Restart Baton: it then makes a new device. Keep BATON_MATRIX_STORE on a disk that lasts."
    lost = False, "the keys of Baton's device are lost", mend
    if not (settings.matrix_store / "crypto.db").is_file():
        return lost
    try:
        path = str(settings.matrix_store)
        store = nio.store.SqliteStore(kept.user, kept.device, path, kept.pickle_key, "crypto.db")
        account = store.load_account()
        store.database.close()
    except Exception:  # a damaged file shows itself in many ways
        return lost
    if account is None:
        return lost
    body = json.dumps({"device_keys": {kept.user: [kept.device]}})
    with reaching():
        answer = await client.send("POST", "/_matrix/client/v3/keys/query", body, _headers(client))
        told = await answer.json()
    device = told.get("device_keys", {}).get(kept.user, {}).get(kept.device, {})
    if device.get("keys", {}).get(f"curve25519:{kept.device}") != account.identity_keys["curve25519"]:
        return False, "people encrypt for other keys than those in the store", mend
    return True, "the keys in the store are those that people encrypt for", ""


def _invitations(settings: Settings) -> Iterator[Found]:
    if settings.matrix_allowed:
        yield True, f"invitations are taken from {', '.join(settings.matrix_allowed)}", ""
    else:
        says = (
            "Name people or servers in BATON_MATRIX_ALLOWED: @ana:example.org, or :example.org for a server."
        )
        yield False, "nobody may invite the bot", says
    if not settings.matrix_admin_room:
        yield True, "refused invitations are reported nowhere (BATON_MATRIX_ADMIN_ROOM is not set)", ""


async def _rooms(client: nio.AsyncClient, settings: Settings) -> AsyncIterator[Found]:
    with reaching():
        joined: list[str] = accepted(await client.joined_rooms()).rooms
        if settings.matrix_admin_room:
            yield await _admin_room(client, settings.matrix_admin_room, joined)
    yield True, f"the bot is in {len(joined)} rooms", ""
    for room_id in joined:
        with reaching():
            events = accepted(await client.room_get_state(room_id)).events
        state = {event["type"]: event for event in events if event.get("state_key") == ""}
        for each in _room(client.user_id, room_id, state):
            yield each


async def _admin_room(client: nio.AsyncClient, name: str, joined: list[str]) -> Found:
    room_id = name
    if name.startswith("#"):
        answer = await client.room_resolve_alias(name)
        room_id = getattr(answer, "room_id", "")
    if room_id in joined:
        return True, "the bot is in the admins' room", ""
    return False, "the bot is not in BATON_MATRIX_ADMIN_ROOM", "Invite it there."


def _room(me: str, room_id: str, state: State) -> Iterator[Found]:
    name = _content(state, "m.room.name").get("name") or room_id
    encrypted = bool(_content(state, "m.room.encryption").get("algorithm"))
    if not encrypted:
        yield True, f"{name} is not encrypted: it shows codes only", ""
    levels, kind = (
        _content(state, "m.room.power_levels"),
        "m.room.encrypted" if encrypted else "m.room.message",
    )
    everyone, events = levels.get("users_default", 0), levels.get("events", {})
    default = levels.get("events_default", 0)
    # Who made a room of version 12 may do everything in it and stands in no list.
    made = state.get("m.room.create", {}).get("sender") == me
    if levels.get("users", {}).get(me, everyone) < events.get(kind, default) and not made:
        mend = f"Give {me} the power level {events.get(kind, default)} there."
        yield False, f"the bot may not write in {name}", mend
    elif everyone < events.get("m.reaction", default):
        yield False, f"people may not react in {name}", "Let the default power level send m.reaction."
    else:
        yield True, f"{name}: the bot may write and people may react", ""


def _content(state: State, kind: str) -> dict[str, Any]:
    content = state.get(kind, {}).get("content", {})
    return content if isinstance(content, dict) else {}


def _headers(client: nio.AsyncClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.access_token}"}
