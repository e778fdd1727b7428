"""Tables of care: patients, who may see them, handoffs."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key

DUE = text("due_at IS NOT NULL")
"""What falls due by itself. Written without parameters, so that queries can use the index on it."""


class PatientRow(Base):
    """A patient: a code in the open, everything else sealed or in digests."""

    __tablename__ = "patients"
    org: Mapped[str] = key()
    code: Mapped[str] = key()
    team: Mapped[str]
    sealed_name: Mapped[str]
    sealed_born: Mapped[str]
    sealed_record: Mapped[str]
    record_digest: Mapped[str]
    sealed_phone: Mapped[str]
    sealed_email: Mapped[str]
    sealed_goal: Mapped[str]
    language: Mapped[str]
    interpreter: Mapped[bool]
    consent_team: Mapped[bool]
    consent_outside: Mapped[bool]
    added_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("patients_of_record", "org", "record_digest"),
        Index("patients_of_team", "org", "team", "code"),
    )


class PatientNameRow(Base):
    """Keyed digests of the words of a patient's name, for the look-up by name."""

    __tablename__ = "patient_names"
    org: Mapped[str] = key()
    digest: Mapped[str] = key()
    code: Mapped[str] = key()
    __table_args__ = (Index("patient_names_of_code", "org", "code"),)


class CareTeamRow(Base):
    """Who may see a patient: on the care team for good, or with `until` for a while, as they are asked.

    A glass that they broke is open until `glass_until`, whatever else begins or ends meanwhile.
    """

    __tablename__ = "care_team"
    org: Mapped[str] = key()
    code: Mapped[str] = key()
    member: Mapped[str] = key()
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    glass_until: Mapped[datetime | None]
    __table_args__ = (Index("care_team_of_member", "org", "member"),)


class HandoffRow(Base):
    """A handoff; the columns are the fields of `pathway.handoff.Handoff`, its texts sealed."""

    __tablename__ = "handoffs"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    patient: Mapped[str]
    sender: Mapped[str]
    urgency: Mapped[str]
    to_member: Mapped[str]
    to_role: Mapped[str]
    state: Mapped[str]
    rung: Mapped[int]
    asked: Mapped[list[str]]
    declined: Mapped[list[str]]
    kept_out: Mapped[list[str]]
    asker: Mapped[str]
    receiver: Mapped[str]
    sealed_ipass: Mapped[str]
    sealed_talk: Mapped[str]
    offered_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    due: Mapped[str]
    due_at: Mapped[datetime | None]
    nagged: Mapped[int]
    open: Mapped[bool]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("handoffs_due", "org", "due_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("handoffs_open", "org", "team", "open", "offered_at"),
        Index("handoffs_of_patient", "org", "patient"),
        Index("handoffs_of_sender", "org", "sender", "open"),
        Index("handoffs_of_receiver", "org", "receiver", "open"),
    )
