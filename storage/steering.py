"""The steering group of an organisation: who may change its pathway definition, whatever their role."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from storage.definitions import Standing
from storage.journal import Journal
from storage.rows import Rows
from storage.tables import ApprovalRow, DefinitionRow, SteeringRow


@dataclass(frozen=True)
class Seat:
    """A member's place in the group; `by` is who gave it to them, "" where no member did."""

    member: str
    since: datetime
    by: str


class Steering(Rows):
    """The steering group of one organisation; each change of it is a row in the journal."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def seats(self, *, locked: bool = False) -> list[Seat]:
        """Who is in it, the longest first. `locked`: as it is until the transaction ends."""
        query = select(SteeringRow.member, SteeringRow.since, SteeringRow.by)
        query = query.where(SteeringRow.org == self.org).order_by(SteeringRow.since, SteeringRow.member)
        return [Seat(*row) for row in self.session.execute(query.with_for_update() if locked else query)]

    def members(self, *, locked: bool = False) -> list[str]:
        """Ids of those who are in it, the longest first."""
        return [each.member for each in self.seats(locked=locked)]

    def add(self, member: str, by: str, now: datetime) -> None:
        """Gives a member a place. What they were for while they had none does not count from now on."""
        waiting = select(DefinitionRow.number).where(
            DefinitionRow.org == self.org, DefinitionRow.state == Standing.PROPOSED.value
        )
        self.session.execute(
            delete(ApprovalRow).where(
                ApprovalRow.org == self.org, ApprovalRow.member == member, ApprovalRow.number.in_(waiting)
            )
        )
        self.put_row(SteeringRow, member, since=now, by=by)
        self.journal.write("steering add", f"member:{member}", now, by=by)

    def remove(self, member: str, by: str, now: datetime) -> None:
        """Ends a member's place, and with it what they are for."""
        row = self.row_of(SteeringRow, member)
        if row is not None:
            self.remove_row(row)
            self.journal.write("steering remove", f"member:{member}", now, by=by)

    def rename(self, other: str, member: str) -> None:
        """Makes the place of `other` that of `member`, who is the same person and may have one."""
        self.hand_over(SteeringRow, other, member)
