"""What goes wrong besides killed processes: Slack and the homeserver fail in all the ways they do."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from bot.homeserver import Homeserver
from tests.workspace.remote import Remote


class Trouble:
    """Makes one thing go wrong after the other, each kind in turn in a random order, until stopped."""

    def __init__(
        self, remote: Remote, homeserver: Homeserver, control: str, dice: random.Random, every: float
    ) -> None:
        self.remote = remote
        self.homeserver = homeserver
        self.control = httpx.Client(base_url=control, timeout=30, trust_env=False)
        self.dice = dice
        self.every = every
        self.count: Counter[str] = Counter()
        self.over = threading.Event()
        self.kinds: dict[str, Callable[[], None]] = {
            "Slack answers 429": lambda: self._slack("ratelimited", times=3, retry_after=1),
            "Slack answers 500": lambda: self._slack("error", times=3),
            "Slack drops the answer": lambda: self._slack("drop", times=2),
            "Slack hangs": lambda: self._slack("hang", times=2),
            "Slack hangs after doing it": lambda: self._slack("hang", times=2, done=True),
            "Slack restarts": self._slack_restarts,
            "Socket Mode is cut": lambda: self.remote.workspace("cut_connections"),
            "homeserver answers 429": lambda: self._matrix(
                outcome="answer", status=429, errcode="M_LIMIT_EXCEEDED", retry_after_ms=500, times=3
            ),
            "homeserver answers 500": lambda: self._matrix(outcome="answer", status=500, times=3),
            "homeserver drops the answer": lambda: self._matrix(
                outcome="cut", where="PUT .*/send/", taken=True, times=2
            ),
            "homeserver hangs": lambda: self._matrix(outcome="hang", times=2),
            "homeserver hangs after doing it": lambda: self._matrix(
                outcome="hang", where="PUT .*/send/", taken=True, times=2
            ),
            "homeserver can't be reached": self._matrix_unreachable,
            "homeserver restarts": self.homeserver.restart,
            "homeserver is killed": self._homeserver_dies,
        }
        self._thread = threading.Thread(target=self._run, name="trouble")
        self.failure: Exception | None = None

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def end(self) -> None:
        """Ends, and nothing is wrong any more. Raises what went wrong with the trouble itself."""
        self.over.set()
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        try:
            while not self.over.is_set():
                for kind in self.dice.sample(sorted(self.kinds), len(self.kinds)):
                    if self.over.wait(self.dice.uniform(0.5, 1.5) * self.every):
                        break
                    self.kinds[kind]()
                    self.count[kind] += 1
        except Exception as error:  # shown by `end`, in the thread that can fail the run
            self.failure = error
        finally:
            self.remote.workspace("clear_faults")
            self.control.delete("/faults")

    def _slack(self, kind: str, **how: Any) -> None:
        pattern = self.dice.choice(["chat.*", "chat.postMessage", "*"])
        number = self.remote.workspace("fault", pattern=pattern, kind=kind, **how)
        self.over.wait(2)
        self.remote.workspace("release", number=number)
        self.remote.workspace("clear_faults")

    def _slack_restarts(self) -> None:
        self.remote.workspace("stop")
        self.over.wait(1)
        self.remote.workspace("start")

    def _matrix(self, **fault: Any) -> None:
        self.control.post("/faults", json={"where": "", **fault}).raise_for_status()
        self.over.wait(2)
        self.control.delete("/faults").raise_for_status()

    def _matrix_unreachable(self) -> None:
        self.control.post("/down").raise_for_status()
        self.over.wait(1)
        self.control.post("/up").raise_for_status()

    def _homeserver_dies(self) -> None:
        self.homeserver.kill()
        self.over.wait(0.5)
        self.homeserver.start()
