"""Polls for a time, kept by number; each change of one is a row in the journal."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import delete, select

from pathway.invitee import member_key
from pathway.poll import Poll, State
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.tables import PollRow, VoteRow


class Polls(Rows):
    """The polls of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def next_number(self) -> int:
        """The number of the next poll, never given twice."""
        return next_number(self, "polls")

    def find(self, ref: str) -> Poll | None:
        """The poll that people call by this reference (`T-3`)."""
        number = ref.upper().removeprefix("T-")
        row = self.row_of(PollRow, int(number)) if number.isdecimal() and len(number) < 16 else None
        return self._poll(row) if row else None

    def open_of_team(self, team: str) -> list[Poll]:
        """A team's polls that nobody has chosen from yet, the newest first."""
        query = select(PollRow).where(
            PollRow.org == self.org, PollRow.team == team, PollRow.state == State.OPEN.value
        )
        return [self._poll(row) for row in self.session.scalars(query.order_by(PollRow.number.desc()))]

    def put(
        self, poll: Poll, action: str, now: datetime, due_at: datetime | None, *, by: str = "",
        note: str = "",
    ) -> None:  # fmt: skip
        """Writes a poll and the change in the journal; `due_at` is when the lead is told how it stands.

        At flush raises StaleDataError if somebody else changed it since it was read.
        """
        row = self.row_of(PollRow, poll.number)
        was = row.state if row else ""
        self.put_over(
            row, PollRow, poll.number, team=poll.team, sealed_title=self.seal(poll.title), zone=poll.zone,
            minutes=poll.minutes, slots=[each.isoformat() for each in poll.slots], by=poll.by,
            ask_by=poll.ask_by, conference=poll.conference, state=poll.state.value, taken=poll.taken,
            due_at=due_at,
        )  # fmt: skip
        self.journal.write(
            f"poll {action}", poll.ref, now, by=by, was=was, became=poll.state.value, note=note
        )

    def put_vote(self, poll: Poll, key: str) -> None:
        """Writes what one person has answered in it."""
        places = [str(each) for each in sorted(poll.votes[key])]
        self.put_row(VoteRow, poll.number, key, places=places)

    def rename(self, other: str, member: str) -> None:
        """Drops the answers of `other`, who is the same person as `member` and answers anew."""
        self.session.execute(delete(VoteRow).where(VoteRow.org == self.org, VoteRow.key == member_key(other)))

    def due(self, now: datetime, without: Collection[int] = ()) -> tuple[Poll, datetime] | None:
        """The poll of which the lead has waited longest to be told; locked against other looks."""
        row = self.longest_due(PollRow, PollRow.due_at, now, PollRow.number.not_in(list(without)))
        return (self._poll(row), row.due_at) if row is not None and row.due_at is not None else None

    def _poll(self, row: PollRow) -> Poll:
        query = select(VoteRow).where(VoteRow.org == self.org, VoteRow.poll == row.number)
        votes = {each.key: frozenset(map(int, each.places)) for each in self.session.scalars(query)}
        return Poll(
            row.number, row.team, self.open(row.sealed_title), row.zone, row.minutes,
            tuple(datetime.fromisoformat(each).astimezone(UTC) for each in row.slots), row.by, row.ask_by,
            row.conference, State(row.state), row.taken, votes,
        )  # fmt: skip
