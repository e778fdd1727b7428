"""Tables of care plans: entries, actions, every change of either, and what two people want otherwise."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key

NEXT = text("next_at IS NOT NULL")
"""What falls due by itself. Written without parameters, so that queries can use the index on it."""


LINKED = text("link != ''")
"""What was made of a message."""


class PlanEntryRow(Base):
    """An entry of a care plan; the columns are the fields of `pathway.plan.Entry`, its texts sealed."""

    __tablename__ = "plan_entries"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    patient: Mapped[str]
    sort: Mapped[str]
    status: Mapped[str]
    source: Mapped[str]
    parent: Mapped[int]
    by: Mapped[str]
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    progress_at: Mapped[datetime | None]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    edition: Mapped[int]
    link: Mapped[str]
    sealed_said: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("plan_entries_of_patient", "org", "patient", "number"),
        Index("plan_entries_of_source", "org", "source", "number"),
        Index("plan_entries_of_team", "org", "team", "sort", "at"),
        Index("plan_entries_of_message", "org", "link", sqlite_where=LINKED, postgresql_where=LINKED),
    )


class ActionRow(Base):
    """An action; the columns are the fields of `pathway.action.Action`, its texts sealed."""

    __tablename__ = "actions"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team: Mapped[str]
    patient: Mapped[str]
    owner: Mapped[str]
    due_at: Mapped[datetime]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    state: Mapped[str]
    source: Mapped[str]
    entry: Mapped[int]
    asked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    agenda_at: Mapped[datetime | None]
    next: Mapped[str]
    next_at: Mapped[datetime | None]
    edition: Mapped[int]
    open: Mapped[bool]
    link: Mapped[str]
    sealed_said: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("actions_due", "org", "next_at", sqlite_where=NEXT, postgresql_where=NEXT),
        Index("actions_of_patient", "org", "patient", "number"),
        Index("actions_of_owner", "org", "owner", "open", "due_at"),
        Index("actions_of_team", "org", "team", "open", "due_at"),
        Index("actions_of_source", "org", "source", "number"),
        Index("actions_of_entry", "org", "entry", "number"),
        Index("actions_of_message", "org", "link", sqlite_where=LINKED, postgresql_where=LINKED),
    )


class PlanChangeRow(Base):
    """One change of a patient's plan: how it was before and after, sealed. No two make one version."""

    __tablename__ = "plan_changes"
    org: Mapped[str] = key()
    patient: Mapped[str] = key()
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str]
    action: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    source: Mapped[str]
    undoes: Mapped[int]
    undone_by: Mapped[int]
    sealed_change: Mapped[str]
    __table_args__ = (
        Index("plan_changes_of_subject", "org", "subject", "version"),
        Index("plan_changes_of_member", "org", "by", "at"),
        Index("plan_changes_of_source", "org", "source", "at"),
    )


class PlanClashRow(Base):
    """What somebody wants an entry to say while another changed it: until both have chosen, or `due_at`."""

    __tablename__ = "plan_clashes"
    org: Mapped[str] = key()
    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by: Mapped[str]
    at: Mapped[datetime]
    source: Mapped[str]
    due_at: Mapped[datetime]
    sealed_wanted: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("plan_clashes_due", "org", "due_at"),)
