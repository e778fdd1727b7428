"""How many decisions were done, and why others were not: counted from the journal."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Detail, Facts, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.request import Caller
from pathway.action import State
from pathway.decisions import Tally, fate, tally
from pathway.plan import Entry, Sort
from pathway.plan_change import UNDONE
from pathway.when import say_when
from storage.clinic import Clinic
from storage.journal import Entry as Row

MOST_REASONS = 20


@dataclass(frozen=True)
class Since:
    """From when on decisions are counted."""

    since: datetime = ask("Since when", Kind.PAST, default="12 weeks ago", example="12 weeks ago")


def report(asked: Since, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What became of the team's decisions. Reasons are shown of one's own patients only."""
    made = clinic.plans.of_team(by.roster.team.id, Sort.DECISION, asked.since, now)
    decided = [each for each in made if each.why != UNDONE]
    outcomes = _outcomes(decided, clinic)
    fates = {each.number: fate([last for last, _ in outcomes.get(each.number, ())]) for each in decided}
    found = tally(fates.values())
    title = f"Decisions since {say_when(asked.since, by.zone, now)}: {found.all}"
    if not decided:
        return Card(title, (Text("None were written down.", Tone.QUIET),))
    return Card(title, (Facts(_counts(found)), *_reasons(decided, outcomes, by, clinic, now)))


def _counts(found: Tally) -> tuple[tuple[str, str], ...]:
    rate = "none is over yet" if found.rate is None else f"{found.rate:.0%} of those that are over"
    return (("Decision to done", rate), *((e.capitalize(), str(count)) for e, count in found.counts.items()))


def _outcomes(decided: Sequence[Entry], clinic: Clinic) -> Mapping[int, list[tuple[State, str]]]:
    """For each decision what the journal says last of each of its actions, and the words that go with it."""
    actions = clinic.actions.of_entries([each.number for each in decided])
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in clinic.journal.of_subjects([each.ref for each in actions]):
        rows[row.subject].append(row)
    found: dict[int, list[tuple[State, str]]] = defaultdict(list)
    for action in actions:
        *_, last = rows[action.ref]
        if not (last.action == f"action {UNDONE}" and last.became == State.DROPPED):
            notes = [each.note for each in rows[action.ref] if each.became == last.became and each.note]
            found[action.entry].append((State(last.became), notes[-1] if notes else ""))
    return found


def _reasons(
    decided: Sequence[Entry],
    outcomes: Mapping[int, list[tuple[State, str]]],
    by: Caller,
    clinic: Clinic,
    now: datetime,
) -> list[Part]:
    """Why decisions were not done: the words for one's own patients, how many there are of others."""
    failed = [
        (entry, reason)
        for entry in decided
        for state, reason in outcomes.get(entry.number, ())
        if state in (State.NOT_DONE, State.DROPPED)
    ]
    seen = [each for each in failed if clinic.patients.may_see(each[0].patient, by.id, now)]
    lines = tuple(f"{entry.ref} ({entry.patient}): {reason}" for entry, reason in seen[:MOST_REASONS])
    parts: list[Part] = [Items(lines, "Why not", Detail.CLINICAL)] if lines else []
    hidden = len(failed) - len(lines)
    if hidden:
        says = f"{hidden} more {'reason is' if hidden == 1 else 'reasons are'} in plans that you may not see"
        parts.append(Text(f"{says}, or further back.", Tone.QUIET))
    return parts
