"""What calendars call a conference or a series, and what each invited person's was told of it last."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from agendas.event import Told, read_told, told_text
from pathway.invitee import member_key
from storage.rows import Rows
from storage.tables import InviteRow, ToldRow


@dataclass(frozen=True)
class Invite:
    """One thing that people are invited to, by its reference (`C-12`, `S-3`).

    `uid` is iCalendar's UID: random, and the same for ever. `sequence` is the highest SEQUENCE that anybody
    was told. `due_at` is when what has changed is told.
    """

    ref: str
    uid: str
    sequence: int = 0
    due_at: datetime | None = None


@dataclass(frozen=True)
class ToldTo:
    """What somebody (the key of an invitee) was told last, at which address (its id)."""

    invitee: str
    address: str
    told: Told


class Invites(Rows):
    """The invites of one organisation."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)

    def of(self, ref: str) -> Invite:
        """The invite of this reference, made if there is none yet."""
        row = self.row_of(InviteRow, ref)
        if row is None:
            row = self.put_row(InviteRow, ref, uid=str(uuid.uuid4()), sequence=0, due_at=None)
        return _invite(row)

    def by_uid(self, uid: str) -> Invite | None:
        """What a calendar calls by this UID."""
        query = select(InviteRow).where(InviteRow.org == self.org, InviteRow.uid == uid)
        row = self.session.scalars(query).first()
        return _invite(row) if row else None

    def change_by(self, ref: str, at: datetime) -> None:
        """Lets what has changed be told at a moment, or earlier if it waits for an earlier one already."""
        invite = self.of(ref)
        if invite.due_at is None or at < invite.due_at:
            self.put_row(InviteRow, ref, due_at=at)

    def due(self, now: datetime, without: Iterable[str] = ()) -> Invite | None:
        """The invite that has been due longest, locked against other processes that look."""
        row = self.longest_due(InviteRow, InviteRow.due_at, now, InviteRow.ref.not_in(list(without)))
        return _invite(row) if row else None

    def put(self, invite: Invite) -> None:
        """Writes what people were told by now.

        At flush raises StaleDataError if somebody else changed it since it was read.
        """
        self.put_row(InviteRow, invite.ref, sequence=invite.sequence, due_at=invite.due_at)

    def told(self, ref: str) -> dict[str, ToldTo]:
        """What everybody was told of it last, by the keys of invitees."""
        query = select(ToldRow).where(ToldRow.org == self.org, ToldRow.ref == ref)
        return {row.invitee: self._told(row) for row in self.session.scalars(query.order_by(ToldRow.invitee))}

    def told_to(self, ref: str, invitee: str) -> Told | None:
        """What one of them was told of it last."""
        row = self.row_of(ToldRow, ref, invitee)
        return self._told(row).told if row else None

    def told_at(self, address: str) -> list[tuple[str, str]]:
        """Who was told something at an address (its id), as (reference, invitee)."""
        query = select(ToldRow.ref, ToldRow.invitee).where(
            ToldRow.org == self.org, ToldRow.address == address
        )
        return [(ref, invitee) for ref, invitee in self.session.execute(query.order_by(ToldRow.ref))]

    def put_told(self, ref: str, to: ToldTo, now: datetime) -> None:
        """Writes what somebody is told."""
        self.put_row(
            ToldRow, ref, to.invitee, address=to.address, sealed_told=self.seal(told_text(to.told)),
            told_at=now,
        )  # fmt: skip

    def rename(self, other: str, member: str) -> None:
        """Makes what `other` was told what `member`, who is the same person, was told.

        Where both were told at two addresses, the calendar at that of `other` will be told that it is over.
        """
        old, new = member_key(other), member_key(member)
        query = select(ToldRow).where(ToldRow.org == self.org, ToldRow.invitee == old)
        for row in self.session.scalars(query).all():
            own = self.row_of(ToldRow, row.ref, new)
            if own is None:
                said = {"address": row.address, "sealed_told": row.sealed_told, "told_at": row.told_at}
                self.put_row(ToldRow, row.ref, new, **said)
            if own is None or own.address == row.address:
                self.remove_row(row)

    def forget_told(self, ref: str, invitee: str) -> None:
        """Has somebody told all of it again, as if they had been told that it is not in their calendar."""
        row = self.row_of(ToldRow, ref, invitee)
        if row is not None:
            gone = replace(self._told(row).told, gone=True)
            row.sealed_told = self.seal(told_text(gone))

    def _told(self, row: ToldRow) -> ToldTo:
        return ToldTo(row.invitee, row.address, read_told(self.open(row.sealed_told)))


def _invite(row: InviteRow) -> Invite:
    return Invite(row.ref, row.uid, row.sequence, row.due_at)
