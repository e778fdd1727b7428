"""A workspace that runs in another process, with the calls of `control.py` as Python calls.

remote = Remote("http://127.0.0.1:9001")
remote.workspace("channel", name="msk-pain")
remote.person("ana", "slash", command="/care", text="help", channel="msk-pain")
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.workspace.errors import Refused
from tests.workspace.state import Json


class Remote:
    """One workspace, by the address of its control API."""

    def __init__(self, control: str) -> None:
        self.control = control
        self._client = httpx.Client(base_url=control, timeout=120, trust_env=False)

    @property
    def app(self) -> Json:
        """Addresses, ids, tokens and secrets."""
        found: Json = self._client.get("/control/app").json()
        return found

    def workspace(self, call: str, **arguments: Any) -> Any:
        return self._call(f"/control/workspace/{call}", arguments)

    def person(self, handle: str, call: str, **arguments: Any) -> Any:
        return self._call(f"/control/person/{handle}/{call}", arguments)

    def close(self) -> None:
        self._client.close()

    def _call(self, path: str, arguments: Json) -> Any:
        answer = self._client.post(path, json=arguments).json()
        if not answer["ok"]:
            raise Refused(answer["error"], answer.get("seconds", 0.0), answer.get("detail", ""))
        return answer.get("result")


@contextmanager
def separate(port: int = 0, control: int = 0) -> Iterator[Remote]:
    """A workspace in a process of its own."""
    command = [sys.executable, "-m", "tests.workspace", "--port", str(port), "--control", str(control)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("no output to read the addresses from")
        remote = Remote(json.loads(process.stdout.readline())["control"])
        try:
            yield remote
        finally:
            remote.close()
            process.terminate()
