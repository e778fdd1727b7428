"""Tables of flags, and who is on duty."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key
from storage.tables_care import DUE

OPEN = text("open")
"""A flag that is not closed. Written without parameters, so that the index on it can be used."""

CLOSED = text("closed_at IS NOT NULL")


class FlagRow(Base):
    """A flag; the columns are the fields of `pathway.flag.Flag`, what it rests on and its texts sealed."""

    __tablename__ = "flags"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    patient: Mapped[str]
    reason: Mapped[str]
    severity: Mapped[str]
    roles: Mapped[list[str]]
    private: Mapped[bool]
    raised_at: Mapped[datetime]
    raised_by: Mapped[str]
    state: Mapped[str]
    rung: Mapped[int]
    asked: Mapped[list[str]]
    declined: Mapped[list[str]]
    earlier: Mapped[list[str]]
    holder: Mapped[str]
    sealed_causes: Mapped[str]
    sealed_said: Mapped[str]
    changed_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    snoozed_from: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    closed_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    due: Mapped[str]
    due_at: Mapped[datetime | None]
    nagged: Mapped[int]
    open: Mapped[bool]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("flags_due", "org", "due_at", sqlite_where=DUE, postgresql_where=DUE),
        Index(
            "flags_open_of_patient", "org", "patient", "reason", unique=True,
            sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        Index("flags_of_patient", "org", "patient", "number"),
        Index("flags_open", "org", "team", "open", "raised_at"),
        Index("flags_of_holder", "org", "holder", "open"),
        Index("flags_closed", "org", "closed_at", sqlite_where=CLOSED, postgresql_where=CLOSED),
    )  # fmt: skip
