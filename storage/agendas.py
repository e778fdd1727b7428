"""Agendas: what the lead wants of them, what was shown of them, and what a team has settled for them."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select, update

from agendas.agenda import Agenda
from agendas.habits import Habits
from agendas.wire import dumps, loads
from agendas.wish import Ask, Wish
from pathway.conference import Conference
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.tables import AgendaRow, HabitsRow, WishRow

THIS_ONE = timedelta(minutes=1)
"""A deferral of one conference alone ends so long after its start, wherever that is moved."""


@dataclass(frozen=True)
class Shown:
    """What people know of a conference's agenda.

    `posted` is the agenda as it was posted, `told` as changed by what they were told since; None before that.
    `asked` are the keys of what was asked for. While it is `open` its changes are told.
    """

    conference: int
    team: str
    open: bool = False
    posted: Agenda | None = None
    told: Agenda | None = None
    asked: frozenset[str] = frozenset()


class Agendas(Rows):
    """The agendas of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def add_wish(self, wish: Wish, conference: Conference, *, lasting: bool = False) -> Wish:
        """Notes a wish for a conference, and its place among others in the journal.

        A deferral that is not `lasting` holds for this conference alone, whenever it is. What is wished for
        somebody ends what was deferred of them for later conferences, but for how long they take.
        """
        if wish.ask is not Ask.RETIME:
            self._end_deferrals(conference.team, wish.patient)
        number = next_number(self, "wishes")
        lasts = lasting and wish.ask is Ask.DEFER
        self.put_row(
            WishRow, number, conference=conference.number, team=conference.team, patient=wish.patient,
            ask=wish.ask.value, at=wish.at, member=wish.by, place=wish.place, minutes=wish.minutes,
            until=wish.until if lasts else None, deferring=lasts, sealed_text=self.seal(wish.text),
        )  # fmt: skip
        self.session.flush()
        self.journal.write(
            f"agenda {wish.ask}", conference.ref, wish.at, by=wish.by, patient=wish.patient,
            became=str(wish.place or wish.minutes or ""), note=wish.text,
        )  # fmt: skip
        return self._wish(self.session.get_one(WishRow, (self.org, number)), conference.starts)

    def wishes(self, conference: Conference) -> tuple[Wish, ...]:
        """What is wished for a conference, in the order in which it was: also what was deferred beyond it."""
        its = select(WishRow).where(WishRow.org == self.org, WishRow.conference == conference.number)
        beyond = select(WishRow).where(
            WishRow.org == self.org, WishRow.team == conference.team, WishRow.deferring,
            WishRow.until > conference.starts,
        )  # fmt: skip
        # Each by itself, as for flags: with an OR, SQLite would look at every wish there ever was.
        rows = {row.number: row for query in (its, beyond) for row in self.session.scalars(query)}
        return tuple(self._wish(rows[number], conference.starts) for number in sorted(rows))

    def shown(self, number: int) -> Shown | None:
        """What people know of a conference's agenda; None if that is nothing."""
        row = self.row_of(AgendaRow, number)
        return self._shown(row) if row else None

    def versions(self, numbers: Collection[int]) -> dict[int, int]:
        """Of these conferences, those of whose agenda people know something: a number for each that rises
        whenever what they know is another.
        """
        query = select(AgendaRow.conference, AgendaRow.version).where(AgendaRow.org == self.org)
        rows = self.session.execute(query.where(AgendaRow.conference.in_(numbers)))
        return {row.conference: row.version for row in rows}

    def told(self, numbers: Collection[int]) -> dict[int, Agenda]:
        """The agendas of these conferences as people were told them last; those posted already alone."""
        query = select(AgendaRow.conference, AgendaRow.sealed_told).where(AgendaRow.org == self.org)
        found = self.session.execute(query.where(AgendaRow.conference.in_(numbers)))
        return {conference: loads(self.open(sealed)) for conference, sealed in found if sealed}

    def open_of_team(self, team: str) -> list[Shown]:
        """Those of a team whose changes are told."""
        query = select(AgendaRow).where(AgendaRow.org == self.org, AgendaRow.team == team, AgendaRow.open)
        return [self._shown(row) for row in self.session.scalars(query.order_by(AgendaRow.conference))]

    def put_shown(self, shown: Shown) -> None:
        """Writes what people know. At flush raises StaleDataError if somebody else changed it meanwhile."""
        self.put_row(
            AgendaRow, shown.conference, team=shown.team, open=shown.open,
            sealed_posted=self.seal(dumps(shown.posted)) if shown.posted else "",
            sealed_told=self.seal(dumps(shown.told)) if shown.told else "",
            sealed_asked=self.seal(json.dumps(sorted(shown.asked))) if shown.asked else "",
        )  # fmt: skip

    def habits(self, team: str, series: int = 0) -> Habits:
        """What holds for the agendas of a series (0 for those of none): its own habits before the team's."""
        circles = [self.own_habits(team, each) for each in dict.fromkeys((series, 0))]
        return circles[0].over(circles[-1])

    def own_habits(self, team: str, series: int) -> Habits:
        """What was settled for this series alone, or with 0 for the team."""
        row = self.row_of(HabitsRow, team, series)
        if row is None:
            return Habits()
        at = time.fromisoformat(row.at) if row.at else None
        return Habits(row.days, at, tuple(row.quorum) if row.own_quorum else None)

    def put_habits(self, team: str, series: int, habits: Habits, now: datetime, by: str) -> None:
        """Writes what was settled for a series, or with 0 for the team."""
        quorum: Iterable[str] = () if habits.quorum is None else habits.quorum
        self.put_row(
            HabitsRow, team, series, days=habits.days, at=f"{habits.at:%H:%M}" if habits.at else "",
            quorum=list(quorum), own_quorum=habits.quorum is not None,
        )  # fmt: skip
        subject = f"S-{series}" if series else f"team:{team}"
        self.journal.write("agenda habits", subject, now, by=by)
        self.session.flush()

    def _end_deferrals(self, team: str, patient: str) -> None:
        theirs = (
            WishRow.org == self.org,
            WishRow.team == team,
            WishRow.deferring,
            WishRow.patient == patient,
        )
        self.session.execute(update(WishRow).where(*theirs).values(deferring=False))

    def _wish(self, row: WishRow, starts: datetime) -> Wish:
        ask = Ask(row.ask)
        until = row.until or (starts + THIS_ONE if ask is Ask.DEFER else None)
        return Wish(
            at=row.at, ask=ask, patient=row.patient, by=row.member, place=row.place, minutes=row.minutes,
            until=until, text=self.open(row.sealed_text), number=row.number,
        )  # fmt: skip

    def _shown(self, row: AgendaRow) -> Shown:
        posted, told, asked = map(self.open, (row.sealed_posted, row.sealed_told, row.sealed_asked))
        return Shown(
            row.conference, row.team, row.open, loads(posted) if posted else None,
            loads(told) if told else None, frozenset(json.loads(asked) if asked else ()),
        )  # fmt: skip
