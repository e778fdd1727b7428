"""Tables of mail: addresses, and what calendars were told."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class MailAddressRow(Base):
    """An address that mail goes to; `id` names its lane, so that no address stands in the outbox.

    `refused_at` is when its server refused it for good, with that server's code in `refused`.
    """

    __tablename__ = "mail_addresses"
    org: Mapped[str] = key()
    id: Mapped[str] = key()
    digest: Mapped[str]
    sealed_address: Mapped[str]
    refused_at: Mapped[datetime | None]
    refused: Mapped[str]
    __table_args__ = (Index("mail_addresses_digest", "org", "digest", unique=True),)


class InviteRow(Base):
    """One thing that people are invited to, by its reference (`C-12`, `S-3`): what calendars call it.

    `sequence` is the highest iCalendar SEQUENCE that anybody was told. `due_at` is when changes that wait are
    told.
    """

    __tablename__ = "invites"
    org: Mapped[str] = key()
    ref: Mapped[str] = key()
    uid: Mapped[str]
    sequence: Mapped[int]
    due_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("invites_due", "org", "due_at"),
        Index("invites_uid", "org", "uid", unique=True),
    )


class ToldRow(Base):
    """What one invited person's calendar was last told of an invite: a sealed `agendas.event.Told`."""

    __tablename__ = "invites_told"
    org: Mapped[str] = key()
    ref: Mapped[str] = key()
    invitee: Mapped[str] = key()
    address: Mapped[str]
    sealed_told: Mapped[str]
    told_at: Mapped[datetime]
    __table_args__ = (Index("invites_told_address", "org", "address"),)


class FeedRow(Base):
    """A member's own calendar: the address at which it is fetched, by the digest of its token."""

    __tablename__ = "feeds"
    org: Mapped[str] = key()
    member: Mapped[str] = key()
    digest: Mapped[str]
    sealed_token: Mapped[str]
    tasks: Mapped[bool]
    __table_args__ = (Index("feeds_digest", "org", "digest", unique=True),)
