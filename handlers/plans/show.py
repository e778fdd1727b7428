"""A care plan, looked at: as it stands, how it came to be, and what changed since a version or a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Items, Part, Text, Tone
from cards.form import ask
from handlers.actions.card import said_state
from handlers.measures.due import say_dues
from handlers.patients import access
from handlers.patients.patient import needs_of
from handlers.plans.card import change_line, differing, line, waits_for_choice
from handlers.plans.plan import OfPatient
from handlers.request import Caller
from pathway.action import OPEN, Action, State
from pathway.handoff import Refused
from pathway.plan import Entry, Sort
from pathway.plan_change import Change
from pathway.schedule import dues
from pathway.when import say_when
from storage.clinic import Clinic

MOST_OVER = 5
"""So many entries of a sort that are over are shown; the others are in the history."""
MOST_LINES = 40
_HEADS = {
    Sort.GOAL: "Goals, in their own words", Sort.PROBLEM: "Problems", Sort.BARRIER: "Barriers",
    Sort.DECISION: "Decisions", Sort.REFERRAL: "Referrals", Sort.NOTE: "Notes",
}  # fmt: skip


@dataclass(frozen=True)
class Since(OfPatient):
    """A patient, and since which version."""

    version: str = ask(
        "Since which version", default="", example="7", hint="As in the history; the last change if empty."
    )


def show(asked: OfPatient, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The care plan as it stands: what matters first, goals, who does what, and what stands in the way."""
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    clinic.journal.write("plan show", f"patient:{found.code}", now, by=by.id, patient=found.code)
    entries = clinic.plans.of_patient(found.code)
    actions = clinic.actions.of_patient(found.code)
    parts: list[Part] = [Text(f"What matters most to them: {found.goal}", Tone.QUOTE, Detail.CLINICAL)]
    parts += [each for entry in entries for each in waits_for_choice(entry, clinic)]
    parts += _entries(entries, by, now)
    parts += _actions(actions, by, now)
    measures = dues(clinic.definition.schedules, clinic.measures.histories([found.code])[found.code])
    parts += _listed("Measures due", say_dues(measures, by.zone, now))
    parts.append(Facts(needs_of(found, clinic.definition), Detail.CLINICAL))
    version = clinic.plans.version(found.code)
    acted = _count(actions, "action", "actions")
    counted = f"{_count(entries, 'entry', 'entries')}, {_open(actions)} of {acted} open"
    title = f"Care plan of {found.code} · version {version}"
    return Card(title, (Text(counted, Tone.QUIET), *parts), (
        Choice("Add an action", f"action add {found.code}"),
        Choice("History", f"plan history {found.code}"),
        Choice("What changed last", f"plan diff {found.code}"),
    ))  # fmt: skip


def _count(each: Sequence[Entry | Action], one: str, many: str) -> str:
    return f"{len(each)} {one if len(each) == 1 else many}"


def _open(actions: Sequence[Action]) -> int:
    return sum(each.state in OPEN for each in actions)


def _entries(entries: Sequence[Entry], by: Caller, now: datetime) -> list[Part]:
    parts = _listed(_HEADS[Sort.GOAL], _lines(entries, Sort.GOAL, by, now))
    parts += _listed(_HEADS[Sort.PROBLEM], _lines(entries, Sort.PROBLEM, by, now))
    interventions = [each for each in entries if each.sort is Sort.INTERVENTION]
    for discipline in sorted({each.discipline for each in interventions}):
        theirs = [each for each in interventions if each.discipline == discipline]
        head = f"Interventions: {discipline}" if discipline else "Interventions"
        parts += _listed(head, _lines(theirs, Sort.INTERVENTION, by, now))
    for sort in (Sort.BARRIER, Sort.DECISION, Sort.REFERRAL, Sort.NOTE):
        parts += _listed(_HEADS[sort], _lines(entries, sort, by, now))
    return parts


def _lines(entries: Sequence[Entry], sort: Sort, by: Caller, now: datetime) -> tuple[str, ...]:
    """What holds, and the last few that are over; a decision and a referral with their dates."""
    of_sort = [each for each in entries if each.sort is sort]
    over = [each for each in of_sort if not each.live][-MOST_OVER:]
    shown = [each for each in of_sort if each.live or each in over]
    return tuple(_dated(each, by, now) for each in shown)


def _dated(entry: Entry, by: Caller, now: datetime) -> str:
    said = line(entry, by.zone, now)
    if entry.sort in (Sort.DECISION, Sort.REFERRAL, Sort.NOTE):
        return f"{said} · {say_when(entry.at, by.zone, now)}"
    return said


def _actions(actions: Sequence[Action], by: Caller, now: datetime) -> list[Part]:
    going = [each for each in actions if each.state in OPEN]
    closed = [each for each in actions if each.state not in OPEN][-MOST_OVER:]
    return [
        *_listed("Actions", tuple(_action(each, by, now) for each in going)),
        *_listed("Actions of before", tuple(_action(each, by, now) for each in closed)),
    ]


def _action(action: Action, by: Caller, now: datetime) -> str:
    owner = by.roster.name(action.owner) if action.owner else "nobody"
    due = f"due {say_when(action.due_at, by.zone, now)}" if action.state in OPEN else ""
    why = f"outcome: {action.outcome}" if action.state is State.DONE else action.why
    decision = f"for E-{action.entry}" if action.entry else ""
    message = f"its message says now: {action.amended}" if action.amended else ""
    said = (action.text, message, owner, due, why, decision, action.source)
    return f"{action.ref} {said_state(action, now)}: {' · '.join(filter(None, said))}"


def _listed(head: str, lines: tuple[str, ...]) -> list[Part]:
    return [Items(lines, head, Detail.CLINICAL)] if lines else []


def history(asked: OfPatient, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Every change of a patient's plan: who, when, from which conference or message, from what to what."""
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    changes = clinic.plans.history(found.code, MOST_LINES)
    if not changes:
        return Card(f"Nothing has been written into the care plan of {found.code} yet.")
    lines = tuple(change_line(each, by.roster, by.zone, now) for each in changes)
    return Card(
        f"History of the care plan of {found.code} · version {changes[-1].version}",
        (Items(lines, detail=Detail.CLINICAL),),
        (Choice("Show the plan", f"plan show {found.code}"),),
    )


def diff(asked: Since, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What is different in a patient's plan since a version: entry by entry, from what to what."""
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    newest = clinic.plans.version(found.code)
    if asked.version and not asked.version.removeprefix("v").isdecimal():
        raise Refused("Name a version by its number: `plan history` shows them.")
    since = int(asked.version.removeprefix("v")) if asked.version else max(newest - 1, 0)
    if since > newest:
        raise Refused(f"The care plan of {found.code} is at version {newest}: name an earlier one.")
    lines = _differences(clinic.plans.since(found.code, since), by, now)
    title = f"Care plan of {found.code}: version {since} to {newest}"
    if not lines:
        return Card(title, (Text("Nothing is different."),))
    return Card(title, (Items(lines, detail=Detail.CLINICAL),), (
        Choice("Show the plan", f"plan show {found.code}"),
    ))  # fmt: skip


def _differences(changes: Sequence[Change], by: Caller, now: datetime) -> tuple[str, ...]:
    """One line for each entry or action that differs, over all its changes together."""
    first: dict[str, Change] = {}
    last: dict[str, Change] = {}
    for each in changes:
        first.setdefault(each.ref, each)
        last[each.ref] = each
    lines = (_difference(first[ref], last[ref], by, now) for ref in first)
    return tuple(each for each in lines if each)


def _difference(first: Change, last: Change, by: Caller, now: datetime) -> str:
    after = last.after
    kind = after.sort if isinstance(after, Entry) else "action"
    if first.before is None:
        status = after.status if isinstance(after, Entry) else after.state
        return f"{after.ref} new {kind}, {status}: {after.text}"
    fields = differing(first.before, after, by.roster, by.zone, now)
    said = "; ".join(f"{label}: {was or 'nothing'} → {became or 'nothing'}" for label, was, became in fields)
    return f"{after.ref} {kind}, {said}" if said else ""
