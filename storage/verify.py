"""Reads the whole journal again and finds what was done to it in spite of its triggers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from storage.clinic import Store
from storage.database import work
from storage.journal import START, digest, link
from storage.secrets import CannotOpen, Keyring
from storage.tables import HeadRow, JournalNoteRow, JournalRow

BATCH = 2000


@dataclass(frozen=True)
class Fault:
    """A row that is not as it was written: `seq` names it, `sentence` says what is wrong with it."""

    seq: int
    sentence: str


def verify(store: Store, batch: int = BATCH) -> Iterator[Fault]:
    """Yields every row of the journal that was edited, removed, moved or added, in order.

    Reads a batch at a time, each in a short transaction of its own, so that a running bot is not held up;
    what it appends meanwhile is verified as well.
    """
    before, last = START, 0
    while True:
        with work(store.engine) as session:
            rows = _rows(session, store.org, last, batch)
            head = session.get(HeadRow, store.org)
        for row in rows:
            yield from _faults(row, before, last + 1, store.keyring)
            before, last = row.hash, row.seq
        if len(rows) < batch:
            break
    yield from _faults_at_end(head, before, last)


def _rows(session: Session, org: str, after: int, limit: int) -> Sequence[Row[Any]]:
    columns = [*JournalRow.__table__.columns, JournalNoteRow.sealed_note]
    noted = (JournalNoteRow.org == JournalRow.org) & (JournalNoteRow.seq == JournalRow.seq)
    query = select(*columns).outerjoin(JournalNoteRow, noted)
    query = query.where(JournalRow.org == org, JournalRow.seq > after)
    return session.execute(query.order_by(JournalRow.seq).limit(limit)).all()


def _faults(row: Row[Any], before: str, expected: int, keyring: Keyring) -> Iterator[Fault]:
    if row.seq != expected:
        yield Fault(expected, f"{_named(expected, row.seq - 1)} removed from before row {row.seq}.")
    elif link(before, row) != row.hash:
        yield Fault(
            row.seq,
            f"row {row.seq} was edited, or is not where it was written, or the row before it was edited "
            "together with its hash.",
        )
    if not row.note_digest and not row.sealed_note:
        return
    if not row.sealed_note:
        yield Fault(row.seq, f"the words that go with row {row.seq} were removed.")
        return
    try:
        kept = digest(keyring.open(row.sealed_note)) == row.note_digest
    except CannotOpen:
        kept = False
    if not kept:
        yield Fault(row.seq, f"the words that go with row {row.seq} are not those that were written.")


def _faults_at_end(head: HeadRow | None, before: str, last: int) -> Iterator[Fault]:
    if head is None:
        if last:
            yield Fault(last, f"the record of where the journal ends, row {last}, was removed.")
    elif head.seq > last:
        yield Fault(last + 1, f"{_named(last + 1, head.seq)} removed from the end.")
    elif head.seq < last:
        yield Fault(head.seq + 1, f"{_named(head.seq + 1, last)} not written by Baton.")
    elif head.hash != before:
        yield Fault(last, f"row {last}, the last, was edited together with its hash.")


def _named(first: int, last: int) -> str:
    return f"row {first} was" if first == last else f"rows {first} to {last} were"
