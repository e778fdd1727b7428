"""Handoffs, kept by number, changed by compare-and-set, each change a row in the journal."""

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select

from pathway.handoff import OPEN, Due, Handoff, Ipass, Rung, State, Talk
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.statements import OPEN_OF_TEAM
from storage.tables import HandoffRow

_LISTS = ("asked", "declined", "kept_out")
_PLAIN = tuple(
    each.name for each in dataclasses.fields(Handoff) if each.name not in (*_LISTS, "ipass", "talk")
)


class Handoffs(Rows):
    """The handoffs of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal
        self._drawn: set[int] = set()

    def next_number(self) -> int:
        """The number of the next handoff, never given twice."""
        drawn = next_number(self, "handoffs")
        self._drawn.add(drawn)
        return drawn

    def find(self, ref: str) -> Handoff | None:
        """The handoff that people call by this reference (`H-12`)."""
        number = ref.upper().removeprefix("H-")
        row = self.row_of(HandoffRow, int(number)) if number.isdecimal() and len(number) < 16 else None
        return self._handoff(row) if row else None

    def put(self, handoff: Handoff, action: str, now: datetime, *, by: str = "", note: str = "") -> None:
        """Writes a handoff and the change in the journal.

        At flush raises StaleDataError if somebody else changed it since it was read.
        """
        fresh = handoff.number in self._drawn  # so that nobody can have written it
        self._drawn.discard(handoff.number)
        row = None if fresh else self.row_of(HandoffRow, handoff.number)
        was = row.state if row else ""
        columns = {name: getattr(handoff, name) for name in _PLAIN if name != "number"}
        columns |= {name: list(getattr(handoff, name)) for name in _LISTS}
        columns["state"], columns["due"] = handoff.state.value, handoff.due.value
        columns["rung"] = int(handoff.rung)
        columns["open"] = handoff.state in OPEN
        columns["sealed_ipass"] = self.seal(json.dumps(vars(handoff.ipass)))
        columns["sealed_talk"] = self.seal(json.dumps(vars(handoff.talk)))
        self.put_over(row, HandoffRow, handoff.number, **columns)
        self.journal.write(
            f"handoff {action}", handoff.ref, now, by=by, patient=handoff.patient, was=was,
            became=handoff.state.value, note=note,
        )  # fmt: skip

    def due(self, now: datetime, without: Iterable[int] = ()) -> tuple[int, datetime] | None:
        """The number of what has been due longest, and since when; see `Rows.number_due`."""
        return self.number_due(HandoffRow, HandoffRow.due_at, now, without)

    def open_of_team(
        self, team: str, limit: int | None = None, *, overdue_at: datetime | None = None
    ) -> list[Handoff]:
        """A team's open handoffs, oldest first; with `overdue_at` those that are overdue at that moment."""
        query = OPEN_OF_TEAM if overdue_at is None else OPEN_OF_TEAM.where(_overdue(overdue_at))
        asked = {"org": self.org, "team": team}
        found = self.session.scalars(query if limit is None else query.limit(limit), asked)
        return [self._handoff(row) for row in found]

    def count_open(self, team: str, *, overdue_at: datetime | None = None) -> int:
        """How many those are."""
        query = select(func.count()).select_from(HandoffRow)
        query = query.where(HandoffRow.org == self.org, HandoffRow.team == team, HandoffRow.open)
        return self.session.scalar(query if overdue_at is None else query.where(_overdue(overdue_at))) or 0

    def open_of_patient(self, code: str) -> list[Handoff]:
        """A patient's open handoffs, oldest first."""
        query = select(HandoffRow).where(HandoffRow.org == self.org, HandoffRow.patient == code)
        return sorted(self._all(query.where(HandoffRow.open)), key=lambda each: each.number)

    def open_with(self, member: str, team: str) -> list[Handoff]:
        """A team's open handoffs that a member sent, holds, was asked or is kept out of; oldest first."""
        rows = self.session.scalars(OPEN_OF_TEAM, {"org": self.org, "team": team})
        theirs = [row for row in rows if member in _named_in(row)]
        return [self._handoff(row) for row in theirs]

    def open_of_member(self, member: str, teams: Iterable[str]) -> list[Handoff]:
        """Open handoffs that a member sent, holds, or is asked about in these teams; oldest first."""
        mine = select(HandoffRow).where(HandoffRow.org == self.org, HandoffRow.open)
        # Not with an OR: SQLite would look at every handoff there ever was.
        held = [
            *self._all(mine.where(HandoffRow.receiver == member)),
            *self._all(mine.where(HandoffRow.sender == member)),
        ]
        asked = [
            self._handoff(row)
            for team in teams
            for row in self.session.scalars(self._unanswered(team, member))
            if member in row.asked and member not in row.declined
        ]
        return sorted({each.number: each for each in [*held, *asked]}.values(), key=lambda h: h.offered_at)

    def _unanswered(self, team: str, member: str) -> Select[HandoffRow]:
        """A team's handoffs that nobody holds and in which this member is named among those asked."""
        named = cast(HandoffRow.asked, Text).contains(f'"{member}"', autoescape=True)
        query = select(HandoffRow).where(HandoffRow.org == self.org, HandoffRow.team == team, HandoffRow.open)
        return query.where(HandoffRow.receiver == "", named)

    def others_of_patient(self, handoff: Handoff) -> tuple[set[str], set[str]]:
        """Who holds the patient's other open handoffs, and who may still answer them."""
        return self.asked_of_patient(handoff.patient, without=handoff.number)

    def asked_of_patient(self, code: str, without: int = 0) -> tuple[set[str], set[str]]:
        """Who holds a patient's open handoffs, and who may still answer them, but for one handoff."""
        query = select(HandoffRow.receiver, HandoffRow.asked, HandoffRow.declined).where(
            HandoffRow.org == self.org, HandoffRow.patient == code, HandoffRow.open,
            HandoffRow.number != without,
        )  # fmt: skip
        found = self.session.execute(query).all()
        asked = {each for row in found if not row.receiver for each in row.asked if each not in row.declined}
        return {row.receiver for row in found} - {""}, asked

    def urgencies_in_use(self) -> set[str]:
        """The urgencies of handoffs that are open: a pathway definition without one of them can't be used."""
        query = select(HandoffRow.urgency).where(HandoffRow.org == self.org, HandoffRow.open).distinct()
        return set(self.session.scalars(query))

    def of_patient(self, code: str, limit: int = 50) -> list[Handoff]:
        """A patient's handoffs, newest first."""
        query = select(HandoffRow).where(HandoffRow.org == self.org, HandoffRow.patient == code)
        # Sorted here: asked for in this order, SQLite would walk through all handoffs by number.
        newest = sorted(self.session.scalars(query), key=lambda row: row.number, reverse=True)
        return [self._handoff(row) for row in newest[:limit]]

    def _all(self, query: Any) -> list[Handoff]:
        return [self._handoff(row) for row in self.session.scalars(query)]

    def _handoff(self, row: HandoffRow) -> Handoff:
        columns: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
        columns |= {name: tuple(getattr(row, name)) for name in _LISTS}
        columns["state"], columns["due"], columns["rung"] = State(row.state), Due(row.due), Rung(row.rung)
        return Handoff(
            ipass=Ipass(**json.loads(self.open(row.sealed_ipass))),
            talk=Talk(**json.loads(self.open(row.sealed_talk))),
            **columns,
        )


def _named_in(row: HandoffRow) -> tuple[str, ...]:
    return row.sender, row.receiver, *row.asked, *row.declined, *row.kept_out


def _overdue(now: datetime) -> ColumnElement[bool]:
    """Past the first deadline of what is waited for, whatever has been done about it since."""
    asked_further = (HandoffRow.receiver == "") & (HandoffRow.rung > 0)
    reminded = (HandoffRow.receiver != "") & (HandoffRow.nagged > 0)
    return or_(HandoffRow.answer_by <= now, asked_further, reminded)
