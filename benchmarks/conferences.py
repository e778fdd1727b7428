"""The conferences of a made-up past: what was discussed in them, and what is outstanding for the next."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from benchmarks.bulk import bulk
from benchmarks.cast import member_id
from benchmarks.history import ORG, History
from pathway.conference import State
from pathway.issue import Kind
from pathway.question import State as Asked
from pathway.session import State as Turn
from storage.tables import (
    ConferenceRow,
    CounterRow,
    IssueRow,
    QuestionRow,
    ReportRow,
    SessionItemRow,
)

ITEMS = 5
"""Patients of a conference; each patient was in one."""


def hold(connection: Connection, history: History) -> None:
    """Writes what all teams discussed, what was asked and reported, and what is outstanding."""
    past = _Past(history)
    bulk(connection, ConferenceRow, past.conference_rows())
    bulk(connection, SessionItemRow, past.item_rows())
    bulk(connection, QuestionRow, past.question_rows())
    bulk(connection, ReportRow, past.report_rows())
    bulk(connection, IssueRow, past.issue_rows())
    patients = len(history.codes)
    for name, value in (("conferences", past.number), ("questions", patients), ("reports", patients)):
        connection.execute(insert(CounterRow).values(org=ORG, name=name, value=value))


class _Past:
    """The patients of a team came up in the order in which they were added; the last was carried over."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.patients = len(history.codes)
        rounds = -(-self.patients // len(history.teams))
        self.number = -(-rounds // ITEMS) * len(history.teams)

    def conference_rows(self) -> Iterator[tuple[Any, ...]]:
        """Conferences, all of them over and signed."""
        seal, teams = self.history.keyring.seal, self.history.teams
        title, where = seal("Weekly"), seal("Room 2")
        for number in range(1, self.number + 1):
            team, began = teams[(number - 1) % len(teams)], self._began(number)
            lead, ended = member_id(team, "lea"), began + timedelta(hours=1)
            yield (
                ORG, number, team, title, began, 60, "Europe/London", 0, None, where, str(State.SIGNED), lead,
                lead, 0, began, began, ended, ended, [], 1,
            )  # fmt: skip

    def item_rows(self) -> Iterator[tuple[Any, ...]]:
        """An item of each patient: discussed, but for the last of each team, who come again."""
        said = self.history.keyring.seal(json.dumps({"question": "What next?", "reason": "", "outcome": ""}))
        for at, code in enumerate(self.history.codes):
            number, place = self._conference(at)
            again = at >= self.patients - len(self.history.teams)
            closed = self._began(number) + timedelta(minutes=60 if again else 10 * place)
            yield (
                ORG, number, code, self.history.team_of(at), place, said, 10, str(Kind.FLAG_OPEN),
                str(Turn.CARRIED if again else Turn.DONE), 0 if again else 540, None, closed, 0, 0,
                0 if again else 1, False, again, 1,
            )  # fmt: skip

    def question_rows(self) -> Iterator[tuple[Any, ...]]:
        """A question about each patient, from a message; it was answered."""
        said = self.history.keyring.seal(json.dumps(["What about sleep?", "", ""]))
        for at, code in enumerate(self.history.codes):
            team, asked = self.history.team_of(at), self._began(self._conference(at)[0])
            ana, link = member_id(team, "ana"), f"https://chat.example.org/{at + 1}"
            yield (
                ORG, at + 1, team, code, ana, asked, link, "", str(Asked.ANSWERED), None, ana, asked, said, 1
            )  # fmt: skip

    def report_rows(self) -> Iterator[tuple[Any, ...]]:
        """A report about each patient."""
        name = self.history.keyring.seal("MRI of the lumbar spine")
        for at, code in enumerate(self.history.codes):
            by, came = member_id(self.history.team_of(at), "ana"), self._began(self._conference(at)[0])
            yield ORG, at + 1, code, by, came, name

    def issue_rows(self) -> Iterator[tuple[Any, ...]]:
        """The flags that are open are outstanding."""
        said = self.history.keyring.seal(json.dumps(["Sleep (sleep-severe, version 1)", "", "", "", ""]))
        for number, team, code, raised, holder in self.history.open_flags():
            yield (
                ORG, code, str(Kind.FLAG_OPEN), f"F-{number}", team, raised, self.history.now, holder, "soon",
                False, said,
            )  # fmt: skip

    def _conference(self, at: int) -> tuple[int, int]:
        """The number of the conference in which a patient was, and the place there."""
        teams = len(self.history.teams)
        held, place = divmod(at // teams, ITEMS)
        return held * teams + at % teams + 1, place + 1

    def _began(self, number: int) -> datetime:
        return self.history.moment(number - 1, self.number)
