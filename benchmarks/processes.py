"""Programs that are measured, each in a process of its own."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.homeserver import LOOPBACK, free_port

ROOT = Path(__file__).parents[1]
PYTHONPATH = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
STARTS_WITHIN = 90.0
STOPS_WITHIN = 30.0
LOOKS_EVERY = 0.005


class Died(AssertionError):
    """A program that is measured ended by itself, or did not come up."""


@dataclass
class Program:
    """A running program. `seconds` is how long it took from its start until it answered `path`."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    seconds: float = 0.0

    @property
    def url(self) -> str:
        """Where it serves HTTP."""
        return f"http://{LOOPBACK}:{self.port}"

    def resident(self) -> float:
        """The memory that it holds now, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def wait(self, path: str, began: float) -> None:
        """Waits until this path is answered with 200, and notes how long that was after `began`."""
        while time.perf_counter() - began < STARTS_WITHIN:
            if self.process.poll() is not None:
                raise Died(self.log.read_text("utf-8", "replace")[-3000:])
            if _ok(self.port, path):
                self.seconds = time.perf_counter() - began
                return
            time.sleep(LOOKS_EVERY)
        raise Died(f"not ready within {STARTS_WITHIN:g} s\n{self.log.read_text('utf-8', 'replace')[-3000:]}")

    def stop(self) -> None:
        """Ends it as an administrator would; then for certain."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(arguments: Sequence[str], settings: Mapping[str, str], folder: Path, ready: str) -> Program:
    """Starts `python -m ...` in a folder that is made, and waits until it answers at the path `ready`.

    It has the settings in its environment, and its port as BATON_HTTP_PORT.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("BATON_")}
    environment = {**inherited, **settings, "BATON_HTTP_PORT": str(port), "PYTHONPATH": PYTHONPATH}
    log = folder / "log"
    began = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    program = Program(process, port, log)
    try:
        program.wait(ready, began)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return program


@contextlib.contextmanager
def running(
    arguments: Sequence[str], settings: Mapping[str, str], folder: Path, ready: str
) -> Iterator[Program]:
    """`start`, and stopped at the end."""
    program = start(arguments, settings, folder, ready)
    try:
        yield program
    finally:
        program.stop()


def _ok(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
