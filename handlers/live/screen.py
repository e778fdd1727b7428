"""What the screen of a conference shows: the current item, its clock, what is written down, what is next.

Of a patient whom the viewer does not look after it shows what codes can say, and counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agendas.document import Person
from cards.card import Detail
from cards.chart import Chart
from handlers.live.brief import Brief, Last, brief, rests_on
from handlers.live.card import standing
from handlers.live.item_card import action_line, entry_line
from handlers.live.screen_link import ScreenLink
from handlers.measures.chart import small_chart
from handlers.patients import access
from pathway.action import Action
from pathway.conference import Conference, State
from pathway.people import Roster
from pathway.plan import Entry
from pathway.roll_call import present
from pathway.session import Item, Session
from pathway.session import State as Stands
from pathway.when import say_when
from storage.clinic import Clinic

MOST_NEXT = 6


@dataclass(frozen=True)
class Listed:
    """Lines under a heading."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Clock:
    """The clock of an item: when it began, when its time is over, and what it has altogether."""

    began_at: datetime
    runs_out_at: datetime
    minutes: int


@dataclass(frozen=True)
class Shown:
    """The item that is talked about. What may not be told is empty."""

    title: str
    person: Person
    question: str
    clock: Clock | None
    known: tuple[Listed, ...]
    written: tuple[str, ...]
    chart: Chart | None = None


@dataclass(frozen=True)
class Screen:
    """All of the screen. `says` is where the conference stands; `now` the moment for which that is so."""

    ref: str
    team: str
    zone: str
    state: State
    says: str
    item: Shown | None
    following: tuple[str, ...]
    more: int
    here: int
    now: datetime


def screen(link: ScreenLink, clinic: Clinic, now: datetime) -> Screen | None:
    """The screen as this link shows it; None when whoever asked for it has left the team."""
    conference = clinic.conferences.of_number(link.conference)
    if conference is None:
        return None
    roster = clinic.people.roster(conference.team)
    if roster.member(link.member) is None:
        return None
    session = clinic.sessions.items(conference.number)
    current = session.current if conference.state is State.RUNNING else None
    stays = clinic.sessions.attendance(conference.number)
    left = session.upcoming if conference.state is State.RUNNING else ()
    return Screen(
        ref=conference.ref, team=roster.team.name, zone=roster.team.hours.zone, state=conference.state,
        says=_says(conference, session, roster, now),
        item=_shown(current, conference, session, link, roster, clinic, now) if current else None,
        following=tuple(_next(each) for each in left[:MOST_NEXT]), more=len(left[MOST_NEXT:]),
        here=len(present(stays)) if conference.state is State.RUNNING else 0, now=now,
    )  # fmt: skip


def _says(conference: Conference, session: Session, roster: Roster, now: datetime) -> str:
    zone = roster.team.hours.zone
    match conference.state:
        case State.PLANNED:
            return f"It begins {say_when(conference.starts, zone, now)}."
        case State.CANCELLED:
            return "It is cancelled."
        case State.ENDED | State.SIGNED:
            at = f" {say_when(conference.ended_at, zone, now)}" if conference.ended_at else ""
            return f"It ended{at}. The minutes are {'signed' if conference.signed_at else 'not signed yet'}."
    if session.current is not None:
        return f"Item {session.current.place} of {len(session.items)}"
    if session.upcoming:
        return "Nothing is being talked about now."
    return "Everything on the agenda is done."


def _next(item: Item) -> str:
    """An item to come: by code, whoever looks."""
    parked = f" · {standing(item)}" if item.state is Stands.PARKED else ""
    return f"{item.place}. {item.patient} · {item.minutes + item.extended} min{parked}"


def _shown(
    item: Item,
    conference: Conference,
    session: Session,
    link: ScreenLink,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
) -> Shown:
    told = brief(item, conference, clinic)
    detail = Detail.CODE if link.codes else access.sight(item.patient, link.member, roster, clinic, now)
    clock = (
        Clock(item.began_at, item.runs_out_at, item.minutes + item.extended)
        if item.began_at and item.runs_out_at
        else None
    )
    if detail is Detail.CODE:
        return Shown(item.patient, Person(), "", clock, _counted(told), _written_by_code(told))
    patient = clinic.patients.find(item.patient)
    person = Person(detail, patient.name if patient else "", told.goal, told.language).told
    zone = roster.team.hours.zone
    return Shown(
        item.patient, person, item.question, clock, _known(told, roster, zone, clinic, now),
        _written(told.written, told.actions, roster, zone, now),
        small_chart(item.patient, roster, zone, clinic, most=1, about=rests_on(told.flags)),
    )  # fmt: skip


def _known(told: Brief, roster: Roster, zone: str, clinic: Clinic, now: datetime) -> tuple[Listed, ...]:
    flags = tuple(
        f"{e.ref}, {clinic.definition.flag_severity(e.severity).label.lower()}, {e.state}: {e.label}"
        for e in told.flags
    )
    trends = tuple(
        f"{each.instrument}: {each.now}{f', since the baseline {each.change}' if each.change else ''}"
        for each in told.trends
    )
    actions = tuple(action_line(each, roster, zone, now) for each in told.open_actions)
    last = _last(told.last, roster, zone, now) if told.last else ()
    lists = (
        Listed("Open flags", flags),
        Listed("Measures", trends),
        Listed("Open handoffs", tuple(f"{each.ref}, {each.state}" for each in told.handoffs)),
        Listed("Open actions", actions),
        Listed(f"Last time, {told.last.conference}" if told.last else "Last time", last),
    )
    return tuple(each for each in lists if each.lines)


def _last(last: Last, roster: Roster, zone: str, now: datetime) -> tuple[str, ...]:
    return _written(last.entries, last.actions, roster, zone, now) or ("Nothing was decided.",)


def _written(
    entries: Sequence[Entry], actions: Sequence[Action], roster: Roster, zone: str, now: datetime
) -> tuple[str, ...]:
    said = [entry_line(each) for each in entries]
    return (*said, *(action_line(each, roster, zone, now) for each in actions))


def _counted(told: Brief) -> tuple[Listed, ...]:
    """How much is known, for who may not be told what."""
    counts = (
        (len(told.flags), "open flag"),
        (len(told.handoffs), "open handoff"),
        (len(told.open_actions), "open action"),
    )
    lines = tuple(f"{count} {what}{'s' * (count > 1)}" for count, what in counts if count)
    return (Listed("What is open", lines),) if lines else ()


def _written_by_code(told: Brief) -> tuple[str, ...]:
    entries = (f"{each.ref}, {each.sort}" for each in told.written)
    return (*entries, *(f"{each.ref}, action" for each in told.actions))
