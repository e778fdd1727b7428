"""A running conference written and shown: after every move, in every room of the team."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cards.card import Card
from handlers.live.brief import brief, rests_on
from handlers.live.card import conference_card, roll_card, roll_subject, subject_of
from handlers.live.item_card import item_card
from handlers.live.questions import answer_questions
from handlers.measures.chart import small_chart
from handlers.patients.access import bare
from pathway.conference import Conference, Deadline, State
from pathway.people import Roster
from pathway.roll_call import Attendance, present
from pathway.session import Item, Session
from pathway.session import State as Stands
from pathway.session_clock import next_look
from storage.clinic import Clinic

SEE_FOR = timedelta(hours=12)
"""So long may those who are here see a patient whose item is talked about."""
SCRIBE_SEES_FOR = timedelta(days=7)
"""Chair and scribe see them until the minutes should have been signed."""


def save(
    conference: Conference, session: Session, roster: Roster, clinic: Clinic, now: datetime, *, by: str = ""
) -> None:
    """Writes what changed of the items, sets when to look next, and lets the cards show it.

    What was asked about who is done is answered.
    """
    before = clinic.sessions.items(conference.number)
    clinic.sessions.put(conference, session, now, by=by)
    clinic.rows.session.flush()
    set_clock(conference, session, clinic, now)
    let_see(conference, session, clinic.sessions.attendance(conference.number), roster, clinic, now)
    was = {each.patient: each for each in before.items}
    changed = [each for each in session.items if each != was.get(each.patient)]
    for item in changed:
        answer_questions(was.get(item.patient), item, conference, clinic, now, by)
        show_item(item, session, conference, roster, clinic, now)
    show(conference, session, roster, clinic, now)


def set_clock(conference: Conference, session: Session, clinic: Clinic, now: datetime) -> None:
    """Sets when a running conference is looked at next."""
    running = conference.state is State.RUNNING
    at = next_look(conference, session, now) if running else None
    clinic.conferences.set_deadlines(conference.number, {Deadline.CLOCK: at})


def show(conference: Conference, session: Session, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Lets the cards of the conference and of its roll call show how it stands."""
    stays = clinic.sessions.attendance(conference.number)
    team = conference.team
    clinic.outbox.show(conference.ref, team, conference_card(conference, session, stays, roster, now), now)
    running = conference.state is State.RUNNING
    roll = roll_card(conference, session, stays, roster, now)
    clinic.outbox.show(roll_subject(conference), team, roll, now, in_rooms=running)


def show_item(
    item: Item, session: Session, conference: Conference, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Lets the card of an item's turn show how it stands; it comes fresh to the rooms with its turn."""
    if not item.turns:
        return
    card = _item_card(item, session, conference, roster, clinic, now)
    current = item.state is Stands.CURRENT
    clinic.outbox.show(subject_of(conference, item), conference.team, card, now, in_rooms=current)


def _item_card(
    item: Item, session: Session, conference: Conference, roster: Roster, clinic: Clinic, now: datetime
) -> Card:
    told = brief(item, conference, clinic)
    zone = roster.team.hours.zone
    chart = small_chart(item.patient, roster, zone, clinic, about=rests_on(told.flags))
    return item_card(told, chart, session, conference, roster, clinic.definition, now)


def card_of(
    subject: str, conference: Conference, roster: Roster, clinic: Clinic, now: datetime
) -> Card | None:
    """The living card of this subject of a conference that has begun; None if it has none such.

    An item whose turn, or whose conference, is over is shown without what was written: what is known of the
    patient by now is not what was known then.
    """
    session = clinic.sessions.items(conference.number)
    stays = clinic.sessions.attendance(conference.number)
    if subject == conference.ref:
        return conference_card(conference, session, stays, roster, now)
    if subject == roll_subject(conference):
        return roll_card(conference, session, stays, roster, now)
    patient = subject.removeprefix(f"{conference.ref} ").split(",")[0]
    item = session.of(patient)
    if item is None:
        return None
    card = _item_card(item, session, conference, roster, clinic, now)
    if conference.state is State.RUNNING and subject == subject_of(conference, item):
        return card
    return replace(bare(card), choices=())


def let_see(
    conference: Conference,
    session: Session,
    stays: Sequence[Attendance],
    roster: Roster,
    clinic: Clinic,
    now: datetime,
) -> None:
    """Whoever is here sees the patient who is talked about, for a while: they are asked what to do.

    What somebody may see already is never shortened.
    """
    if session.current is None:
        return
    code = session.current.patient
    for stay in present(stays):
        if stay.member and works_with_patients(stay.member, roster, clinic):
            minuting = stay.member in (conference.chair, conference.scribe)
            until = now + (SCRIBE_SEES_FOR if minuting else SEE_FOR)
            if not clinic.patients.may_see(code, stay.member, now):
                clinic.patients.let_see(code, stay.member, now, until=until)


def works_with_patients(member: str, roster: Roster, clinic: Clinic) -> bool:
    """Whether a member's role in the team has to do with patients."""
    role = clinic.definition.role(roster.role(member))
    return member in roster.leads() or (role is not None and "patients" in role.may)
