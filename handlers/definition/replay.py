"""A changed definition, tried on the past before it goes live."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cards.card import Card, Part, Table, Text, Tone
from handlers.definition.post import found, in_force, version_choices
from handlers.definition.show import Named
from handlers.request import Caller
from pathway.definition import Definition
from pathway.simulate import Simulation, simulate
from storage.clinic import Clinic
from storage.replay import histories_after

YEAR = timedelta(days=365)
MOST_PATIENTS = 300
"""So many are replayed while somebody waits; `baton pathway simulate` takes all."""


def replay(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Which flags a version would have raised over the last year, and which what is in force would have."""
    version = found(asked.version, clinic)
    now_is = in_force(clinic)
    histories = histories_after("", clinic, MOST_PATIENTS)
    result = simulate(now_is.definition, version.definition, histories, now - YEAR, now)
    title = f"Version {version.number} on the past, against version {now_is.number}"
    parts = simulation_parts(result, now_is.definition, version.definition, people_by_role(clinic))
    if len(histories) == MOST_PATIENTS:
        sample = f"The first {MOST_PATIENTS} patients only: `baton pathway simulate` takes all of them."
        parts += (Text(sample, Tone.WARNING),)
    return Card(title, parts, version_choices(version)[1:])


def people_by_role(clinic: Clinic) -> Mapping[str, int]:
    """How many people hold each role today, in all teams."""
    holders: dict[str, set[str]] = defaultdict(set)
    for team in clinic.people.teams():
        for place in clinic.people.roster(team.id).places:
            holders[place.role].add(place.member.id)
    return {role: len(members) for role, members in holders.items()}


def simulation_parts(
    result: Simulation, old: Definition, new: Definition, people: Mapping[str, int]
) -> tuple[Part, ...]:
    """What came of a replay, as tables: by rule where something differs, and for those who must answer.

    `people` is how many hold each role.
    """
    says = (
        f"{result.entries} entries of {result.patients} patients, over {result.weeks:.0f} weeks. A flag "
        "counts each time its rule begins to hold; what people did about flags is not replayed."
    )
    parts: tuple[Part, ...] = (Text(says),)
    differ = [rule for rule in dict.fromkeys([*result.old, *result.new]) if _differs(rule, result)]
    if differ:
        rows = tuple(_row(rule, result) for rule in differ)
        parts += (Table(("Rule", "Now", "Then", "Only then", "Only now"), rows),)
    else:
        parts += (Text("No flag would have been raised or dropped by this change."),)
    roles = dict.fromkeys([*result.old_by_role, *result.new_by_role])
    if roles:
        rows = tuple(_role_row(role, result, (new, old), people.get(role, 0)) for role in roles)
        columns = ("Must answer first", "Flags a week now", "Then", "People", "Each, now", "Each, then")
        parts += (Table(columns, rows),)
    return parts


def _differs(rule: str, result: Simulation) -> bool:
    return bool(result.raised[rule] or result.dropped[rule])


def _row(rule: str, result: Simulation) -> tuple[str, ...]:
    counts = (result.old, result.new, result.raised, result.dropped)
    return (rule, *(str(count[rule]) for count in counts))


def _role_row(
    role: str, result: Simulation, definitions: Sequence[Definition], people: int
) -> tuple[str, ...]:
    known = next((found for each in definitions if (found := each.role(role))), None)
    weekly = [count[role] / result.weeks for count in (result.old_by_role, result.new_by_role)]
    each = [f"{one / people:.1f}" for one in weekly] if people else ["nobody", "nobody"]
    return (known.plural if known else role, *(f"{one:.1f}" for one in weekly), str(people), *each)
