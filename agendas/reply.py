"""What a mail says of an invitation: yes, no, maybe, another time, or words for a person to read.

Only single lines of a calendar part are read, with icalendar's own reader of lines. Its components are not
built: that would follow whatever rule of recurrence is in them, of the time zones too, to its end.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import vDatetime
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from agendas.calendar_lines import Event, events
from agendas.mail_in import Bounce, Incoming, plain_address
from agendas.refusal import Reason, Unusable
from pathway.hours import is_zone

ANSWERS = frozenset({"ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "NEEDS-ACTION"})
"""What iCalendar's PARTSTAT may be in an event."""
MOST_EVENTS = 20
"""One mail may answer for several days of a series."""


@dataclass(frozen=True)
class Moment:
    """A time as a mail gives it, on the wall clock of a zone: `zone` is "" where it names none we know."""

    wall: datetime
    zone: str = ""

    def utc(self, unnamed: str) -> datetime:
        """The moment in UTC; `unnamed` is the zone in which it was invited."""
        return self.wall.replace(tzinfo=ZoneInfo(self.zone or unnamed)).astimezone(UTC)


@dataclass(frozen=True)
class About:
    """Which invitation a mail is about, and for whom it speaks.

    `occurrence` is the day of a series that is meant, None for all of it or for what is no series.
    `organizer` is "" where it is left out, as outlook.com does.
    """

    uid: str
    attendee: str
    occurrence: Moment | None = None
    organizer: str = ""
    sequence: int = 0
    comment: str = ""


@dataclass(frozen=True)
class Answered:
    """Somebody accepts, declines, or the like (`partstat`); `delegate` is whom they would send instead."""

    about: About
    partstat: str
    stamped_at: datetime
    delegate: str = ""


@dataclass(frozen=True)
class Countered:
    """Somebody proposes another time."""

    about: About
    starts: Moment
    ends: Moment | None = None


@dataclass(frozen=True)
class Refresh:
    """Somebody asks to be sent the invitation again."""

    about: About


@dataclass(frozen=True)
class Words:
    """A person wrote something that no program can answer."""

    text: str


@dataclass(frozen=True)
class Automatic:
    """A machine wrote it, and nobody need read it."""


Said = Answered | Countered | Refresh | Words | Automatic | Bounce


def understood(mail: Incoming) -> tuple[Said, ...]:
    """What a mail says. Raises Unusable for a calendar part that is broken, or is no answer."""
    if mail.bounce is not None:
        return (mail.bounce,)
    if not mail.calendar:
        return (Automatic(),) if mail.automatic else (Words(mail.text),)
    method, found = events(mail.calendar)
    method = method or mail.method
    if method not in ("REPLY", "COUNTER", "REFRESH"):
        raise Unusable(Reason.METHOD)
    if not 0 < len(found) <= MOST_EVENTS or len({each.value("UID") for each in found}) != 1:
        raise Unusable(Reason.EVENTS)
    return tuple(_said(method, each, mail.sender) for each in found)


def _said(method: str, event: Event, sender: str) -> Said:
    if method == "REPLY":
        return _answered(event)
    if method == "REFRESH":
        return Refresh(_about(event, _only_attendee(event)))
    # Who counters may name everybody who is invited, and so it is the sender who is meant.
    named = [plain_address(each.value) for each in event.all("ATTENDEE")]
    attendee = sender if sender in named else _only_attendee(event)
    starts = _moment(event, "DTSTART")
    if starts is None:
        raise Unusable(Reason.TIME)
    return Countered(_about(event, attendee), starts, _moment(event, "DTEND"))


def _answered(event: Event) -> Answered:
    about = _about(event, _only_attendee(event))
    parameters = event.all("ATTENDEE")[0].parameters
    partstat = parameters.get("PARTSTAT", "").upper()
    if partstat not in ANSWERS:
        raise Unusable(Reason.ANSWER)
    stamp = _moment(event, "DTSTAMP")
    if stamp is None:
        raise Unusable(Reason.TIME)
    delegate = plain_address(parameters.get("DELEGATED-TO", "")) if partstat == "DELEGATED" else ""
    return Answered(about, partstat, stamp.utc("UTC"), delegate)


def _about(event: Event, attendee: str) -> About:
    uid = event.value("UID")
    if not uid or len(uid) > 255:
        raise Unusable(Reason.EVENTS)
    sequence = event.value("SEQUENCE") or "0"
    return About(
        uid=uid,
        attendee=attendee,
        occurrence=_moment(event, "RECURRENCE-ID"),
        organizer=_organizer(event),
        sequence=int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0,
        comment=event.value("COMMENT").strip(),
    )


def _organizer(event: Event) -> str:
    """The organizer's address; what is there but is no address is nobody's, and so kept as it is."""
    written = event.value("ORGANIZER")
    return plain_address(written) or written


def _only_attendee(event: Event) -> str:
    named = event.all("ATTENDEE")
    address = plain_address(named[0].value) if len(named) == 1 else ""
    if not address:
        raise Unusable(Reason.ATTENDEES)
    return address


def _moment(event: Event, name: str) -> Moment | None:
    """The time under this name; None if there is none. Raises Unusable for what is no time."""
    found = event.all(name)
    if not found:
        return None
    written, zone = found[0].value.strip(), found[0].parameters.get("TZID", "")
    try:
        timed = f"{written}T000000" if len(written) == 8 else written
        wall: datetime = vDatetime.from_ical(timed)  # type: ignore[no-untyped-call]  # it ships no types
        moment = Moment(wall.replace(tzinfo=None), "UTC" if wall.tzinfo else _zone(zone))
        moment.utc("UTC")
    except (ValueError, OverflowError) as error:
        raise Unusable(Reason.TIME) from error
    return moment


def _zone(name: str) -> str:
    """The IANA zone that is meant; Windows has names of its own, and some programs put a path before them."""
    known = WINDOWS_TO_OLSON.get(name, name)
    for _ in range(4):
        if is_zone(known):
            return known
        known = known.partition("/")[2]
    return ""
