"""What years of work leave behind: patients, settled handoffs and their journal, made up and written in bulk.

Every row is what Baton itself would have written: sealed with the store's keys, the journal chained by
`storage.journal.link`, so that `baton journal verify` finds it whole. The people in it are made up.
"""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Row

from benchmarks.cast import member_id
from pathway.code import new_code
from pathway.flag import Cause
from pathway.handoff import Due, Ipass, Rung, State, Talk
from storage.flags import written
from storage.journal import START, digest, link, salted
from storage.secrets import Keyring

ORG = "org"
FIRST_NAMES = ("Synthia", "Tess", "Mock", "Sam", "Paula", "Demo", "Erika", "Max")
LAST_NAMES = ("Testcase", "Sample", "Placeholder", "Example", "Musterfrau", "Fixture")
SUMMARY = "Low back pain for two years, sleeps badly, PHQ-9 14, lifts at work. Physiotherapy since May."
STEPS = (
    ("offered", "", "offered"),
    ("accepted", "offered", "accepted"),
    ("read back", "accepted", "accepted"),
    ("introduced", "accepted", "introduced"),
    ("completed", "introduced", "completed"),
)
ROWS_A_PATIENT = 10  # of the journal: one for the patient, and nine for not quite two handoffs
OPEN_OF_A_TEAM = 20


class Entry(NamedTuple):
    """A journal row, its columns in the order of the table."""

    org: str
    seq: int
    at: datetime
    member: str
    action: str
    subject: str
    patient: str
    was: str
    became: str
    note_digest: str
    hash: str


class History:
    """The rows of a past of so many journal rows, spread over teams and over three years."""

    def __init__(self, rows: int, teams: Sequence[str], keyring: Keyring, now: datetime) -> None:
        self.rows = rows
        self.teams = teams
        self.keyring = keyring
        self.now = now
        self.dice = random.Random(rows)
        self.patients = max(rows // ROWS_A_PATIENT, len(teams))
        self.handoffs = (rows - self.patients) // len(STEPS)
        self.codes = self._codes()
        self.head = START
        self.seq = 0
        self.notes: list[tuple[str, int, str]] = []

    def patient_rows(self) -> Iterator[tuple[Any, ...]]:
        """Patients, as columns."""
        seal = self.keyring.seal
        for at, code in enumerate(self.codes):
            yield (
                ORG, code, self.team_of(at), seal(_name(at)), seal("1970-01-01"), seal(f"MRN-{at:07}"),
                self.keyring.digest(f"mrn{at:07}", "record"), "", "", seal("Lift my grandson again"),
                "en", False, True, False, self.moment(at, self.patients), 1,
            )  # fmt: skip

    def name_rows(self) -> Iterator[tuple[str, str, str]]:
        """Digests of the words of names."""
        digests: dict[str, str] = {}
        for at, code in enumerate(self.codes):
            for word in sorted(_name(at).casefold().split()):
                if word not in digests:
                    digests[word] = self.keyring.digest(word, "name")
                yield ORG, digests[word], code

    def care_rows(self) -> Iterator[tuple[Any, ...]]:
        """Three people look after each patient; in the first team two of them are always the same."""
        for at, code in enumerate(self.codes):
            for handle in ("ana", "bo", ("cy", "di", "ed")[at % 3]):
                since = self.moment(at, self.patients)
                yield ORG, code, member_id(self.team_of(at), handle), since, None, None

    def measure_rows(self) -> Iterator[tuple[Any, ...]]:
        """A baseline and a reassessment of each patient."""
        said = {
            "instrument": "PEG",
            "score": 6.0,
            "answers": [6.0, 6.0, 6.0],
            "how": "phone",
            "baseline": False,
        }
        sealed = self.keyring.seal(json.dumps(said))
        for at, code in enumerate(self.codes):
            by, since = member_id(self.team_of(at), "ana"), self.moment(at, self.patients)
            for number, taken in ((2 * at + 1, since), (2 * at + 2, since + timedelta(weeks=6))):
                yield ORG, number, code, by, taken, taken, 0, True, sealed, 1

    def review_rows(self) -> Iterator[tuple[Any, ...]]:
        """All patients are looked at within the next week; of one in twenty something is due."""
        for at, code in enumerate(self.codes):
            due = self.now - timedelta(days=1) if at % 20 == 0 else None
            later = self.now + timedelta(hours=1 + at % 167)
            yield ORG, code, self.team_of(at), later, due, self.now, 2, 1

    def flag_rows(self) -> Iterator[tuple[Any, ...]]:
        """A flag of each patient: resolved, but for the last few of each team, which somebody has claimed."""
        open_from = self._flags_open_from()
        cause = Cause("sleep-severe", 1, "soon", "Sleep is in the severe band.", self.now)
        causes = self.keyring.seal(json.dumps([written(cause)]))
        said = self.keyring.seal(json.dumps({"label": "Sleep", "service": "psychology", "done": "Seen"}))
        for at, code in enumerate(self.codes):
            team, raised, still = self.team_of(at), self.moment(at, self.patients), at >= open_from
            bo, ed = member_id(team, "bo"), member_id(team, "ed")
            later = self.now + timedelta(days=5) if still else None
            yield (
                ORG, at + 1, team, code, "sleep-severe", "soon", ["psychologist"], False, raised, ed,
                "claimed" if still else "resolved", 0, [bo], [], [], ed, causes, said, raised, raised, None,
                None, "" if still else ed, None if still else raised + timedelta(days=1), raised, later,
                "lapse" if still else "", later, 0, still, 1,
            )  # fmt: skip

    def open_flags(self) -> Iterator[tuple[int, str, str, datetime, str]]:
        """The flags that are open: number, team, patient, since when, and who holds it."""
        for at in range(self._flags_open_from(), len(self.codes)):
            team = self.team_of(at)
            yield at + 1, team, self.codes[at], self.moment(at, self.patients), member_id(team, "ed")

    def handoff_rows(self) -> Iterator[tuple[Any, ...]]:
        """Settled handoffs, and last the few of each team that are open and will be for days."""
        open_from = self.handoffs - min(OPEN_OF_A_TEAM * len(self.teams), self.handoffs // 2)
        ipass = Ipass("stable", SUMMARY, "Book a first visit", "New weakness: same day", True, "Lift", "en")
        told, talk = json.dumps(vars(ipass)), json.dumps(vars(Talk(read_back="I see her this week")))
        seal = self.keyring.seal
        for at in range(self.handoffs):
            team, code = self._whose(at)
            sender, receiver = member_id(team, "ana"), member_id(team, "bo")
            waits = at >= open_from
            offered = self.now - timedelta(hours=1) if waits else self.moment(at, self.handoffs)
            due = self.now + timedelta(days=3) if waits else None
            yield (
                ORG, at + 1, team, code, sender, "routine", receiver, "",
                str(State.OFFERED if waits else State.COMPLETED), int(Rung.RECEIVER), [receiver], [], [], "",
                "" if waits else receiver, seal(told), seal(talk), offered, offered,
                None if waits else offered, offered, due,
                str(Due.REMIND if waits else Due.NOTHING), due, 0, waits, 1,
            )  # fmt: skip

    def journal_rows(self) -> Iterator[Entry]:
        """The whole journal, chained; what was noted in it is in `notes` afterwards."""
        for at, code in enumerate(self.codes):
            by = member_id(self.team_of(at), "ana")
            yield self._entry(self.moment(at, self.patients), by, "patient added", code, code)
        for at in range(self.handoffs):
            team, code = self._whose(at)
            moment = self.moment(at, self.handoffs)
            for step, (action, was, became) in enumerate(STEPS):
                by = member_id(team, "bo" if step else "ana")
                note = "I see her this week" if action == "read back" else ""
                yield self._entry(moment, by, f"handoff {action}", f"H-{at + 1}", code, was, became, note)

    def _entry(
        self, at: datetime, by: str, action: str, subject: str, code: str,
        was: str = "", became: str = "", note: str = "",
    ) -> Entry:  # fmt: skip
        self.seq += 1
        words = salted(note) if note else ""
        entry = Entry(
            ORG, self.seq, at, by, action, subject, code, was, became, digest(words) if words else "", ""
        )
        self.head = link(self.head, cast("Row[Any]", entry))
        if words:
            self.notes.append((ORG, self.seq, self.keyring.seal(words)))
        return entry._replace(hash=self.head)

    def team_of(self, patient: int) -> str:
        """The team of the patient with this number."""
        return self.teams[patient % len(self.teams)]

    def moment(self, at: int, of: int) -> datetime:
        """Spread evenly over three years, the last a day ago."""
        ago = timedelta(days=1) + timedelta(days=3 * 365) * (1 - at / of)
        return (self.now - ago).astimezone(UTC)

    def _flags_open_from(self) -> int:
        return len(self.codes) - min(OPEN_OF_A_TEAM * len(self.teams), len(self.codes) // 2)

    def _whose(self, handoff: int) -> tuple[str, str]:
        """Team and patient of a handoff; those of one patient lie far apart."""
        patient = handoff * 7919 % self.patients
        return self.team_of(patient), self.codes[patient]

    def _codes(self) -> list[str]:
        drawn: dict[str, None] = {}
        for length in itertools.repeat(6):
            if len(drawn) >= self.patients:
                break
            drawn[new_code(self.dice, length)] = None
        return list(drawn)


def _name(patient: int) -> str:
    return f"{FIRST_NAMES[patient % 8]} {LAST_NAMES[patient // 8 % 6]}{patient}"
