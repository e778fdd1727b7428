"""Measures: every entry kept, sealed; and the queue of patients whom time looks at next."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, select

from pathway.measure import History, How, Measure
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.statements import ORG
from storage.tables import CareTeamRow, MeasureRow, PatientRow, ReviewRow

_CURRENT = (
    select(MeasureRow)
    .where(
        MeasureRow.org == ORG,
        MeasureRow.patient.in_(bindparam("patients", expanding=True)),
        MeasureRow.current,
    )
    .order_by(MeasureRow.patient, MeasureRow.taken_at, MeasureRow.number)
)
"""By org and patients: their valid entries, the oldest first."""


@dataclass(frozen=True)
class Review:
    """When time looks at a patient next, since when something is to be measured, what has been told."""

    patient: str
    team: str
    next_at: datetime
    due_at: datetime | None
    told_until: datetime


class Measures(Rows):
    """The measures of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def add(self, measure: Measure, now: datetime, *, note: str = "") -> Measure:
        """A new entry, with its reference (`M-12`) as its id. One that `replaces` another corrects that.

        Raises KeyError if what it replaces is not there or no longer valid. `note` goes, sealed, into the
        journal.
        """
        added = replace(measure, id=f"M-{next_number(self, 'measures')}")
        if measure.replaces:
            self._retire(measure.replaces)
        said = {
            "instrument": measure.instrument, "score": measure.score, "answers": measure.answers,
            "how": measure.how, "baseline": measure.baseline,
        }  # fmt: skip
        self.put_row(
            MeasureRow, _number(added.id), patient=measure.patient, member=measure.by,
            taken_at=measure.taken_at, entered_at=measure.entered_at,
            replaces=_number(measure.replaces), current=True, sealed_entry=self.seal(json.dumps(said)),
        )  # fmt: skip
        self._count_change(measure.patient)
        self.journal.write(
            "measure correct" if measure.replaces else "measure add", added.id, now, by=measure.by,
            patient=measure.patient, was=measure.replaces, note=note,
        )  # fmt: skip
        return added

    def remove(self, ref: str, by: str, now: datetime, *, note: str = "") -> None:
        """Takes an entry back; it is kept, but counts no more. Raises KeyError if it doesn't already."""
        row = self._retire(ref)
        self._count_change(row.patient)
        self.journal.write("measure remove", ref, now, by=by, patient=row.patient, note=note)

    def find(self, ref: str) -> Measure | None:
        """The entry with this reference (`M-12`), also one that does not count any more."""
        row = self.row_of(MeasureRow, _number(ref)) if _number(ref) else None
        return self._measure(row) if row else None

    def is_current(self, ref: str) -> bool:
        """Whether an entry counts: it was neither corrected nor taken back."""
        row = self.row_of(MeasureRow, _number(ref))
        return row is not None and row.current

    def history(self, code: str) -> History:
        """All valid entries of a patient, the oldest first. Raises KeyError for an unknown patient."""
        return self.histories([code])[code]

    def histories(self, codes: Collection[str]) -> dict[str, History]:
        """The histories of these patients. Raises KeyError for an unknown one."""
        self.session.flush()
        asked = {"org": self.org, "patients": list(codes)}
        rows = self.session.scalars(_CURRENT, asked)
        found = {
            code: tuple(self._measure(row) for row in theirs)
            for code, theirs in groupby(rows, lambda row: row.patient)
        }
        since = self._since(codes)
        return {code: History(code, since[code], found.get(code, ())) for code in codes}

    def _since(self, codes: Collection[str]) -> dict[str, datetime]:
        """When these patients entered the pathway."""
        if len(codes) == 1:  # most often read already
            rows = [self.row_of(PatientRow, code) for code in codes]
            return {row.code: row.added_at for row in rows if row is not None}
        entered = select(PatientRow.code, PatientRow.added_at).where(
            PatientRow.org == self.org, PatientRow.code.in_(list(codes))
        )
        return {row.code: row.added_at for row in self.session.execute(entered)}

    # The queue of reviews

    def put_review(self, review: Review) -> None:
        """Writes when a patient is looked at next."""
        self.put_row(
            ReviewRow, review.patient, team=review.team, next_at=review.next_at, due_at=review.due_at,
            told_until=review.told_until,
        )  # fmt: skip

    def review(self, code: str) -> Review | None:
        """When a patient is looked at next; None for one whom time does not look at."""
        row = self.row_of(ReviewRow, code)
        return _review(row) if row else None

    def next_review(self, now: datetime, without: Iterable[str] = ()) -> Review | None:
        """The patient who should have been looked at longest ago, locked against other processes."""
        row = self.longest_due(ReviewRow, ReviewRow.next_at, now, ReviewRow.patient.not_in(list(without)))
        return _review(row) if row else None

    def due_of_team(self, team: str, now: datetime, limit: int = 50) -> list[Review]:
        """A team's patients of whom something should have been measured by now, longest ago first."""
        query = select(ReviewRow).where(
            ReviewRow.org == self.org, ReviewRow.team == team, ReviewRow.due_at <= now
        )
        return self._reviews(self.session.scalars(query.order_by(ReviewRow.due_at).limit(limit)).all())

    def due_of_member(self, member: str, now: datetime, limit: int = 50) -> list[Review]:
        """The same for the patients whom a member looks after."""
        theirs = (CareTeamRow.org == ReviewRow.org) & (CareTeamRow.code == ReviewRow.patient)
        query = (
            select(ReviewRow)
            .join(CareTeamRow, theirs)
            .where(
                CareTeamRow.org == self.org,
                CareTeamRow.member == member,
                CareTeamRow.until.is_(None),
                ReviewRow.due_at <= now,
            )
            .order_by(ReviewRow.due_at)
            .limit(limit)
        )
        return self._reviews(self.session.scalars(query).all())

    def _reviews(self, rows: Sequence[ReviewRow]) -> list[Review]:
        return [_review(row) for row in rows]

    def _count_change(self, code: str) -> None:
        """Two who enter something of one patient at once: the second sees the first's, by trying again."""
        row = self.row_of(ReviewRow, code)
        if row is not None:
            row.changes += 1

    def _retire(self, ref: str) -> MeasureRow:
        row = self.row_of(MeasureRow, _number(ref))
        if row is None or not row.current:
            raise KeyError(ref)
        row.current = False
        return row

    def _measure(self, row: MeasureRow) -> Measure:
        said = json.loads(self.open(row.sealed_entry))
        return Measure(
            id=f"M-{row.number}", patient=row.patient, instrument=said["instrument"], score=said["score"],
            taken_at=row.taken_at, entered_at=row.entered_at, by=row.member, how=How(said["how"]),
            answers=tuple(said["answers"]), baseline=said["baseline"],
            replaces=f"M-{row.replaces}" if row.replaces else "",
        )  # fmt: skip


def _review(row: ReviewRow) -> Review:
    return Review(row.patient, row.team, row.next_at, row.due_at, row.told_until)


def _number(ref: str) -> int:
    """The number in `M-12`; 0 if there is none."""
    number = ref.upper().removeprefix("M-")
    return int(number) if number.isdecimal() and len(number) < 16 else 0
