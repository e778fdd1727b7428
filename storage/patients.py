"""Patients: a code in the open; name, birth date, record number, phone, mail and goal sealed."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, select, update

from pathway.code import new_code
from storage.database import insert_or_leave
from storage.rows import Rows
from storage.tables import CareTeamRow, CounterRow, PatientNameRow, PatientRow

_RANDOM = random.SystemRandom()
_TRIES_PER_LENGTH = 8


@dataclass(frozen=True)
class Patient:
    """A patient as the care team knows them. `goal` is what matters most, in the person's own words."""

    code: str
    team: str
    name: str
    goal: str
    born: str = ""
    record: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    interpreter: bool = False
    consent_team: bool = False
    consent_outside: bool = False


class Patients(Rows):
    """The patients of one organisation, and who may see them."""

    def add(self, patient: Patient, now: datetime) -> Patient:
        """A new patient; the code is chosen here, longer ones when the shorter are used up."""
        length = 4
        while True:
            for _ in range(_TRIES_PER_LENGTH):
                code = new_code(_RANDOM, length)
                if self.row_of(PatientRow, code) is None:
                    added = replace(patient, code=code)
                    self._write(added, added_at=now)
                    return added
            length += 1

    def in_turn(self) -> None:
        """Lets nobody else add a patient until this transaction ends: what is looked up now stays so."""
        first = {"org": self.org, "name": "patients", "value": 0}
        self.session.execute(insert_or_leave(self.session, CounterRow, first))
        self.session.get_one(CounterRow, (self.org, "patients"), with_for_update=True)

    def find(self, code: str) -> Patient | None:
        """The patient with this code."""
        row = self.row_of(PatientRow, code)
        return self._patient(row) if row else None

    def by_record(self, record: str) -> Patient | None:
        """The patient with this record number."""
        if not _plain(record):
            return None
        digests = self.keyring.digests(_plain(record), "record")
        query = select(PatientRow).where(PatientRow.org == self.org, PatientRow.record_digest.in_(digests))
        row = self.session.scalars(query).first()
        return self._patient(row) if row else None

    def by_name(self, name: str, seen_by: str = "") -> list[Patient]:
        """Patients whose names hold all of these words; with `seen_by` only those a member is let see."""
        words = _words(name)
        if not words:
            return []
        query = select(PatientRow).where(PatientRow.org == self.org)
        for word in words:
            digests = self.keyring.digests(word, "name")
            found = select(PatientNameRow.code).where(
                PatientNameRow.org == self.org, PatientNameRow.digest.in_(digests)
            )
            query = query.where(PatientRow.code.in_(found))
        if seen_by:
            let = (CareTeamRow.org == self.org, CareTeamRow.member == seen_by)
            query = query.where(PatientRow.code.in_(select(CareTeamRow.code).where(*let)))
        return [self._patient(row) for row in self.session.scalars(query.order_by(PatientRow.code).limit(20))]

    def save(self, patient: Patient) -> None:
        """Writes a patient who was added before, sealed, with the digests by which they are found."""
        self._write(patient)

    def _write(self, patient: Patient, **columns: datetime) -> None:
        self.put_row(PatientRow, patient.code, team=patient.team, sealed_name=self.seal(patient.name),
            sealed_born=self.seal(patient.born), sealed_record=self.seal(patient.record),
            record_digest=self._record_digest(patient.record),
            sealed_phone=self.seal(patient.phone), sealed_email=self.seal(patient.email),
            sealed_goal=self.seal(patient.goal), language=patient.language,
            interpreter=patient.interpreter, consent_team=patient.consent_team,
            consent_outside=patient.consent_outside, **columns,
        )  # fmt: skip
        self._save_names(patient.code, patient.name)

    def digest_anew(self, row: PatientRow) -> None:
        """Makes the digests by which a patient is found with the newest key."""
        digest = self._record_digest(self.open(row.sealed_record))
        # Not through the row: what is known of the patient stays the same, and so does its version.
        same = (PatientRow.org == self.org, PatientRow.code == row.code)
        self.session.execute(update(PatientRow).where(*same).values(record_digest=digest))
        self._save_names(row.code, self.open(row.sealed_name))

    def _record_digest(self, record: str) -> str:
        return self.keyring.digest(_plain(record), "record") if _plain(record) else ""

    def _save_names(self, code: str, name: str) -> None:
        self.session.flush()
        of_patient = (PatientNameRow.org == self.org, PatientNameRow.code == code)
        self.session.execute(delete(PatientNameRow).where(*of_patient))
        for word in _words(name):
            self.put_row(PatientNameRow, self.keyring.digest(word, "name"), code)

    def may_see(self, code: str, member_id: str, now: datetime) -> bool:
        """Whether a member is on the patient's care team, or has broken the glass and it has not closed."""
        row = self.row_of(CareTeamRow, code, member_id)
        if row is None or now < row.since:
            return False
        glass_open = row.glass_until is not None and now < row.glass_until
        return glass_open or row.until is None or now < row.until

    def let_see(self, code: str, member_id: str, now: datetime, until: datetime | None = None) -> None:
        """Puts a member on the care team, for good or until a moment. A lasting place is never shortened."""
        row = self.row_of(CareTeamRow, code, member_id)
        if row is not None and row.until is None:
            return
        # Since now, also for who could see the patient before: what gave them that may end, and this may not.
        self.put_row(CareTeamRow, code, member_id, since=now, until=until)

    def break_glass(self, code: str, member_id: str, now: datetime, until: datetime) -> None:
        """Lets a member who may not see a patient do so until a moment, whatever becomes of other reasons."""
        self.put_row(CareTeamRow, code, member_id, since=now, until=now, glass_until=until)

    def end_access(self, code: str, member_id: str) -> bool:
        """Takes a member off the care team; False if they were not on it."""
        row = self.row_of(CareTeamRow, code, member_id)
        if row is None:
            return False
        self.remove_row(row)
        return True

    def end_access_since(self, code: str, member_id: str, moment: datetime) -> None:
        """Takes a member off the care team if they came to it at this moment or later; broken glass stays."""
        row = self.row_of(CareTeamRow, code, member_id)
        if row is None or row.since < moment:
            return
        if row.glass_until is None:
            self.remove_row(row)
        else:
            row.until = row.since

    def end_passing_access(self, code: str, members: Iterable[str]) -> None:
        """Ends what these members may see because they are asked; lasting places and broken glass stay."""
        passing = (
            CareTeamRow.org == self.org,
            CareTeamRow.code == code,
            CareTeamRow.member.in_(list(members)),
            CareTeamRow.until.is_not(None),
        )
        self.session.execute(delete(CareTeamRow).where(*passing, CareTeamRow.glass_until.is_(None)))
        self.session.execute(update(CareTeamRow).where(*passing).values(until=CareTeamRow.since))

    def end_all_access(self, member_id: str, team_id: str) -> int:
        """Takes a member who left a team off the care teams of all its patients; how many those were."""
        of_team = select(PatientRow.code).where(PatientRow.org == self.org, PatientRow.team == team_id)
        gone = self.session.execute(
            delete(CareTeamRow)
            .where(
                CareTeamRow.org == self.org,
                CareTeamRow.member == member_id,
                CareTeamRow.code.in_(of_team),
            )
            .returning(CareTeamRow.code)
        )
        return len(gone.all())

    def care_team(self, code: str) -> list[str]:
        """Ids of those on the patient's care team for good."""
        query = select(CareTeamRow.member).where(
            CareTeamRow.org == self.org, CareTeamRow.code == code, CareTeamRow.until.is_(None)
        )
        return sorted(self.session.scalars(query))

    def care_teams(self, codes: Iterable[str]) -> dict[str, frozenset[str]]:
        """The same for several patients."""
        teams: dict[str, set[str]] = {code: set() for code in codes}
        query = select(CareTeamRow.code, CareTeamRow.member).where(
            CareTeamRow.org == self.org, CareTeamRow.code.in_(list(teams)), CareTeamRow.until.is_(None)
        )
        for code, member in self.session.execute(query):
            teams[code].add(member)
        return {code: frozenset(members) for code, members in teams.items()}

    def seen_by(self, member_id: str, team_id: str, limit: int = 20) -> list[Patient]:
        """The patients of a team that a member looks after, newest first."""
        query = (
            select(PatientRow)
            .join(CareTeamRow, (CareTeamRow.org == PatientRow.org) & (CareTeamRow.code == PatientRow.code))
            .where(
                PatientRow.org == self.org,
                PatientRow.team == team_id,
                CareTeamRow.member == member_id,
                CareTeamRow.until.is_(None),
            )
            .order_by(PatientRow.added_at.desc(), PatientRow.code)
            .limit(limit)
        )
        return [self._patient(row) for row in self.session.scalars(query)]

    def count(self) -> int:
        """How many patients the organisation has."""
        query = select(func.count()).select_from(PatientRow).where(PatientRow.org == self.org)
        return self.session.scalar(query) or 0

    def _patient(self, row: PatientRow) -> Patient:
        return Patient(
            code=row.code, team=row.team, name=self.open(row.sealed_name), goal=self.open(row.sealed_goal),
            born=self.open(row.sealed_born), record=self.open(row.sealed_record),
            phone=self.open(row.sealed_phone), email=self.open(row.sealed_email), language=row.language,
            interpreter=row.interpreter, consent_team=row.consent_team,
            consent_outside=row.consent_outside,
        )  # fmt: skip


def _plain(record: str) -> str:
    """A record number without what people add to it."""
    return "".join(char for char in record.casefold() if char.isalnum())


def _words(name: str) -> list[str]:
    """The words of a name as they are looked up."""
    return sorted(set(name.casefold().replace("-", " ").split()))
