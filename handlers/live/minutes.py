"""Minutes: read, corrected by chair and scribe, signed by the chair and locked; amended afterwards."""

from dataclasses import dataclass, replace
from datetime import datetime

from agendas.minutes import dumps, sign
from cards.card import Card, Text
from cards.form import Kind, ask
from handlers.live.minutes_draft import draft_minutes, minutes_card_for
from handlers.live.post import save, show
from handlers.live.step import Which
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, Deadline, State, Step, move
from pathway.handoff import Refused
from pathway.roll_call import Attendance
from pathway.session import put
from storage.clinic import Clinic

SIGNED = "The minutes of {ref} are signed: `minutes amend {ref}` adds what was wrong."


@dataclass(frozen=True)
class Named:
    """A conference."""

    conference: str = ask("Conference", Kind.CONFERENCE, example="C-12")


@dataclass(frozen=True)
class Correct(Named):
    """What the minutes should say of one item."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K")
    text: str = ask("What should the minutes say of it?", Kind.LONG, example="It is the left knee")


@dataclass(frozen=True)
class Remark(Named):
    """What the minutes should say of the conference as a whole."""

    text: str = ask("What should the minutes say?", Kind.LONG, example="Dr Roe joined by phone at 14:10")


@dataclass(frozen=True)
class Amend(Named):
    """What is to be added to signed minutes."""

    text: str = ask("What was wrong, or is missing?", Kind.LONG, example="Bo was there too")
    patient: str = ask("Patient, if it is about one", Kind.PATIENT, default="")


@dataclass(frozen=True)
class Attended(Named):
    """Who was there, since when and until when."""

    member: str = ask("Who", Kind.MEMBER, example="@bo", options_from="everybody")
    came: datetime = ask("Since when", Kind.PAST, example="14:00", word=True)
    left: datetime | None = ask("Until when", Kind.PAST, default="", example="14:40", word=True)


def read(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Shows minutes: those of the conference that runs or was last, if none is named."""
    conference, by = _meant(asked.conference, by, clinic)
    if conference.state not in (State.RUNNING, State.ENDED, State.SIGNED):
        raise Refused(f"{conference.ref} is {conference.state}: there are no minutes of it yet.")
    clinic.journal.write("minutes show", conference.ref, now, by=by.id)
    return minutes_card_for(by.id, conference, by.roster, clinic, now)


def _meant(ref: str, by: Caller, clinic: Clinic) -> tuple[Conference, Caller]:
    if ref:
        return access.conference(ref, by, clinic)
    team = by.roster.team.id
    found = clinic.conferences.running(team) or next(iter(clinic.conferences.past(team, limit=1)), None)
    if found is None:
        raise Refused("This team has not had a conference yet.")
    return found, by


def correct(asked: Correct, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says what the minutes should say of an item, before they are signed."""
    conference, by = _to_correct(asked.conference, by, clinic)
    session = clinic.sessions.items(conference.number)
    item = session.of(asked.patient)
    if item is None:
        raise Refused(f"{asked.patient} was not on the agenda of {conference.ref}.")
    access.patient(asked.patient, by, clinic, now)
    corrected = put(session, replace(item, outcome=asked.text.strip()))
    save(conference, corrected, by.roster, clinic, now, by=by.id)
    return minutes_card_for(by.id, conference, by.roster, clinic, now)


def remark(asked: Remark, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says what the minutes should say of the conference as a whole, before they are signed."""
    conference, by = _to_correct(asked.conference, by, clinic)
    clinic.minutes.put_remark(conference, asked.text.strip(), now, by=by.id)
    clinic.rows.session.flush()
    return minutes_card_for(by.id, conference, by.roster, clinic, now)


def attended(asked: Attended, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Corrects who was there and when, before the minutes are signed."""
    conference, by = _to_correct(asked.conference, by, clinic)
    left = asked.left or conference.ended_at
    if left is not None and left <= asked.came:
        raise Refused("They can't have left before they came.")
    stays = clinic.sessions.attendance(conference.number)
    before = next((each.discipline for each in stays if each.member == asked.member), "")
    of = before or discipline_of(asked.member, by)
    others = [each for each in stays if each.member != asked.member]
    theirs = Attendance(asked.member, of, asked.came, left)
    clinic.sessions.put_attendance(conference, (*others, theirs), now, by=by.id)
    clinic.rows.session.flush()
    show(conference, clinic.sessions.items(conference.number), by.roster, clinic, now)
    return minutes_card_for(by.id, conference, by.roster, clinic, now)


def discipline_of(member: str, by: Caller) -> str:
    """A member's discipline by their role in the team."""
    role = by.definition.role(by.roster.role(member))
    return (role.discipline or "") if role else ""


def _to_correct(ref: str, by: Caller, clinic: Clinic) -> tuple[Conference, Caller]:
    """A conference whose minutes the caller may correct: chair, scribe and lead, until they are signed."""
    conference, by = access.conference(ref, by, clinic)
    if by.id not in (conference.chair, conference.scribe) and not by.leads:
        raise Refused(f"Chair, scribe and lead correct the minutes of {conference.ref}.")
    if conference.state is State.SIGNED:
        raise Refused(SIGNED.format(ref=conference.ref))
    if conference.state not in (State.RUNNING, State.ENDED):
        raise Refused(f"{conference.ref} is {conference.state}: there are no minutes of it yet.")
    return conference, by


def sign_it(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Signs the minutes: from then on they stay as they are."""
    conference, by = access.conference(asked.conference, by, clinic)
    if by.id != conference.chair and not by.leads:
        chair = by.roster.name(conference.chair) if conference.chair else "its chair"
        raise Refused(f"{chair} or the lead signs the minutes of {conference.ref}.")
    if conference.state is State.SIGNED:
        raise Refused(SIGNED.format(ref=conference.ref))
    signed = move(conference, Step.SIGN, now)
    minutes = sign(draft_minutes(conference, by.roster, clinic, now), by.member.name, now)
    clinic.minutes.sign(signed, dumps(minutes))
    clinic.conferences.put(signed, "signed", now, by=by.id)
    clinic.conferences.set_deadlines(signed.number, {Deadline.SIGN: None})
    clinic.rows.session.flush()
    show(signed, clinic.sessions.items(signed.number), by.roster, clinic, now)
    return minutes_card_for(by.id, signed, by.roster, clinic, now)


def amend(asked: Amend, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Adds to signed minutes what was wrong or is missing; the rest stays as it was signed."""
    conference, by = access.conference(asked.conference, by, clinic)
    if conference.state is not State.SIGNED:
        raise Refused(f"The minutes of {conference.ref} are not signed: `minutes correct` changes them.")
    were = {each.member for each in clinic.sessions.attendance(conference.number)}
    if by.id not in were | {conference.chair, conference.scribe} and not by.leads:
        raise Refused(f"Who was at {conference.ref}, and the lead, may amend its minutes.")
    if asked.patient:
        if clinic.sessions.items(conference.number).of(asked.patient) is None:
            raise Refused(f"{asked.patient} was not on the agenda of {conference.ref}.")
        access.patient(asked.patient, by, clinic, now)
    clinic.minutes.amend(conference, asked.text.strip(), now, by=by.id, patient=asked.patient)
    clinic.rows.session.flush()
    told = Card(
        f"The minutes of {conference.ref} were amended by {by.member.name}",
        (Text("What was signed stays as it was; the amendment stands below it."),),
    )
    others = [
        each for each in dict.fromkeys((conference.chair, conference.scribe)) if each not in ("", by.id)
    ]
    clinic.outbox.tell(others, told, now, send_after=by.roster.team.hours.quiet_until(now))
    return minutes_card_for(by.id, conference, by.roster, clinic, now)
