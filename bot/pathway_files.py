"""Pathway definitions in files: checked, compared with what is in force, and tried on everybody's past."""

from datetime import datetime, timedelta
from pathlib import Path

from cards.card import Card
from cards.plain import plain
from handlers.definition.replay import people_by_role, simulation_parts
from pathway.definition import Definition, load
from pathway.diff import differences, not_raised
from pathway.simulate import simulate
from storage.clinic import Store
from storage.replay import all_histories


def read(path: Path) -> Definition:
    """The definition in a file. Raises BadDefinition with the line."""
    return load(path.read_text("utf-8"), path.name)


def check(path: Path) -> str:
    """What a file holds, in a sentence. Raises BadDefinition."""
    found = read(path)
    on = sum(rule.enabled for rule in found.rules)
    off = len(found.rules) - on
    signed = found.signed_off or "not signed off"
    return f"{path.name} holds together: version {found.version}, {on} rules on, {off} off, {signed}."


def compare(path: Path, store: Store, now: datetime) -> str:
    """What a file changes in what is in force, a line each. Raises BadDefinition."""
    old, new = _in_force(store, now), read(path)
    lines = [str(each) for each in differences(old, new)]
    if ids := not_raised(old, new):
        lines.append(f"Raise the version of {', '.join(ids)}: flags name it, so it is not approved without.")
    return "\n".join(lines) or f"{path.name} says the same as what is in force."


def replay(path: Path, store: Store, weeks: int, now: datetime) -> str:
    """Which flags a file would have raised over the last weeks, of all patients. Raises BadDefinition."""
    old, new = _in_force(store, now), read(path)
    result = simulate(old, new, all_histories(store, now), now - timedelta(weeks=weeks), now)
    with store.clinic(now) as clinic:
        parts = simulation_parts(result, old, new, people_by_role(clinic))
    return plain(Card(f"{path.name} on the past", parts))


def _in_force(store: Store, now: datetime) -> Definition:
    with store.clinic(now) as clinic:
        return clinic.definition
