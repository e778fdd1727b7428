"""The patients' page on a running bot, with one link made by Ana for one of the demonstration's patients."""

import re
import tempfile
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.config import Settings
from cards.card import Detail
from pathway.measure import How
from storage.entries import Entry
from storage.practice import PracticeMessages
from storage.secrets import new_key
from tests.matrix_loop import run
from tests.patience import PATIENCE
from tests.practice_app import PracticeApp

LINES = "Crisis line, <b>day & night</b>: 01632 960990\nText 60999"


class EntryPage:
    """A bot that says of itself that it is reached at https://baton.example.org, and its first link."""

    def __init__(self, database_url: str, asks: str = "PEG PHQ-9") -> None:
        settings = Settings(
            data_folder=Path(tempfile.mkdtemp()),
            database_url=SecretStr(database_url),
            secret_keys=(SecretStr(new_key()),),
            direct_detail=Detail.IDENTIFIED,
            http_port=0,
            base_url="https://baton.example.org",
        )
        self.practice = PracticeApp(database_url, settings=settings)
        self.say("lea", f"team help '{LINES}'", room="channel")
        people = httpx.get(f"{self.practice.url}/practice/people").json()["people"]
        patients = next(each for each in people if each["as"] == "ana")["patients"]
        self.name = "Tess Testcase"
        self.code = next(each["code"] for each in patients if each["name"] == self.name)
        self.token = self.link(asks)

    @property
    def url(self) -> str:
        """Where the link leads."""
        return self.at(self.token)

    def at(self, token: str) -> str:
        """Where a link of this token leads."""
        return f"{self.practice.url}/e/{token}"

    def link(self, asks: str) -> str:
        """The token of a new link."""
        said = self.say("ana", f"entry link {self.code} {asks}")
        found = re.search(r"https://baton\.example\.org/e/(\w+)", said)
        assert found, said
        return found[1]

    def say(self, who: str, line: str, room: str = "direct") -> str:
        """What comes back to somebody who says this on the practice page."""
        said = {"as": who, "room": room, "line": line}
        return str(
            httpx.post(f"{self.practice.url}/practice/say", json=said, timeout=PATIENCE).json()["text"]
        )

    def entry(self) -> Entry:
        """The link as it is stored."""
        found = run(self.practice.app.door.look(lambda clinic: clinic.entries.find(self.token)))
        assert found is not None
        return found

    def measures(self) -> list[tuple[str, float]]:
        """What the patient has entered."""
        known = run(self.practice.app.door.look(lambda clinic: clinic.measures.history(self.code)))
        own = [each for each in known.measures if each.how is How.PATIENT]
        return [(each.instrument, each.score) for each in own]

    def told(self, who: str) -> list[str]:
        """The titles of what Baton told somebody of itself."""
        self.practice.settle()
        found = run(
            self.practice.app.door.look(lambda clinic: PracticeMessages(clinic.rows).at(f"@@{who}", who))
        )
        cards = [each.said.card for each in found if each.said.card is not None and not each.said.asked]
        return [card.title for card in cards]

    def alarms(self, who: str) -> list[str]:
        """Of these, the flags of the patient that are an emergency."""
        return [each for each in self.told(who) if f"· {self.code} · Emergency" in each]

    def close(self) -> None:
        """Ends it."""
        self.practice.close()
