"""What people do in a team's Matrix room, and what its members see there."""

import itertools
import time
from collections import defaultdict
from collections.abc import Iterator

import aiohttp

from benchmarks.soak.ledger import TITLE, Said
from tests.matrix_device import Refused
from tests.matrix_person import MatrixPerson
from tests.matrix_timeline import Event

ANSWER_SECONDS = 3.0
BROKEN = (Refused, aiohttp.ClientError, TimeoutError, OSError)


class MatrixSide:
    """One team's encrypted room; `people` by handle, each with a client of their own."""

    def __init__(self, people: dict[str, MatrixPerson], room: str, bot: str) -> None:
        self.people = people
        self.room = room
        self.bot = bot

    def line(self, said: Said, line: str) -> None:
        """Says `!care` and a line in the room. The homeserver takes it at once, or when it is back."""
        try:
            said.event = self.people[said.who].say(self.room, f"!care {line}")
        except BROKEN:
            return  # whether the homeserver took it is seen in the room at the end
        self._wait(said)

    def react(self, said: Said, message: str, key: str) -> None:
        """Reacts to a card."""
        said.reaction = True
        try:
            said.event = self.people[said.who].react(self.room, message, key)
        except BROKEN:
            return

    def events(self, who: str, after: int = 0) -> Iterator[Event]:
        """What this person's client has seen of the room, from the `after`th event on."""
        return itertools.islice(self.people[who].events(self.room), after, None)

    def cards(self, who: str, after: int = 0) -> dict[str, str]:
        """Cards among these events that stand in the room itself: reference -> event."""
        found = {}
        for event in self.events(who, after):
            title = TITLE.search(str(event.content.get("body", "")))
            if title and event.sender == self.bot and not event.relation:
                found[title[1]] = event.event_id
        return found

    def answers(self, who: str) -> dict[str, list[str]]:
        """All that the bot said in threads: the root's event -> the bodies."""
        found = defaultdict(list)
        for event in self.events(who):
            root = event.related("m.thread")
            if root and event.sender == self.bot:
                found[root].append(str(event.content.get("body", "")))
        return dict(found)

    def _wait(self, said: Said) -> None:
        """Waits a moment for the answer, as a person does before doing something else."""
        person = self.people[said.who]
        start = max(len(person.events(self.room)) - 50, 0)
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            for event in self.events(said.who, start):
                if event.sender == self.bot and event.related("m.thread") == said.event:
                    said.heard(str(event.content.get("body", "")))
                    return
            time.sleep(0.1)
