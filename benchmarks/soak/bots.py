"""Bot processes: real ones, started, killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from bot.homeserver import free_port

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 90.0
STOPS_WITHIN = 30.0


class Died(AssertionError):
    """A bot process ended although nobody killed it, or did not come up."""


class BotProcess:
    """`baton run` with an environment of its own. `up`: it was seen to serve, and not ended since."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self.port = free_port()
        self.log = folder / f"{name}.log"
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("BATON_")}
        paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [inherited.get("PYTHONPATH")])])}
        self.environment = {**inherited, **environment, **paths, "BATON_HTTP_PORT": str(self.port)}
        self.folder = folder
        self.kills = 0
        self.up = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its own pages are."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and does not wait."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """SIGKILL. Raises Died if it was dead already."""
        process = self._alive()
        self.up = False
        process.kill()
        process.wait()
        self._process = None
        self.kills += 1

    def stop(self) -> None:
        """SIGTERM, as an administrator would. Raises Died if it does not end, or ends with a fault."""
        process = self._alive()
        self.up = False
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Died(f"{self.name} did not stop within {STOPS_WITHIN:g} s") from None
        finally:
            self._process = None
        if status:
            raise Died(f"{self.name} stopped with status {status}:\n{self.tail()}")

    def end(self) -> None:
        """Makes sure that it runs no more."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def answers(self) -> bool:
        """Whether it serves HTTP."""
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2, trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def ready(self) -> str:
        """What /readyz says, "" when every link is up or in the hands of the other process."""
        try:
            answer = httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False)
        except httpx.HTTPError as error:
            return type(error).__name__
        down = [state for state in answer.json().values() if state != "up" and "stand-by" not in state]
        return answer.text if down else ""

    def wait_up(self) -> None:
        """Waits until it serves HTTP. Raises Died if it ends first."""
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            self._alive()
            if self.answers():
                self.up = True
                return
            time.sleep(0.05)
        raise Died(f"{self.name} did not come up within {STARTS_WITHIN:g} s:\n{self.tail()}")

    def wait_ready(self) -> None:
        """Waits until every link is up."""
        self.wait_up()
        deadline = time.monotonic() + STARTS_WITHIN
        while wrong := self.ready():
            self._alive()
            if time.monotonic() > deadline:
                raise Died(f"{self.name} is not ready: {wrong}\n{self.tail()}")
            time.sleep(0.1)

    def tail(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text("utf-8", "replace")[-3000:]

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise Died(f"{self.name} was not started")
        if (status := self._process.poll()) is not None:
            raise Died(f"{self.name} ended by itself with status {status}:\n{self.tail()}")
        return self._process
