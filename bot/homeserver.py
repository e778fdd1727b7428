"""A private Matrix homeserver: Synapse in its own process, on this machine only.

The demonstration in Matrix runs on it, and so do the tests and the benchmarks. It federates with
nobody, listens on the loopback interface and keeps everything in one folder, which can be stopped,
killed and started again without losing anything.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import importlib.util
import json
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.homeserver_settings import LOGGING, settings

LOOPBACK = "127.0.0.1"
STARTS_WITHIN = 60.0  # seconds; a quiet machine needs one
STOPS_WITHIN = 15.0


class HomeserverError(RuntimeError):
    """The private homeserver can't be had, did not start, or refused a request; the text says which."""


class Homeserver:
    """Synapse in `folder`. Started twice in the same folder, it has the same users, rooms and keys."""

    def __init__(self, folder: Path, port: int = 0, server_name: str = "localhost") -> None:
        self.folder = folder.absolute()  # Synapse is started in it
        self.port = port
        self.server_name = server_name
        self._process: subprocess.Popen[bytes] | None = None
        self._shared_secret = ""

    @property
    def url(self) -> str:
        """Where clients reach it. Known once it has been started, and kept over a restart."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def log(self) -> Path:
        """What Synapse wrote, from warnings upwards."""
        return self.folder / "homeserver.log"

    def start(self) -> None:
        """Start Synapse and wait until it answers."""
        if importlib.util.find_spec("synapse") is None:
            raise HomeserverError(
                "The private homeserver needs Synapse, which is not installed: "
                "pip install 'baton-care[homeserver]'"
            )
        if self._process is not None:
            raise HomeserverError(f"The homeserver in {self.folder} is already running.")
        self.port = self.port or free_port()
        config = self._write_config()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own config
                [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_up(self._process)

    def stop(self) -> None:
        """Ask Synapse to finish what it is doing and end. Nothing happens if it is not running."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End Synapse at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start again, at the same address and with everything kept."""
        self.stop()
        self.start()

    def register(self, localpart: str, password: str, displayname: str = "", admin: bool = False) -> str:
        """Make an account and return its user id. One that is there already is left as it is."""
        nonce: str = self._ask("GET")["nonce"]
        signed = "\0".join([nonce, localpart, password, "admin" if admin else "notadmin"])
        answer = self._ask(
            "POST",
            {
                "nonce": nonce,
                "username": localpart,
                "password": password,
                "displayname": displayname or localpart,
                "admin": admin,
                "mac": hmac.new(self._shared_secret.encode(), signed.encode(), hashlib.sha1).hexdigest(),
            },
        )
        if answer.get("errcode", "M_USER_IN_USE") != "M_USER_IN_USE":
            raise HomeserverError(f"No account for {localpart}: {answer.get('error')}")
        return f"@{localpart}:{self.server_name}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _ask(self, method: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=30)
        try:
            connection.request(method, "/_synapse/admin/v1/register", json.dumps(content or {}))
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return answer

    def _write_config(self) -> Path:
        """Write the configuration. Secrets and signing key are made once and then kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "homeserver.yaml"
        kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        config = settings(self.folder, self.port, self.server_name)
        for name in ("registration_shared_secret", "macaroon_secret_key", "form_secret"):
            config[name] = kept.get(name) or secrets.token_hex(32)
        self._shared_secret = config["registration_shared_secret"]
        write_private(path, json.dumps(config, indent=1))  # JSON is YAML
        key = self.folder / "signing.key"
        if not key.exists():
            seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
            write_private(key, f"ed25519 a_{secrets.token_hex(2)} {seed}\n")
        (self.folder / "log.yaml").write_text(json.dumps(LOGGING))
        return path

    def _wait_until_up(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline and process.poll() is None:
            if answers(self.port):
                return
            time.sleep(0.02)
        self.kill()
        raise HomeserverError(f"Synapse did not start. It wrote:\n{self.log.read_text()[-3000:]}")

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether a homeserver answers clients on this port."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/_matrix/client/versions")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.touch(mode=0o600)
    path.write_text(text)
