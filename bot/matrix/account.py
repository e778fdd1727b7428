"""The bot's Matrix account: its device, the keys that belong to it, and what to do when they are lost."""

import hashlib
import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

import nio  # type: ignore[import-untyped]
import structlog

from bot.config import Settings
from bot.delivery import Unclear
from bot.matrix.client import Client
from bot.matrix.errors import Declined, LoggedOut, accepted, reaching
from storage.secrets import CannotOpen, Keyring

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

        Raises LoginRefused, Later or Unclear.
        """
        return await self._restore() or await self._log_in()

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
        """The session of last time, if it is there, can be opened, and is of this account."""
        try:
            told = json.loads(self.keyring.open(self._file.read_text("ascii"), PURPOSE))
            session = Session(**told)
        except (OSError, CannotOpen, TypeError, ValueError):
            return None
        here = (self.settings.matrix_homeserver, self.settings.matrix_user)
        return session if (session.homeserver, session.user) == here else None

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
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in (self._file, *self.folder.glob("crypto.db*")):
            old.unlink(missing_ok=True)
        pickle_key = secrets.token_urlsafe(32)
        client = self._client(pickle_key)
        try:
            with reaching():
                accepted(await client.login(self._password, device_name=self.device_name))
                accepted(await client.keys_upload())
        except Declined as declined:
            await client.close()
            raise LoginRefused(f"the homeserver refuses the login ({declined.code})") from None
        except BaseException:
            await client.close()
            raise
        here = (self.settings.matrix_homeserver, self.settings.matrix_user)
        self._keep(Session(*here, client.device_id, client.access_token, pickle_key))
        log.info("matrix_device_made", device=client.device_id)
        return client

    def _client(self, pickle_key: str) -> Client:
        return Client(self.settings.matrix_homeserver, self.settings.matrix_user, self.folder, pickle_key)

    def _keep(self, session: Session) -> None:
        new = self._file.with_suffix(".new")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(self.keyring.seal(json.dumps(asdict(session)), PURPOSE))
        new.replace(self._file)


def plain_client(settings: Settings) -> nio.AsyncClient:
    """A client without keys, for looking at the account from outside."""
    config = nio.AsyncClientConfig(
        max_limit_exceeded=0, max_timeouts=0, request_timeout=10, encryption_enabled=False
    )
    return nio.AsyncClient(settings.matrix_homeserver, settings.matrix_user, config=config)
