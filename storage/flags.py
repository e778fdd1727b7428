"""Flags, kept by number, changed by compare-and-set, each change a row in the journal."""

import dataclasses
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, cast, func, select

from pathway.finding import Evidence
from pathway.flag import OPEN, PERSON, Cause, Flag, State
from pathway.ladder import Due, Rung
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.tables import FlagRow

_SAID = ("label", "service", "done")
"""Texts, sealed together."""
_LISTS = ("roles", "asked", "declined", "earlier")
_PLAIN = tuple(each.name for each in dataclasses.fields(Flag) if each.name not in (*_SAID, *_LISTS, "causes"))
_OF_REASON = 10
"""So many closed flags of one reason are looked at for what was answered already."""


class Flags(Rows):
    """The flags of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def next_number(self) -> int:
        """The number of the next flag, never given twice."""
        return next_number(self, "flags")

    def find(self, ref: str) -> Flag | None:
        """The flag that people call by this reference (`F-12`)."""
        number = ref.upper().removeprefix("F-")
        row = self.row_of(FlagRow, int(number)) if number.isdecimal() and len(number) < 16 else None
        return self._flag(row) if row else None

    def put(self, flag: Flag, action: str, now: datetime, *, by: str = "", note: str = "") -> None:
        """Writes a flag and the change in the journal.

        At flush raises StaleDataError if somebody else changed it since it was read, and IntegrityError if
        the patient has another open flag of this reason. A private flag is no part of the patient's timeline.
        """
        row = self.row_of(FlagRow, flag.number)
        was = row.state if row else ""
        columns = {name: getattr(flag, name) for name in _PLAIN if name != "number"}
        columns |= {name: list(getattr(flag, name)) for name in _LISTS}
        columns["state"], columns["due"], columns["rung"] = flag.state.value, flag.due.value, int(flag.rung)
        columns["open"] = flag.state in OPEN
        columns["sealed_causes"] = self.seal(json.dumps([written(each) for each in flag.causes]))
        columns["sealed_said"] = self.seal(json.dumps({name: getattr(flag, name) for name in _SAID}))
        self.put_over(row, FlagRow, flag.number, **columns)
        self.journal.write(
            f"flag {action}", flag.ref, now, by=by, patient="" if flag.private else flag.patient, was=was,
            became=flag.state.value, note=note, concerns=flag.patient,
        )  # fmt: skip

    def due(self, now: datetime, without: Iterable[int] = ()) -> tuple[int, datetime] | None:
        """The number of what has been due longest, and since when; see `Rows.number_due`."""
        return self.number_due(FlagRow, FlagRow.due_at, now, without)

    def open_of_patient(self, code: str) -> list[Flag]:
        """A patient's open flags, oldest first."""
        return self._all(self._of_patient(code).where(FlagRow.open).order_by(FlagRow.number))

    def closed_of_patient(self, code: str, reasons: Collection[str]) -> list[Flag]:
        """A patient's closed flags of these reasons, newest first, at most so many that matter."""
        query = self._of_patient(code).where(FlagRow.reason.in_(list(reasons)), ~FlagRow.open)
        query = query.order_by(FlagRow.number.desc()).limit(_OF_REASON * len(reasons))
        return self._all(query) if reasons else []

    def of_patient(self, code: str, limit: int = 50) -> list[Flag]:
        """A patient's flags, newest first."""
        return self._all(self._of_patient(code).order_by(FlagRow.number.desc()).limit(limit))

    def _of_patient(self, code: str) -> Select[FlagRow]:
        return select(FlagRow).where(FlagRow.org == self.org, FlagRow.patient == code)

    def open_of_team(self, team: str, limit: int | None = None, *, opened: bool = True) -> list[Flag]:
        """A team's open flags, private ones too, oldest first.

        Unless `opened` they have neither label nor causes, and one that can't be opened is no hindrance.
        """
        rows = self.session.scalars(self._open_of_team(team).limit(limit))
        return [self._flag(row, opened) for row in rows]

    def _open_of_team(self, team: str) -> Select[FlagRow]:
        query = select(FlagRow).where(FlagRow.org == self.org, FlagRow.team == team, FlagRow.open)
        return query.order_by(FlagRow.raised_at)

    def open_of_member(self, member: str, teams: Iterable[str], limit: int = 100) -> list[Flag]:
        """Open flags that a member holds, or is asked about while nobody holds them; oldest first."""
        # Each by itself, as for handoffs: with an OR, SQLite would look at every flag there ever was.
        mine = select(FlagRow).where(FlagRow.org == self.org, FlagRow.holder == member, FlagRow.open)
        found = self._all(mine.limit(limit))
        named = cast(FlagRow.asked, Text).contains(f'"{member}"', autoescape=True)
        for team in teams:
            asked = self._all(self._open_of_team(team).where(FlagRow.holder == "", named).limit(limit))
            found += [each for each in asked if member in each.asked and member not in each.declined]
        return sorted(found, key=lambda each: each.raised_at)

    def closed_by_people(self, team: str, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
        """A team's flags that rules raised and people closed in this time: rule, state, how many."""
        query = (
            select(FlagRow.reason, FlagRow.state, func.count())
            .where(
                FlagRow.org == self.org, FlagRow.closed_at >= since, FlagRow.closed_at < until,
                FlagRow.team == team, FlagRow.closed_by != "",
                ~FlagRow.reason.startswith(f"{PERSON}:", autoescape=True),
            )
            .group_by(FlagRow.reason, FlagRow.state)
        )  # fmt: skip
        return [(rule, state, count) for rule, state, count in self.session.execute(query)]

    def asked_about(self, code: str, without: int = 0) -> set[str]:
        """Who holds a patient's open flags, or may still answer them, but for one flag."""
        query = select(FlagRow.holder, FlagRow.asked, FlagRow.earlier).where(
            FlagRow.org == self.org, FlagRow.patient == code, FlagRow.open, FlagRow.number != without
        )
        found = self.session.execute(query).all()
        return {each for row in found for each in (row.holder, *row.asked, *row.earlier) if each}

    def severities_in_use(self) -> set[str]:
        """The severities of open flags: a pathway definition without one of them can't be used."""
        query = select(FlagRow.severity).where(FlagRow.org == self.org, FlagRow.open).distinct()
        return set(self.session.scalars(query))

    def _all(self, query: Select[FlagRow]) -> list[Flag]:
        return [self._flag(row) for row in self.session.scalars(query)]

    def _flag(self, row: FlagRow, opened: bool = True) -> Flag:
        columns: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
        columns |= {name: tuple(getattr(row, name)) for name in _LISTS}
        columns["state"], columns["due"], columns["rung"] = State(row.state), Due(row.due), Rung(row.rung)
        if not opened:
            return Flag(**columns | dict.fromkeys(_SAID, ""))
        columns |= json.loads(self.open(row.sealed_said))
        return Flag(causes=_read(json.loads(self.open(row.sealed_causes))), **columns)


def written(cause: Cause) -> dict[str, Any]:
    """A cause as it is sealed."""
    return vars(cause) | {
        "at": cause.at.isoformat(),
        "gone_at": cause.gone_at.isoformat() if cause.gone_at else None,
        "evidence": [vars(each) | {"at": each.at.isoformat()} for each in cause.evidence],
    }


def _read(causes: Sequence[dict[str, Any]]) -> tuple[Cause, ...]:
    moment = datetime.fromisoformat
    return tuple(
        Cause(**each | {
            "at": moment(each["at"]),
            "gone_at": moment(each["gone_at"]) if each["gone_at"] else None,
            "evidence": tuple(Evidence(**e | {"at": moment(e["at"])}) for e in each["evidence"]),
        })
        for each in causes
    )  # fmt: skip
