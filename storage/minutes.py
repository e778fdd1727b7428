"""Minutes as they were signed, which never change, and what was added to them afterwards."""

from datetime import datetime

from sqlalchemy import select

from agendas.minutes import Amendment
from pathway.conference import Conference
from storage.journal import Journal
from storage.rows import Rows
from storage.tables import AmendmentRow, MinutesRow


class SignedMinutes(Rows):
    """The signed minutes of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def remark(self, conference: int) -> str:
        """What was remarked on the conference as a whole."""
        row = self.row_of(MinutesRow, conference)
        return self.open(row.sealed_remark) if row else ""

    def put_remark(self, conference: Conference, remark: str, now: datetime, *, by: str) -> None:
        """Writes the remark, before signing."""
        row = self.row_of(MinutesRow, conference.number)
        signed = row.sealed_signed if row else ""
        self.put_over(
            row, MinutesRow, conference.number, sealed_remark=self.seal(remark), sealed_signed=signed
        )
        self.journal.write("minutes remark", conference.ref, now, by=by, note=remark)

    def sign(self, conference: Conference, written: str) -> None:
        """Keeps the minutes as they are signed; that they are is in the conference itself."""
        row = self.row_of(MinutesRow, conference.number)
        remark = row.sealed_remark if row else ""
        self.put_over(
            row, MinutesRow, conference.number, sealed_remark=remark, sealed_signed=self.seal(written)
        )

    def signed(self, conference: int) -> str:
        """The minutes as they were signed, "" before that."""
        row = self.row_of(MinutesRow, conference)
        return self.open(row.sealed_signed) if row else ""

    def amend(self, conference: Conference, text: str, now: datetime, *, by: str, patient: str = "") -> None:
        """Adds a correction. At flush raises IntegrityError if somebody else added one at the same time."""
        number = len(self.amendments(conference.number)) + 1
        row = AmendmentRow(
            org=self.org, conference=conference.number, number=number, member=by, at=now,
            patient=patient, sealed_text=self.seal(text),
        )  # fmt: skip
        self.session.add(row)
        self.journal.write(
            "minutes amend", conference.ref, now, by=by, patient=patient, became=str(number), note=text,
        )  # fmt: skip

    def amendments(self, conference: int) -> tuple[Amendment, ...]:
        """What was added after signing, in order, each by a member id."""
        query = select(AmendmentRow).where(
            AmendmentRow.org == self.org, AmendmentRow.conference == conference
        )
        rows = self.session.scalars(query.order_by(AmendmentRow.number))
        return tuple(Amendment(row.member, row.at, row.patient, self.open(row.sealed_text)) for row in rows)
