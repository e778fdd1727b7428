"""The mails that have gone out, as they are kept in the outbox: what was sent to whom, and about what."""

import json
from collections.abc import Iterable
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

    def subjects(self, address_id: str, mails: Iterable[str]) -> list[str]:
        """What those of these mails are about, as the outbox has it, that were meant for this address.

        One that has only just been handed to the mail server counts too.
        """
        rows = (self.row_of(OutgoingRow, each) for each in mails)
        target = direct_lane(PLATFORM, address_id).target
        return [each.subject for each in rows if each and (each.platform, each.target) == (PLATFORM, target)]

    def newest_subject(self, address_id: str, prefix: str) -> str:
        """What the last mail to this address is about, of what begins so in the outbox; "" if none is."""
        query = select(OutgoingRow.subject).where(
            OutgoingRow.org == self.org, OutgoingRow.platform == PLATFORM,
            OutgoingRow.target == direct_lane(PLATFORM, address_id).target,
            OutgoingRow.subject.startswith(prefix, autoescape=True),
        )  # fmt: skip
        return self.session.scalar(query.order_by(OutgoingRow.seq.desc()).limit(1)) or ""

    def _sent(self, row: OutgoingRow) -> SentMail:
        mail = mail_of(json.loads(self.open(row.sealed_payload))["mail"])
        address = Addresses(self).by_id(row.target.removeprefix(direct_lane(PLATFORM, "").target))
        return SentMail(row.id, address.address if address else "", mail, row.sent_at)
