"""How an entry of a care plan is said: alone, as a line of the plan, and as a change of it."""

from collections.abc import Iterable
from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Text
from pathway.action import Action
from pathway.people import Roster
from pathway.plan import STATUSES, Entry, Sort, Status
from pathway.plan_change import Change, touched
from pathway.when import say_when
from storage.clinic import Clinic

LABELS = {
    "text": "Text", "rationale": "Because", "discipline": "By or to", "due_at": "Until", "status": "Status",
    "progress": "Progress", "why": "Why", "owner": "Owner", "state": "State", "outcome": "Outcome",
    "amended": "Its message",
}  # fmt: skip
"""The fields that people know, as they are called in a history."""


def entry_card(entry: Entry, roster: Roster, zone: str, now: datetime, more: Iterable[Choice] = ()) -> Card:
    """One entry: codes and times in the open, what it says where that may be shown."""
    made = f"{roster.name(entry.by)}, {say_when(entry.at, zone, now)}"
    open_facts = (("Patient", entry.patient), ("Written by", made), ("From", entry.source))
    about = (
        (entry.sort.capitalize(), entry.text), ("Because", entry.rationale), ("By or to", entry.discipline),
        ("Until", say_when(entry.due_at, zone, now) if entry.due_at else ""),
        ("Progress", progress(entry, zone, now)), ("Why", entry.why), ("Message", entry.link),
        ("That says now", entry.amended),
    )  # fmt: skip
    parts = (
        Facts(tuple(pair for pair in open_facts if pair[1])),
        Facts(tuple(pair for pair in about if pair[1]), Detail.CLINICAL),
    )
    title = f"{entry.ref} · {entry.patient} · {entry.sort} · {entry.status}"
    return Card(title, parts, (*more, *choices(entry)))


def choices(entry: Entry) -> tuple[Choice, ...]:
    """What can be done with an entry, as buttons; each carries the version that it was shown with."""
    can = STATUSES[entry.sort].get(entry.status, frozenset()) - {Status.WITHDRAWN}
    marks = (Choice(each.capitalize(), f'plan mark {entry.ref} "{each}"') for each in Status if each in can)
    change = Choice("Change", f"plan change {entry.ref}@{entry.edition}")
    goes = (Choice("Note progress", f"plan progress {entry.ref}"),) if entry.sort is Sort.GOAL else ()
    return (change, *(goes if entry.live else ()), *marks)


def progress(entry: Entry, zone: str, now: datetime) -> str:
    """What was noted last of how it goes, and when."""
    if entry.progress_at is None:
        return ""
    return f"{entry.progress} ({say_when(entry.progress_at, zone, now)})"


def line(entry: Entry, zone: str, now: datetime) -> str:
    """An entry as a line of the plan."""
    until = f"until {say_when(entry.due_at, zone, now)}" if entry.due_at else ""
    because = f"because: {entry.rationale}" if entry.rationale else ""
    how = f"progress: {progress(entry, zone, now)}" if entry.progress_at else ""
    message = f"its message says now: {entry.amended}" if entry.amended else ""
    said = (entry.text, because, message, until, how, entry.why if not entry.live else "", entry.source)
    return f"{entry.ref} {entry.status}: {' · '.join(filter(None, said))}"


def change_line(change: Change, roster: Roster, zone: str, now: datetime) -> str:
    """A change as a line of the history: version, when, who, what, from where, and what it was before."""
    who = roster.name(change.by) if change.by else "Baton"
    head = f"{change.version} · {say_when(change.at, zone, now)} · {who} · {change.ref} {change.action}"
    source = f" · from {change.source}" if change.source else ""
    gone = f" · undone by version {change.undone_by}" if change.undone_by else ""
    return f"{head}{source}{gone}: {_what(change, roster, zone, now)}"


def _what(change: Change, roster: Roster, zone: str, now: datetime) -> str:
    if change.before is None:
        return change.after.text
    lines = differing(change.before, change.after, roster, zone, now)
    return "; ".join(f"{label}: {was or 'nothing'} → {became or 'nothing'}" for label, was, became in lines)


def differing(
    before: Entry | Action, after: Entry | Action, roster: Roster, zone: str, now: datetime
) -> list[tuple[str, str, str]]:
    """What differs between two versions, as people know it: label, what it was, what it became."""
    names = [each for each in touched(before, after) if each in LABELS]
    return [
        (
            LABELS[e],
            _say(e, getattr(before, e), roster, zone, now),
            _say(e, getattr(after, e), roster, zone, now),
        )
        for e in names
    ]


def _say(name: str, value: object, roster: Roster, zone: str, now: datetime) -> str:
    if isinstance(value, datetime):
        return say_when(value, zone, now)
    if name == "owner" and value:
        return roster.name(str(value))
    return str(value) if value else ""


def waits_for_choice(entry: Entry, clinic: Clinic) -> tuple[Text, ...]:
    """A word on an entry that two people want to say different things."""
    if clinic.plans.clash(entry.number) is None:
        return ()
    return (Text(f"Two versions of {entry.ref} wait for a choice: `plan settle {entry.ref}`."),)
