"""Tables of conferences as they run: their items, who was there, and the minutes."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key

COMES_AGAIN = text("comes_again")
"""An item that was not reached or was left out, and has not come again since."""

CLOSED = text("closed_at IS NOT NULL")


class SessionItemRow(Base):
    """An item; the columns are the fields of `pathway.session.Item`, its texts sealed."""

    __tablename__ = "session_items"
    org: Mapped[str] = key()
    conference: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient: Mapped[str] = key()
    team: Mapped[str]
    place: Mapped[int]
    sealed_said: Mapped[str]
    minutes: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    spent: Mapped[int]
    began_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    extended: Mapped[int]
    carried_before: Mapped[int]
    turns: Mapped[int]
    kept: Mapped[bool]
    comes_again: Mapped[bool]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index(
            "session_items_again", "org", "team", "patient",
            sqlite_where=COMES_AGAIN, postgresql_where=COMES_AGAIN,
        ),
        Index(
            "session_items_closed", "org", "team", "state", "closed_at",
            sqlite_where=CLOSED, postgresql_where=CLOSED,
        ),
        Index("session_items_of_patient", "org", "patient", "state", "closed_at"),
    )  # fmt: skip


class AttendanceRow(Base):
    """One stay of one person; `number` counts the stays of the conference."""

    __tablename__ = "attendances"
    org: Mapped[str] = key()
    conference: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member: Mapped[str]
    sealed_name: Mapped[str]
    discipline: Mapped[str]
    came_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MinutesRow(Base):
    """What belongs to the minutes as a whole: a remark, and from signing on their text, which stays."""

    __tablename__ = "conference_minutes"
    org: Mapped[str] = key()
    conference: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_remark: Mapped[str]
    sealed_signed: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AmendmentRow(Base):
    """What was added to minutes after they had been signed; `patient` is "" for the conference as a whole."""

    __tablename__ = "minutes_amendments"
    org: Mapped[str] = key()
    conference: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member: Mapped[str]
    at: Mapped[datetime]
    patient: Mapped[str]
    sealed_text: Mapped[str]
