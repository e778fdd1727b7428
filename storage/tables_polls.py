"""Tables of polls for a time, and of calendars that say when somebody is busy."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class PollRow(Base):
    """A poll; the columns are the fields of `pathway.poll.Poll`, slots as text. `due_at` is `ask_by` while
    nobody has been told how it stands.
    """

    __tablename__ = "polls"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    sealed_title: Mapped[str]
    zone: Mapped[str]
    minutes: Mapped[int]
    slots: Mapped[list[str]]
    by: Mapped[str]
    ask_by: Mapped[datetime]
    conference: Mapped[int]
    state: Mapped[str]
    taken: Mapped[int]
    due_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("polls_due", "org", "due_at"), Index("polls_of_team", "org", "team", "state"))


class VoteRow(Base):
    """The slots at which somebody can come, by their places."""

    __tablename__ = "poll_votes"
    org: Mapped[str] = key()
    poll: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = key()
    places: Mapped[list[str]]


class BusyRow(Base):
    """The address of a member's own calendar, and when it says that they are busy; sealed, both.

    `wrong` is why it could not be read last time; `look_at` is when it is read next.
    """

    __tablename__ = "busy_calendars"
    org: Mapped[str] = key()
    member: Mapped[str] = key()
    sealed_address: Mapped[str]
    sealed_busy: Mapped[str]
    read_at: Mapped[datetime | None]
    wrong: Mapped[str]
    look_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("busy_calendars_due", "org", "look_at"),)
