"""What the calendar of everybody who is invited to a conference or a series should hold, as things stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from agendas.event import Event, Time
from agendas.timezone import is_regular
from pathway.conference import Conference, State
from pathway.invitee import FOR_ONE_ITEM, Invitee
from pathway.series import Series, first_date, left_out
from storage.clinic import Clinic

HOLIDAYS_AHEAD = timedelta(days=5 * 365)
"""So long after its beginning the public holidays that a series leaves out are told with its rule."""


@dataclass(frozen=True)
class Seat:
    """What one person's calendar should hold; `without` are days of it that take place without them."""

    person: Invitee
    event: Event
    without: frozenset[datetime] = frozenset()


@dataclass(frozen=True)
class Invited:
    """Everybody who is invited to one thing, by their keys. `cancelled`: it does not take place at all.

    `each_day` are conferences that have to be told one by one, as calendars can't be told their series.
    """

    team: str
    zone: str
    seats: Mapping[str, Seat] = field(default_factory=dict)
    cancelled: bool = False
    each_day: tuple[Conference, ...] = ()


def invited(ref: str, clinic: Clinic, now: datetime) -> Invited | None:
    """Who is invited to a conference or series; None if there is none of this reference."""
    if conference := clinic.conferences.find(ref):
        return _to_conference(conference, clinic)
    if ref.startswith("S-") and (series := clinic.series.find(ref)):
        return _to_series(series, clinic, now)
    return None


def _to_conference(conference: Conference, clinic: Clinic) -> Invited:
    by_series: set[str] = set()
    if conference.series and is_regular(conference.zone, conference.starts):
        by_series = {each.key for each in clinic.invitees.of_series(conference.series)}
    people = [each for each in clinic.invitees.of_conference(conference) if each.key not in by_series]
    found = Invited(conference.team, conference.zone, cancelled=conference.state is State.CANCELLED)
    if found.cancelled:
        return found
    seats = {}
    for person in people:
        time = time_for(conference, person, clinic)
        if time is not None:
            seats[person.key] = Seat(person, Event(time, conference.zone))
    return replace(found, seats=seats)


def time_for(conference: Conference, person: Invitee, clinic: Clinic) -> Time | None:
    """When somebody is to come: for one item at its time, once it is on the agenda that was posted."""
    if person.kind not in FOR_ONE_ITEM:
        return Time(conference.starts, conference.minutes, place_mark(conference.where))
    shown = clinic.agendas.shown(conference.number)
    agenda = shown.told if shown else None
    item = next((each for each in agenda.items if each.patient == person.patient), None) if agenda else None
    if item is None:
        return None
    starts = conference.starts + timedelta(minutes=item.after)
    return Time(starts, item.case.minutes, place_mark(conference.where))


def _to_series(series: Series, clinic: Clinic, now: datetime) -> Invited:
    conferences = clinic.conferences.of_series(series.number, now - timedelta(days=1))
    found = Invited(series.team, series.zone)
    if not is_regular(series.zone, series.starts_on(series.begins)):
        return replace(found, each_day=tuple(conferences))
    event = series_event(series, conferences)
    asked = {each.recurs_at: _keys(each, clinic) for each in conferences if each.recurs_at}
    seats = {}
    for person in clinic.invitees.of_series(series.number):
        without = frozenset(day for day, keys in asked.items() if person.key not in keys)
        seats[person.key] = Seat(person, _without(event, without), without)
    return replace(found, seats=seats)


def _keys(conference: Conference, clinic: Clinic) -> Collection[str]:
    return {each.key for each in clinic.invitees.of_conference(conference)}


def series_event(series: Series, conferences: Collection[Conference]) -> Event:
    """A series as calendars hold it: its rule, the holidays it leaves out, and the days that differ."""
    begins = first_date(series.rule, series.begins)
    as_ruled = Time(series.starts_on(begins), series.minutes, place_mark(series.where))
    until = series.starts_on(series.until) if series.until else None
    exceptions: dict[datetime, Time | None] = dict.fromkeys(
        (series.starts_on(day) for day, _ in left_out(series, begins, _horizon(series, begins)))
    )
    for each in conferences:
        if each.recurs_at is None or (until is not None and each.recurs_at > until):
            continue
        time = Time(each.starts, each.minutes, place_mark(each.where))
        if each.state is State.CANCELLED:
            exceptions[each.recurs_at] = None
        elif time != replace(as_ruled, starts=each.recurs_at):
            exceptions[each.recurs_at] = time
    return Event(as_ruled, series.zone, series.rule, until, exceptions)


def _horizon(series: Series, begins: date) -> date:
    end = begins + HOLIDAYS_AHEAD
    return min(end, series.until + timedelta(days=1)) if series.until else end


def _without(event: Event, days: Collection[datetime]) -> Event:
    return replace(event, exceptions={**event.exceptions, **dict.fromkeys(days)})


def place_mark(where: str) -> str:
    """Stands for a place: calendars are told that it has changed, and never what anybody wrote of it."""
    return sha256(where.encode()).hexdigest()[:12] if where else ""
