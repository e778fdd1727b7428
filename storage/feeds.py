"""Addresses at which people's calendar programs fetch their own calendar: one for each member, revocable."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from storage.journal import Journal
from storage.rows import Rows
from storage.tables import FeedRow

TOKEN_BYTES = 24


@dataclass(frozen=True)
class FeedLink:
    """A member's address. `tasks`: what is to be done stands in it as tasks, else as events."""

    member: str
    token: str
    tasks: bool


class Feeds(Rows):
    """The addresses of one organisation. A token of 192 bits is looked up by its plain digest: nobody guesses
    one, and it outlives the rotation of keys.
    """

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def of(self, member: str) -> FeedLink | None:
        """A member's address."""
        row = self.row_of(FeedRow, member)
        return self._link(row) if row else None

    def make(self, member: str, tasks: bool, now: datetime) -> FeedLink:
        """A member's address: the one they have, or a new one."""
        row = self.row_of(FeedRow, member)
        token = self.open(row.sealed_token) if row else secrets.token_urlsafe(TOKEN_BYTES)
        self.put_row(FeedRow, member, digest=_digest(token), sealed_token=self.seal(token), tasks=tasks)
        if row is None:
            self.journal.write("calendar link", f"member:{member}", now, by=member)
        return FeedLink(member, token, tasks)

    def end(self, member: str, now: datetime) -> bool:
        """Ends a member's address for good; False if there was none."""
        row = self.row_of(FeedRow, member)
        if row is None:
            return False
        self.remove_row(row)
        self.journal.write("calendar link ended", f"member:{member}", now, by=member)
        return True

    def rename(self, other: str, member: str) -> None:
        """Makes the address of `other` that of `member`, who is the same person and may have one."""
        self.hand_over(FeedRow, other, member)

    def find(self, token: str) -> FeedLink | None:
        """Whose address ends with this token."""
        query = select(FeedRow).where(FeedRow.org == self.org, FeedRow.digest == _digest(token))
        row = self.session.scalars(query).first()
        return self._link(row) if row else None

    def _link(self, row: FeedRow) -> FeedLink:
        return FeedLink(row.member, self.open(row.sealed_token), row.tasks)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
