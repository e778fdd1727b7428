"""Tables of what happened: the journal and its head, counters, requests, drafts, cursors, the keys' check."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class JournalRow(Base):
    """One change: who, what, from, to, when. Append-only (triggers) and chained by `hash`.

    What a person wrote about it is in `journal_notes`, so that it can be sealed anew; the chain holds
    a digest of it.
    """

    __tablename__ = "journal"
    org: Mapped[str] = key()
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    member: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    patient: Mapped[str]
    was: Mapped[str]
    became: Mapped[str]
    note_digest: Mapped[str]
    hash: Mapped[str]
    __table_args__ = (
        Index("journal_of_patient", "org", "patient", "seq"),
        Index("journal_of_subject", "org", "subject", "seq"),
    )


class JournalNoteRow(Base):
    """The reason or words that go with a journal row, sealed."""

    __tablename__ = "journal_notes"
    org: Mapped[str] = key()
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_note: Mapped[str]
    __table_args__ = (ForeignKeyConstraint(["org", "seq"], ["journal.org", "journal.seq"]),)


class HeadRow(Base):
    """The last link of an organisation's journal and the last post given a place in line.

    Whoever appends locks this row, as the last thing before commit: what commits later comes later.
    """

    __tablename__ = "heads"
    org: Mapped[str] = key()
    seq: Mapped[int]
    hash: Mapped[str]
    posts: Mapped[int]


class CounterRow(Base):
    """The last number given out of a series."""

    __tablename__ = "counters"
    org: Mapped[str] = key()
    name: Mapped[str] = key()
    value: Mapped[int]


class RequestRow(Base):
    """An event that was answered, and the answer, for when it comes again."""

    __tablename__ = "requests"
    org: Mapped[str] = key()
    event_id: Mapped[str] = key()
    at: Mapped[datetime]
    sealed_reply: Mapped[str]
    __table_args__ = (Index("requests_at", "org", "at"),)


class DraftRow(Base):
    """A form that somebody is filling in, question by question, in a thread."""

    __tablename__ = "drafts"
    org: Mapped[str] = key()
    platform: Mapped[str] = key()
    address: Mapped[str] = key()
    member: Mapped[str] = key()
    thread: Mapped[str]
    command: Mapped[str]
    sealed_values: Mapped[str]
    field: Mapped[str]
    at: Mapped[datetime]


class CursorRow(Base):
    """How far a reader has come: a sync token, by name."""

    __tablename__ = "cursors"
    org: Mapped[str] = key()
    name: Mapped[str] = key()
    value: Mapped[str]


class KeyCheckRow(Base):
    """A text that the secret keys must open (`storage.key_check`)."""

    __tablename__ = "key_checks"
    org: Mapped[str] = key()
    sealed_check: Mapped[str]
