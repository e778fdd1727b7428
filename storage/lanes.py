"""The way out of the outbox: lanes are taken one by one, and their posts in order.

Who takes a lane holds it for a lease, renewed with every post; a lane whose holder died is free when
that runs out. A hold in nobody's name means that nothing goes out there before its end: that is how
pacing and waiting after a failure keep the order. Every method is one short transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select

from storage.clinic import Store
from storage.database import work
from storage.line import Line, Outgoing
from storage.post import Lane, Sending
from storage.tables import UNSENT, LaneRow, OutgoingRow, ShownRow

__all__ = ["LEASE", "Lanes", "Outgoing"]

LEASE = timedelta(seconds=30)


class Lanes:
    """The lanes of one store, for one worker: a running process, named so that no other has its name."""

    def __init__(self, store: Store, worker: str, lease: timedelta = LEASE) -> None:
        self.store = store
        self.worker = worker
        self.lease = lease

    def due(self, platforms: Iterable[str], now: datetime, limit: int = 100) -> list[Lane]:
        """Lanes where something waits to be sent and that nobody holds, the longest waiting first."""
        query = (
            select(LaneRow.platform, LaneRow.target)
            .where(
                LaneRow.org == self.store.org,
                LaneRow.platform.in_(list(platforms)),
                LaneRow.next_at <= now,
                or_(LaneRow.claimed_until.is_(None), LaneRow.claimed_until <= now),
            )
            .order_by(LaneRow.next_at)
            .limit(limit)
        )
        with work(self.store.engine) as session:
            return [Lane(*row) for row in session.execute(query)]

    def waiting(self, now: datetime) -> tuple[int, timedelta]:
        """How many posts are due and not sent, and how long the oldest of them has been due."""
        query = select(func.count(), func.min(OutgoingRow.send_after)).where(
            OutgoingRow.org == self.store.org, UNSENT, OutgoingRow.send_after <= now
        )
        with work(self.store.engine) as session:
            count, oldest = session.execute(query).one()
        return count, now - oldest if oldest else timedelta(0)

    def take(self, lane: Lane, now: datetime) -> Outgoing | None:
        """Holds a lane and gives the post that is next there; None, and no hold, if there is none.

        None too while another worker holds the lane, or nothing may go out there yet.
        """
        with self._line(lane) as line:
            return line.next(now) if line.hold(now, self.lease) else None

    def sent(
        self, post: Outgoing, message: str, now: datetime, pause: timedelta | None = None
    ) -> Outgoing | None:
        """Notes what the platform calls a post that it took, and gives the next as `take` does.

        With a pause the lane is let go instead, and nothing goes out there before the pause is over.
        """
        with self._line(post.lane) as line:
            held = line.hold(now, self.lease)
            line.went_out(post, message, now)
            return _go_on(line, now, pause) if held else None

    def failed(self, post: Outgoing, now: datetime, pause: timedelta | None = None) -> Outgoing | None:
        """Gives up on a post, for good, and goes on as `sent` does."""
        with self._line(post.lane) as line:
            held = line.hold(now, self.lease)
            line.put_back(post, Sending.FAILED)
            return _go_on(line, now, pause) if held else None

    def retry(self, post: Outgoing, at: datetime, now: datetime, *, unclear: bool) -> None:
        """Lets the lane go until `at`, when this post is next again.

        `unclear` says that it may have gone out. A card that certainly did not, and behind which a newer
        state of its subject waits, is dropped: the newer one tells everything.
        """
        with self._line(post.lane) as line:
            if not line.hold(now, self.lease):
                return  # another worker has taken over, and looks whether it went out
            if not unclear:
                line.put_back(post, Sending.VOID if line.is_outdated(post) else Sending.WAITING)
            line.let_go(until=at)

    def vanished(self, post: Outgoing) -> None:
        """Forgets where a living card stood, because that message is gone: the next is a fresh one."""
        with work(self.store.engine) as session:
            session.execute(
                delete(ShownRow).where(
                    ShownRow.org == self.store.org,
                    ShownRow.subject == post.subject,
                    ShownRow.platform == post.lane.platform,
                    ShownRow.target == post.lane.target,
                    ShownRow.message == post.edits,
                )
            )
            session.commit()

    @contextmanager
    def _line(self, lane: Lane) -> Iterator[Line]:
        """A lane in one transaction, which commits at the end."""
        with work(self.store.engine) as session:
            yield Line(session, self.store.org, self.store.keyring, lane, self.worker)
            session.commit()


def _go_on(line: Line, now: datetime, pause: timedelta | None) -> Outgoing | None:
    if pause is None:
        return line.next(now)
    line.let_go(until=now + pause)
    return None
