"""The posts that wait at one lane, and the hold on it, within one transaction."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Executable, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cards.card import Card, Detail
from cards.mail import Mail, mail_of
from cards.wire import loads
from storage import lane_statements
from storage.post import BOARD, Kind, Lane, Sending
from storage.rows import Rows
from storage.secrets import Keyring
from storage.tables import UNSENT, OutgoingRow, ShownRow


@dataclass(frozen=True)
class Outgoing:
    """A post that is being sent.

    `called` are the accounts to mention, `everyone` rings the whole room. `thread` is the message it
    answers ("" for none); `edits` is the message that it changes ("" for a fresh one). `attempts`
    counts this one. `maybe_sent` says that an earlier attempt may have gone out. `mail` is what goes out
    where it is a mail.
    """

    id: str
    lane: Lane
    kind: Kind
    subject: str
    card: Card = field(repr=False)
    called: tuple[str, ...]
    everyone: bool
    thread: str
    edits: str
    attempts: int
    maybe_sent: bool
    detail: Detail
    mail: Mail | None = field(default=None, repr=False)

    @property
    def pinned(self) -> bool:
        """Whether it should be pinned in the room where it comes to stand."""
        return self.subject.startswith(BOARD) and not self.lane.direct


class Line(Rows):
    """One lane. Whoever changes it holds it first, which locks its row until the transaction ends."""

    def __init__(self, session: Session, org: str, keyring: Keyring, lane: Lane, worker: str) -> None:
        super().__init__(session, org, keyring)
        self.lane = lane
        self.worker = worker

    def hold(self, now: datetime, lease: timedelta) -> bool:
        """Takes or renews this worker's hold; False if the lane is held by another, or until a moment."""
        held = self._do(lane_statements.HOLD, worker=self.worker, now=now, until=now + lease)
        return held.first() is not None

    def let_go(self, until: datetime | None = None) -> None:
        """Ends the hold; with `until` nobody can hold the lane before that."""
        # The row is locked, so no post can come in between this look and the writing.
        self._let_go(until, self._earliest())

    def next(self, now: datetime) -> Outgoing | None:
        """Marks the post that is next as being sent; if none is due, lets the lane go."""
        while (row := self._do(lane_statements.NEXT, now=now).first()) is None:
            # PostgreSQL comes back empty-handed if the row that it waited for was just voided: look again.
            earliest = self._earliest()
            if earliest is None or earliest > now:
                self._let_go(None, earliest)
                return None
        self._do(lane_statements.BEING_SENT, post=row.id)
        return self._outgoing(row)

    def went_out(self, post: Outgoing, message: str, now: datetime) -> None:
        """Notes that the platform took a post, whatever was decided about it meanwhile."""
        self._do(lane_statements.WENT_OUT, post=post.id, called=message, now=now)
        if self.lane.direct and post.called and not post.edits:
            self._interrupted(now)
        if post.kind is Kind.SHOW:
            self._stands(post, message)

    def _interrupted(self, now: datetime) -> None:
        """Counts that a fresh message called somebody in private, who had not asked for it."""
        count = lane_statements.interrupted(self.session.get_bind().dialect.name)
        self._do(count, account=self.lane.account, day=now.astimezone(UTC).date().isoformat())

    def put_back(self, post: Outgoing, state: Sending) -> None:
        """Ends an attempt that did not succeed. An ASK that was taken back meanwhile stays so."""
        self._do(lane_statements.PUT_BACK, post=post.id, becomes=state)

    def _do(self, statement: Executable, **values: Any) -> CursorResult[Any]:
        """Runs a statement about this lane, or one about a post of it."""
        where = {} if "post" in values else {"on": self.lane.platform, "at": self.lane.target}
        return self.session.connection().execute(statement, {"in_org": self.org, **where, **values})

    def _earliest(self) -> datetime | None:
        earliest: datetime | None = self._do(lane_statements.EARLIEST).scalar()
        return earliest

    def _let_go(self, until: datetime | None, earliest: datetime | None) -> None:
        self._do(lane_statements.LET_GO, worker=self.worker, until=until, earliest=earliest)

    def _stands(self, post: Outgoing, message: str) -> None:
        """Notes where a living card stands."""
        insert = sqlite.insert if self.session.get_bind().dialect.name == "sqlite" else postgresql.insert
        key = {
            "org": self.org, "subject": post.subject,
            "platform": self.lane.platform, "target": self.lane.target,
        }  # fmt: skip
        columns = {"message": message, "detail": int(post.detail)}
        fresh = insert(ShownRow).values(**key, **columns)
        self.session.execute(fresh.on_conflict_do_update(index_elements=list(key), set_=columns))

    def is_outdated(self, post: Outgoing) -> bool:
        """Whether this is a living card, and a newer state of it waits behind."""
        newer = select(OutgoingRow.id).where(
            OutgoingRow.org == self.org, OutgoingRow.platform == self.lane.platform,
            OutgoingRow.target == self.lane.target, UNSENT, OutgoingRow.kind == Kind.SHOW,
            OutgoingRow.subject == post.subject, OutgoingRow.id != post.id,
        )  # fmt: skip
        return post.kind is Kind.SHOW and self.session.scalar(newer.limit(1)) is not None

    def _outgoing(self, row: Any) -> Outgoing:
        shown = None
        if row.kind == Kind.SHOW:
            shown = self.row_of(ShownRow, row.subject, self.lane.platform, self.lane.target)
        payload = json.loads(self.open(row.sealed_payload))
        return Outgoing(
            row.id, self.lane, Kind(row.kind), row.subject, loads(payload["card"]),
            tuple(payload["called"]), payload["everyone"], row.thread, shown.message if shown else "",
            row.attempts + 1, row.state == Sending.SENDING, Detail(payload["detail"]),
            mail_of(payload["mail"]) if "mail" in payload else None,
        )  # fmt: skip
