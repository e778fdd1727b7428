"""The record of one item held against the billing rules of a definition. It proposes, it does not bill."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathway.definition_billing import BillingDef
from pathway.roll_call import Attendance

PATIENT_SIDE = frozenset({"patient", "carer", "family", "relative", "parent"})
"""What is noted as the discipline of the person and of theirs."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class There:
    """Somebody who was there while an item was talked about, and for how many seconds of it."""

    member: str
    name: str
    discipline: str
    seconds: int


@dataclass(frozen=True)
class Record:
    """The times of one item: when it was talked about, and who was there."""

    patient: str
    spans: tuple[Span, ...]
    there: tuple[There, ...]

    @property
    def seconds(self) -> int:
        """How long it was talked about."""
        return sum((until - since) // timedelta(seconds=1) for since, until in self.spans)

    @property
    def patient_there(self) -> bool:
        """Whether the person, or somebody of theirs, was there."""
        return any(each.discipline.casefold() in PATIENT_SIDE for each in self.there)

    def disciplines(self, minutes: int) -> frozenset[str]:
        """The disciplines of which somebody was there for so many minutes, or for all of a shorter item."""
        least = min(minutes * 60, self.seconds)
        kept = (each.discipline.casefold() for each in self.there if each.seconds >= least)
        return frozenset(each for each in kept if each and each not in PATIENT_SIDE)


def record(patient: str, spans: Iterable[Span], stays: Sequence[Attendance]) -> Record:
    """The record of an item; who was not there while it was talked about is not in it."""
    kept = tuple(spans)
    found: dict[tuple[str, str, str], int] = {}
    for stay in stays:
        seconds = sum(stay.seconds(since, until) for since, until in kept)
        who = (stay.member, stay.name, stay.discipline)
        found[who] = found.get(who, 0) + seconds
    there = tuple(There(*who, seconds) for who, seconds in found.items() if seconds)
    return Record(patient, kept, there)


def lacks(rule: BillingDef, of: Record) -> tuple[str, ...]:
    """What the record lacks for a rule; nothing if it meets all that a record can show."""
    found = []
    minutes = of.seconds // 60
    if minutes < rule.minutes_from:
        found.append(f"{minutes} of {rule.minutes_from} min")
    if rule.minutes_below is not None and minutes >= rule.minutes_below:
        found.append(f"{minutes} min, which is not under {rule.minutes_below}")
    there = of.disciplines(rule.minutes_from)
    if len(there) < rule.disciplines:
        found.append(f"{len(there)} of {rule.disciplines} disciplines there all that time")
    if rule.any_of and not there & {each.casefold() for each in rule.any_of}:
        found.append(f"nobody of {' or '.join(rule.any_of)} there all that time")
    if rule.patient == "present" and not of.patient_there:
        found.append("the person was not there")
    if rule.patient == "absent" and of.patient_there:
        found.append("the person was there")
    return tuple(found)
