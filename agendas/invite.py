"""Invitations as iTIP texts (RFC 5546): a REQUEST or a CANCEL for one person, of an event or a day of it.

Nothing that a person wrote goes into one: the summary is a reference, the place a link. Only whoever it is
for is named in it. A zone without yearly rules is not named either; what happens there is told in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, vCalAddress, vRecur
from icalendar import Event as Component

from agendas.event import Event, News, Time
from agendas.invite_check import checked
from agendas.timezone import is_regular, vtimezone

PRODUCT = "-//Baton//Care team conferences//EN"
ORGANIZER_NAME = "Baton"


class Method(StrEnum):
    """iTIP's word for what a message asks of a calendar."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Envelope:
    """What a message says beside the event: under which `uid` and `sequence`, from and to which address.

    `stamp` is when it was written. `answer` is what the person has answered so far, as a PARTSTAT. `summary`,
    `description` and `link` are what a calendar shows: none of it is anybody's own words.
    """

    uid: str
    sequence: int
    organizer: str
    attendee: str
    stamp: datetime
    summary: str
    description: str = ""
    link: str = ""
    required: bool = True
    answer: str = "NEEDS-ACTION"


def message(told: News, envelope: Envelope) -> tuple[Method, str]:
    """The METHOD and the text of the calendar that tells this. Raises BadCalendar for a wrong one."""
    method = Method.CANCEL if told.is_cancel else Method.REQUEST
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", method.value)
    event = told.event
    clock = _Clock(event)
    if clock.named:
        zone = vtimezone(event.zone, event.time.starts)
        if zone is not None:
            calendar.add_component(zone)
    for component in _components(told, clock):
        _fill(component, told, envelope)
        calendar.add_component(component)
    return method, checked(calendar.to_ical().decode())


class _Clock:
    """The times of one event as a calendar is told them: on its own wall clock, or in UTC."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.named = is_regular(event.zone, event.time.starts) and event.zone != "UTC"
        if event.rule and not self.named and event.zone != "UTC":
            raise ValueError("a series on a clock without yearly rules is told day by day")
        self._zone = ZoneInfo(event.zone) if self.named else UTC

    def of(self, moment: datetime) -> datetime:
        """A moment."""
        return moment.astimezone(self._zone)

    def day(self, recurs_at: datetime) -> datetime:
        """The RECURRENCE-ID of a day of the series."""
        return self.event.recurrence_id(recurs_at) if self.named else recurs_at


def _components(told: News, clock: _Clock) -> Iterator[Component]:
    event = told.event
    if told.day is not None:
        yield _component(event.on(told.day) or _as_ruled(event, told.day), clock, told.day)
        return
    master = _component(event.time, clock, None)
    if event.rule:
        rule = vRecur.from_ical(event.rule)
        if event.until is not None:
            rule["UNTIL"] = [event.until]
        master.add("rrule", rule)
    if told.is_cancel:
        yield master
        return
    off = [clock.day(at) for at, time in sorted(event.exceptions.items()) if time is None]
    if off:
        master.add("exdate", off)
    yield master
    for at, time in sorted(event.exceptions.items()):
        if time is not None:
            yield _component(time, clock, at)


def _as_ruled(event: Event, day: datetime) -> Time:
    return Time(day, event.time.minutes, event.time.place)


def _component(time: Time, clock: _Clock, day: datetime | None) -> Component:
    made = Component()
    if day is not None:
        made.add("recurrence-id", clock.day(day))
    made.add("dtstart", clock.of(time.starts))
    made.add("dtend", clock.of(time.ends))
    return made


def _fill(component: Component, told: News, envelope: Envelope) -> None:
    """What every component of a message says."""
    component.add("uid", envelope.uid)
    component.add("sequence", envelope.sequence)
    component.add("dtstamp", envelope.stamp.astimezone(UTC))
    component.add("summary", envelope.summary)
    component.add("organizer", _address(envelope.organizer, {"CN": ORGANIZER_NAME}))
    component.add("attendee", _attendee(told, envelope))
    component.add("class", "PRIVATE")
    component.add("transp", "OPAQUE")
    # Who is asked no more is told without a STATUS: the meeting itself takes place.
    if not (told.is_cancel and told.takes_place):
        component.add("status", "CANCELLED" if told.is_cancel else "CONFIRMED")
    if envelope.description:
        component.add("description", envelope.description)
    if envelope.link and not told.is_cancel:
        component.add("location", envelope.link)
        component.add("url", envelope.link)


def _attendee(told: News, envelope: Envelope) -> vCalAddress:
    role = "REQ-PARTICIPANT" if envelope.required else "OPT-PARTICIPANT"
    parameters = {"CUTYPE": "INDIVIDUAL", "ROLE": role}
    if not told.is_cancel:
        parameters |= {"PARTSTAT": envelope.answer, "RSVP": "TRUE"}
    return _address(envelope.attendee, parameters)


def _address(address: str, parameters: dict[str, str]) -> vCalAddress:
    made = vCalAddress(f"mailto:{address}")
    made.params.update(parameters)
    return made
