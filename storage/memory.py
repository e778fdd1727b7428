"""What is remembered between messages: requests answered, forms half filled, how far a reader came."""

import json
from dataclasses import dataclass
from dataclasses import field as made
from datetime import datetime

from sqlalchemy import delete, select

from storage.outbox import Lane, Sending
from storage.rows import Rows
from storage.tables import CursorRow, DraftRow, OutgoingRow, RequestRow


@dataclass(frozen=True)
class Draft:
    """A form being filled in a thread: `field` is the question that was asked last."""

    member: str
    lane: Lane
    thread: str
    command: str
    field: str
    values: dict[str, str] = made(default_factory=dict)


class Memory(Rows):
    """Requests, drafts and cursors of one organisation."""

    def answered(self, event_id: str) -> str | None:
        """The answer that this event had before, as it was stored; None for a new event."""
        row = self.row_of(RequestRow, event_id)
        return self.open(row.sealed_reply) if row else None

    def remember(self, event_id: str, reply: str, now: datetime) -> None:
        """Notes that an event has had its effect. A second process with the same event fails at flush."""
        self.session.add(RequestRow(org=self.org, event_id=event_id, at=now, sealed_reply=self.seal(reply)))

    def forget_before(self, moment: datetime) -> int:
        """Drops requests, and posts long sent, that nobody will ask about again; how many requests."""
        self.session.execute(
            delete(OutgoingRow).where(
                OutgoingRow.org == self.org,
                OutgoingRow.made_at < moment,
                OutgoingRow.state.in_([Sending.SENT, Sending.VOID]),
            )
        )
        gone = self.session.execute(
            delete(RequestRow)
            .where(RequestRow.org == self.org, RequestRow.at < moment)
            .returning(RequestRow.event_id)
        )
        return len(gone.all())

    def draft(self, lane: Lane, member: str) -> Draft | None:
        """The form that a member is filling in at this place."""
        row = self.row_of(DraftRow, lane.platform, lane.target, member)
        if row is None:
            return None
        return Draft(
            member, lane, row.thread, row.command, row.field, json.loads(self.open(row.sealed_values))
        )

    def keep_draft(self, draft: Draft, now: datetime) -> None:
        """Writes how far a form has come; one form at a time for a member at a place."""
        self.put_row(DraftRow, draft.lane.platform, draft.lane.target, draft.member, thread=draft.thread,
            command=draft.command, field=draft.field, sealed_values=self.seal(json.dumps(draft.values)),
            at=now,
        )  # fmt: skip

    def drop_draft(self, draft: Draft) -> None:
        """The form is done, or given up."""
        row = self.row_of(DraftRow, draft.lane.platform, draft.lane.target, draft.member)
        if row is not None:
            self.remove_row(row)

    def cursor(self, name: str) -> str:
        """How far a reader has come; "" at the start."""
        row = self.row_of(CursorRow, name)
        return row.value if row else ""

    def move_cursor(self, name: str, value: str) -> None:
        """Notes how far a reader has come."""
        self.put_row(CursorRow, name, value=value)

    def post_at(self, platform: str, message: str) -> str:
        """What the post that stands at this message says now (its payload), or ""."""
        query = (
            select(OutgoingRow.sealed_payload)
            .where(
                OutgoingRow.org == self.org,
                OutgoingRow.platform == platform,
                OutgoingRow.message == message,
            )
            .order_by(OutgoingRow.seq.desc())
            .limit(1)
        )
        sealed = self.session.scalar(query)
        return self.open(sealed) if sealed else ""
