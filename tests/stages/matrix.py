"""A conversation on Matrix: a real homeserver, an encrypted room, people with real clients."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cards.letters import on_one_line
from tests.matrix_bot import MatrixBot, eventually
from tests.matrix_homeserver import PASSWORD, numbers, shared_homeserver
from tests.matrix_loop import run
from tests.matrix_person import MatrixPerson
from tests.matrix_timeline import Message
from tests.patience import PATIENCE

QUESTION = re.compile(r"\((\d+) of (\d+)\): (.+)")
CHOICE = re.compile(r'^- (.+) — reply "(.+?)"(?:, or react with (\S+))?$', re.MULTILINE)


class MatrixStage:
    """One bot, its team in an encrypted room; what is typed in the room begins with `!care`."""

    def __init__(self, database_url: str, people: Mapping[str, str], start: datetime | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="baton-matrix-"))
        self.bot = MatrixBot(database_url, self.folder)
        if start is not None:
            self.bot.clock.forward(start - self.bot.clock.now())
        self.bot.start()
        self.people = {handle: self._person(handle, name) for handle, name in people.items()}
        self.host = self.people["lea"]
        others = [person.user_id for person in self.people.values() if person is not self.host]
        self.team_room = self.host.create_room("North team", invite=[*others, self.bot.user_id])
        everybody = {self.host.user_id, *others, self.bot.user_id}
        for person in self.people.values():
            if person is not self.host:
                person.join(self.team_room)
        for person in self.people.values():
            self.wait_for(lambda p=person: p.members(self.team_room) == everybody)  # type: ignore[misc]
        self.wait_for(lambda: any("I am Baton" in each for each in self.room()), PATIENCE)

    def say(self, who: str, line: str) -> None:
        """Says a line to the bot in the team's room."""
        self.people[who].say(self.team_room, f"!care {line}")

    def direct(self, who: str, line: str) -> None:
        """Says a line to the bot in private."""
        self.people[who].say(self._direct_room(who), line)

    def press(self, who: str, label: str, private: bool = False) -> None:
        """Reacts to the newest message that has this choice, or replies its line if it has no reaction."""
        wanted = on_one_line(label)
        found: list[tuple[str, Message, re.Match[str]]] = []

        def newest() -> bool:
            for place in self._directs(who) if private else [self.team_room]:
                for message in self._from_bot(who, place):
                    found.extend(
                        (place, message, match)
                        for match in CHOICE.finditer(message.body)
                        if match[1].removesuffix(match[3] or "").strip() == wanted
                    )
            return bool(found)

        self.wait_for(newest, PATIENCE)
        place, message, choice = max(found, key=lambda each: each[1].event.at)
        if choice[3]:
            self.people[who].react(place, message.event_id, choice[3])
        else:
            self.people[who].say(place, choice[2], reply_to=message.event_id)

    def fill(self, who: str, values: Mapping[str, str]) -> None:
        """Answers the questions of the open form, and skips those that are not among `values`."""
        left, last = dict(values), None
        while True:
            asked = self._next_question(who, last, PATIENCE if left else 2.0)
            if asked is None:
                assert not left, f"nobody asked for {', '.join(left)}"
                return
            room, last, match = asked
            self.people[who].say(room, left.pop(match[3], "skip"), thread=last.thread)
            if match[1] == match[2]:
                assert not left, f"nobody asked for {', '.join(left)}"
                return

    def room(self) -> list[str]:
        """What the bot says in the team's room, message by message, edits applied."""
        return [message.body for message in self._from_bot("lea", self.team_room)]

    def private(self, who: str) -> list[str]:
        """What the bot says to this person alone."""
        return [message.body for room in self._directs(who) for message in self._from_bot(who, room)]

    def pictures(self, who: str = "") -> list[bytes]:
        """The pictures in the team's room, or in the rooms that this person shares with the bot alone."""
        reader, rooms = who or "lea", self._directs(who) if who else [self.team_room]
        found = [each for room in rooms for each in self._from_bot(reader, room)]
        return [self.people[reader].file(each) for each in found if each.content["msgtype"] == "m.image"]

    def forward(self, minutes: int) -> None:
        """Lets time pass, and waits for what it brings."""
        self.bot.clock.forward(timedelta(minutes=minutes))

        async def pass_by() -> None:
            await self.bot.app.ticker.tick()
            await self.bot.app.poster.drained()

        run(pass_by())

    def wait_for(self, what: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Waits until something is so, looking again and again; fails if it does not come to be."""
        if not eventually(what, seconds):
            told = [line for who in self.people for line in (f"-- {who}", *self.private(who))]
            raise AssertionError("\n".join(["this did not come to be", *self.room(), *told]))

    def close(self) -> None:
        """Ends it all."""
        self.bot.stop()
        for person in self.people.values():
            person.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _person(self, handle: str, name: str) -> MatrixPerson:
        homeserver = shared_homeserver()
        user = homeserver.register(f"{handle}-{next(numbers)}", PASSWORD, name)
        return MatrixPerson(homeserver.url, user, PASSWORD).login()

    def _directs(self, who: str) -> list[str]:
        """The rooms in which this person is alone with the bot; invitations to such are accepted."""
        person = self.people[who]
        for room in person.invitations():
            person.enter(room)
        two = {person.user_id, self.bot.user_id}
        return [room for room in list(person.client.rooms) if set(person.client.rooms[room].users) == two]

    def _direct_room(self, who: str) -> str:
        person = self.people[who]
        rooms = self._directs(who)
        if rooms:
            return rooms[0]
        room = person.direct_room(self.bot.user_id)
        person.wait_until(lambda: self.bot.user_id in person.members(room), "the bot to come", PATIENCE)
        return room

    def _from_bot(self, who: str, room: str) -> list[Message]:
        messages = self.people[who].messages(room)
        return [each for each in messages if each.sender == self.bot.user_id and not each.redacted]

    def _next_question(
        self, who: str, after: Message | None, seconds: float
    ) -> tuple[str, Message, re.Match[str]] | None:
        """The newest question that this person can see, with its room; newer than another."""
        found: list[tuple[str, Message, re.Match[str]]] = []

        def look() -> bool:
            for room in (self.team_room, *self._directs(who)):
                for message in self._from_bot(who, room):
                    match = QUESTION.search(message.body.partition("\n")[0])
                    if match and (after is None or message.event.at > after.event.at):
                        found.append((room, message, match))
            return bool(found)

        eventually(look, seconds)
        return max(found, key=lambda each: each[1].event.at) if found else None
