"""Whether the secret keys are those of this database: there is one sealed text in it that they must open."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.clinic import Store
from storage.database import insert_or_leave, work
from storage.secrets import SEALED, CannotOpen, KeyMissing
from storage.tables import Base, KeyCheckRow

TEXT = "These are the keys."


def check_keys(store: Store) -> None:
    """Raises `CannotOpen` if the store's keys are not those with which its organisation's data is sealed.

    Where there is no sealed text for this yet, it is made, unless a key of what else is sealed is missing.
    """
    with work(store.engine) as session:
        row = session.get(KeyCheckRow, store.org)
        if row is None:
            for sealed in _samples(session, store.org):
                _open(sealed, store)
            made = {"org": store.org, "sealed_check": store.keyring.seal(TEXT)}
            session.execute(insert_or_leave(session, KeyCheckRow, made))
            row = session.get_one(KeyCheckRow, store.org)  # which another process may just have made
        store.keyring.open(row.sealed_check)
        session.commit()


def _open(sealed: str, store: Store) -> None:
    """Raises KeyMissing. A damaged text says nothing about the keys, and holds up nobody else."""
    try:
        store.keyring.open(sealed)
    except KeyMissing:
        raise
    except CannotOpen:
        return


def _samples(session: Session, org: str) -> Iterator[str]:
    """One row's sealed texts of every table that has any."""
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if column.name.startswith(SEALED)]
        if columns:
            some = or_(*(column != "" for column in columns))
            row = session.execute(select(*columns).where(table.c.org == org, some).limit(1)).first()
            yield from filter(None, row or ())
