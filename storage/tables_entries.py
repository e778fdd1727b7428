"""Tables of links by which a patient enters their own answers."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key
from storage.tables_care import DUE


class EntryRow(Base):
    """A link. Of its token only a digest is kept; what was answered so far is sealed.

    `due_at` is when it ends by itself, and is empty when it has ended.
    """

    __tablename__ = "entries"
    org: Mapped[str] = key()
    digest: Mapped[str] = key()
    patient: Mapped[str]
    member: Mapped[str]
    instruments: Mapped[list[str]]
    language: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    sealed_draft: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("entries_due", "org", "due_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("entries_of_patient", "org", "patient"),
    )
