"""Actions, kept by number, changed by compare-and-set, each change a version of the patient's plan."""

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from pathway.action import OPEN, Action, Next, State
from pathway.plan_change import Change
from storage.journal import Journal
from storage.numbers import next_number
from storage.plan_changes import PlanChanges
from storage.rows import Rows
from storage.tables import ActionRow

_SAID = ("text", "outcome", "why", "amended")
"""Texts, sealed together."""
_PLAIN = tuple(each.name for each in dataclasses.fields(Action) if each.name not in _SAID)


@dataclasses.dataclass(frozen=True)
class Due:
    """When an action is due, and nothing else of it."""

    number: int
    due_at: datetime

    @property
    def ref(self) -> str:
        """How people name it: `A-12`."""
        return f"A-{self.number}"


class Actions(Rows):
    """The actions of one organisation."""

    def __init__(self, rows: Rows, journal: Journal, changes: PlanChanges) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal
        self.changes = changes

    def next_number(self) -> int:
        """The number of the next action, never given twice."""
        return next_number(self, "actions")

    def find(self, ref: str) -> Action | None:
        """The action that people call by this reference (`A-12`)."""
        number = ref.upper().removeprefix("A-")
        row = self.row_of(ActionRow, int(number)) if number.isdecimal() and len(number) < 16 else None
        return self._action(row) if row else None

    def put(
        self,
        action: Action,
        done: str,
        now: datetime,
        *,
        by: str = "",
        note: str = "",
        source: str = "",
        undoes: int = 0,
    ) -> Action:
        """Writes an action, the version of the plan that this makes, and the change in the journal.

        Gives back the action with its edition. At flush raises StaleDataError or IntegrityError if somebody
        else changed the plan since it was read. `source` is where this change came from.
        """
        row = self.row_of(ActionRow, action.number)
        before = self._action(row) if row else None
        written = dataclasses.replace(action, edition=self.changes.version(action.patient) + 1)
        self._write(row, written)
        self.changes.add(
            Change(written.patient, written.edition, by, now, source, done, before, written, undoes)
        )
        self._journal(written, before, done, now, by, note)
        return written

    def put_told(self, action: Action, told: Next, now: datetime) -> None:
        """Writes what time did to an action, which is no change of the plan."""
        row = self.row_of(ActionRow, action.number)
        before = self._action(row) if row else None
        self._write(row, action)
        self._journal(action, before, told.value, now)

    def _write(self, row: ActionRow | None, action: Action) -> None:
        columns = {name: getattr(action, name) for name in _PLAIN if name != "number"}
        columns |= {"state": action.state.value, "next": action.next.value, "open": action.state in OPEN}
        columns["sealed_said"] = self.seal(json.dumps({name: getattr(action, name) for name in _SAID}))
        self.put_over(row, ActionRow, action.number, **columns)

    def _journal(
        self, action: Action, before: Action | None, done: str, now: datetime, by: str = "", note: str = ""
    ) -> None:
        self.journal.write(
            f"action {done}", action.ref, now, by=by, patient=action.patient,
            was=before.state.value if before else "", became=action.state.value, note=note,
        )  # fmt: skip

    def due(self, now: datetime, without: Iterable[int] = ()) -> tuple[int, datetime] | None:
        """The number of what has been due longest, and since when; see `Rows.number_due`."""
        return self.number_due(ActionRow, ActionRow.next_at, now, without)

    def of_patient(self, code: str, limit: int = 200) -> list[Action]:
        """A patient's actions, closed ones too, the oldest first."""
        query = self._of_org().where(ActionRow.patient == code)
        return self._all(query.order_by(ActionRow.number.desc()).limit(limit))[::-1]

    def of_owner(self, member: str, limit: int = 100) -> list[Action]:
        """The open actions that are a member's, over all teams, what is due first before the others."""
        query = self._of_org().where(ActionRow.owner == member, ActionRow.open)
        return self._all(query.order_by(ActionRow.due_at, ActionRow.number).limit(limit))

    def dues_of_owner(self, member: str, limit: int = 100) -> tuple[Due, ...]:
        """When the open actions are due that are a member's, over all teams, the first before the others."""
        query = select(ActionRow.number, ActionRow.due_at).where(
            ActionRow.org == self.org, ActionRow.owner == member, ActionRow.open
        )
        found = self.session.execute(query.order_by(ActionRow.due_at, ActionRow.number).limit(limit))
        return tuple(Due(number, due_at) for number, due_at in found)

    def open_of_team(self, team: str, limit: int = 200) -> list[Action]:
        """A team's open actions, what is due first before the others."""
        query = self._of_org().where(ActionRow.team == team, ActionRow.open)
        return self._all(query.order_by(ActionRow.due_at, ActionRow.number).limit(limit))

    def of_source(self, source: str, limit: int = 500) -> list[Action]:
        """What came from a conference or a message, oldest first."""
        query = self._of_org().where(ActionRow.source == source)
        return self._all(query.order_by(ActionRow.number).limit(limit))

    def of_message(self, link: str) -> list[Action]:
        """The open actions that were made of the message that this leads to, oldest first."""
        query = self._of_org().where(ActionRow.link == link).order_by(ActionRow.number)
        return [each for each in self._all(query) if each.state in OPEN] if link else []

    def of_entries(self, entries: Iterable[int]) -> list[Action]:
        """The actions that belong to these decisions, oldest first."""
        wanted = [each for each in entries if each]
        query = self._of_org().where(ActionRow.entry.in_(wanted)).order_by(ActionRow.number)
        return self._all(query) if wanted else []

    def owners_of_patient(self, code: str, without: int = 0) -> set[str]:
        """Who owns a patient's open actions, but for one action."""
        query = select(ActionRow.owner).where(
            ActionRow.org == self.org, ActionRow.patient == code, ActionRow.open, ActionRow.number != without
        )
        return set(self.session.scalars(query)) - {""}

    def _of_org(self) -> Select[ActionRow]:
        return select(ActionRow).where(ActionRow.org == self.org)

    def _all(self, query: Select[ActionRow]) -> list[Action]:
        return [self._action(row) for row in self.session.scalars(query)]

    def _action(self, row: ActionRow) -> Action:
        columns: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
        columns |= {"state": State(row.state), "next": Next(row.next)}
        return Action(**columns | json.loads(self.open(row.sealed_said)))
