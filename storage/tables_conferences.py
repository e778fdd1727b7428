"""Tables of case conferences, and what falls due for each."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class ConferenceRow(Base):
    """A conference; the columns are the fields of `pathway.conference.Conference`."""

    __tablename__ = "conferences"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    sealed_title: Mapped[str]
    starts: Mapped[datetime]
    minutes: Mapped[int]
    zone: Mapped[str]
    series: Mapped[int]
    recurs_at: Mapped[datetime | None]
    sealed_where: Mapped[str]
    state: Mapped[str]
    chair: Mapped[str]
    scribe: Mapped[str]
    sequence: Mapped[int]
    agenda_posted_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    whom: Mapped[list[str]]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("conferences_of_team", "org", "team", "state", "starts"),
        Index("conferences_of_series", "org", "series", "recurs_at"),
    )


class ConferenceDeadlineRow(Base):
    """When something of its kind falls due for a conference."""

    __tablename__ = "conference_deadlines"
    org: Mapped[str] = key()
    kind: Mapped[str] = key()
    conference: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_at: Mapped[datetime]
    __table_args__ = (Index("conference_deadlines_due", "org", "kind", "due_at"),)
