"""A team with a conference to come and people to discuss, for conversations about agendas."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agendas.habits import Habits
from cards.plain import plain
from handlers.agenda import due as agenda_due
from handlers.conferences import post as conference_post
from handlers.conferences.guests import as_invitee
from pathway.conference import Conference, Deadline
from pathway.invitee import Answer, member_key
from pathway.people import Absence
from tests.handlers.talk import ROOM, Talk

TUESDAY = datetime(2031, 3, 11, 14, 0, tzinfo=UTC)
"""The conference: eight days after the conversation begins."""
DAY = timedelta(days=1)
POSTED = datetime(2031, 3, 7, 8, 30, tzinfo=UTC)
"""Two working days before it, when work starts."""
ROLES = {
    "ana": "physiotherapist", "bo": "psychologist", "cy": "psychologist", "dee": "coordinator",
    "eli": "social-worker",
}  # fmt: skip


def conference(talk: Talk, starts: datetime = TUESDAY, minutes: int = 60, number: int = 12) -> Conference:
    """A conference of the team that was planned just now."""
    made = Conference(number, "north-team", "Case conference", starts, minutes, "Europe/London")
    keep(talk, made, "planned")
    return made


def keep(talk: Talk, made: Conference, action: str) -> None:
    """Writes a conference as whoever plans it does; time looks at it at once."""
    with talk.store.clinic(talk.now) as clinic:
        known = clinic.conferences.of_number(made.number)
        posted = known.agenda_posted_at if known else None
        current = replace(made, agenda_posted_at=posted)
        clinic.conferences.put(current, action, talk.now)
        agenda_due.schedule(current, clinic, talk.now)
    talk.forward(0)


def deadline(talk: Talk, kind: Deadline, number: int = 12) -> datetime | None:
    """When this is due for a conference."""
    with talk.store.clinic(talk.now) as clinic:
        return clinic.conferences.deadline(number, kind)


def consented(talk: Talk, who: str = "ana") -> str:
    """A patient of somebody's for whom nothing is outstanding."""
    return talk.patient(who, "consent-team=yes")


def flagged(talk: Talk, severity: str = "soon", who: str = "ana") -> str:
    """A patient with an open flag."""
    code = consented(talk, who)
    talk.direct(who, f"flag {code} 'sleeps badly' {severity} psychologist")
    return code


def agenda_in_room(talk: Talk, number: int = 12) -> str:
    """The posted agenda where it stands in the room."""
    subject = f"agenda:C-{number}"
    found = [e for e in talk.messages[ROOM].values() if e.subject == subject and "Agenda of" in e.card.title]
    assert len(found) == 1, f"{len(found)} agendas of C-{number}"
    return plain(found[0].card)


def stood(talk: Talk, number: int = 12) -> bool:
    """Whether an agenda stands in the room."""
    return any(each.subject == f"agenda:C-{number}" for each in talk.messages.get(ROOM, {}).values())


def away(talk: Talk, who: str, day: datetime = TUESDAY) -> None:
    """Somebody will be away on the day of the conference."""
    absence = Absence(talk.id(who), day - timedelta(hours=12), day + timedelta(hours=12))
    with talk.store.clinic(talk.now) as clinic:
        clinic.people.go_away(absence)


def settled(talk: Talk, habits: Habits, series: int = 0) -> None:
    """The team has settled this for its agendas."""
    with talk.store.clinic(talk.now) as clinic:
        clinic.agendas.put_habits("north-team", series, habits, talk.now, "")


def answered(talk: Talk, who: str, answer: str, number: int = 12) -> None:
    """Somebody who is invited to a conference answers the invitation."""
    who = talk.id(who)
    with talk.store.clinic(talk.now) as clinic:
        made = clinic.conferences.of_number(number)
        assert made is not None
        roster = clinic.people.roster(made.team)
        member = roster.member(who)
        assert member is not None
        clinic.invitees.invite(made, as_invitee(member, roster, clinic), talk.now)
        clinic.rows.session.flush()
        clinic.invitees.put_answer(made, member_key(who), Answer(answer), 0, talk.now, "chat", now=talk.now)
        conference_post.show(made, roster, clinic, talk.now)
