"""Tables of what comes in by mail, and of how people want to be reminded."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class OddMailRow(Base):
    """A mail that changed nothing, as the lead of a team is told of it: a sealed sender and why."""

    __tablename__ = "odd_mails"
    org: Mapped[str] = key()
    team: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    subject: Mapped[str]
    reason: Mapped[str]
    sealed_sender: Mapped[str]
    __table_args__ = (Index("odd_mails_at", "org", "at"),)


class RemindersRow(Base):
    """How long before a conference somebody wants to be reminded of it; `spans` may be empty.

    `member` is a member's id, or the key of an invitee who has no account.
    """

    __tablename__ = "reminders"
    org: Mapped[str] = key()
    member: Mapped[str] = key()
    spans: Mapped[list[str]]
