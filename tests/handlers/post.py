"""Mail that comes in to the team of a conversation, as the mailbox hands it on."""

from datetime import UTC, datetime

from agendas.event import Event, Time, Told
from agendas.letter import read_letter
from handlers.answer import once
from handlers.invitations.mail_in import receive
from pathway.conference import Conference
from pathway.invitee import Answer, Invitee, Kind
from storage.clinic import Clinic
from storage.invites import ToldTo
from tests.handlers.talk import Talk

BATON = "baton@clinic.example"
WEEKLY = "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 4 Mar"
ADDRESSES = {"ana": "ana@clinic.example", "bo": "bo@clinic.example", "cy": "cy@clinic.example"}
KIM = Invitee("I-1", Kind.OUTSIDE, "Kim Example", "kim@gp.example", discipline="general practice")


def scheduled(talk: Talk) -> None:
    """A weekly series, S-1; its members can be written to, and somebody outside is invited too."""
    talk.store.mail_from = BATON
    talk.say("lea", WEEKLY)
    ids = {who: talk.id(who) for who in ADDRESSES}
    with talk.store.clinic(talk.now) as clinic:
        for who, address in ADDRESSES.items():
            member = clinic.people.member(ids[who])
            assert member is not None
            clinic.people.save(type(member)(member.id, member.name, member.zone, address))
        series = clinic.series.find("S-1")
        assert series is not None
        clinic.invitees.invite(series, KIM, talk.now)
        clinic.invites.of("S-1")
    talk.post()
    talk.hear()


def uid(talk: Talk, ref: str = "S-1") -> str:
    """What calendars call a series or a conference."""
    with talk.store.clinic(talk.now) as clinic:
        return clinic.invites.of(ref).uid


def comes(talk: Talk, data: bytes, trusted: str = "") -> str:
    """A mail comes in; what became of it, for the log."""
    letter = read_letter(data, trusted)
    outcome = "repeated"

    def work(clinic: Clinic) -> None:
        nonlocal outcome
        outcome = receive(letter, clinic, talk.now)

    once(f"mail:{letter.key}", talk.store, talk.now, work)
    talk.post()
    return outcome


def conference(talk: Talk, ref: str = "C-1") -> Conference:
    """A conference as it is stored."""
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.conferences.find(ref)
    assert found is not None
    return found


def answered(talk: Talk, ref: str = "C-1") -> dict[str, Answer]:
    """What everybody who is invited has answered, by name; those who have not are left out."""
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.conferences.find(ref)
        assert found is not None
        names = {each.key: each.name for each in clinic.invitees.of_conference(found)}
        given = clinic.invitees.answers(found)
    return {names[key]: each.answer for key, each in given.items() if each.stamped_at}


def day(moment: datetime) -> str:
    """The line by which a calendar means one day of a series."""
    return f"RECURRENCE-ID:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def told_to_kim(talk: Talk) -> None:
    """Kim has been sent the invitation to the series."""
    starts = conference(talk).starts
    with talk.store.clinic(talk.now) as clinic:
        event = Event(Time(starts, 60), "Europe/London", "FREQ=WEEKLY;BYDAY=TU")
        to = ToldTo(KIM.key, clinic.addresses.of(KIM.email).id, Told(event, 0))
        clinic.invites.put_told("S-1", to, talk.now)
