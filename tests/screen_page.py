"""The demonstration's own conference, begun on its practice page, and links to its screen."""

import re
import socket
import tempfile
from datetime import timedelta
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.config import Settings
from cards.card import Detail
from pathway.session import Session
from storage.clinic import Clinic
from storage.secrets import new_key
from tests.matrix_loop import run
from tests.patience import PATIENCE
from tests.practice_app import START, PracticeApp

HOSTILE = "<b>*@channel*</b> {{ 7*7 }} <img src=x onerror=alert(1)>"


class ScreenPage:
    """A bot that says that it is reached at https://baton.example.org; lea begins its conference.

    One that is not reached from outside shows its mail too, as the demonstration does.
    """

    def __init__(self, database_url: str, *, begun: bool = True, outside: bool = True) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.settings = Settings(
            data_folder=Path(tempfile.mkdtemp()),
            database_url=SecretStr(database_url),
            secret_keys=(SecretStr(new_key()),),
            direct_detail=Detail.IDENTIFIED,
            http_port=port,
            base_url="https://baton.example.org" if outside else f"http://127.0.0.1:{port}",
        )
        self.database_url = database_url
        self.practice = PracticeApp(database_url, settings=self.settings, mail=not outside)
        if begun:
            self.begin()

    def begin(self) -> None:
        """Lea begins the conference, ana is there, and her patient comes first."""
        self.say("lea", "conference start C-1", room="channel")
        self.say("ana", "conference join C-1", room="channel")
        self.say("lea", f"conference take {self.code}", room="channel")

    @property
    def session(self) -> Session:
        """The items as they are stored."""
        return run(self.practice.app.door.look(lambda clinic: clinic.sessions.items(1)))

    @property
    def code(self) -> str:
        """The code of the person who is in the most distress: one of ana's."""
        return run(self.practice.app.door.look(lambda clinic: _code(clinic, "Noor Placeholder")))

    def say(self, who: str, line: str, room: str = "direct") -> str:
        """What comes back to somebody who says this on the practice page."""
        said = {"as": who, "room": room, "line": line}
        answer = httpx.post(f"{self.practice.url}/practice/say", json=said, timeout=PATIENCE)
        return str(answer.json()["text"])

    def link(self, who: str = "ana", more: str = "") -> str:
        """Where a new link of somebody's leads."""
        said = self.say(who, f"conference screen C-1 {more}")
        found = re.search(r"https://baton\.example\.org(/screen/\S+)", said)
        assert found, said
        return f"{self.practice.url}{found[1]}"

    def forward(self, minutes: float) -> None:
        """Lets time pass."""
        sent = {"minutes": minutes}
        httpx.post(f"{self.practice.url}/practice/forward", json=sent, timeout=120).raise_for_status()

    def stop(self) -> None:
        """The process ends."""
        self.practice.close()

    def start(self) -> None:
        """Another process begins on the same database, at the same address."""
        self.practice = PracticeApp(
            self.database_url, settings=self.settings, seeded=False, start=START + timedelta(minutes=1)
        )

    def close(self) -> None:
        """Ends it."""
        self.practice.close()


def _code(clinic: Clinic, name: str) -> str:
    return clinic.patients.by_name(name)[0].code
