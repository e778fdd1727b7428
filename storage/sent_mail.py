"""The mails that have gone out, as they are kept in the outbox: for the practice page, which shows them."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cards.mail import Mail, mail_of
from storage.addresses import PLATFORM, Addresses
from storage.post import Sending, direct_lane
from storage.rows import Rows
from storage.tables import OutgoingRow

MOST = 100


@dataclass(frozen=True)
class SentMail:
    """One mail that went out, with its address."""

    id: str
    address: str
    mail: Mail
    sent_at: datetime | None


class SentMails(Rows):
    """The mails of one organisation."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)

    def newest(self) -> list[SentMail]:
        """The newest ones, the last that went out first."""
        query = select(OutgoingRow).where(
            OutgoingRow.org == self.org, OutgoingRow.platform == PLATFORM, OutgoingRow.state == Sending.SENT
        )
        rows = self.session.scalars(query.order_by(OutgoingRow.seq.desc()).limit(MOST))
        return [self._sent(row) for row in rows]

    def find(self, mail_id: str) -> SentMail | None:
        """The mail of this id."""
        row = self.row_of(OutgoingRow, mail_id)
        there = row is not None and row.platform == PLATFORM and row.state == Sending.SENT
        return self._sent(row) if row is not None and there else None

    def _sent(self, row: OutgoingRow) -> SentMail:
        mail = mail_of(json.loads(self.open(row.sealed_payload))["mail"])
        address = Addresses(self).by_id(row.target.removeprefix(direct_lane(PLATFORM, "").target))
        return SentMail(row.id, address.address if address else "", mail, row.sent_at)
