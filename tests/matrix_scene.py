"""A team's room with the bot in it, and ways to look at what became of a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select

from cards.card import Card, Detail
from storage.clinic import Clinic
from storage.lanes import Outgoing
from storage.post import Kind, Lane
from storage.tables import JournalRow
from tests.matrix_bot import MatrixBot
from tests.matrix_homeserver import fresh_person
from tests.matrix_loop import run
from tests.matrix_person import MatrixPerson
from tests.matrix_timeline import Message

T = TypeVar("T")


class Scene:
    """Ana leads a team in a room with the bot."""

    def __init__(self, bot: MatrixBot, ana: MatrixPerson, room: str) -> None:
        self.bot = bot
        self.ana = ana
        self.room = room

    @property
    def lane(self) -> Lane:
        """The room, as storage names it."""
        return Lane("matrix", self.room)

    def ask(self, line: str, who: MatrixPerson | None = None, room: str = "") -> Message:
        """Says a line and returns the first answer to it."""
        return self.answer((who or self.ana).say(room or self.room, line), who, room)

    def answer(
        self, event_id: str, who: MatrixPerson | None = None, room: str = "", seconds: float = 20
    ) -> Message:
        """Waits for the first answer to a message in the room."""
        person = who or self.ana
        return person.wait_for(room or self.room, lambda m: self._is_answer(m, event_id), seconds)

    def answers(self, event_id: str) -> list[Message]:
        """All that the bot said in the thread of a message."""
        return [message for message in self.ana.messages(self.room) if self._is_answer(message, event_id)]

    def from_bot(self, room: str = "", who: MatrixPerson | None = None) -> list[str]:
        """What the bot says in a room, as somebody sees it."""
        messages = (who or self.ana).messages(room or self.room)
        return [message.body for message in messages if message.sender == self.bot.user_id]

    def look(self, read: Callable[[Clinic], T]) -> T:
        """Reads something in storage."""
        return run(self.bot.app.door.look(read))

    def journal(self, action: str) -> int:
        """How often something stands in the journal."""
        count = select(func.count()).where(JournalRow.action == action)
        return int(self.look(lambda clinic: clinic.rows.session.scalar(count)) or 0)

    def tell(self, *titles: str) -> None:
        """Has the bot say these cards in the room, each in a transaction of its own."""

        def say(title: str) -> Callable[[Clinic, datetime], None]:
            return lambda clinic, now: clinic.outbox.say(self.lane, Card(title), now)

        for title in titles:
            run(self.bot.app.door.once(f"tell:{title}", say(title)))

    def _is_answer(self, message: Message, event_id: str) -> bool:
        return message.sender == self.bot.user_id and message.thread == event_id


@contextmanager
def scene(bot: MatrixBot, encrypted: bool = True, url: str = "") -> Iterator[Scene]:
    """The bot, running, in a room of Ana's whose team is set up."""
    ana = fresh_person("ana", url=url)
    try:
        bot.start()
        room = ana.create_room("North team", encrypted, [bot.user_id])
        made = Scene(bot, ana, room)
        ana.wait_for(room, lambda m: "I am Baton" in m.body)
        made.ask("!care team setup name=North phone='01632 960001' role=lead")
        yield made
    finally:
        bot.stop()
        ana.close()


def outgoing(post_id: str, lane: Lane, card: Card, **more: Any) -> Outgoing:
    """A post as the poster hands it to a platform."""
    plain: dict[str, Any] = {
        "kind": Kind.SAY, "subject": "", "called": (), "everyone": False, "thread": "", "edits": "",
        "attempts": 1, "maybe_sent": False, "detail": Detail.CODE,
    }  # fmt: skip
    return Outgoing(id=post_id, lane=lane, card=card, **{**plain, **more})
