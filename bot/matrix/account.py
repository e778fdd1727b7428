"""The bot's Matrix account: its device, the keys that belong to it, and what to do when they are lost."""

import contextlib
import hashlib
import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import nio  # type: ignore[import-untyped]
import structlog

from bot.config import Settings
from bot.config_faults import BadSettings
from bot.delivery import Unclear
from bot.matrix.client import Client
from bot.matrix.errors import Declined, LoggedOut, accepted, reaching
from bot.matrix.lock import lock_folder
from storage.secrets import CannotOpen, KeyMissing, Keyring

PURPOSE = "matrix session"
log = structlog.get_logger()


class LoginRefused(Unclear):
    """The homeserver takes this user with this password for nobody."""


@dataclass(frozen=True)
class Session:
    """A login of ours, kept sealed beside the keys of its device."""

    homeserver: str
    user: str
    device: str
    token: str
    pickle_key: str


class Account:
    """The account that the settings name."""

    def __init__(self, settings: Settings, keyring: Keyring) -> None:
        self.settings = settings
        self.keyring = keyring
        self.folder = settings.matrix_store

    @property
    def device_name(self) -> str:
        """What people see of our device; the same for every device that this folder ever had."""
        place = f"{socket.gethostname()}:{self.folder.resolve()}"
        return f"Baton {hashlib.sha256(place.encode()).hexdigest()[:6]}"

    async def open(self) -> Client:
        """A client that is logged in, its keys published: the device of last time, or else a new one.

        Raises LoginRefused, Later or Unclear; BadSettings as `kept` does.
        """
        try:
            return await self._restore() or await self._log_in()
        except Declined as declined:
            raise LoginRefused(f"the homeserver refuses the login ({declined.code})") from None

    async def delete_older_devices(self, client: Client) -> None:
        """Removes the devices that this folder had before: nobody can read what is encrypted for them."""
        with reaching():
            devices = accepted(await client.devices()).devices
            old = [d.id for d in devices if d.display_name == self.device_name and d.id != client.device_id]
            if old:
                user = {"type": "m.id.user", "user": self.settings.matrix_user}
                auth = {"type": "m.login.password", "identifier": user, "password": self._password}
                accepted(await client.delete_devices(old, auth))
                log.info("old_devices_deleted", platform="matrix", count=len(old))

    def kept(self) -> Session | None:
        """The session of last time, if it is there, is whole, and is of this account.

        Raises BadSettings if the key is missing with which it is sealed: it is not lost.
        """
        try:
            session = Session(**json.loads(self._opened()))
        except (OSError, CannotOpen, TypeError, ValueError):
            return None
        same = _address(session.homeserver) == _address(self.settings.matrix_homeserver)
        return session if same and session.user == self.settings.matrix_user else None

    def seal_anew(self) -> bool:
        """Seals the kept session with the newest key; False if another process has it, and may write it.

        One that is damaged is left as it is. Raises BadSettings as `kept` does.
        """
        if not self._file.exists() or self.keyring.is_current(self._file.read_text("ascii", "replace")):
            return True
        lock = lock_folder(self.folder)
        if lock is None:
            return False
        try:
            with contextlib.suppress(CannotOpen):
                self._write(self._opened())
        finally:
            os.close(lock)
        return True

    def _opened(self) -> str:
        """What the session's file says. Raises OSError, CannotOpen, or BadSettings for a missing key."""
        try:
            return self.keyring.open(self._file.read_text("ascii", "replace"), PURPOSE)
        except KeyMissing as error:
            says = f"BATON_SECRET_KEYS does not open Baton's login at Matrix, {self._file}. {error}"
            raise BadSettings([says]) from None

    @property
    def _file(self) -> Path:
        return self.folder / "session"

    @property
    def _password(self) -> str:
        password = self.settings.matrix_password
        return password.get_secret_value() if password else ""

    async def _restore(self) -> Client | None:
        session = self.kept()
        if session is None or not (self.folder / "crypto.db").is_file():
            return None
        client = self._client(session.pickle_key)
        try:
            client.restore_login(session.user, session.device, session.token)
            whole = client.olm_account_shared
        except Exception as error:  # a damaged file shows itself in many ways
            log.exception("matrix_keys_lost", error=type(error).__name__)
            whole = False
        try:
            if whole:
                with reaching():
                    accepted(await client.whoami())
                self._keep(session)  # sealed with the newest key
                return client
        except LoggedOut:
            log.warning("matrix_logged_out", device=session.device)
        except BaseException:
            await client.close()
            raise
        await client.close()
        return None

    async def _log_in(self) -> Client:
        """A new device. Its session is kept once its keys are published, so that one found kept is whole."""
        device, token = await self._new_device()
        self._put_aside(device)
        pickle_key = secrets.token_urlsafe(32)
        client = self._client(pickle_key)
        try:
            client.restore_login(self.settings.matrix_user, device, token)
            with reaching():
                accepted(await client.keys_upload())
        except BaseException:
            await client.close()
            raise
        here = (self.settings.matrix_homeserver, self.settings.matrix_user)
        self._keep(Session(*here, device, token, pickle_key))
        log.info("matrix_device_made", device=device)
        return client

    async def _new_device(self) -> tuple[str, str]:
        """The id and the token of a device that has no keys yet."""
        client = plain_client(self.settings)
        try:
            with reaching():
                answer = accepted(await client.login(self._password, device_name=self.device_name))
        finally:
            await client.close()
        return answer.device_id, answer.access_token

    def _put_aside(self, device: str) -> None:
        """Makes room for the keys of a new device. Older ones are kept: what seems lost may be needed yet."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self.folder / f"before-{device}"
        for old in (self._file, *self.folder.glob("crypto.db*")):
            if old.exists():
                aside.mkdir(mode=0o700, exist_ok=True)
                old.rename(aside / old.name)

    def _client(self, pickle_key: str) -> Client:
        return Client(self.settings.matrix_homeserver, self.settings.matrix_user, self.folder, pickle_key)

    def _keep(self, session: Session) -> None:
        self._write(json.dumps(asdict(session)))

    def _write(self, told: str) -> None:
        new = self._file.with_suffix(".new")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(self.keyring.seal(told, PURPOSE))
        new.replace(self._file)


def _address(url: str) -> tuple[str, str, int | None, str]:
    """What two spellings of the same address have in common."""
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", parts.port or usual, parts.path.rstrip("/")


def plain_client(settings: Settings) -> nio.AsyncClient:
    """A client without keys, for looking at the account from outside."""
    config = nio.AsyncClientConfig(
        max_limit_exceeded=0, max_timeouts=0, request_timeout=10, encryption_enabled=False
    )
    return nio.AsyncClient(settings.matrix_homeserver, settings.matrix_user, config=config)
