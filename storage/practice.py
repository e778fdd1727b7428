"""What stands on the practice page: messages by place, and a number for each change, so none is missed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from cards.card import Card
from cards.wire import dumps, loads
from storage.database import insert_or_leave
from storage.rows import Rows
from storage.tables import CounterRow, PracticeRow

SERIES = "practice changes"
MOST_MESSAGES = 500


@dataclass(frozen=True)
class Said:
    """What a message says: a card, or else the text that a person typed.

    `asked` is what the card answers, in a few words; `called` are the accounts that it mentions.
    """

    text: str = ""
    card: Card | None = None
    asked: str = ""
    called: tuple[str, ...] = ()
    everyone: bool = False


@dataclass(frozen=True)
class Message:
    """A message at a place: a room's address, or a person's direct messages (`@@ana`).

    `only` is the one account that sees it there; "" for all. `author` is an account, or "" for Baton.
    `number` counts arrivals and changes as they came; `changed` is the number of its last change.
    """

    id: str
    number: int
    changed: int
    room: str
    only: str
    author: str
    said: Said
    at: datetime
    edited_at: datetime | None


class PracticeMessages(Rows):
    """The messages of one organisation's practice page."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)

    def add(
        self, message_id: str, room: str, said: Said, now: datetime, *, author: str = "", only: str = ""
    ) -> None:
        """Adds a message, unless there is one with this id."""
        if self.row_of(PracticeRow, message_id) is not None:
            return
        number = self._next()
        self.put_row(
            PracticeRow, message_id, seq=number, changed=number, room=room, only=only, author=author,
            sealed_text=self.seal(_written(said)), at=now, edited_at=None,
        )  # fmt: skip

    def edit(self, message_id: str, said: Said, now: datetime) -> bool:
        """Lets a message say something else; False if there is none with this id."""
        row = self.row_of(PracticeRow, message_id)
        if row is None:
            return False
        row.sealed_text = self.seal(_written(said))
        row.edited_at = now
        row.changed = self._next()
        return True

    def find(self, message_id: str) -> Message | None:
        """The message with this id."""
        row = self.row_of(PracticeRow, message_id)
        return self._message(row) if row else None

    def at(self, room: str, account: str) -> list[Message]:
        """The newest messages at a place that this account ("" for nobody) sees, oldest first."""
        query = (
            select(PracticeRow)
            .where(
                PracticeRow.org == self.org,
                PracticeRow.room == room,
                or_(PracticeRow.only == "", PracticeRow.only == account),
            )
            .order_by(PracticeRow.seq.desc())
            .limit(MOST_MESSAGES)
        )
        return [self._message(row) for row in reversed(self.session.scalars(query).all())]

    def since(self, change: int) -> list[Message]:
        """Messages as they stand now that came or changed after that change, in that order.

        At most the newest `MOST_MESSAGES`.
        """
        query = (
            select(PracticeRow)
            .where(PracticeRow.org == self.org, PracticeRow.changed > change)
            .order_by(PracticeRow.changed.desc())
            .limit(MOST_MESSAGES)
        )
        return [self._message(row) for row in reversed(self.session.scalars(query).all())]

    def last_change(self) -> int:
        """The number of the latest change; 0 before the first."""
        query = select(func.max(PracticeRow.changed)).where(PracticeRow.org == self.org)
        return self.session.scalar(query) or 0

    def _next(self) -> int:
        # The row stays locked until commit: numbers become visible in their order, so a reader that has
        # seen one has seen all before it.
        counter = self.session.get(CounterRow, (self.org, SERIES), with_for_update=True)
        if counter is None:
            first = {"org": self.org, "name": SERIES, "value": 0}
            self.session.execute(insert_or_leave(self.session, CounterRow, first))
            counter = self.session.get_one(CounterRow, (self.org, SERIES), with_for_update=True)
        counter.value += 1
        return counter.value

    def _message(self, row: PracticeRow) -> Message:
        said = _read(self.open(row.sealed_text))
        return Message(
            row.id, row.seq, row.changed, row.room, row.only, row.author, said, row.at, row.edited_at
        )  # fmt: skip


def _written(said: Said) -> str:
    return json.dumps(
        {
            "text": said.text,
            "card": dumps(said.card) if said.card else "",
            "asked": said.asked,
            "called": said.called,
            "everyone": said.everyone,
        }
    )


def _read(text: str) -> Said:
    kept = json.loads(text)
    called: Sequence[str] = kept["called"]
    card = loads(kept["card"]) if kept["card"] else None
    return Said(kept["text"], card, kept["asked"], tuple(called), kept["everyone"])
