"""Whether the record of a conference, times and people, meets what billing asks for. Nothing is billed."""

from collections.abc import Sequence
from datetime import datetime

from cards.card import Card, Items, Part, Text, Tone
from handlers.live.minutes import Named
from handlers.patients import access
from handlers.request import Caller
from pathway.billing import Record, Span, There, lacks, record
from pathway.conference import Conference, State
from pathway.definition import Definition
from pathway.handoff import Refused
from pathway.session import State as Stands
from pathway.when import say_when
from storage.clinic import Clinic

MOST_ENTRIES = 5_000
LEAST_SECONDS = 60


def show(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Each item that was talked about: from when until when, who was there, what that would meet."""
    conference, by = access.conference(asked.conference, by, clinic)
    if not (by.may("conference") or by.may("report")):
        raise Refused("Your role in this team does not see the figures.")
    if conference.state not in (State.ENDED, State.SIGNED):
        raise Refused(f"{conference.ref} is {conference.state}: its times are not complete.")
    clinic.journal.write("conference billing", conference.ref, now, by=by.id)
    records = _records(conference, clinic)
    parts: list[Part] = [
        Text("A comparison of recorded times with the rules: nothing is billed.", Tone.QUIET)
    ]
    for each in records:
        parts.append(Items(_lines(each, by, now), f"{each.patient} · {each.seconds // 60} min"))
    if not records:
        parts.append(Text("No item was talked about."))
    checks = _checks(records, by.definition)
    if checks:
        parts.append(Items(checks, "To be checked by a person"))
    return Card(f"Billing record of {conference.ref}", tuple(parts))


def _records(conference: Conference, clinic: Clinic) -> list[Record]:
    """The items that were talked about; the journal has when each turn began and ended."""
    stays = clinic.sessions.attendance(conference.number)
    spans: dict[str, list[Span]] = {}
    began: dict[str, datetime] = {}
    for entry in clinic.journal.of(subject=conference.ref, limit=MOST_ENTRIES):
        if entry.action != "conference item":
            continue
        if entry.became == Stands.CURRENT and entry.was != Stands.CURRENT:
            began[entry.patient] = entry.at
        elif entry.was == Stands.CURRENT and entry.became != Stands.CURRENT and entry.patient in began:
            spans.setdefault(entry.patient, []).append((began.pop(entry.patient), entry.at))
    found = (record(patient, kept, stays) for patient, kept in spans.items())
    return [each for each in found if each.seconds >= LEAST_SECONDS]


def _lines(of: Record, by: Caller, now: datetime) -> tuple[str, ...]:
    zone = by.roster.team.hours.zone
    times = "; ".join(
        f"{say_when(since, zone, now)} to {say_when(until, zone, now)}" for since, until in of.spans
    )
    people = "; ".join(_person(each, by) for each in of.there) or "nobody"
    met = [rule for rule in by.definition.billing if not lacks(rule, of)]
    lines = [f"From {times}", f"There: {people}"]
    lines += [f"Would meet {rule.label}: {rule.says}" for rule in met]
    if not met:
        missing = (f"{rule.label}: {', '.join(lacks(rule, of))}" for rule in by.definition.billing)
        lines += [f"Does not meet {each}" for each in missing]
    return tuple(lines)


def _person(each: There, by: Caller) -> str:
    """A member by name, a guest by discipline alone."""
    name = by.roster.name(each.member) if each.member else "a guest"
    of = f", {each.discipline}" if each.discipline else ""
    return f"{name}{of}, {each.seconds // 60} min"


def _checks(records: Sequence[Record], definition: Definition) -> tuple[str, ...]:
    """What no record can tell, for each rule that some item would meet."""
    met = (rule for rule in definition.billing if any(not lacks(rule, each) for each in records))
    return tuple(f"{rule.label}: {check}" for rule in met for check in rule.check)
