"""Tables of who is on duty, of what is looked at round after round, and of how often people are disturbed."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class DutyRow(Base):
    """A shift of a weekly rota. `hours` is for `pathway.hours` to read, `first` and `last` are ISO dates."""

    __tablename__ = "duties"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    role: Mapped[str]
    member: Mapped[str]
    hours: Mapped[str]
    first: Mapped[str]
    last: Mapped[str]
    every: Mapped[int]
    __table_args__ = (Index("duties_of_team", "org", "team"),)


class DutyChangeRow(Base):
    """For a while `member` is on duty where `of` would be; one that is not `agreed` waits for a word."""

    __tablename__ = "duty_changes"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    role: Mapped[str]
    of: Mapped[str]
    member: Mapped[str]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    agreed: Mapped[bool]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("duty_changes_of_team", "org", "team", "ends"),)


class RoundRow(Base):
    """When a team is next looked at for something, and keys of what was told, to tell nothing twice."""

    __tablename__ = "rounds"
    org: Mapped[str] = key()
    kind: Mapped[str] = key()
    team: Mapped[str] = key()
    next_at: Mapped[datetime]
    told: Mapped[list[str]]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("rounds_next", "org", "kind", "next_at"),)


class InterruptionRow(Base):
    """How many messages called a member in private on a day (an ISO date, UTC)."""

    __tablename__ = "interruptions"
    org: Mapped[str] = key()
    member: Mapped[str] = key()
    day: Mapped[str] = key()
    count: Mapped[int]
