"""The clinic: one unit of work. What is done in it commits together or not at all.

    with store.clinic(now) as clinic:
        handoff = clinic.handoffs.find("H-12")
        ...

State, journal and outgoing posts are one transaction (`Clinic.close`): nothing is sent from inside it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cards.card import Detail
from pathway.definition import BadDefinition, Definition
from storage.actions import Actions
from storage.addresses import Addresses
from storage.agendas import Agendas
from storage.busy import Busy
from storage.conferences import Conferences
from storage.contacts import Contacts
from storage.database import insert_or_leave, open_engine, work
from storage.definitions import Definitions, number_in_force, read_version, text_of
from storage.duty import Duty
from storage.entries import Entries
from storage.feeds import Feeds
from storage.flags import Flags
from storage.handoffs import Handoffs
from storage.invitees import Invitees
from storage.invites import Invites
from storage.issues import Issues
from storage.journal import START, Journal
from storage.links import Links
from storage.measures import Measures
from storage.memory import Memory
from storage.minutes import SignedMinutes
from storage.odd_mails import OddMails
from storage.outbox import Lane, Outbox
from storage.patients import Patients
from storage.people import People
from storage.plan_changes import PlanChanges
from storage.plans import Plans
from storage.polls import Polls
from storage.questions import Questions
from storage.reminders import Reminders
from storage.rounds import Rounds
from storage.rows import Rows
from storage.secrets import Keyring
from storage.sent_mail import SentMails
from storage.series import AllSeries
from storage.sessions import Sessions
from storage.steering import Steering
from storage.tables import HeadRow

__all__ = ["Clinic", "CommitUnknown", "Store", "TooLate", "open_engine", "utc_now"]


LOOKS_EVERY = timedelta(seconds=30)
"""How often a process looks whether another pathway definition is in force."""


class TooLate(Exception):
    """The work was ready but its time had run out, so nothing of it was committed."""


class CommitUnknown(Exception):
    """The database went away during the commit: the work may be done, or not."""


class Clinic:
    """Everything that one request may read and change, and the policy it is read and changed under."""

    def __init__(
        self,
        session: Session,
        org: str,
        keyring: Keyring,
        definition: Definition,
        direct_detail: Detail = Detail.CLINICAL,
        plain_rooms: bool = False,
        base_url: str = "",
        mail_from: str = "",
        templates: Path | None = None,
    ) -> None:
        rows = Rows(session, org, keyring)
        self.rows = rows
        self.definition = definition
        self.direct_detail = direct_detail
        self.plain_rooms = plain_rooms
        self.base_url = base_url
        self.mail_from = mail_from
        self.templates = templates
        self.people = People(session, org, keyring)
        self.patients = Patients(session, org, keyring)
        self.memory = Memory(session, org, keyring)
        self.journal = Journal(rows)
        self.outbox = Outbox(rows, direct_detail)
        self.handoffs = Handoffs(rows, self.journal)
        self.flags = Flags(rows, self.journal)
        self.measures = Measures(rows, self.journal)
        self.definitions = Definitions(rows, self.journal)
        self.steering = Steering(rows, self.journal)
        self.entries = Entries(rows, self.journal)
        self.duty = Duty(rows, self.journal)
        self.conferences = Conferences(rows, self.journal)
        self.addresses = Addresses(rows)
        self.invites = Invites(rows)
        self.links = Links(rows)
        self.feeds = Feeds(rows, self.journal)
        self.series = AllSeries(rows, self.journal)
        self.polls = Polls(rows, self.journal)
        self.busy = Busy(rows, self.journal)
        self.invitees = Invitees(rows, self.journal, self.people)
        self.issues = Issues(rows, self.journal)
        self.questions = Questions(rows, self.journal)
        self.contacts = Contacts(rows, self.journal)
        self.plan_changes = PlanChanges(rows)
        self.plans = Plans(rows, self.journal, self.plan_changes)
        self.actions = Actions(rows, self.journal, self.plan_changes)
        self.sessions = Sessions(rows, self.journal)
        self.minutes = SignedMinutes(rows, self.journal)
        self.agendas = Agendas(rows, self.journal)
        self.sent_mails = SentMails(rows)
        self.odd_mails = OddMails(rows.session, org, keyring)
        self.reminders = Reminders(rows, self.journal)
        self.rounds = Rounds(session, org, keyring)
        self.posted: set[Lane] = set()
        self.spoke_of_other_team = False
        """Whether something of another team than that of the room was spoken of: the answer is not for it."""

    def close(self, now: datetime) -> None:
        """Chains the journal and puts the posts in line, behind the head that is locked here, last of all.

        Whoever was changed is looked at again for what is outstanding (`storage.issues`).
        """
        session = self.rows.session
        session.flush()
        outbox = self.outbox
        if not (self.journal.entries or outbox.posts or outbox.hushed or outbox.reduced):
            return
        self.issues.look_again(self.journal.concerned, now)
        self.posted = self.outbox.lanes
        self.outbox.prepare()
        head = session.get(HeadRow, self.rows.org, with_for_update=True) or self._first_head()
        self.journal.flush(head)
        self.outbox.flush(head, now)

    def _first_head(self) -> HeadRow:
        """The head of an organisation that begins now; another process may begin it at the same moment."""
        session, org = self.rows.session, self.rows.org
        first = {"org": org, "seq": 0, "hash": START, "posts": 0}
        session.execute(insert_or_leave(session, HeadRow, first))
        return session.get_one(HeadRow, org, with_for_update=True)


class Store:
    """A database, opened for one organisation under the pathway definition that is in force in it.

    Until one is in force there, `definition` is the one that it was opened with. `direct_detail` is what
    direct messages may show of a patient; `plain_rooms` lets Matrix rooms without encryption show more than
    codes. `base_url` is where its pages are reached from outside, "" if nowhere. `mail_from` is the address
    that mail comes from, "" if none can be sent. `templates` is the folder of the organisation's own
    templates of documents.
    """

    def __init__(
        self,
        url: str,
        keyring: Keyring,
        definition: Definition,
        *,
        org: str = "org",
        direct_detail: Detail = Detail.CLINICAL,
        plain_rooms: bool = False,
        base_url: str = "",
        mail_from: str = "",
        templates: Path | None = None,
    ) -> None:
        self.engine = open_engine(url)
        self.keyring = keyring
        self.definition = definition
        self.org = org
        self.direct_detail = direct_detail
        self.plain_rooms = plain_rooms
        self.base_url = base_url
        self.mail_from = mail_from
        self.templates = templates
        self._in_force = 0
        self._looked_at: datetime | None = None

    @contextmanager
    def clinic(self, now: datetime, may_commit: Callable[[], bool] = lambda: True) -> Iterator[Clinic]:
        """One unit of work. Commits at the end of the block; an exception rolls all of it back.

        `may_commit` is asked when everything is ready: False raises TooLate and leaves nothing behind.
        Raises CommitUnknown if the database goes away while it commits.
        """
        with work(self.engine) as session:
            self._look(session, now)
            clinic = Clinic(
                session,
                self.org,
                self.keyring,
                self.definition,
                self.direct_detail,
                self.plain_rooms,
                self.base_url,
                self.mail_from,
                self.templates,
            )
            yield clinic
            clinic.close(now)
            session.flush()
            if not may_commit():
                raise TooLate
            _commit(session)
        if clinic.definitions.changed:
            self._looked_at = None

    def _look(self, session: Session, now: datetime) -> None:
        """Takes up the definition that is in force, which another process may have changed."""
        if self._looked_at is not None and abs(now - self._looked_at) < LOOKS_EVERY:
            return
        self._looked_at = now
        number = number_in_force(session, self.org)
        if number not in (0, self._in_force):
            # A newer release may write what this one can't read: then what was in force goes on here.
            with suppress(BadDefinition):
                self.definition = read_version(text_of(session, self.org, number), number)
                self._in_force = number

    def close(self) -> None:
        """Gives the database's connections back."""
        self.engine.dispose()


def _commit(session: Session) -> None:
    try:
        session.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise CommitUnknown from error
        raise


def utc_now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)
