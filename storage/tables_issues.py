"""Tables of what is outstanding: issues, when each patient is looked at next, and what people note."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class IssueRow(Base):
    """An issue that is outstanding; the columns are the fields of `pathway.issue.Issue`, what it says sealed.

    One that is settled is removed: the journal tells when it came and went.
    """

    __tablename__ = "issues"
    org: Mapped[str] = key()
    patient: Mapped[str] = key()
    kind: Mapped[str] = key()
    source: Mapped[str] = key()
    team: Mapped[str]
    since: Mapped[datetime]
    why_at: Mapped[datetime]
    owner: Mapped[str]
    severity: Mapped[str]
    private: Mapped[bool]
    sealed_said: Mapped[str]
    __table_args__ = (Index("issues_of_team", "org", "team"),)


class OutlookRow(Base):
    """When a patient's issues are collected next: at once after a change, else when one comes of age."""

    __tablename__ = "outlooks"
    org: Mapped[str] = key()
    patient: Mapped[str] = key()
    team: Mapped[str]
    look_at: Mapped[datetime]
    __table_args__ = (
        Index("outlooks_next", "org", "look_at"),
        Index("outlooks_of_team", "org", "team", "look_at"),
    )


class QuestionRow(Base):
    """A question to the conference; the columns are the fields of `pathway.question.Question`."""

    __tablename__ = "questions"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    patient: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    link: Mapped[str]
    about: Mapped[str]
    state: Mapped[str]
    amended_at: Mapped[datetime | None]
    closed_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    sealed_said: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("questions_of_patient", "org", "patient", "state"),
        Index("questions_of_message", "org", "link"),
    )


class ContactRow(Base):
    """A contact with a patient, or a try: the fields of `pathway.contact.Contact`, and when it was noted."""

    __tablename__ = "contacts"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient: Mapped[str]
    member: Mapped[str]
    way: Mapped[str]
    at: Mapped[datetime]
    reached: Mapped[bool]
    noted_at: Mapped[datetime | None]
    __table_args__ = (
        Index("contacts_of_patient", "org", "patient", "reached", "at"),
        Index("contacts_of_member", "org", "member", "noted_at"),
    )


class ReportRow(Base):
    """A report about a patient that is there: imaging, a letter. What it is called is sealed."""

    __tablename__ = "reports"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient: Mapped[str]
    member: Mapped[str]
    at: Mapped[datetime]
    sealed_name: Mapped[str]
    __table_args__ = (
        Index("reports_of_patient", "org", "patient"),
        Index("reports_of_member", "org", "member", "at"),
    )
