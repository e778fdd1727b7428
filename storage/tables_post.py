"""Tables of what goes out: posts, their lanes, where cards stand, the practice page's messages."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from storage.base import Base, key

UNSENT = text("state IN ('waiting', 'sending')")
"""What still has to go out. Written without parameters, so that queries can use the index on it."""


class OutgoingRow(Base):
    """A post that goes out after commit. Posts of one lane (a place on a platform) go in order of `seq`.

    `kind` and `state` are those of `storage.outbox`. `message` is what the platform calls it once sent.
    """

    __tablename__ = "outgoing"
    org: Mapped[str] = key()
    id: Mapped[str] = key()
    seq: Mapped[int]
    platform: Mapped[str]
    target: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    sealed_payload: Mapped[str]
    thread: Mapped[str]
    made_at: Mapped[datetime]
    send_after: Mapped[datetime]
    attempts: Mapped[int]
    state: Mapped[str]
    sent_at: Mapped[datetime | None]
    message: Mapped[str]
    __table_args__ = (
        Index(
            "outgoing_unsent",
            "org",
            "platform",
            "target",
            "seq",
            sqlite_where=UNSENT,
            postgresql_where=UNSENT,
        ),
        Index("outgoing_of_message", "org", "platform", "message"),
        Index("outgoing_of_subject", "org", "subject", "state"),
    )


class LaneRow(Base):
    """One place that posts go to; claimed as a whole so that its posts keep their order."""

    __tablename__ = "lanes"
    org: Mapped[str] = key()
    platform: Mapped[str] = key()
    target: Mapped[str] = key()
    next_at: Mapped[datetime | None]
    claimed_by: Mapped[str]
    claimed_until: Mapped[datetime | None]
    __table_args__ = (Index("lanes_next", "org", "platform", "next_at"),)


class ShownRow(Base):
    """Where a subject's living card stands, so that it can be edited there."""

    __tablename__ = "shown"
    org: Mapped[str] = key()
    subject: Mapped[str] = key()
    platform: Mapped[str] = key()
    target: Mapped[str] = key()
    message: Mapped[str]
    detail: Mapped[int]


class PracticeRow(Base):
    """A message on the practice page. `changed` numbers every arrival and every edit, in one series."""

    __tablename__ = "practice_messages"
    org: Mapped[str] = key()
    id: Mapped[str] = key()
    seq: Mapped[int]
    changed: Mapped[int]
    room: Mapped[str]
    only: Mapped[str]
    author: Mapped[str]
    sealed_text: Mapped[str]
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    __table_args__ = (
        Index("practice_of_room", "org", "room", "seq"),
        Index("practice_changed", "org", "changed"),
    )
