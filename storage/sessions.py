"""Conferences as they run: items and attendance after every move, and what earlier ones tell of the next."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from agendas.rank import Past
from pathway.conference import Conference
from pathway.issue import Kind
from pathway.roll_call import Attendance
from pathway.session import AGAIN, Item, Session, State
from storage.journal import Journal
from storage.rows import Rows
from storage.tables import AttendanceRow, SessionItemRow
from storage.tables_sessions import COMES_AGAIN

_SAID = ("question", "reason", "outcome")
"""Texts, sealed together."""
_PLAIN = (
    "place", "patient", "minutes", "spent", "began_at", "closed_at", "extended", "carried_before", "turns",
    "kept",
)  # fmt: skip
_STAY = ("member", "discipline", "came_at", "left_at")
MOST_LEARNED = 200
"""So many of a team's newest items tell how long a kind takes."""


class Sessions(Rows):
    """What happened in the conferences of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    # Items

    def items(self, conference: int) -> Session:
        """The items of a conference; none before it has begun."""
        query = select(SessionItemRow).where(
            SessionItemRow.org == self.org, SessionItemRow.conference == conference
        )
        return Session(
            tuple(self._item(row) for row in self.session.scalars(query.order_by(SessionItemRow.place)))
        )

    def put(self, conference: Conference, session: Session, now: datetime, *, by: str = "") -> None:
        """Writes what changed of the items, each change a row in the journal.

        At flush raises StaleDataError if somebody else changed one since it was read.
        """
        before = {each.patient: each for each in self.items(conference.number).items}
        for item in session.items:
            was = before.get(item.patient)
            if was != item:
                self._put(conference, item, was, now, by)

    def _put(self, conference: Conference, item: Item, was: Item | None, now: datetime, by: str) -> None:
        columns = {name: getattr(item, name) for name in _PLAIN if name != "patient"}
        columns |= {
            "team": conference.team, "kind": item.kind.value, "state": item.state.value,
            "comes_again": item.state in AGAIN,
            "sealed_said": self.seal(json.dumps({name: getattr(item, name) for name in _SAID})),
        }  # fmt: skip
        if was is None:
            self._no_more(conference, item.patient)
        self.put_row(SessionItemRow, conference.number, item.patient, **columns)
        self.journal.write(
            "conference item", conference.ref, now, by=by, patient=item.patient,
            was=was.state.value if was else "", became=item.state.value, note=item.reason or item.outcome,
        )  # fmt: skip

    def _no_more(self, conference: Conference, patient: str) -> None:
        """What another conference carried over of this patient has come again."""
        self.session.execute(
            update(SessionItemRow)
            .where(
                SessionItemRow.org == self.org, SessionItemRow.team == conference.team,
                SessionItemRow.patient == patient, SessionItemRow.comes_again,
                SessionItemRow.conference != conference.number,
            )
            .values(comes_again=False)
        )  # fmt: skip

    # Attendance

    def attendance(self, conference: int) -> tuple[Attendance, ...]:
        """Who is or was there, in the order in which they came."""
        query = select(AttendanceRow).where(
            AttendanceRow.org == self.org, AttendanceRow.conference == conference
        )
        rows = self.session.scalars(query.order_by(AttendanceRow.number))
        return tuple(
            Attendance(name=self.open(row.sealed_name), **{each: getattr(row, each) for each in _STAY})
            for row in rows
        )

    def put_attendance(
        self, conference: Conference, stays: Sequence[Attendance], now: datetime, *, by: str = ""
    ) -> None:
        """Writes the stays of a conference in this order, each change a row in the journal."""
        before = self.attendance(conference.number)
        for number, stay in enumerate(stays):
            was = before[number] if number < len(before) else None
            if stay == was:
                continue
            columns = {each: getattr(stay, each) for each in _STAY}
            self.put_row(
                AttendanceRow, conference.number, number, sealed_name=self.seal(stay.name), **columns
            )
            self.journal.write(
                "conference attendance", conference.ref, now, by=by or stay.member,
                was=was.left_at.isoformat() if was and was.left_at else "there" if was else "",
                became=stay.left_at.isoformat() if stay.left_at else "there",
            )  # fmt: skip
        for number in range(len(stays), len(before)):
            self.remove_row(self.session.get_one(AttendanceRow, (self.org, conference.number, number)))

    # What earlier conferences tell

    def past(self, team: str) -> Past:
        """How often each patient who comes again was carried over, and what the newest items took."""
        # In the words of the index, which SQLite would not know in `comes_again = 1`.
        again = select(SessionItemRow.patient, SessionItemRow.carried_before).where(
            SessionItemRow.org == self.org, SessionItemRow.team == team, COMES_AGAIN
        )
        carried = {patient: before + 1 for patient, before in self.session.execute(again)}
        return Past(carried, self._taken(team))

    def _taken(self, team: str) -> Mapping[Kind, Sequence[int]]:
        """The minutes, begun ones counted, that items took by the kind that they were on for."""
        query = (
            select(SessionItemRow.kind, SessionItemRow.spent)
            .where(
                SessionItemRow.org == self.org, SessionItemRow.team == team,
                SessionItemRow.state == State.DONE.value, SessionItemRow.closed_at.is_not(None),
            )
            .order_by(SessionItemRow.closed_at.desc())
            .limit(MOST_LEARNED)
        )  # fmt: skip
        taken: dict[Kind, list[int]] = {}
        for kind, spent in self.session.execute(query):
            taken.setdefault(Kind(kind), []).append(-(-spent // 60))
        return taken

    def last_discussed(self, patients: Collection[str]) -> dict[str, datetime]:
        """When these patients were last discussed; one who never was is not in it."""
        query = select(SessionItemRow.patient, func.max(SessionItemRow.closed_at)).where(
            SessionItemRow.org == self.org, SessionItemRow.patient.in_(list(patients)),
            SessionItemRow.state == State.DONE.value,
        )  # fmt: skip
        found = self.session.execute(query.group_by(SessionItemRow.patient))
        return {patient: at for patient, at in found if at is not None}

    def discussed_in(self, patient: str, limit: int = 20) -> list[tuple[int, datetime]]:
        """The conferences in which a patient was discussed, by number and when, the newest first."""
        query = select(SessionItemRow.conference, SessionItemRow.closed_at).where(
            SessionItemRow.org == self.org, SessionItemRow.patient == patient,
            SessionItemRow.state == State.DONE.value,
        )  # fmt: skip
        found = self.session.execute(query.order_by(SessionItemRow.closed_at.desc()).limit(limit))
        return [(number, at) for number, at in found if at is not None]

    def _item(self, row: SessionItemRow) -> Item:
        columns = {name: getattr(row, name) for name in _PLAIN}
        said = json.loads(self.open(row.sealed_said))
        return Item(**columns, **said, kind=Kind(row.kind), state=State(row.state))
