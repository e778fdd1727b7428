"""What people hear of a patient's own entry: that it came in and what it says, or that it never came."""

from collections.abc import Collection, Sequence
from datetime import datetime

from cards.card import Card, Choice, Detail, Items, Part, Text, Tone
from handlers.fallen_due import FallenDue, of_kind
from handlers.measures.card import say_score
from handlers.people.tell import in_private
from pathway.change import change, say_change
from pathway.measure import History, Measure
from pathway.people import Roster
from storage.clinic import Clinic
from storage.entries import Entry

SUBJECT = "entry:"


def tell_sent(
    entry: Entry,
    added: Sequence[Measure],
    unscored: Sequence[str],
    refs: Sequence[str],
    history: History,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
) -> None:
    """Tells who made the link, or who stands in for them. What is urgent in it has its flag already."""
    parts: list[Part] = [
        Items(_lines(each, history), f"{each.instrument}, {each.id}", Detail.CLINICAL) for each in added
    ]
    if unscored:
        says = f"Too little was answered for a score: {', '.join(unscored)}."
        parts.append(Text(says, Tone.QUIET, Detail.CLINICAL))
    taken_back = [each for each in entry.draft.alarms if not entry.draft.answers.get(each)]
    if taken_back:
        says = f"Said at first and changed afterwards, so please ask: {', '.join(taken_back)}."
        parts.append(Text(says, Tone.WARNING, Detail.CLINICAL))
    if refs:
        parts.append(Text(f"Triage flags raised or changed by this: {', '.join(refs)}", Tone.WARNING))
    card = Card(
        f"{entry.patient} has sent their answers", tuple(parts),
        (Choice("All measures", f"assess show {entry.patient}"),),
    )  # fmt: skip
    at = roster.team.hours.quiet_until(now)
    in_private(entry.patient, [entry.member], card, roster, clinic, now, at)


def _lines(measure: Measure, history: History) -> tuple[str, ...]:
    earlier = [each for each in history.of(measure.instrument) if each.taken_at < measure.taken_at]
    if not earlier:
        return (say_score(measure),)
    return say_score(measure), f"Since the last: {say_change(change(earlier[-1], measure))}"


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next link whose time has run out and that is not `left`, locked, and what to do about it."""
    found = clinic.entries.due(now, of_kind(left, SUBJECT))
    if found is None:
        return None
    return FallenDue(f"{SUBJECT}{found.digest}", found.expires_at, lambda: _expired(found, clinic, now))


def _expired(entry: Entry, clinic: Clinic, now: datetime) -> None:
    """Who made the link is told, so that silence is not taken for being well."""
    begun = bool(entry.draft.answers)
    clinic.entries.expire(entry, now)
    patient = clinic.patients.find(entry.patient)
    if patient is None:
        return
    roster = clinic.people.roster(patient.team)
    says = (
        "It was begun and not sent; what was not sent is not kept."
        if begun
        else "Nothing was answered with it."
    )
    again = Choice("Make a new link", f"entry link {entry.patient} {' '.join(entry.instruments)}")
    card = Card(f"The link of {entry.patient} has run out", (Text(says),), (again,))
    in_private(entry.patient, [entry.member], card, roster, clinic, now, roster.team.hours.quiet_until(now))
