"""One look at a team's agendas: what it reads once, and what it remembers of the look before."""

from collections.abc import Iterable
from datetime import datetime

from agendas.agenda import Agenda
from agendas.render import Words
from cards.card import Card
from cards.wire import dumps
from handlers.agenda.card import room_words
from handlers.agenda.draft import draft
from pathway.conference import Conference
from pathway.people import Roster
from storage.clinic import Clinic


class Look:
    """A look at one team's agendas at one moment.

    `told` are the notes of the last look: what stands there, and since when something waits. What is not
    noted again is forgotten.
    """

    def __init__(self, told: Iterable[str], roster: Roster, clinic: Clinic, now: datetime) -> None:
        self.roster, self.clinic, self.now = roster, clinic, now
        self._was = dict(each.split("=", 1) for each in told)
        self._now: dict[str, str] = {}
        self._drafts: dict[int, Agenda] = {}

    @property
    def words(self) -> Words:
        """How the team's rooms are told."""
        return room_words(self.roster, self.clinic, self.now)

    @property
    def notes(self) -> list[str]:
        """What the next look remembers."""
        return [f"{name}={value}" for name, value in self._now.items()]

    def draft(self, conference: Conference) -> Agenda:
        """The agenda of a conference as things stand, put together once."""
        if conference.number not in self._drafts:
            self._drafts[conference.number] = draft(conference, self.clinic, self.now)
        return self._drafts[conference.number]

    def is_new(self, name: str, card: Card) -> bool:
        """Whether the card that stands under this name looks different now.

        It is remembered by a keyed digest, as it may hold what was written about patients.
        """
        self._now[name] = self.clinic.rows.keyring.digest(dumps(card), "agenda card")
        return self._was.get(name) != self._now[name]

    def since(self, name: str) -> datetime:
        """Since when something waits that every look notes while it does."""
        self._now[name] = self._was.get(name, self.now.isoformat())
        return datetime.fromisoformat(self._now[name])

    def is_over(self, name: str) -> None:
        """Something that was noted at this look waits no more."""
        self._now.pop(name, None)
