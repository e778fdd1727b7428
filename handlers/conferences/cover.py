"""Somebody can't come to a conference: their cover is asked, or the others of their discipline."""

from datetime import datetime

from cards.card import Card, Choice, Text
from handlers.conferences.attendance import attendance
from handlers.conferences.card import rsvp
from handlers.conferences.expected import NOT_COMING, of_discipline
from pathway.conference import Conference
from pathway.conference_words import say_conference
from pathway.invitee import Answer, Invitee, Kind, member_key
from pathway.people import Roster
from storage.clinic import Clinic
from storage.outbox import Kind as Post


def subject(conference: Conference, of: str) -> str:
    """What the asking is called in the outbox, so that it can be taken back when somebody says yes."""
    return f"cover:{conference.ref}:{of}"


def ask(conference: Conference, gone: Invitee, roster: Roster, clinic: Clinic, now: datetime) -> bool:
    """Asks whoever could come instead; if that is nobody and the quorum needs one, the lead is told.

    Whether the lead was.
    """
    if gone.kind is not Kind.MEMBER or now >= conference.starts:
        return False
    at = roster.team.hours.quiet_until(now)
    asked = could_come(conference, gone, roster, clinic)
    for each in asked:
        member = roster.member(each)
        zone = (member.zone if member else "") or conference.zone
        card = Card(
            f"{gone.name} can't come to {conference.ref}: can you?",
            (Text(f"{say_conference(conference, zone, now)}."),),
            rsvp(conference),
        )
        called = subject(conference, gone.discipline)
        clinic.outbox.tell([each], card, now, subject=called, send_after=at, kind=Post.ASK)
    lost = not asked and gone.discipline in attendance(conference, roster, clinic).lost
    if lost:
        show = (Choice("Show", f"conference show {conference.ref}"),)
        says = f"{gone.name} can't come, and there is nobody else to ask."
        card = Card(f"No quorum for {conference.ref}: nobody of {gone.discipline}", (Text(says),), show)
        leads = roster.leading(now)
        clinic.outbox.tell(leads, card, now, send_after=at)
    return lost


def could_come(conference: Conference, gone: Invitee, roster: Roster, clinic: Clinic) -> tuple[str, ...]:
    """Who is asked to come instead: the cover of who can't; else those of the discipline who may still come.

    Nobody, while somebody else of the discipline is coming.
    """
    answers = clinic.invitees.answers(conference)
    invited = {each.member: each for each in clinic.invitees.of_conference(conference) if each.member}
    said = {member: answers[each.key].answer for member, each in invited.items()}
    same = of_discipline(gone.discipline, roster, clinic.definition)
    if any(said.get(each) is Answer.ACCEPTED for each in same if each != gone.member):
        return ()
    covers = roster.cover(gone.member, conference.starts)
    others = (covers,) if covers else same if gone.discipline else ()
    here = roster.present(others, conference.starts)
    return tuple(each for each in here if each != gone.member and said.get(each) not in NOT_COMING)


def stands_in(conference: Conference, member: str, roster: Roster, clinic: Clinic) -> bool:
    """Whether a member who is not invited is asked to come instead of somebody."""
    answers = clinic.invitees.answers(conference)
    gone = [
        each for each in clinic.invitees.of_conference(conference) if answers[each.key].answer in NOT_COMING
    ]
    asked = (could_come(conference, each, roster, clinic) for each in gone if each.key != member_key(member))
    return any(member in each for each in asked)
