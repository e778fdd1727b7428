"""Links by which a patient enters their own answers: kept by a digest, changed by compare-and-set."""

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select

from pathway.code import ALPHABET
from storage.journal import Journal
from storage.rows import Rows
from storage.tables import EntryRow

TOKEN_LETTERS = 27
"""Of 29 letters that are not mistaken for each other: 131 bits, which nobody guesses."""
PURPOSE = "entry"


class Stage(StrEnum):
    """How a link stands."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Draft:
    """What was answered so far: values by question (`PHQ-9.9`; None: skipped).

    `alarms` are questions that were ever answered so that somebody must look now, whatever is said later;
    `early` are the entries that were made of them at once, by instrument. `browser` is what the one is known
    by in which they were begun, "" for none.
    """

    answers: dict[str, float | None] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()
    early: dict[str, str] = field(default_factory=dict)
    browser: str = ""


@dataclass(frozen=True)
class Entry:
    """One link: for whom, what is asked in which language, by whom it was made, until when it works."""

    digest: str
    patient: str
    member: str
    instruments: tuple[str, ...]
    language: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    draft: Draft = Draft()

    def stage(self, now: datetime) -> Stage:
        """How it stands now."""
        if self.used_at is not None:
            return Stage.USED
        if self.revoked_at is not None:
            return Stage.REVOKED
        return Stage.EXPIRED if now >= self.expires_at else Stage.OPEN


class Entries(Rows):
    """The links of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def make(self, entry: Entry, now: datetime) -> str:
        """Keeps a new link; the token that opens it, which is nowhere kept."""
        token = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LETTERS))
        self.put(replace(entry, digest=self.keyring.digest(token, PURPOSE)), "link", now, by=entry.member)
        return token

    def find(self, token: str) -> Entry | None:
        """The link that this token opens, in any case."""
        spoken = token.upper()
        if len(spoken) != TOKEN_LETTERS or not set(spoken) <= set(ALPHABET):
            return None
        digests = self.keyring.digests(spoken, PURPOSE)
        query = select(EntryRow).where(EntryRow.org == self.org, EntryRow.digest.in_(digests))
        row = self.session.scalars(query).first()
        return self._entry(row) if row else None

    def of_digest(self, digest: str) -> Entry | None:
        """The link that is kept under this digest."""
        row = self.row_of(EntryRow, digest)
        return self._entry(row) if row else None

    def put(self, entry: Entry, action: str, now: datetime, *, by: str = "", note: str = "") -> None:
        """Writes a link and what became of it in the journal. One that has ended falls due no more.

        At flush raises StaleDataError if somebody else changed it since it was read.
        """
        self.keep(entry, ended=action != "link")
        self.journal.write(
            f"entry {action}", f"patient:{entry.patient}", now, by=by, patient=entry.patient, note=note
        )

    def keep(self, entry: Entry, *, ended: bool = False) -> None:
        """Writes a link, what was answered so far with it."""
        self.put_row(
            EntryRow, entry.digest, patient=entry.patient, member=entry.member,
            instruments=list(entry.instruments), language=entry.language, made_at=entry.made_at,
            expires_at=entry.expires_at, due_at=None if ended else entry.expires_at,
            used_at=entry.used_at, revoked_at=entry.revoked_at,
            sealed_draft=self.seal(json.dumps(vars(entry.draft))),
        )  # fmt: skip

    def send(self, entry: Entry, now: datetime) -> Entry:
        """The patient has sent what they answered."""
        used = replace(entry, used_at=now)
        self.put(used, "sent", now)
        return used

    def revoke(self, entry: Entry, by: str, now: datetime) -> None:
        """A member ends a link; what was answered and not sent is dropped."""
        self.put(replace(entry, revoked_at=now, draft=Draft()), "revoke", now, by=by)

    def expire(self, entry: Entry, now: datetime) -> None:
        """Its time has run out; what was answered and not sent is dropped."""
        self.put(replace(entry, draft=Draft()), "expired", now)

    def open_of(self, patient: str, now: datetime) -> list[Entry]:
        """A patient's links that still work."""
        query = select(EntryRow).where(EntryRow.org == self.org, EntryRow.patient == patient)
        found = [self._entry(row) for row in self.session.scalars(query)]
        return [each for each in found if each.stage(now) is Stage.OPEN]

    def due(self, now: datetime, without: Collection[str] = ()) -> Entry | None:
        """The link whose time ran out longest ago, locked against other processes that look."""
        row = self.longest_due(EntryRow, EntryRow.due_at, now, EntryRow.digest.not_in(list(without)))
        return self._entry(row) if row else None

    def forget_before(self, moment: datetime) -> None:
        """Drops links that ended before this moment, with what was answered."""
        ended = (EntryRow.org == self.org, EntryRow.due_at.is_(None), EntryRow.expires_at < moment)
        self.session.execute(delete(EntryRow).where(*ended))

    def _entry(self, row: EntryRow) -> Entry:
        draft = json.loads(self.open(row.sealed_draft))
        return Entry(
            row.digest, row.patient, row.member, tuple(row.instruments), row.language, row.made_at,
            row.expires_at, row.used_at, row.revoked_at,
            Draft(draft["answers"], tuple(draft["alarms"]), draft["early"], draft.get("browser", "")),
        )  # fmt: skip
