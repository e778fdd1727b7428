"""Tables of series of conferences, of who is invited, and of what they answered."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class SeriesRow(Base):
    """A series; the columns are the fields of `pathway.series.Series`, dates and its time of day as text.

    `look_at` is when its conferences are to be made further ahead, None for a series that is over.
    """

    __tablename__ = "series"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    sealed_title: Mapped[str]
    zone: Mapped[str]
    begins: Mapped[str]
    at: Mapped[str]
    minutes: Mapped[int]
    rule: Mapped[str]
    until: Mapped[str]
    holidays: Mapped[str]
    keeps: Mapped[list[str]]
    sealed_where: Mapped[str]
    whom: Mapped[list[str]]
    follows: Mapped[int]
    sequence: Mapped[int]
    look_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("series_of_team", "org", "team", "number"),
        Index("series_due", "org", "look_at"),
    )


class InviteeRow(Base):
    """Somebody who is invited to a series (`subject` S-3) or a conference (C-12), or asked in a poll (T-3).

    `gone`: to this one conference they are not invited, though to its series.
    """

    __tablename__ = "invitees"
    org: Mapped[str] = key()
    subject: Mapped[str] = key()
    key: Mapped[str] = key()
    kind: Mapped[str]
    member: Mapped[str]
    patient: Mapped[str]
    sealed_name: Mapped[str]
    sealed_email: Mapped[str]
    discipline: Mapped[str]
    required: Mapped[bool]
    zone: Mapped[str]
    language: Mapped[str]
    interpreter: Mapped[bool]
    gone: Mapped[bool]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("invitees_of_key", "org", "key"),
        Index("invitees_of_patient", "org", "patient"),
    )


class AnswerRow(Base):
    """What somebody who is invited answered, for a series or for one conference."""

    __tablename__ = "answers"
    org: Mapped[str] = key()
    subject: Mapped[str] = key()
    key: Mapped[str] = key()
    answer: Mapped[str]
    sequence: Mapped[int]
    stamped_at: Mapped[datetime | None]
    via: Mapped[str]
    sealed_said: Mapped[str]
    sealed_delegate: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
