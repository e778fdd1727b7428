"""Contacts with patients, each a row in the journal."""

from datetime import datetime

from sqlalchemy import select

from pathway.contact import Contact, Way
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
            way=contact.way.value, at=contact.at, reached=contact.reached,
        )  # fmt: skip
        self.journal.write(
            "contact", f"patient:{contact.patient}", now, by=contact.member, patient=contact.patient,
            became=contact.way.value,
        )  # fmt: skip

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
