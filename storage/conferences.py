"""Conferences, kept by number, changed by compare-and-set, each change a row in the journal."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select

from pathway.conference import Conference, Deadline, State
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.tables import ConferenceDeadlineRow, ConferenceRow

_SEALED = ("title", "where")
"""People type these, and so they are sealed: what was meant for no one may stand in them."""
_PLAIN = tuple(each.name for each in dataclasses.fields(Conference) if each.name not in _SEALED)

LATE_BEGIN = timedelta(hours=12)
"""So long after its start a conference that has not begun is still the one that is meant."""


@dataclasses.dataclass(frozen=True)
class Planned:
    """When a conference is, and nothing else of it: no word that anybody typed."""

    number: int
    series: int
    starts: datetime
    minutes: int

    @property
    def ref(self) -> str:
        """How people name it: `C-12`."""
        return f"C-{self.number}"


class Conferences(Rows):
    """The conferences of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def next_number(self) -> int:
        """The number of the next conference, never given twice."""
        return next_number(self, "conferences")

    def find(self, ref: str) -> Conference | None:
        """The conference that people call by this reference (`C-12`)."""
        number = ref.upper().removeprefix("C-")
        return self.of_number(int(number)) if number.isdecimal() and len(number) < 16 else None

    def of_number(self, number: int) -> Conference | None:
        """The conference of this number."""
        row = self.row_of(ConferenceRow, number)
        return self._conference(row) if row else None

    def put(
        self, conference: Conference, action: str, now: datetime, *, by: str = "", note: str = ""
    ) -> None:
        """Writes a conference and the change in the journal.

        At flush raises StaleDataError if somebody else changed it since it was read.
        """
        row = self.row_of(ConferenceRow, conference.number)
        was = row.state if row else ""
        columns = {name: getattr(conference, name) for name in _PLAIN if name != "number"}
        columns |= {f"sealed_{name}": self.seal(getattr(conference, name)) for name in _SEALED}
        columns |= {"state": conference.state.value, "whom": list(conference.whom)}
        self.put_over(row, ConferenceRow, conference.number, **columns)
        self.journal.write(
            f"conference {action}", conference.ref, now, by=by, was=was, became=conference.state.value,
            note=note,
        )  # fmt: skip

    def upcoming(self, team: str, now: datetime, limit: int = 20) -> list[Conference]:
        """A team's planned conferences that start after a moment, the next first."""
        query = self._of_team(team, State.PLANNED).where(ConferenceRow.starts > now)
        return self._all(query.order_by(ConferenceRow.starts).limit(limit))

    def next_of(self, team: str, now: datetime) -> Conference | None:
        """The conference that a team's agenda is for: the running one, else the next that has not begun."""
        running = self.running(team)
        if running is not None:
            return running
        # One that should have begun today and has not is still the next; one of last week is not.
        query = self._of_team(team, State.PLANNED).where(ConferenceRow.starts > now - LATE_BEGIN)
        return next(iter(self._all(query.order_by(ConferenceRow.starts).limit(1))), None)

    def running(self, team: str) -> Conference | None:
        """The team's conference that is running."""
        return next(iter(self._all(self._of_team(team, State.RUNNING))), None)

    def of_series(self, series: int, since: datetime) -> list[Conference]:
        """Those of a series that it has at or after a moment, in order, cancelled ones too."""
        query = select(ConferenceRow).where(
            ConferenceRow.org == self.org, ConferenceRow.series == series, ConferenceRow.recurs_at >= since
        )
        return self._all(query.order_by(ConferenceRow.recurs_at))

    def any_of_series(self, series: int, before: datetime) -> bool:
        """Whether a series had any, cancelled ones too, before a moment."""
        query = select(ConferenceRow.number).where(
            ConferenceRow.org == self.org, ConferenceRow.series == series, ConferenceRow.recurs_at < before
        )
        return self.session.scalars(query.limit(1)).first() is not None

    def between(self, team: str, since: datetime, until: datetime) -> list[Conference]:
        """A team's planned and running conferences that start in a stretch of time, in order."""
        states = [self._of_team(team, each) for each in (State.PLANNED, State.RUNNING)]
        within = (ConferenceRow.starts >= since, ConferenceRow.starts < until)
        found = [each for query in states for each in self._all(query.where(*within))]
        return sorted(found, key=lambda each: each.starts)

    def past(self, team: str, limit: int = 20) -> list[Conference]:
        """A team's conferences whose minutes are drafted or signed, the newest first."""
        query = select(ConferenceRow).where(
            ConferenceRow.org == self.org, ConferenceRow.team == team,
            ConferenceRow.state.in_([State.ENDED.value, State.SIGNED.value]),
        )  # fmt: skip
        return self._all(query.order_by(ConferenceRow.starts.desc()).limit(limit))

    def planned(self, teams: Collection[str], since: datetime, limit: int) -> list[Planned]:
        """Those of these teams that start after a moment and were not cancelled, over or not, in order."""
        held = [each.value for each in State if each is not State.CANCELLED]
        columns = (ConferenceRow.number, ConferenceRow.series, ConferenceRow.starts, ConferenceRow.minutes)
        query = select(*columns).where(
            ConferenceRow.org == self.org, ConferenceRow.team.in_(teams), ConferenceRow.state.in_(held),
            ConferenceRow.starts > since,
        )  # fmt: skip
        ordered = query.order_by(ConferenceRow.starts, ConferenceRow.number).limit(limit)
        return [Planned(*row) for row in self.session.execute(ordered)]

    def set_deadlines(self, number: int, deadlines: Mapping[Deadline, datetime | None]) -> None:
        """Sets when each of these falls due for a conference; None for not at all."""
        for kind, at in deadlines.items():
            if at is None:
                self.session.execute(
                    delete(ConferenceDeadlineRow).where(
                        ConferenceDeadlineRow.org == self.org,
                        ConferenceDeadlineRow.kind == kind.value,
                        ConferenceDeadlineRow.conference == number,
                    )
                )
            else:
                self.put_row(ConferenceDeadlineRow, kind.value, number, due_at=at)
        self.session.flush()

    def deadline(self, number: int, kind: Deadline) -> datetime | None:
        """When this falls due for a conference."""
        row = self.row_of(ConferenceDeadlineRow, kind.value, number)
        return row.due_at if row else None

    def due(
        self, kind: Deadline, now: datetime, without: Iterable[int] = ()
    ) -> tuple[Conference, datetime] | None:
        """The conference for which this has been due longest, and since when; locked against other looks."""
        row = self.longest_due(
            ConferenceDeadlineRow, ConferenceDeadlineRow.due_at, now,
            ConferenceDeadlineRow.kind == kind.value,
            ConferenceDeadlineRow.conference.not_in(list(without)),
        )  # fmt: skip
        found = self.of_number(row.conference) if row else None
        return (found, row.due_at) if row and found else None

    def _of_team(self, team: str, state: State) -> Select[ConferenceRow]:
        return select(ConferenceRow).where(
            ConferenceRow.org == self.org, ConferenceRow.team == team, ConferenceRow.state == state.value
        )

    def _all(self, query: Select[ConferenceRow]) -> list[Conference]:
        return [self._conference(row) for row in self.session.scalars(query)]

    def _conference(self, row: ConferenceRow) -> Conference:
        columns: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
        columns |= {name: self.open(getattr(row, f"sealed_{name}")) for name in _SEALED}
        return Conference(**columns | {"state": State(row.state), "whom": tuple(row.whom)})
