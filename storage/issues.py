"""The queue of what is outstanding, and of the patients whose issues are to be collected again.

Issues are never written by those who cause them: after any change of a patient they are collected anew
(`handlers.issues.outstanding`), and what differs is written here, each difference a row in the journal.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, Row, bindparam, case, select
from sqlalchemy.dialects import postgresql, sqlite

from pathway.contact import Noted
from pathway.issue import Issue, Kind, Why, once
from storage.columns import Utc
from storage.database import insert_or_leave
from storage.journal import ISSUE, Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.statements import ORG
from storage.tables import Base, IssueRow, OutlookRow, PatientRow, ReportRow

_COLUMNS = (
    IssueRow.patient, IssueRow.kind, IssueRow.source, IssueRow.since, IssueRow.why_at, IssueRow.owner,
    IssueRow.severity, IssueRow.private, IssueRow.sealed_said,
)  # fmt: skip
_Columns = Row[str, str, str, datetime, datetime, str, str, bool, str]
_OF_TEAM = select(*_COLUMNS).where(IssueRow.org == ORG, IssueRow.team == bindparam("team"))
_OF_PATIENT = select(*_COLUMNS).where(IssueRow.org == ORG, IssueRow.patient == bindparam("patient"))
_REPORTS = select(ReportRow.patient, ReportRow.sealed_name).where(
    ReportRow.org == ORG,
    ReportRow.patient.in_(
        select(IssueRow.patient).where(IssueRow.org == ORG, IssueRow.team == bindparam("team"))
    ),
)
"""By org and team: of those for whom something is outstanding."""


def _look_again(dialect: str) -> Insert:
    """Has patients looked at now, in the order of their codes; who is overdue already stays so."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    now = bindparam("now", type_=Utc())
    wanted = (PatientRow.org == ORG, PatientRow.code.in_(bindparam("codes", expanding=True)))
    named = select(PatientRow.org, PatientRow.code, PatientRow.team, now).where(*wanted)
    outlooks = Base.metadata.tables[OutlookRow.__tablename__]
    made = insert(outlooks).from_select(
        ["org", "patient", "team", "look_at"], named.order_by(PatientRow.code)
    )
    new = made.excluded
    before = outlooks.c.look_at
    earlier = case((before < new.look_at, before), else_=new.look_at)
    return made.on_conflict_do_update(
        index_elements=["org", "patient"], set_={"team": new.team, "look_at": earlier}
    )


_LOOK_AGAIN = {name: _look_again(name) for name in ("sqlite", "postgresql")}


@dataclass(frozen=True)
class Changed:
    """What differs between two collections of a patient's issues, and for which teams."""

    came: tuple[Issue, ...] = ()
    gone: tuple[Issue, ...] = ()
    amended: tuple[Issue, ...] = ()
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outlook:
    """When a patient is looked at next."""

    patient: str
    team: str
    look_at: datetime


class Issues(Rows):
    """What is outstanding in one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def of_team(self, team: str) -> list[Issue]:
        """What is outstanding for a team's patients, private issues too, in the order of their keys."""
        self.session.flush()
        return self._in_order(self.session.execute(_OF_TEAM, {"org": self.org, "team": team}))

    def of_patient(self, code: str) -> list[Issue]:
        """What is outstanding for a patient, private issues too, in the order of their keys."""
        self.session.flush()
        return self._in_order(self.session.execute(_OF_PATIENT, {"org": self.org, "patient": code}))

    def _in_order(self, rows: Iterable[_Columns]) -> list[Issue]:
        # Not by the database: asked for that, SQLite would walk through the whole organisation by patient.
        return sorted((self._issue(row) for row in rows), key=lambda each: each.key)

    def replace(self, code: str, team: str, issues: Iterable[Issue], now: datetime) -> Changed:
        """Makes these a patient's issues; only what differs is written, and what came or went journalled.

        Let nobody else collect the patient meanwhile (`in_turn`, `next_look`, `due_of_team`).
        """
        wanted = {each.key: each for each in once(issues)}
        before = {each.key: each for each in self.of_patient(code)}
        gone = tuple(each for key, each in before.items() if key not in wanted)
        came = tuple(each for key, each in wanted.items() if key not in before)
        amended: list[Issue] = []
        teams = {team} if came else set()
        for key, issue in before.items():
            row = self.session.get_one(IssueRow, (self.org, *key))
            if key not in wanted:
                teams.add(row.team)
                self.remove_row(row)
            elif (issue, row.team) != (wanted[key], team):
                teams |= {row.team, team}
                amended.append(wanted[key])
                self._write(row, wanted[key], team)
        for issue in came:
            self._write(None, issue, team)
        for action, changed in ((f"{ISSUE}came", came), (f"{ISSUE}went", gone)):
            for issue in changed:
                self._note(action, issue, now)
        return Changed(came, gone, tuple(amended), frozenset(teams))

    def _write(self, row: IssueRow | None, issue: Issue, team: str) -> None:
        said = [issue.why.rule, issue.why.value, issue.question, issue.closes, issue.link]
        self.put_over(
            row, IssueRow, *issue.key, team=team, since=issue.since, why_at=issue.why.at, owner=issue.owner,
            severity=issue.severity, private=issue.private, sealed_said=self.seal(json.dumps(said)),
        )  # fmt: skip

    def _note(self, action: str, issue: Issue, now: datetime) -> None:
        """A private issue is no part of the patient's timeline."""
        patient = "" if issue.private else issue.patient
        note = f"{issue.kind} {issue.source}"
        self.journal.write(action, f"issue:{issue.source}", now, patient=patient, note=note)

    def _issue(self, row: _Columns) -> Issue:
        rule, value, question, closes, link = json.loads(self.open(row.sealed_said))
        return Issue(
            patient=row.patient, kind=Kind(row.kind), source=row.source, since=row.since,
            why=Why(rule, value, row.why_at), owner=row.owner, severity=row.severity, question=question,
            closes=closes, link=link, private=row.private,
        )  # fmt: skip

    # When a patient's issues are collected next

    def look_again(self, codes: Collection[str], now: datetime) -> None:
        """Has these patients looked at now; who is none of ours is left out."""
        if codes:
            asked = {"org": self.org, "codes": list(codes), "now": now}
            self.session.execute(_LOOK_AGAIN[self.session.get_bind().dialect.name], asked)

    def next_look(self, now: datetime, without: Collection[str] = ()) -> Outlook | None:
        """The patient who should have been looked at longest ago, locked against other processes."""
        row = self.longest_due(OutlookRow, OutlookRow.look_at, now, OutlookRow.patient.not_in(list(without)))
        return Outlook(row.patient, row.team, row.look_at) if row else None

    def due_of_team(self, team: str, now: datetime, limit: int) -> list[str]:
        """The patients of a team who are to be looked at by now, longest ago first, so many at most, locked.

        Whom another process looks at just now is waited for, as what it finds is to be seen here too; such
        a patient is not due any more. Locked in the order of their codes, as in `look_again`.
        """
        query = (
            select(OutlookRow.patient)
            .where(OutlookRow.org == self.org, OutlookRow.team == team, OutlookRow.look_at <= now)
            .order_by(OutlookRow.look_at)
            .limit(limit)
        )
        due = self.session.scalars(query).all()
        if not due:
            return []
        locked = (
            select(OutlookRow)
            .where(OutlookRow.org == self.org, OutlookRow.patient.in_(due))
            .order_by(OutlookRow.patient)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        still = {row.patient for row in self.session.scalars(locked) if row.look_at <= now}
        return [code for code in due if code in still]

    def in_turn(self, code: str, team: str, now: datetime) -> None:
        """Lets nobody else collect this patient, or ask about them, until the transaction ends."""
        self.session.flush()
        first = {"org": self.org, "patient": code, "team": team, "look_at": now}
        self.session.execute(insert_or_leave(self.session, OutlookRow, first))
        self.session.get_one(OutlookRow, (self.org, code), with_for_update=True)

    def looked(self, code: str, team: str, look_at: datetime) -> None:
        """Sets when a patient is looked at next, unless something changes before."""
        self.put_row(OutlookRow, code, team=team, look_at=look_at)

    def forget(self, code: str) -> None:
        """Looks no more at somebody who is no patient any more."""
        row = self.row_of(OutlookRow, code)
        if row is not None:
            self.remove_row(row)

    # Reports that are there

    def report(self, code: str, name: str, now: datetime, by: str) -> None:
        """Notes that a report about a patient is there."""
        number = next_number(self, "reports")
        self.put_row(ReportRow, number, patient=code, member=by, at=now, sealed_name=self.seal(name))
        self.journal.write("report there", f"patient:{code}", now, by=by, patient=code, note=name)

    def reported_last(self, member: str, since: datetime) -> Noted | None:
        """The report that a member noted last since a moment."""
        query = (
            select(ReportRow)
            .where(ReportRow.org == self.org, ReportRow.member == member, ReportRow.at >= since)
            .order_by(ReportRow.at.desc(), ReportRow.number.desc())
            .limit(1)
        )
        row = self.session.scalars(query).first()
        return Noted(row.number, row.patient, row.at) if row else None

    def take_report_back(self, noted: Noted, now: datetime, by: str) -> None:
        """It was noted by mistake: only the journal knows of it any more."""
        row = self.row_of(ReportRow, noted.number)
        if row is not None:
            name = self.open(row.sealed_name)
            self.remove_row(row)
            self.journal.write(
                "report taken back", f"patient:{noted.patient}", now, by=by, patient=noted.patient, note=name
            )

    def reports(self, team: str) -> Mapping[str, frozenset[str]]:
        """By patient of a team for whom something is outstanding, the reports that are there."""
        found: dict[str, set[str]] = {}
        for code, sealed in self.session.execute(_REPORTS, {"org": self.org, "team": team}):
            found.setdefault(code, set()).add(self.open(sealed))
        return {code: frozenset(names) for code, names in found.items()}
