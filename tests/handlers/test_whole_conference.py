"""A whole conference of an hour, of which all that stays is looked at: minutes, paper, plans, next agenda."""

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from cards.card import File
from cards.paper_draw import pdf
from cards.plain import plain
from storage.clinic import Store
from storage.lanes import Lanes
from tests import conference_story as story
from tests.handlers.talk import NAMES, ROOM, Talk, own


class Told:
    """The story told in a conversation on a real database."""

    def __init__(self, talk: Talk, database_url: str) -> None:
        self.talk = talk
        self.database_url = database_url
        self.codes: list[str] = []

    def say(self, who: str, line: str) -> str:
        return self._plain(self.talk.say(who, story.with_codes(line, self.codes)))

    def direct(self, who: str, line: str) -> str:
        return self._plain(self.talk.direct(who, story.with_codes(line, self.codes)))

    def here(self, who: str) -> None:
        self.say(who, "here")

    def forward(self, minutes: float) -> None:
        self.talk.forward(minutes)

    def _plain(self, text: str) -> str:
        return story.without_codes(text, self.codes)

    def forget_everything(self) -> None:
        """The process dies; another one opens the same database."""
        old = self.talk.store
        self.talk.store = Store(self.database_url, old.keyring, old.definition, org=old.org)
        self.talk.lanes = Lanes(self.talk.store, "after the crash")
        old.close()


@pytest.fixture
def hall(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """The team with its patients."""
    for who in ("lea", *story.ROLES):
        monkeypatch.setitem(NAMES, who, who.title())
    talk = Talk(database_url)
    talk.room_known(ROOM, "")
    talk.say("lea", "team setup name='North team' phone='01632 960001' zone=Europe/London role=lead")
    for who, role in story.ROLES.items():
        talk.say(who, f"team join {role}")
    made = Told(talk, database_url)
    story.patients(made)
    yield made
    talk.close()


def test_everything_that_stays_of_an_hour(hall: Told) -> None:
    story.agenda(hall)
    story.beginning(hall)
    story.decision(hall)
    hall.forget_everything()
    story.middle(hall)
    story.flag(hall)
    story.settled(hall)
    story.end(hall)
    assert hall.direct("dee", "minutes C-1") == story.told("minutes")
    for who, number in (("ana", 0), ("bo", 1), ("ana", 12)):
        assert hall.direct(who, f"plan show <{number}>") == story.told(f"plan-{number}")
    assert paper(hall) == story.told("paper")
    hall.say("dee", "conference schedule MSK conference tomorrow 11:00-12:00")
    hall.forward(0)
    assert hall.direct("dee", "agenda") == story.told("next-agenda")
    the_room_has_codes_only(hall)
    assert "One action is yours from C-1" in hall.talk.told("cy"), "who was not there hears of it"


def paper(hall: Told) -> str:
    """The words of the minutes as Dee gets them on paper."""
    reply = hall.talk.ask("dee", "conference papers C-1 minutes", lane=own("dee"))
    assert reply.card is not None
    file = reply.card.parts[0]
    assert isinstance(file, File)
    assert file.paper is not None
    pages = PdfReader(io.BytesIO(pdf(file.paper))).pages
    return story.without_codes("\n".join(each.extract_text() for each in pages), hall.codes)


def the_room_has_codes_only(hall: Told) -> None:
    shown = "\n".join(plain(each.card) for each in hall.talk.messages[ROOM].values())
    written = (
        "Tess",
        "Walk to",
        "sleeps badly",
        "cauda",
        "saddle",
        "Sleep first",
        "the GP",
        "far from",
        "letter",
    )
    assert [word for word in written if word in shown] == []
