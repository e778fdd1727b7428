"""Questions to the conference, kept by number, changed by compare-and-set; each change is in the journal."""

import json
from datetime import datetime

from sqlalchemy import Select, select

from pathway.question import Question, State
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.tables import QuestionRow


class Questions(Rows):
    """The questions of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def next_number(self) -> int:
        """The number of the next question, never given twice."""
        return next_number(self, "questions")

    def find(self, ref: str) -> Question | None:
        """The question that people call by this reference (`Q-3`)."""
        number = ref.upper().removeprefix("Q-")
        row = self.row_of(QuestionRow, int(number)) if number.isdecimal() and len(number) < 16 else None
        return self._question(row) if row else None

    def put(self, question: Question, action: str, now: datetime, *, by: str = "", note: str = "") -> None:
        """Writes a question and the change in the journal.

        At flush raises StaleDataError if somebody else changed it since it was read.
        """
        row = self.row_of(QuestionRow, question.number)
        was = row.state if row else ""
        self.put_over(
            row, QuestionRow, question.number, team=question.team, patient=question.patient,
            asked_by=question.asked_by, asked_at=question.asked_at, link=question.link, about=question.about,
            state=question.state.value, amended_at=question.amended_at, closed_by=question.closed_by,
            closed_at=question.closed_at,
            sealed_said=self.seal(json.dumps([question.text, question.amended, question.why])),
        )  # fmt: skip
        self.journal.write(
            f"question {action}", question.ref, now, by=by, patient=question.patient, was=was,
            became=question.state.value, note=note,
        )  # fmt: skip

    def open_of_patient(self, code: str) -> list[Question]:
        """What is asked about a patient, oldest first."""
        return self._all(self._open().where(QuestionRow.patient == code))

    def answered_in(self, conference: str, code: str) -> list[Question]:
        """What was asked about a patient and answered in this conference (`C-3`), oldest first."""
        answered = select(QuestionRow).where(
            QuestionRow.org == self.org, QuestionRow.patient == code,
            QuestionRow.state == State.ANSWERED.value,
        )  # fmt: skip
        return [each for each in self._all(answered) if each.why == conference]

    def open_of_message(self, link: str) -> list[Question]:
        """What is asked because of the message that this leads to, oldest first."""
        return self._all(self._open().where(QuestionRow.link == link)) if link else []

    def _open(self) -> Select[QuestionRow]:
        return select(QuestionRow).where(QuestionRow.org == self.org, QuestionRow.state == State.OPEN.value)

    def _all(self, query: Select[QuestionRow]) -> list[Question]:
        # Sorted here: asked for in this order, SQLite would walk through all questions by number.
        found = (self._question(row) for row in self.session.scalars(query))
        return sorted(found, key=lambda each: each.number)

    def _question(self, row: QuestionRow) -> Question:
        text, amended, why = json.loads(self.open(row.sealed_said))
        return Question(
            number=row.number, team=row.team, patient=row.patient, text=text, asked_by=row.asked_by,
            asked_at=row.asked_at, link=row.link, about=row.about, state=State(row.state), amended=amended,
            amended_at=row.amended_at, closed_by=row.closed_by, closed_at=row.closed_at, why=why,
        )  # fmt: skip
