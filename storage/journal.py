"""The journal: every change, append-only, each row chained to the one before by a hash.

It is the audit trail, the patient's timeline and the source of every figure. Database triggers refuse
UPDATE and DELETE; `storage.verify` finds what somebody did in spite of them.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from storage.rows import Rows
from storage.tables import HeadRow, JournalNoteRow, JournalRow

START = "0" * 64
SALT_BYTES = 16
ISSUE = "issue "
"""How the actions begin by which issues come and go."""
LOOK = " show"
"""How the actions end that change nothing: somebody has looked."""


@dataclass(frozen=True)
class Entry:
    """One change. `member` is "" where time did it; `note` is what a person wrote about it."""

    at: datetime
    member: str
    action: str
    subject: str
    patient: str = ""
    was: str = ""
    became: str = ""
    note: str = ""
    seq: int = 0


class Journal(Rows):
    """Collects a transaction's entries; `flush` chains and writes them as the last thing before commit."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.entries: list[Entry] = []
        self.concerned: set[str] = set()

    def write(
        self,
        action: str,
        subject: str,
        now: datetime,
        *,
        by: str = "",
        patient: str = "",
        was: str = "",
        became: str = "",
        note: str = "",
        concerns: str = "",
    ) -> None:
        """Notes one change, to be written when the transaction commits.

        Of the `patient`, or of whom it `concerns` without being part of their timeline, what is outstanding
        may have changed with it; an issue is only what follows from that.
        """
        if not action.startswith(ISSUE):
            self.concerned |= {patient, concerns} - {""}
        self.entries.append(Entry(now, by, action, subject, patient, was, became, note))

    def flush(self, head: HeadRow) -> None:
        """Writes what was noted behind `head`, which the caller has locked."""
        notes = []
        for entry in self.entries:
            head.seq += 1
            words = salted(entry.note) if entry.note else ""
            row = JournalRow(
                org=self.org, seq=head.seq, at=entry.at.astimezone(UTC), member=entry.member,
                action=entry.action, subject=entry.subject, patient=entry.patient, was=entry.was,
                became=entry.became, note_digest=digest(words) if words else "",
            )  # fmt: skip
            row.hash = head.hash = link(head.hash, row)
            self.session.add(row)
            if words:
                notes.append(JournalNoteRow(org=self.org, seq=head.seq, sealed_note=self.seal(words)))
        if notes:
            self.session.flush()  # a note refers to its row, which therefore has to be there first
            self.session.add_all(notes)
        self.entries.clear()

    def newest(self) -> int:
        """The number of the newest entry: while it is the same, nothing has changed."""
        return self.session.scalar(select(HeadRow.seq).where(HeadRow.org == self.org)) or 0

    def of(
        self, *, patient: str = "", subject: str = "", limit: int = 100, looks: bool | None = None
    ) -> list[Entry]:
        """The newest entries of a patient or a subject, oldest first, with what people wrote.

        `looks` gives only those that say who looked at something, or all but those.
        """
        query = select(JournalRow, JournalNoteRow.sealed_note).outerjoin(
            JournalNoteRow, (JournalNoteRow.org == JournalRow.org) & (JournalNoteRow.seq == JournalRow.seq)
        )
        query = query.where(JournalRow.org == self.org)
        if patient:
            query = query.where(JournalRow.patient == patient)
        if subject:
            query = query.where(JournalRow.subject == subject)
        if looks is not None:
            query = query.where(_look(looks))
        found = self.session.execute(query.order_by(JournalRow.seq.desc()).limit(limit)).all()
        return [self._entry(row, note) for row, note in reversed(found)]

    def count_of(self, patient: str, *, looks: bool) -> int:
        """How many entries of a patient say who looked at something, or all the others."""
        of_patient = (JournalRow.org == self.org, JournalRow.patient == patient, _look(looks))
        return self.session.scalar(select(func.count()).select_from(JournalRow).where(*of_patient)) or 0

    def subjects_since(self, seq: int) -> set[str]:
        """What has changed since the entry with this number."""
        query = select(JournalRow.subject).where(JournalRow.org == self.org, JournalRow.seq > seq)
        return set(self.session.scalars(query.distinct()))

    def of_subjects(self, subjects: Sequence[str], at_once: int = 500) -> list[Entry]:
        """Everything about these subjects, oldest first of each, with what people wrote."""
        found: list[Row[JournalRow, str]] = []
        for first in range(0, len(subjects), at_once):
            query = select(JournalRow, JournalNoteRow.sealed_note).outerjoin(
                JournalNoteRow,
                (JournalNoteRow.org == JournalRow.org) & (JournalNoteRow.seq == JournalRow.seq),
            )
            named = JournalRow.subject.in_(subjects[first : first + at_once])
            query = query.where(JournalRow.org == self.org, named).order_by(JournalRow.seq)
            found += self.session.execute(query).all()
        return [self._entry(row, note) for row, note in found]

    def _entry(self, row: JournalRow, note: str | None) -> Entry:
        return Entry(
            row.at, row.member, row.action, row.subject, row.patient, row.was, row.became,
            unsalted(self.open(note or "")), row.seq,
        )  # fmt: skip


def _look(looks: bool) -> ColumnElement[bool]:
    found = JournalRow.action.endswith(LOOK, autoescape=True)
    return found if looks else ~found


def link(before: str, row: JournalRow | Row[Any]) -> str:
    """The hash of a row, over the hash before it and all its columns."""
    content = [
        before, row.org, row.seq, row.at.isoformat(), row.member, row.action, row.subject,
        row.patient, row.was, row.became, row.note_digest,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def salted(note: str) -> str:
    """A note behind random characters, as it is sealed.

    They let the chain hold a plain digest of it: one that no key is needed for, so that it outlives every
    rotation, and from which short words can't be guessed.
    """
    return secrets.token_hex(SALT_BYTES) + note


def unsalted(words: str) -> str:
    """The note itself."""
    return words[2 * SALT_BYTES :]


def digest(words: str) -> str:
    """What the chain holds of a note with its salt."""
    return hashlib.sha256(words.encode()).hexdigest()
