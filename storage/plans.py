"""Entries of care plans, kept by number, changed by compare-and-set, each change a version of the plan."""

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from pathway.plan import Entry, Sort, Status
from pathway.plan_change import Change, Clash
from storage.journal import Journal
from storage.numbers import next_number
from storage.plan_changes import PlanChanges
from storage.rows import Rows
from storage.tables import PlanClashRow, PlanEntryRow

_SAID = ("text", "rationale", "discipline", "progress", "why", "amended")
"""Texts, sealed together."""
_PLAIN = tuple(each.name for each in dataclasses.fields(Entry) if each.name not in _SAID)


class Plans(Rows):
    """The care plans of one organisation."""

    def __init__(self, rows: Rows, journal: Journal, changes: PlanChanges) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal
        self.changes = changes

    def next_number(self) -> int:
        """The number of the next entry, never given twice."""
        return next_number(self, "plan entries")

    def find(self, ref: str) -> Entry | None:
        """The entry that people call by this reference (`E-12`)."""
        number = ref.upper().removeprefix("E-")
        return self.of_number(int(number)) if number.isdecimal() and len(number) < 16 else None

    def of_number(self, number: int) -> Entry | None:
        """The entry of this number."""
        row = self.row_of(PlanEntryRow, number)
        return self._entry(row) if row else None

    def put(
        self,
        entry: Entry,
        action: str,
        now: datetime,
        *,
        by: str = "",
        note: str = "",
        source: str = "",
        undoes: int = 0,
    ) -> Entry:
        """Writes an entry, the version of the plan that this makes, and the change in the journal.

        Gives back the entry with its edition. At flush raises StaleDataError or IntegrityError if somebody
        else changed the plan since it was read. `source` is where this change came from.
        """
        row = self.row_of(PlanEntryRow, entry.number)
        before = self._entry(row) if row else None
        written = dataclasses.replace(entry, edition=self.changes.version(entry.patient) + 1)
        columns = {name: getattr(written, name) for name in _PLAIN if name != "number"}
        columns["sort"], columns["status"] = written.sort.value, written.status.value
        columns["sealed_said"] = self.seal(json.dumps({name: getattr(written, name) for name in _SAID}))
        self.put_over(row, PlanEntryRow, written.number, **columns)
        self.changes.add(
            Change(written.patient, written.edition, by, now, source, action, before, written, undoes)
        )
        self.journal.write(
            f"{written.sort} {action}", written.ref, now, by=by, patient=written.patient,
            was=before.status.value if before else "", became=written.status.value, note=note,
        )  # fmt: skip
        return written

    def of_patient(self, code: str, limit: int = 500) -> list[Entry]:
        """A patient's entries, oldest first, but for those withdrawn."""
        query = self._of_org().where(
            PlanEntryRow.patient == code, PlanEntryRow.status != Status.WITHDRAWN.value
        )
        return self._all(query.order_by(PlanEntryRow.number.desc()).limit(limit))[::-1]

    def of_source(self, source: str, limit: int = 500) -> list[Entry]:
        """What came from a conference or a message, oldest first, but for what was withdrawn."""
        query = self._of_org().where(
            PlanEntryRow.source == source, PlanEntryRow.status != Status.WITHDRAWN.value
        )
        return self._all(query.order_by(PlanEntryRow.number).limit(limit))

    def of_message(self, link: str) -> list[Entry]:
        """What still holds of what was made of the message that this leads to, oldest first."""
        query = self._of_org().where(PlanEntryRow.link == link).order_by(PlanEntryRow.number)
        return [each for each in self._all(query) if each.live] if link else []

    def of_team(
        self, team: str, sort: Sort, since: datetime, until: datetime, limit: int = 2000
    ) -> list[Entry]:
        """A team's entries of one sort that were made in this time, oldest first, withdrawn ones too."""
        query = self._of_org().where(
            PlanEntryRow.team == team, PlanEntryRow.sort == sort.value,
            PlanEntryRow.at >= since, PlanEntryRow.at <= until,
        )  # fmt: skip
        return self._all(query.order_by(PlanEntryRow.at, PlanEntryRow.number).limit(limit))

    def version(self, code: str) -> int:
        """The version of a patient's plan."""
        return self.changes.version(code)

    def history(self, code: str, limit: int = 50) -> list[Change]:
        """A patient's last changes, of entries and actions, oldest first."""
        return self.changes.of_patient(code, limit)

    def since(self, code: str, version: int) -> list[Change]:
        """What changed in a patient's plan after a version, oldest first."""
        return self.changes.since(code, version)

    # Two who want an entry to say different things

    def clash(self, number: int) -> Clash | None:
        """What is to be chosen about an entry."""
        row = self.row_of(PlanClashRow, number)
        return self._clash(row) if row else None

    def put_clash(self, clash: Clash) -> None:
        """Keeps what somebody wants until it is chosen; of two at once the second fails at flush."""
        wanted = {e: v.isoformat() if isinstance(v, datetime) else v for e, v in clash.wanted.items()}
        self.put_row(PlanClashRow, clash.entry, by=clash.by, at=clash.at, source=clash.source,
            due_at=clash.due_at, sealed_wanted=self.seal(json.dumps(wanted)),
        )  # fmt: skip

    def end_clash(self, number: int) -> None:
        """It is chosen, or its time is over."""
        row = self.row_of(PlanClashRow, number)
        if row is not None:
            self.remove_row(row)

    def clash_due(self, now: datetime, without: Iterable[int] = ()) -> Clash | None:
        """The clash whose time has been over longest, locked against other processes that look."""
        row = self.longest_due(
            PlanClashRow, PlanClashRow.due_at, now, PlanClashRow.entry.not_in(list(without))
        )
        return self._clash(row) if row else None

    def _clash(self, row: PlanClashRow) -> Clash:
        wanted: dict[str, Any] = json.loads(self.open(row.sealed_wanted))
        if wanted.get("due_at"):
            wanted["due_at"] = datetime.fromisoformat(wanted["due_at"])
        return Clash(row.entry, row.by, row.at, row.source, row.due_at, wanted)

    def _of_org(self) -> Select[PlanEntryRow]:
        return select(PlanEntryRow).where(PlanEntryRow.org == self.org)

    def _all(self, query: Select[PlanEntryRow]) -> list[Entry]:
        return [self._entry(row) for row in self.session.scalars(query)]

    def _entry(self, row: PlanEntryRow) -> Entry:
        columns: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
        columns |= {"sort": Sort(row.sort), "status": Status(row.status)}
        return Entry(**columns | json.loads(self.open(row.sealed_said)))
