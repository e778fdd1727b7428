"""Contacts with patients, each a row in the journal."""

from datetime import datetime

from sqlalchemy import select

from pathway.contact import Contact, Noted, Way
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.tables import ContactRow

MOST_TRIES = 20


class Contacts(Rows):
    """The contacts of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def add(self, contact: Contact, now: datetime) -> None:
        """Notes a contact, or a try."""
        self.put_row(
            ContactRow, next_number(self, "contacts"), patient=contact.patient, member=contact.member,
            way=contact.way.value, at=contact.at, reached=contact.reached, noted_at=now,
        )  # fmt: skip
        self.journal.write(
            "contact", f"patient:{contact.patient}", now, by=contact.member, patient=contact.patient,
            became=contact.way.value,
        )  # fmt: skip

    def noted_last(self, member: str, since: datetime) -> Noted | None:
        """What a member noted last since a moment."""
        query = (
            select(ContactRow)
            .where(ContactRow.org == self.org, ContactRow.member == member, ContactRow.noted_at >= since)
            .order_by(ContactRow.noted_at.desc(), ContactRow.number.desc())
            .limit(1)
        )
        row = self.session.scalars(query).first()
        return Noted(row.number, row.patient, row.noted_at) if row and row.noted_at else None

    def take_back(self, noted: Noted, now: datetime, by: str) -> None:
        """It was noted by mistake: only the journal knows of it any more."""
        row = self.row_of(ContactRow, noted.number)
        if row is not None:
            was = row.way
            self.remove_row(row)
            self.journal.write(
                "contact taken back", f"patient:{noted.patient}", now, by=by, patient=noted.patient, was=was
            )

    def last(self, code: str) -> Contact | None:
        """When a patient was reached last."""
        return next(iter(self._newest(code, reached=True, limit=1)), None)

    def tries(self, code: str) -> list[Contact]:
        """The newest tries to reach a patient, at most so many as anybody wants to read."""
        return self._newest(code, reached=False, limit=MOST_TRIES)

    def _newest(self, code: str, *, reached: bool, limit: int) -> list[Contact]:
        query = (
            select(ContactRow)
            .where(ContactRow.org == self.org, ContactRow.patient == code, ContactRow.reached == reached)
            .order_by(ContactRow.at.desc())
            .limit(limit)
        )
        found = self.session.scalars(query)
        return [Contact(row.patient, row.member, Way(row.way), row.at) for row in found]
