"""Handoffs, kept by number, changed by compare-and-set, each change a row in the journal."""

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, cast, select

from pathway.handoff import OPEN, Due, Handoff, Ipass, Rung, State, Talk
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.statements import OPEN_OF_TEAM
from storage.tables import HandoffRow

_PLAIN = tuple(each.name for each in dataclasses.fields(Handoff) if each.name not in ("ipass", "talk"))


class Handoffs(Rows):
    """The handoffs of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def next_number(self) -> int:
        """The number of the next handoff, never given twice."""
        return next_number(self, "handoffs")

    def find(self, ref: str) -> Handoff | None:
        """The handoff that people call by this reference (`H-12`)."""
        number = ref.upper().removeprefix("H-")
        row = self.row_of(HandoffRow, int(number)) if number.isdecimal() and len(number) < 16 else None
        return self._handoff(row) if row else None

    def put(self, handoff: Handoff, action: str, now: datetime, *, by: str = "", note: str = "") -> None:
        """Writes a handoff and the change in the journal.

        At flush raises StaleDataError if somebody else changed it since it was read.
        """
        row = self.row_of(HandoffRow, handoff.number)
        was = row.state if row else ""
        columns = {name: getattr(handoff, name) for name in _PLAIN if name != "number"}
        columns["asked"], columns["declined"] = list(handoff.asked), list(handoff.declined)
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

    def due(self, now: datetime, *, without: Iterable[int] = (), limit: int = 50) -> list[Handoff]:
        """Those whose moment has come, longest ago first, locked against other processes that look."""
        query = (
            select(HandoffRow)
            .where(
                HandoffRow.org == self.org,
                HandoffRow.due_at <= now,
                HandoffRow.number.not_in(list(without)),
            )
            .order_by(HandoffRow.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [self._handoff(row) for row in self.session.scalars(query)]

    def open_of_team(self, team: str, limit: int = 100) -> list[Handoff]:
        """A team's open handoffs, oldest first."""
        return [self._handoff(row) for row in self._open_of_team(team, limit)]

    def _open_of_team(self, team: str, limit: int) -> Iterable[HandoffRow]:
        return self.session.scalars(OPEN_OF_TEAM, {"org": self.org, "team": team, "most": limit})

    def open_of_member(self, member: str, teams: Iterable[str], limit: int = 100) -> list[Handoff]:
        """Open handoffs that a member sent, holds, or is asked about."""
        mine = select(HandoffRow).where(HandoffRow.org == self.org, HandoffRow.open)
        mine = mine.order_by(HandoffRow.offered_at).limit(limit)
        # Not with an OR: SQLite would look at every handoff there ever was. And each by itself: what somebody
        # holds must not be lost behind all that they have sent.
        held = [
            *self._all(mine.where(HandoffRow.receiver == member)),
            *self._all(mine.where(HandoffRow.sender == member)),
        ]
        asked = [
            self._handoff(row)
            for team in teams
            for row in self.session.scalars(self._unanswered(team, member).limit(limit))
            if member in row.asked and member not in row.declined
        ]
        return sorted({each.number: each for each in [*held, *asked]}.values(), key=lambda h: h.offered_at)

    def _unanswered(self, team: str, member: str) -> Select[HandoffRow]:
        """A team's handoffs that nobody holds and in which this member is named among those asked."""
        # Looked for here, not among the oldest: in a busy team a new one is not among those.
        named = cast(HandoffRow.asked, Text).contains(f'"{member}"', autoescape=True)
        query = select(HandoffRow).where(HandoffRow.org == self.org, HandoffRow.team == team, HandoffRow.open)
        return query.where(HandoffRow.receiver == "", named).order_by(HandoffRow.offered_at)

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
        columns = {name: getattr(row, name) for name in _PLAIN}
        columns["asked"], columns["declined"] = tuple(row.asked), tuple(row.declined)
        columns["state"], columns["due"], columns["rung"] = State(row.state), Due(row.due), Rung(row.rung)
        return Handoff(
            ipass=Ipass(**json.loads(self.open(row.sealed_ipass))),
            talk=Talk(**json.loads(self.open(row.sealed_talk))),
            **columns,
        )
