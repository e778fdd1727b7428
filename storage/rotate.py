"""Seals everything with the newest key, so that the older keys can be taken away.

May be stopped and started again, and runs beside a bot: a row that the bot changes meanwhile is left as
the bot wrote it. Every process must know the newest key before this starts, or it goes on sealing with
an older one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Row, Table, and_, not_, or_, select, tuple_, update
from sqlalchemy.orm import Session

from storage import addresses
from storage.clinic import Store
from storage.database import work
from storage.patients import Patients
from storage.secrets import MARK, SEALED, Keyring
from storage.tables import Base, KeyCheckRow, MailAddressRow, PatientNameRow, PatientRow


def rotate(store: Store, batch: int = 500) -> int:
    """Seals and digests anew what was not made with the newest key; how many rows that changed.

    Raises `CannotOpen` if something was sealed with a key that is not among those given; what was done
    until then stays done.
    """
    tables = [table for table in Base.metadata.sorted_tables if table.name != KeyCheckRow.__tablename__]
    changed = sum(_seal_table_anew(store, table, batch) for table in tables)
    changed += sum(_digest_anew(store, batch)) + sum(_digest_addresses(store, batch))
    # Last of all: whoever takes the older keys away before this is refused by `storage.key_check`.
    return changed + _seal_table_anew(store, Base.metadata.tables[KeyCheckRow.__tablename__], batch)


def _seal_table_anew(store: Store, table: Table, batch: int) -> int:
    columns = [column for column in table.columns if column.name.startswith(SEALED)]
    return sum(_seal_anew(store, table, columns, batch)) if columns else 0


def _seal_anew(store: Store, table: Table, columns: Sequence[Column[Any]], batch: int) -> Iterator[int]:
    """Goes through a table by its key, a batch and a transaction at a time."""
    key = list(table.primary_key.columns)
    old = or_(*(_is_old(column, store.keyring) for column in columns))
    query = select(*key, *columns).where(old).order_by(*key).limit(batch)
    reached: tuple[Any, ...] | None = None
    while True:
        with work(store.engine) as session:
            further = query if reached is None else query.where(tuple_(*key) > tuple_(*reached))
            rows = session.execute(further).all()
            changed = sum(_seal_row(session, store.keyring, table, columns, row) for row in rows)
            session.commit()
        yield changed
        if len(rows) < batch:
            return
        reached = tuple(rows[-1][: len(key)])


def _seal_row(
    session: Session, keyring: Keyring, table: Table, columns: Sequence[Column[Any]], row: Row[Any]
) -> int:
    was = {column.name: row._mapping[column] for column in columns}
    new = {
        name: keyring.seal(keyring.open(sealed))
        for name, sealed in was.items()
        if sealed and not keyring.is_current(sealed)
    }
    same_key = [column == row._mapping[column] for column in table.primary_key.columns]
    unchanged = [table.c[name] == was[name] for name in new]
    done = session.execute(update(table).where(*same_key, *unchanged).values(new).returning(*same_key))
    return len(done.all())


def _digest_anew(store: Store, batch: int) -> Iterator[int]:
    """Patients whose digests are by an older key: written again from what is sealed."""
    names = select(PatientNameRow.code).where(
        PatientNameRow.org == PatientRow.org, _is_old(PatientNameRow.__table__.c.digest, store.keyring)
    )
    old = or_(_is_old(PatientRow.__table__.c.record_digest, store.keyring), PatientRow.code.in_(names))
    query = select(PatientRow).where(old).order_by(PatientRow.org, PatientRow.code).limit(batch)
    while True:
        with work(store.engine) as session:
            rows = session.scalars(query.with_for_update()).all()
            for row in rows:
                Patients(session, row.org, store.keyring).digest_anew(row)
            session.commit()
        yield len(rows)
        if len(rows) < batch:
            return


def _digest_addresses(store: Store, batch: int) -> Iterator[int]:
    """The same for mail addresses."""
    query = select(MailAddressRow).where(_is_old(MailAddressRow.__table__.c.digest, store.keyring))
    query = query.order_by(MailAddressRow.org, MailAddressRow.id).limit(batch)
    while True:
        with work(store.engine) as session:
            rows = session.scalars(query.with_for_update()).all()
            for row in rows:
                addresses.digest_anew(row, store.keyring)
            session.commit()
        yield len(rows)
        if len(rows) < batch:
            return


def _is_old(column: Any, keyring: Keyring) -> Any:
    newest = f"{keyring.key_ids[0]}{MARK}"
    return and_(column != "", not_(column.startswith(newest, autoescape=True)))
