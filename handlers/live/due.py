"""What falls due for conferences as they run: they should begin, their time is over, their minutes wait."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from cards.card import Card, Choice, Text
from handlers.fallen_due import FallenDue, NextDue, of_kind
from handlers.live.end import FORGOTTEN, finish
from handlers.live.minutes_draft import minutes_card_for
from handlers.live.post import set_clock, show, show_item
from pathway.conference import Conference, Deadline, State
from pathway.people import Roster
from pathway.session import TO_COME, Session
from pathway.session_clock import ASKED_AGAIN, closes_at, given_up_at
from pathway.when import say_when
from storage.clinic import Clinic

BEGIN_AGAIN = timedelta(minutes=10)
"""So long after its start people are told once more that a conference has not begun."""
TOO_LATE = timedelta(hours=1)
"""After an outage nobody is called to a conference that was to begin so long ago."""
MOST_REMINDERS = 5
"""So many working days chair and scribe are reminded of minutes; from the third on the lead hears of it."""
LEAD_FROM = 3


def _of(kind: Deadline, do: Callable[[Conference, datetime, Roster, Clinic, datetime], None]) -> NextDue:
    prefix = f"{kind}:"

    def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
        found = clinic.conferences.due(kind, now, [int(each) for each in of_kind(left, prefix)])
        if found is None:
            return None
        conference, at = found

        def act() -> None:
            clinic.conferences.set_deadlines(conference.number, {kind: None})
            do(conference, at, clinic.people.roster(conference.team), clinic, now)

        return FallenDue(f"{prefix}{conference.number}", at, act)

    return next_due


def _begins(conference: Conference, at: datetime, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Calls the team together when a conference should begin, and once more if it has not."""
    if conference.state is not State.PLANNED:
        return
    if now > conference.starts + TOO_LATE:
        return
    again = now >= conference.starts + BEGIN_AGAIN
    when = say_when(conference.starts, roster.team.hours.zone, now)
    says = (
        f"{conference.ref} has not begun: it was to, {when}" if again else f"{conference.ref} begins, {when}"
    )
    choices = (
        Choice("Begin", f"conference start {conference.ref}", urgent=True),
        Choice("Agenda", "agenda"),
    )
    where = (Text(conference.where),) if conference.where else ()
    clinic.outbox.announce(conference.team, Card(says, where, choices), now, subject=conference.ref)
    if not again:
        later = {Deadline.START: conference.starts + BEGIN_AGAIN}
        clinic.conferences.set_deadlines(conference.number, later)


def _clock(conference: Conference, at: datetime, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Says in words that an item, or the whole conference, is over its time; ends one that was forgotten."""
    if conference.state is not State.RUNNING:
        return
    session = clinic.sessions.items(conference.number)
    if now >= given_up_at(conference, session):
        finish(conference, session, roster, clinic, now, FORGOTTEN, by="")
        return
    over_at = closes_at(conference)
    if at in (over_at, over_at + ASKED_AGAIN):
        _ask_for_end(conference, session, clinic, now)
    if session.current is not None:
        show_item(session.current, session, conference, roster, clinic, now)
    show(conference, session, roster, clinic, now)
    set_clock(conference, session, clinic, now)


def _ask_for_end(conference: Conference, session: Session, clinic: Clinic, now: datetime) -> None:
    left = [each.patient for each in session.items if each.state in TO_COME]
    says = f"The time of {conference.ref} is over."
    parts = (Text(f"Not reached yet: {', '.join(left)}. They come again if you end it."),) if left else ()
    end = (Choice("End", f"conference end {conference.ref}", urgent=True),)
    clinic.outbox.announce(conference.team, Card(says, parts, end), now, subject=conference.ref)


def _minutes(conference: Conference, at: datetime, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Reminds chair and scribe of minutes that wait to be signed, and later the lead too."""
    if conference.state is not State.ENDED or conference.ended_at is None:
        return
    nth = _days(conference.ended_at, roster, now)
    leads = roster.leads() if nth >= LEAD_FROM else ()
    asked = roster.standing_in(dict.fromkeys((conference.chair, conference.scribe, *leads)), now)
    for each in asked or roster.leads():
        card = minutes_card_for(each, conference, roster, clinic, now)
        says = f"The minutes of {conference.ref} wait to be signed"
        clinic.outbox.tell([each], Card(says, card.parts, card.choices), now, subject=conference.ref)
    if nth < MOST_REMINDERS:
        later = {Deadline.SIGN: roster.team.hours.next_opening(now)}
        clinic.conferences.set_deadlines(conference.number, later)


def _days(since: datetime, roster: Roster, now: datetime) -> int:
    """How many working days have begun since, at most as many as matter."""
    count, moment = 0, roster.team.hours.next_opening(since)
    while moment <= now and count < MOST_REMINDERS:
        count, moment = count + 1, roster.team.hours.next_opening(moment)
    return count


begins_next: NextDue = _of(Deadline.START, _begins)
clock_next: NextDue = _of(Deadline.CLOCK, _clock)
minutes_next: NextDue = _of(Deadline.SIGN, _minutes)
