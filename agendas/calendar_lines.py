"""The events of a calendar text as lines with names, and nothing made of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from icalendar.parser import Contentline, Contentlines

from agendas.refusal import Reason, Unusable

MOST_COMPONENTS = 100
MOST_LINES = 2000
LONGEST_LINE = 8000
"""An unfolded line. A comment may be long; more than this is no comment."""
_BACKSLASH = "\ue000"
"""Stands for one while icalendar reads: a character that is nobody's."""


@dataclass(frozen=True)
class Line:
    """One property: its value and its parameters, whose names are in capitals."""

    name: str
    value: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Event:
    """The properties of one VEVENT, without what is nested in it."""

    lines: tuple[Line, ...]

    def all(self, name: str) -> tuple[Line, ...]:
        """The properties of this name."""
        return tuple(each for each in self.lines if each.name == name)

    def value(self, name: str) -> str:
        """The value of the first property of this name; "" for none."""
        return next((each.value for each in self.lines if each.name == name), "")


def events(text: str) -> tuple[str, tuple[Event, ...]]:
    """The method of a calendar ("" if it names none), and its events.

    Raises Unusable for what is no calendar, or more than an answer needs.
    """
    method = ""
    within: list[str] = []
    found: list[list[Line]] = []
    components = 0
    for line in _lines(text):
        match line.name:
            case "BEGIN":
                components += 1
                within.append(line.value.upper())
                if within == ["VCALENDAR", "VEVENT"]:
                    found.append([])
            case "END":
                if not within or within.pop() != line.value.upper():
                    raise Unusable(Reason.NOT_CALENDAR)
            case "METHOD" if within == ["VCALENDAR"]:
                method = line.value.strip().upper()
            case _ if within == ["VCALENDAR", "VEVENT"]:
                found[-1].append(line)
        if components > MOST_COMPONENTS:
            raise Unusable(Reason.TOO_BIG)
    if within or not components:
        raise Unusable(Reason.NOT_CALENDAR)
    return method, tuple(Event(tuple(each)) for each in found)


def _lines(text: str) -> Iterator[Line]:
    """The lines that can be read; programs write many that can't, about things of their own."""
    if "\x00" in text:
        raise Unusable(Reason.NOT_CALENDAR)
    read: list[Contentline] = Contentlines.from_ical(text)  # type: ignore[no-untyped-call]
    lines = [each for each in read if each]  # it ends them with an empty one
    if len(lines) > MOST_LINES or any(len(each) > LONGEST_LINE for each in lines):
        raise Unusable(Reason.TOO_BIG)
    for each in lines:
        line = _line(_literal(each)) or _line(each)
        if line is not None:
            yield line


def _line(line: Contentline) -> Line | None:
    try:
        name, parameters, value = line.parts()
    except ValueError:
        return None
    plain = {str(key).upper(): _one(given) for key, given in parameters.items()}
    return Line(name.upper(), str(value), plain)


def _literal(line: Contentline) -> Contentline:
    """The line with each backslash of its parameters as one that stands for itself, as RFC 5545 has it.

    icalendar takes it for an escape: of a name that ends in one, `CN=Eli\\;PARTSTAT=ACCEPTED`, it would make
    the answer a part. Lines of programs that do escape so can't be read literally, and are read its way.
    """
    end = max(line.value_separator_index(), 0)
    literal = line[:end].replace("\\", _BACKSLASH) + line[end:]
    return Contentline(literal)  # type: ignore[no-untyped-call]  # it ships no types


def _one(given: object) -> str:
    """A parameter's value; of several the first."""
    return str(given[0] if isinstance(given, list) and given else given).replace(_BACKSLASH, "\\")
