"""A conference ends: what was not reached is carried over, minutes are drafted, who was absent is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cards.card import Card, Choice, Detail, Items, Text
from handlers.agenda import live as agenda_live
from handlers.live.item_card import action_line
from handlers.live.minutes_draft import minutes_card_for
from handlers.live.post import save
from handlers.live.step import Which, steered
from handlers.request import Caller
from pathway.action import OPEN, Action
from pathway.conference import Conference, Deadline, Step, move
from pathway.people import Roster
from pathway.roll_call import leave, present
from pathway.session import AGAIN, Item, Session, State
from pathway.session_clock import closes_at
from pathway.session_turns import end
from storage.clinic import Clinic

NEARLY = timedelta(minutes=1)
BEGUN = "its time ran out, and nothing was written down"
FORGOTTEN = "the conference was not ended by anybody"


def end_it(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Ends the running conference; `conference start` goes on with one that was ended too early."""
    found = steered(by, clinic, asked.conference)
    why = _why(found.conference, now)
    told = finish(found.conference, found.session, found.by.roster, clinic, now, why, by=found.by.id)
    # The rooms are told anyway: whoever says it there needs no second copy.
    return told if by.lane.direct else Card(told.title)


def _why(conference: Conference, now: datetime) -> str:
    """Why what is to come was not reached."""
    left = closes_at(conference) - now
    if left <= NEARLY:
        return "no time was left"
    return f"the conference ended with {left // timedelta(minutes=1)} min left"


def finish(
    conference: Conference,
    session: Session,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
    why: str,
    *,
    by: str,
) -> Card:
    """Ends a conference for a member, or with "" by itself, and tells whom it concerns."""

    def reason(item: Item) -> str:
        return BEGUN if item.state is State.CURRENT else why

    over = end(session, now, _wrote(conference, session.current, clinic), reason)
    ended = move(conference, Step.END, now)
    clinic.conferences.put(ended, "ended", now, by=by)
    _all_leave(ended, clinic, now, by)
    due = {Deadline.SIGN: roster.team.hours.next_opening(now)}
    clinic.conferences.set_deadlines(ended.number, due)
    save(ended, over, roster, clinic, now, by=by)
    agenda_live.refresh(ended.team, clinic, now)
    _tell_minutes(ended, roster, clinic, now)
    _tell_absent(ended, roster, clinic, now)
    told = _ended(ended, over)
    clinic.outbox.announce(ended.team, told, now, subject=ended.ref)
    return told


def _wrote(conference: Conference, item: Item | None, clinic: Clinic) -> bool:
    """Whether this conference has written something down for the patient of an item."""
    if item is None:
        return False
    patients = {each.patient for each in clinic.plans.of_source(conference.ref)}
    patients |= {each.patient for each in clinic.actions.of_source(conference.ref)}
    return bool(item.outcome) or item.patient in patients


def _all_leave(conference: Conference, clinic: Clinic, now: datetime, by: str) -> None:
    stays = clinic.sessions.attendance(conference.number)
    for each in present(stays):
        stays = leave(stays, each.who, now)
    clinic.sessions.put_attendance(conference, stays, now, by=by)
    clinic.rows.session.flush()


def _ended(conference: Conference, session: Session) -> Card:
    """How it ended, by counts and codes."""
    done = sum(each.state is State.DONE for each in session.items)
    again = [each.patient for each in session.items if each.state in AGAIN]
    lines = [f"Discussed: {done}."]
    lines += [f"Again in the next conference: {', '.join(again)}."] if again else []
    choices = (
        Choice("Minutes", f"minutes {conference.ref}"),
        Choice("Go on", f"conference start {conference.ref}"),
    )
    return Card(f"{conference.ref} has ended.", (Items(tuple(lines)),), choices)


def _tell_minutes(conference: Conference, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Shows the drafted minutes to chair and scribe, each as much as they may see."""
    for each in dict.fromkeys((conference.chair, conference.scribe)):
        if each and roster.member(each):
            card = minutes_card_for(each, conference, roster, clinic, now)
            clinic.outbox.tell([each], card, now)


def _tell_absent(conference: Conference, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Tells members who were not there what they are asked to do, in private and not in quiet hours."""
    were = {each.member for each in clinic.sessions.attendance(conference.number)}
    theirs: dict[str, list[Action]] = {}
    for action in clinic.actions.of_source(conference.ref):
        if action.owner and action.owner not in were and action.state in OPEN:
            theirs.setdefault(action.owner, []).append(action)
    at = roster.team.hours.quiet_until(now)
    for owner, actions in theirs.items():
        card = _absent_card(owner, actions, conference, roster, clinic, now)
        clinic.outbox.tell([owner], card, now, send_after=at)


def _absent_card(
    owner: str,
    actions: Sequence[Action],
    conference: Conference,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
) -> Card:
    zone = roster.team.hours.zone
    count = "One action is yours" if len(actions) == 1 else f"{len(actions)} actions are yours"
    outside = Items(tuple(f"{each.ref} ({each.patient})" for each in actions))
    seen = [each for each in actions if clinic.patients.may_see(each.patient, owner, now)]
    lines = Items(tuple(action_line(each, roster, zone, now) for each in seen), detail=Detail.CLINICAL)
    text = Text(f"You were not at {conference.ref}. Say of each whether you do it.")
    return Card(
        f"{count} from {conference.ref}", (text, outside, lines), (Choice("What waits for me", "mine"),)
    )
