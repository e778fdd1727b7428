"""A team whose members have mailboxes: conferences that change, and what each one's calendar then holds."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from cards.mail import Mail
from handlers.conferences.series_make import make_ahead
from handlers.invitations import invitations
from pathway.conference import Conference, Step, move
from pathway.invitee import Invitee, Kind, member_key
from pathway.people import Member
from pathway.series import Series
from storage.clinic import Clinic
from tests.agendas.calendars import Program
from tests.handlers.talk import Talk

SENDER = "baton@clinic.example"
PAGES = "https://baton.example"
GP = "gp@surgery.example"
WEEK = timedelta(days=7)


def box(who: str) -> str:
    """Somebody's mailbox."""
    return f"{who}@clinic.example"


@dataclass
class Mailbox:
    """What came to an address, and what a calendar program made of each event by its UID."""

    programs: dict[str, Program] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)


class Mailing:
    """The north team of a `Talk`, with a mailbox each; `team` is its id."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.boxes: dict[str, Mailbox] = {}
        self.members: dict[str, Member] = {}
        with talk.store.clinic(talk.now) as clinic:
            (team,) = clinic.people.teams()
            self.team = team.id
            for place in clinic.people.roster(team.id).places:
                handle = place.member.name.split()[0].lower()
                self.members[handle] = replace(place.member, email=box(handle))
                clinic.people.save(self.members[handle])

    def key(self, who: str) -> str:
        """The key by which a member is invited."""
        return member_key(self.members[who].id)

    def member(self, who: str) -> Invitee:
        """A member as an invitee."""
        member = self.members[who]
        return Invitee(self.key(who), Kind.MEMBER, member.name, member.email, member.id)

    def outside(self, email: str = GP, language: str = "") -> Invitee:
        """Somebody with a mailbox and no account."""
        return Invitee("I-1", Kind.OUTSIDE, "Dr Gil Outside", email, language=language)

    def plan(
        self, *who: str, days: int = 1, zone: str = "Europe/London", where: str = "Room 2"
    ) -> Conference:
        """A conference in so many days, to which these are invited."""
        now = self.talk.now
        with self.talk.store.clinic(now) as clinic:
            number = clinic.conferences.next_number()
            starts = (now + timedelta(days=days)).replace(hour=12, minute=30)
            made = Conference(number, self.team, "Board", starts, 60, zone, where=where)
            clinic.conferences.put(made, "planned", now)
            for each in who:
                clinic.invitees.invite(made, self.member(each), now)
            invitations.changed(clinic, now, conference=made)
        return made

    def repeat(self, *who: str, zone: str = "Europe/London", begins: date = date(2031, 3, 4)) -> Series:
        """A conference every Tuesday at 12:30, to which these are invited."""
        now = self.talk.now
        with self.talk.store.clinic(now) as clinic:
            number = clinic.series.next_number()
            made = Series(number, self.team, "Board", zone, begins, time(12, 30), 60, "FREQ=WEEKLY;BYDAY=TU")
            clinic.series.put(made, "planned", now, None)
            for each in who:
                clinic.invitees.invite(made, self.member(each), now)
            make_ahead(made, clinic.people.roster(self.team), clinic, now)
            invitations.changed(clinic, now, series=made.number)
        return made

    def days(self, series: Series) -> list[Conference]:
        """The conferences of a series, in order."""
        with self.talk.store.clinic(self.talk.now) as clinic:
            return clinic.conferences.of_series(series.number, datetime(2031, 1, 1, tzinfo=UTC))

    def change(self, conference: Conference, **fields: object) -> Conference:
        """Changes a conference."""
        now = self.talk.now
        with self.talk.store.clinic(now) as clinic:
            before = clinic.conferences.of_number(conference.number)
            assert before is not None
            after = replace(before, sequence=before.sequence + 1, **fields)  # type: ignore[arg-type]
            clinic.conferences.put(after, "moved", now)
            invitations.changed(clinic, now, conference=after)
        return after

    def step(self, conference: Conference, step: Step) -> Conference:
        """Cancels or restores a conference; a cancellation is told at once."""
        now = self.talk.now
        with self.talk.store.clinic(now) as clinic:
            before = clinic.conferences.of_number(conference.number)
            assert before is not None
            after = move(before, step, now)
            clinic.conferences.put(after, step.value, now)
            invitations.changed(clinic, now, conference=after, at_once=step is Step.CANCEL)
        return after

    def invite(self, to: Conference | Series, person: Invitee) -> None:
        """Invites somebody."""
        with self.talk.store.clinic(self.talk.now) as clinic:
            clinic.invitees.invite(to, person, self.talk.now)
            self._changed(to, clinic)

    def uninvite(self, to: Conference | Series, person: Invitee) -> None:
        """Invites somebody no more."""
        with self.talk.store.clinic(self.talk.now) as clinic:
            clinic.invitees.uninvite(to, person, self.talk.now)
            self._changed(to, clinic)

    def _changed(self, to: Conference | Series, clinic: Clinic) -> None:
        now = self.talk.now
        if isinstance(to, Conference):
            invitations.changed(clinic, now, conference=to)
        else:
            invitations.changed(clinic, now, series=to.number)

    def come(self, minutes: float = 6) -> None:
        """Lets time pass and the post come: each mail goes into its calendar program."""
        self.talk.pass_time(minutes)
        for address in list(self.talk.mails):
            kept = self.boxes.setdefault(address, Mailbox())
            for mail in self.talk.mailed(address):
                kept.mails.append(mail)
                if mail.calendar:
                    kept.programs.setdefault(mail.thread, Program()).take(mail.calendar)

    def subjects(self, address: str) -> list[str]:
        """The subjects of what came to an address since this was asked last."""
        kept = self.boxes.get(address)
        found = [each.subject for each in kept.mails] if kept else []
        if kept:
            kept.mails.clear()
        return found

    def calendar(self, address: str, days: int = 30) -> list[datetime]:
        """When somebody's calendar has something, in the next days."""
        kept = self.boxes.get(address)
        until = self.talk.now + timedelta(days=days)
        programs = kept.programs.values() if kept else ()
        return sorted(starts for each in programs for starts, _ in each.between(self.talk.now, until))
