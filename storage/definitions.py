"""Pathway definitions: every version kept, and which one is in force. It takes two people to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from pathway.definition import Definition, load
from pathway.definition_text import fingerprint, numbered
from storage.journal import Journal
from storage.rows import Rows
from storage.statements import ORG
from storage.tables import ApprovalRow, DefinitionRow, SteeringRow

NEEDED = 2
"""How many different people of the steering group must be for a change; who proposes it is for it."""


class Standing(StrEnum):
    """Where a version stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in force"
    REPLACED = "replaced"
    REJECTED = "rejected"


IN_FORCE = select(DefinitionRow.number).where(
    DefinitionRow.org == ORG, DefinitionRow.state == Standing.IN_FORCE.value
)
"""By org: the number of the version in force."""


@dataclass(frozen=True)
class Version:
    """One version. `proposer` is a member id, "" for the configured file.

    `approvers` are those for it who are in the steering group now, in order of time.
    """

    number: int
    text: str
    standing: Standing
    proposer: str
    proposed_at: datetime
    approvers: tuple[str, ...] = ()

    @property
    def definition(self) -> Definition:
        """What it says. Raises BadDefinition for a text that this release of Baton can't read any more."""
        return read_version(self.text, self.number)


@lru_cache(maxsize=8)
def read_version(text: str, number: int) -> Definition:
    """The definition that was kept under this number."""
    return load(text, f"pathway version {number}")


def number_in_force(session: Session, org: str) -> int:
    """The number of the version in force; 0 where there is none yet."""
    return session.scalar(IN_FORCE, {"org": org}) or 0


def text_of(session: Session, org: str, number: int) -> str:
    """The text of a version."""
    return session.get_one(DefinitionRow, (org, number)).text


class Definitions(Rows):
    """The definitions of one organisation. `changed` says that another is in force after this transaction."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal
        self.changed = False

    def in_force(self) -> Version | None:
        """The version in force; None before the first start."""
        number = number_in_force(self.session, self.org)
        return self.find(number) if number else None

    def find(self, number: int) -> Version | None:
        """A version by its number."""
        row = self.row_of(DefinitionRow, number)
        return self._version(row) if row else None

    def proposed(self) -> list[Version]:
        """What waits for approval, the oldest first."""
        query = self._rows().where(DefinitionRow.state == Standing.PROPOSED.value)
        return [self._version(row) for row in self.session.scalars(query.order_by(DefinitionRow.number))]

    def same(self, text: str) -> Version | None:
        """The newest version that says the same as this text."""
        query = self._rows().where(DefinitionRow.digest == fingerprint(text))
        row = self.session.scalars(query.order_by(DefinitionRow.number.desc()).limit(1)).first()
        return self._version(row) if row else None

    def next_number(self) -> int:
        """The number that the next version gets."""
        query = select(func.max(DefinitionRow.number)).where(DefinitionRow.org == self.org)
        return (self.session.scalar(query) or 0) + 1

    def begin(self, text: str, now: datetime) -> Version:
        """Puts the first definition in force, by itself."""
        number = load(text, "the pathway definition").version
        self._keep(number, text, Standing.IN_FORCE, "", now)
        self.journal.write("pathway begin", _subject(number), now, became=Standing.IN_FORCE)
        self.changed = True
        return self._found(number)

    def propose(self, text: str, by: str, now: datetime, *, note: str = "") -> Version:
        """Keeps a good definition as a proposal under the next number; who proposes it is for it."""
        number = self.next_number()
        self._keep(number, numbered(text, number), Standing.PROPOSED, by, now)
        self.journal.write(
            "pathway propose", _subject(number), now, by=by, became=Standing.PROPOSED, note=note
        )
        if by:
            self.put_row(ApprovalRow, number, by, at=now)
        return self._found(number)

    def approve(self, number: int, by: str, now: datetime) -> Version:
        """Notes that a member is for a proposal, and puts it in force when enough are.

        Approvals of other proposals end with that: they were given to a change of what is no longer there.
        Raises StaleDataError if another version came into force meanwhile.
        """
        self._lock()
        self.put_row(ApprovalRow, number, by, at=now)
        row = self.session.get_one(DefinitionRow, (self.org, number))
        self.journal.write(
            "pathway approve", _subject(number), now, by=by, was=row.state, became=Standing.PROPOSED
        )
        if len(self._found(number).approvers) >= NEEDED:
            self._put_in_force(row, now, by)
        return self._found(number)

    def reject(self, number: int, by: str, now: datetime, *, note: str) -> None:
        """Ends a proposal."""
        self._stand(number, Standing.REJECTED, now, "pathway reject", by, note)

    def _lock(self) -> None:
        """Lets one approval at a time be under way, by what all of them are to change."""
        number = number_in_force(self.session, self.org)
        row = self.session.get(DefinitionRow, (self.org, number), with_for_update=True)
        if row is None or row.state != Standing.IN_FORCE.value:
            raise StaleDataError(f"version {number} is no longer in force")

    def _put_in_force(self, row: DefinitionRow, now: datetime, by: str) -> None:
        before = number_in_force(self.session, self.org)
        if before:
            self._stand(before, Standing.REPLACED, now, "pathway replaced", by)
        self._stand(row.number, Standing.IN_FORCE, now, "pathway in force", by)
        others = [each.number for each in self.proposed()]
        self.session.execute(
            delete(ApprovalRow).where(ApprovalRow.org == self.org, ApprovalRow.number.in_(others))
        )
        self.changed = True

    def _stand(
        self, number: int, standing: Standing, now: datetime, action: str, by: str, note: str = ""
    ) -> None:
        row = self.session.get_one(DefinitionRow, (self.org, number))
        was, row.state, row.decided_at = row.state, standing.value, now
        self.session.flush()
        self.journal.write(action, _subject(number), now, by=by, was=was, became=standing, note=note)

    def _keep(self, number: int, text: str, standing: Standing, by: str, now: datetime) -> None:
        # Never over another: of two processes that write the same number the second fails, and looks again.
        self.put_over(
            None, DefinitionRow, number, text=text, digest=fingerprint(text), state=standing.value,
            proposer=by, proposed_at=now, decided_at=None,
        )  # fmt: skip
        self.session.flush()

    def _rows(self) -> Select[DefinitionRow]:
        return select(DefinitionRow).where(DefinitionRow.org == self.org)

    def _found(self, number: int) -> Version:
        self.session.flush()
        return self._version(self.session.get_one(DefinitionRow, (self.org, number)))

    def _version(self, row: DefinitionRow) -> Version:
        still_in = (SteeringRow.org == ApprovalRow.org) & (SteeringRow.member == ApprovalRow.member)
        query = select(ApprovalRow.member).join(SteeringRow, still_in)
        query = query.where(ApprovalRow.org == self.org, ApprovalRow.number == row.number)
        approvers: Sequence[str] = self.session.scalars(
            query.order_by(ApprovalRow.at, ApprovalRow.member)
        ).all()
        return Version(
            row.number, row.text, Standing(row.state), row.proposer, row.proposed_at, tuple(approvers)
        )


def _subject(number: int) -> str:
    return f"pathway:{number}"
