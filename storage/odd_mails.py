"""Mails that changed nothing, kept for the one card a day on which a team's lead sees them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from storage.numbers import next_number
from storage.rows import Rows
from storage.tables import OddMailRow


@dataclass(frozen=True)
class OddMail:
    """One of them. `subject` is what it was about (`C-12`), "" if that isn't known; `reason` is a name of
    `agendas.refusal.Reason`. `sender` may identify somebody.
    """

    team: str
    at: datetime
    subject: str
    reason: str
    sender: str


class OddMails(Rows):
    """Those of one organisation."""

    def add(self, mail: OddMail) -> None:
        """Keeps one."""
        self.put_row(
            OddMailRow, mail.team, next_number(self, "odd mails"), at=mail.at, subject=mail.subject,
            reason=mail.reason, sealed_sender=self.seal(mail.sender),
        )  # fmt: skip
        self.session.flush()

    def since(self, team: str, moment: datetime, limit: int) -> tuple[list[OddMail], int]:
        """A team's newest ones since a moment, newest first, and how many there are in all."""
        theirs = (OddMailRow.org == self.org, OddMailRow.team == team, OddMailRow.at >= moment)
        query = select(OddMailRow).where(*theirs).order_by(OddMailRow.number.desc()).limit(limit)
        count = self.session.scalar(select(func.count()).select_from(OddMailRow).where(*theirs))
        found = [
            OddMail(row.team, row.at, row.subject, row.reason, self.open(row.sealed_sender))
            for row in self.session.scalars(query)
        ]
        return found, count or 0

    def forget_before(self, moment: datetime) -> None:
        """Drops those that nobody will ask about again."""
        self.session.execute(delete(OddMailRow).where(OddMailRow.org == self.org, OddMailRow.at < moment))
