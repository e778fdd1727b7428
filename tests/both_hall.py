"""The story of a conference told on Slack and Matrix at once: each speaks, and reads, where they work."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from storage.clinic import Clinic
from tests import conference_story as story
from tests.both_stage import Both
from tests.matrix_bot import eventually
from tests.matrix_loop import run
from tests.matrix_person import MatrixPerson
from tests.workspace.reading import seen
from tests.workspace.records import Room

SLACK = ("lea", "dee", "ana", "gus", "cy")
MATRIX = ("lea", "bo", "fay", "hal", "ivy")
CHOICE = re.compile(r'^(\d+\. .+ — .+|- .+ — reply ".+)$', re.MULTILINE)


def words(text: str) -> list[str]:
    """What a text says, however it is laid out, without what can be done next."""
    return re.findall(r"\w+", CHOICE.sub("", text))


class Hall:
    """A team in both places. Every line is waited for, until it is answered and all is posted of it."""

    def __init__(self, both: Both) -> None:
        self.both = both
        self.codes: list[str] = []

    def say(self, who: str, line: str) -> str:
        """Says a line where the team talks; what comes back, as it is read there."""
        line = story.with_codes(line, self.codes)
        if who in SLACK:
            return self._slash(who, line, self.both.channel)
        person = self.both.clients[who]
        event = person.say(self.both.room, f"!care {line}")
        self._answered(event)
        return self._coded(person.wait_for(self.both.room, lambda each: each.thread == event).body)

    def direct(self, who: str, line: str) -> str:
        """Says a line in private; what comes back, as it is read there."""
        line = story.with_codes(line, self.codes)
        if who in SLACK:
            return self._slash(who, line, self.both.staff[who].im)
        person = self.both.clients[who]
        self.both.in_private(person)  # joins what they are invited to
        room = self._alone(person)
        before = len(person.messages(room))
        self._answered(person.say(room, line))
        return self._coded(
            person.wait_until(lambda: person.messages(room)[before + 1 :], "an answer")[0].body
        )

    def here(self, who: str) -> None:
        """Hal reacts to the roll call and Gus presses its button; the others type."""
        if who == "hal":
            self.react(who, "Roll call of C-1", "👋")
        elif who == "gus":
            self.press(who, "Roll call of C-1", "I am here 👋")
        else:
            self.say(who, "here")

    def react(self, who: str, title: str, emoji: str) -> None:
        """Reacts in Matrix to the newest card that has this title."""
        person = self.both.clients[who]
        card = [each for each in person.messages(self.both.room) if each.body.startswith(title)][-1]
        self._answered(person.react(self.both.room, card.event_id, emoji))

    def press(self, who: str, title: str, label: str) -> None:
        """Presses a button in Slack, on the newest card that has this title."""
        there = self.both.workspace.messages(self.both.channel)
        self.both.staff[who].press([each for each in there if title in str(seen(each))][-1], label)
        self.settle()

    def forward(self, minutes: float) -> None:
        """Lets time pass, and waits for what it brings."""
        self.both.bot.clock.forward(timedelta(minutes=minutes))
        run(self.both.bot.app.ticker.tick())
        self.settle()

    def settle(self) -> None:
        """Waits until all that is due has been posted."""
        run(self.both.bot.app.poster.drained())

    def cards_in_slack(self, title: str) -> list[str]:
        """The cards of this title in the channel."""
        return [each for each in map(self._coded, self.both.in_slack()) if each.startswith(title)]

    def cards_in_matrix(self, who: str, title: str) -> list[str]:
        """The cards of this title in the room, as somebody reads them."""
        told = self.both.in_matrix(self.both.clients[who], self.both.room)
        return [each for each in map(self._coded, told) if each.startswith(title)]

    def _slash(self, who: str, line: str, room: Room) -> str:
        person, workspace = self.both.staff[who], self.both.workspace
        before = len(workspace.ephemerals(person, room))
        person.slash("/care", line, room)
        self.settle()
        whispered = workspace.ephemerals(person, room)[before:]
        return self._coded("\n".join(str(seen(each)) for each in whispered))

    def _alone(self, person: MatrixPerson) -> str:
        both = {person.user_id, self.both.bot.user_id}
        rooms: dict[str, Any] = person.client.rooms
        return next(room for room, known in rooms.items() if set(known.users) == both)

    def _answered(self, event: str) -> None:
        """Waits until the bot has answered an event in Matrix."""

        def look(clinic: Clinic) -> bool:
            return clinic.memory.answered(event) is not None

        assert eventually(lambda: run(self.both.bot.app.door.look(look)))
        self.settle()

    def _coded(self, text: str) -> str:
        return story.without_codes(text, self.codes)


def until(what: Callable[[], object]) -> None:
    """Waits until something can be seen, which comes to people's clients by itself."""
    assert eventually(what)
