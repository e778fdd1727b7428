"""Tables of pathway definitions: proposed, approved, in force; and of who may change them."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class DefinitionRow(Base):
    """A version of the pathway definition, with its whole text; there is nothing about patients in it.

    `digest` is of what it says, without its version and comments. `proposer` is "" where a file proposed it.
    """

    __tablename__ = "definitions"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    digest: Mapped[str]
    state: Mapped[str]
    proposer: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("definitions_state", "org", "state"),
        Index("definitions_digest", "org", "digest"),
    )


class ApprovalRow(Base):
    """That a member of the steering group approved a version."""

    __tablename__ = "approvals"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member: Mapped[str] = key()
    at: Mapped[datetime]


class SteeringRow(Base):
    """A member's place in the steering group. `by` is who gave it to them, "" where no member did."""

    __tablename__ = "steering"
    org: Mapped[str] = key()
    member: Mapped[str] = key()
    since: Mapped[datetime]
    by: Mapped[str]
