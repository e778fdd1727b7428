"""Tables of agendas: what the lead wants of one, what was shown of it, and what a team has settled."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class WishRow(Base):
    """A wish for a conference (`agendas.wish.Wish`).

    `deferring` is a deferral that holds for later conferences of the team too. A deferral without `until`
    is one of this conference alone.
    """

    __tablename__ = "agenda_wishes"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conference: Mapped[int]
    team: Mapped[str]
    patient: Mapped[str]
    ask: Mapped[str]
    at: Mapped[datetime]
    member: Mapped[str]
    place: Mapped[int]
    minutes: Mapped[int]
    until: Mapped[datetime | None]
    deferring: Mapped[bool]
    sealed_text: Mapped[str]
    __table_args__ = (
        Index("agenda_wishes_of_conference", "org", "conference"),
        Index("agenda_wishes_deferring", "org", "team", "deferring", "until"),
    )


class AgendaRow(Base):
    """The agenda of a conference as people know it; `open` while changes of it are told."""

    __tablename__ = "agendas"
    org: Mapped[str] = key()
    conference: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    open: Mapped[bool]
    sealed_posted: Mapped[str]
    sealed_told: Mapped[str]
    sealed_asked: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("agendas_open", "org", "team", "open"),)


class HabitsRow(Base):
    """What a team has settled for its agendas, or for those of one series (0 for all of the team's)."""

    __tablename__ = "agenda_habits"
    org: Mapped[str] = key()
    team: Mapped[str] = key()
    series: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    days: Mapped[int | None]
    at: Mapped[str]
    quorum: Mapped[list[str]]
    own_quorum: Mapped[bool]
