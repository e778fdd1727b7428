"""Every change of a patient's plan, in versions: the plan's history, and what can be undone."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from pathway.action import Action, Next
from pathway.action import State as ActionState
from pathway.plan import Entry, Sort, Status
from pathway.plan_change import Change
from storage.rows import Rows
from storage.tables import PlanChangeRow

_MOMENTS = frozenset(
    each.name for kind in (Entry, Action) for each in dataclasses.fields(kind) if each.name.endswith("at")
)


class PlanChanges(Rows):
    """The changes of all plans of one organisation."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)

    def version(self, code: str) -> int:
        """The version of a patient's plan: how often it was changed so far."""
        query = select(func.max(PlanChangeRow.version)).where(
            PlanChangeRow.org == self.org, PlanChangeRow.patient == code
        )
        return self.session.scalar(query) or 0

    def add(self, change: Change) -> None:
        """Writes a change. Of two that make one version the second fails at flush (IntegrityError)."""
        sealed = json.dumps([_written(each) for each in (change.before, change.after)])
        self.session.add(
            PlanChangeRow(
                org=self.org, patient=change.patient, version=change.version, subject=change.ref,
                action=change.action, by=change.by, at=change.at, source=change.source,
                undoes=change.undoes, undone_by=0, sealed_change=self.seal(sealed),
            )
        )  # fmt: skip
        if change.undoes:
            undone = self._of_patient(change.patient).where(PlanChangeRow.version == change.undoes)
            for row in self.session.scalars(undone):
                row.undone_by = change.version
        self.session.flush()

    def of_patient(self, code: str, limit: int = 50) -> list[Change]:
        """A patient's last changes, oldest first."""
        query = self._of_patient(code).order_by(PlanChangeRow.version.desc()).limit(limit)
        return self._all(query)[::-1]

    def since(self, code: str, version: int, limit: int = 500) -> list[Change]:
        """What changed in a patient's plan after a version, oldest first."""
        query = self._of_patient(code).where(PlanChangeRow.version > version)
        return self._all(query.order_by(PlanChangeRow.version).limit(limit))

    def last_of(self, ref: str, until: int | None = None) -> Change | None:
        """The last change of an entry or action, or the last one up to a version."""
        query = select(PlanChangeRow).where(PlanChangeRow.org == self.org, PlanChangeRow.subject == ref)
        if until is not None:
            query = query.where(PlanChangeRow.version <= until)
        return next(iter(self._all(query.order_by(PlanChangeRow.version.desc()).limit(1))), None)

    def seen(self, ref: str, member: str, before: datetime, version: int | None = None) -> Change | None:
        """The change after which a member has seen an entry or action: at this version of the plan.

        Without one, what they did to it last themselves or what others did before a moment, as they will
        have heard of that; else how it began.
        """
        if version is not None:
            return self.last_of(ref, version)
        query = select(PlanChangeRow).where(PlanChangeRow.org == self.org, PlanChangeRow.subject == ref)
        known = query.where(or_(PlanChangeRow.by == member, PlanChangeRow.at <= before))
        newest = self._all(known.order_by(PlanChangeRow.version.desc()).limit(1))
        return next(iter(newest or self._all(query.order_by(PlanChangeRow.version).limit(1))), None)

    def last_by(self, member: str, since: datetime) -> Change | None:
        """The last thing that a member did since a moment, that was not undone and undid nothing."""
        return self._last(select(PlanChangeRow).where(PlanChangeRow.by == member), since)

    def last_from(self, source: str, since: datetime) -> Change | None:
        """The last thing that was recorded from this source since a moment, likewise."""
        return self._last(select(PlanChangeRow).where(PlanChangeRow.source == source), since)

    def _last(self, query: Select[PlanChangeRow], since: datetime) -> Change | None:
        query = query.where(
            PlanChangeRow.org == self.org, PlanChangeRow.at >= since, PlanChangeRow.undone_by == 0,
            PlanChangeRow.undoes == 0,
        )  # fmt: skip
        newest = (PlanChangeRow.at.desc(), PlanChangeRow.patient, PlanChangeRow.version.desc())
        return next(iter(self._all(query.order_by(*newest).limit(1))), None)

    def _of_patient(self, code: str) -> Select[PlanChangeRow]:
        return select(PlanChangeRow).where(PlanChangeRow.org == self.org, PlanChangeRow.patient == code)

    def _all(self, query: Select[PlanChangeRow]) -> list[Change]:
        return [self._change(row) for row in self.session.scalars(query)]

    def _change(self, row: PlanChangeRow) -> Change:
        before, after = (_read(each) for each in json.loads(self.open(row.sealed_change)))
        if after is None:
            raise ValueError("a change of a plan without what came of it")
        return Change(
            row.patient, row.version, row.by, row.at, row.source, row.action, before, after, row.undoes,
            row.undone_by,
        )  # fmt: skip


def _written(thing: Entry | Action | None) -> dict[str, Any] | None:
    if thing is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in vars(thing).items()
    }


def _read(written: Mapping[str, Any] | None) -> Entry | Action | None:
    if written is None:
        return None
    moments = {e: datetime.fromisoformat(written[e]) for e in written.keys() & _MOMENTS if written[e]}
    columns: dict[str, Any] = {**written, **moments}
    if "sort" in columns:
        return Entry(**columns | {"sort": Sort(columns["sort"]), "status": Status(columns["status"])})
    return Action(**columns | {"state": ActionState(columns["state"]), "next": Next(columns["next"])})
