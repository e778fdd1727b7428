"""Who and what is there: Slack, a homeserver, the bots, and teams that have been set up."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx

from benchmarks.soak.bots import ROOT, BotProcess
from benchmarks.soak.definition import quick_definition
from bot.homeserver import Homeserver, free_port
from storage.secrets import new_key
from tests.matrix_homeserver import PASSWORD, scratch_folder
from tests.workspace.remote import Remote, separate

T = TypeVar("T")
BOT = "baton"


@dataclass
class Town:
    """All that stands around the bots. `control` is where the homeserver's proxy is told what to do."""

    folder: Path
    remote: Remote
    homeserver: Homeserver
    proxy_url: str
    control: str
    environment: Mapping[str, str]
    bots: Sequence[BotProcess]
    bot_user: str = f"@{BOT}:localhost"
    seed: int = 0
    problems: list[str] = field(default_factory=list)


@contextmanager
def town(folder: Path, database_url: str, processes: int) -> Iterator[Town]:
    """Everything running but nobody at work yet. One process is spoken to over HTTP, two by Socket Mode."""
    with ExitStack() as stack:
        remote = stack.enter_context(separate())
        homeserver = Homeserver(scratch_folder())
        stack.callback(homeserver.kill)
        homeserver.start()
        homeserver.register(BOT, PASSWORD, "Baton")
        proxy_url, control = stack.enter_context(_proxy(homeserver.url))
        environment = _environment(folder, database_url, remote, proxy_url, socket=processes > 1)
        bots = [BotProcess(f"bot-{n}", folder, environment) for n in range(1, processes + 1)]
        for bot in bots:
            stack.callback(bot.end)
        terms: dict[str, object] = {"retry_after": [0, 2, 5]}
        if processes == 1:
            terms["request_url"] = f"{bots[0].url}/slack/events"
        remote.workspace("configure", **terms)
        yield Town(folder, remote, homeserver, proxy_url, control, environment, bots)


def _environment(
    folder: Path, database_url: str, remote: Remote, homeserver_url: str, *, socket: bool
) -> dict[str, str]:
    (folder / "quick.toml").write_text(quick_definition(), "utf-8")
    slack = remote.app
    return {
        "BATON_DATA_FOLDER": str(folder / "data"),
        "BATON_DATABASE_URL": database_url,
        "BATON_SECRET_KEYS": new_key(),
        "BATON_PATHWAY": str(folder / "quick.toml"),
        "BATON_TICK_SECONDS": "1",
        "BATON_SLACK_BOT_TOKEN": slack["bot_token"],
        "BATON_SLACK_APP_TOKEN": slack["app_token"],
        "BATON_SLACK_SIGNING_SECRET": slack["signing_secret"],
        "BATON_SLACK_API_URL": slack["base_url"],
        "BATON_SLACK_MODE": "socket" if socket else "http",
        "BATON_MATRIX_HOMESERVER": homeserver_url,
        "BATON_MATRIX_USER": f"@{BOT}:localhost",
        "BATON_MATRIX_PASSWORD": PASSWORD,
        "BATON_MATRIX_ALLOWED": ":localhost",
    }


@contextmanager
def _proxy(upstream: str) -> Iterator[tuple[str, str]]:
    """The proxy that fails on demand, in a process of its own: its address, and that of its control."""
    port, control = free_port(), free_port()
    command = [sys.executable, "-m", "tests.matrix_faults", "--upstream", upstream]
    command += ["--port", str(port), "--control", str(control)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        url = f"http://127.0.0.1:{control}"
        try:
            eventually(lambda: _listens(url), "the proxy to listen")
            yield f"http://127.0.0.1:{port}", url
        finally:
            process.kill()


def _listens(control: str) -> bool:
    try:
        return httpx.get(f"{control}/faults", trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def eventually(found: Callable[[], T], what: str, seconds: float = 60) -> T:
    """The first true value. Raises AssertionError if there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s for {what}")
        time.sleep(0.1)
    return value


def first_match(pattern: str | re.Pattern[str], texts: Sequence[str]) -> str:
    """The first group of the pattern in the first text that has it, or ""."""
    return next((found[1] for text in texts if (found := re.search(pattern, text))), "")
