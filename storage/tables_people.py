"""Tables of the staff: teams, members and their accounts, rooms, absences."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class TeamRow(Base):
    """A care team and its hours, as typed (`pathway.hours` reads them)."""

    __tablename__ = "teams"
    org: Mapped[str] = key()
    id: Mapped[str] = key()
    name: Mapped[str]
    zone: Mapped[str]
    working: Mapped[str]
    quiet: Mapped[str]
    sealed_phone: Mapped[str]
    emergency_number: Mapped[str]
    lead: Mapped[str]
    help_lines: Mapped[str]
    holidays: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MemberRow(Base):
    """A person on the staff."""

    __tablename__ = "members"
    org: Mapped[str] = key()
    id: Mapped[str] = key()
    sealed_name: Mapped[str]
    sealed_email: Mapped[str]
    zone: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AccountRow(Base):
    """A member's account on a platform; one account belongs to one member."""

    __tablename__ = "accounts"
    org: Mapped[str] = key()
    platform: Mapped[str] = key()
    account: Mapped[str] = key()
    member: Mapped[str]
    since: Mapped[datetime]
    __table_args__ = (Index("accounts_of_member", "org", "member"),)


class PlaceRow(Base):
    """A member's role in a team. Leaving sets `left_at`; joining again clears it."""

    __tablename__ = "places"
    org: Mapped[str] = key()
    team: Mapped[str] = key()
    member: Mapped[str] = key()
    role: Mapped[str]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    __table_args__ = (Index("places_of_member", "org", "member"),)


class RoomRow(Base):
    """A channel or room in which a team works. `detail` is a `cards.card.Detail`."""

    __tablename__ = "rooms"
    org: Mapped[str] = key()
    platform: Mapped[str] = key()
    address: Mapped[str] = key()
    team: Mapped[str]
    detail: Mapped[int]
    encrypted: Mapped[bool]
    joined: Mapped[bool]
    __table_args__ = (Index("rooms_of_team", "org", "team"),)


class AbsenceRow(Base):
    """Away from `starts` until `ends`, covered by `cover`."""

    __tablename__ = "absences"
    org: Mapped[str] = key()
    member: Mapped[str] = key()
    starts: Mapped[datetime] = mapped_column(primary_key=True)
    ends: Mapped[datetime]
    cover: Mapped[str]


class LinkCodeRow(Base):
    """A one-time code that joins a second account to a member; only its digest is kept."""

    __tablename__ = "link_codes"
    org: Mapped[str] = key()
    digest: Mapped[str] = key()
    member: Mapped[str]
    platform: Mapped[str]
    account: Mapped[str]
    expires_at: Mapped[datetime]
