"""Tables of measures: what was entered, and when each patient is looked at next."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, key


class MeasureRow(Base):
    """One entry: which instrument and what it says is sealed. What was corrected or taken back stays, and
    is not `current`; `replaces` is the number of the entry that this one corrects, 0 for none.
    """

    __tablename__ = "measures"
    org: Mapped[str] = key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient: Mapped[str]
    member: Mapped[str]
    taken_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    replaces: Mapped[int]
    current: Mapped[bool]
    sealed_entry: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("measures_of_patient", "org", "patient", "current"),)


class ReviewRow(Base):
    """When time looks at a patient next (`next_at`), and since when something is to be measured (`due_at`).

    What fell due up to `told_until` has been told. `changes` counts the patient's entries, so that two at
    once are noticed by the `version`.
    """

    __tablename__ = "reviews"
    org: Mapped[str] = key()
    patient: Mapped[str] = key()
    team: Mapped[str]
    next_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    told_until: Mapped[datetime]
    changes: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("reviews_next", "org", "next_at"),
        Index("reviews_due", "org", "team", "due_at"),
    )
