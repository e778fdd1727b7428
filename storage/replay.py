"""What was measured of everybody, a page of patients at a time: what a changed definition is tried on."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from pathway.measure import History
from storage.clinic import Clinic, Store
from storage.tables import PatientRow

PAGE = 200


def histories_after(code: str, clinic: Clinic, limit: int) -> list[History]:
    """The histories of the next patients behind this code; from the first on after ""."""
    query = select(PatientRow.code).where(PatientRow.org == clinic.rows.org, PatientRow.code > code)
    codes = clinic.rows.session.scalars(query.order_by(PatientRow.code).limit(limit)).all()
    return list(clinic.measures.histories(codes).values())


def all_histories(store: Store, now: datetime) -> Iterator[History]:
    """The histories of all patients, in order of their codes; each page is a transaction of its own."""
    last = ""
    while True:
        with store.clinic(now) as clinic:
            page = histories_after(last, clinic, PAGE)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].patient
