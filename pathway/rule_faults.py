"""What triage rules name that is not there or can't be, with its place in the definition."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pathway.definition_rules import Condition, RuleDef
from pathway.instruments import Instrument
from pathway.toml_line import Place

if TYPE_CHECKING:
    from pathway.definition import Definition


def rule_faults(pathway: "Definition") -> Iterator[tuple[Place, str]]:
    """What rules name that is not there or can't be: roles, severities, instruments, items, bands, limits."""
    roles = {role.id: role for role in pathway.roles}
    severities = [severity.id for severity in pathway.flag_severities]
    for at, rule in enumerate(pathway.rules):
        if rule.severity not in severities:
            says = f"There is no flag severity `{rule.severity}`: it is one of {', '.join(severities)}."
            yield ("rules", at, "severity"), says
        for nth, role in enumerate(rule.roles):
            if role not in roles:
                yield ("rules", at, "roles", nth), f"There is no role `{role}`."
            elif "flags" not in roles[role].may:
                yield ("rules", at, "roles", nth), f"The role `{role}` may not answer `flags`."
        for place, leaf in rule.when.leaves(("rules", at, "when")):
            yield from (((*place, *within), says) for within, says in _leaf_faults(leaf, rule))


def _leaf_faults(leaf: Condition, rule: RuleDef) -> Iterator[tuple[Place, str]]:
    if not leaf.code:
        return
    try:
        of = leaf.instrument
    except KeyError:
        yield (leaf.kind,), f"There is no instrument `{leaf.code}`."
        return
    if of.private and not rule.private:
        yield (leaf.kind,), f"{of.code} is told to nobody in a room: the rule needs `private = true`."
    if not of.triage and leaf.kind in ("score", "band", "change"):
        yield (leaf.kind,), f"Nothing may follow from {of.code} by itself: {of.source}"
    yield from _change_faults(leaf, of) if leaf.kind == "change" else _value_faults(leaf, of)


def _change_faults(leaf: Condition, of: Instrument) -> Iterator[tuple[Place, str]]:
    if not of.ordered:
        yield ("change",), f"The values of {of.code} are names: none is worse than another by an amount."
    if not of.ratio and leaf.worse_by is None:
        yield ("change",), f"A percentage of {of.code} says nothing: give the change in points, `worse_by`."


def _value_faults(leaf: Condition, of: Instrument) -> Iterator[tuple[Place, str]]:
    item = next((each for each in of.items if each.id == leaf.item), None)
    if leaf.item and item is None:
        listed = ", ".join(each.id for each in of.items) or "none"
        yield ("answer",), f"{of.code} has no item `{leaf.item}`; its items are: {listed}."
        return
    labels = [each.label for each in of.bands]
    if leaf.kind == "band" and leaf.exactly not in labels:
        listed = ", ".join(labels) or "none"
        yield ("is",), f"{of.code} has no band {leaf.exactly!r}; its bands are: {listed}."
    if leaf.kind in ("score", "answer"):
        low, high = (item.low, item.high) if item else (of.low, of.high)
        limits = {"at_least": leaf.at_least, "at_most": leaf.at_most, "below": leaf.below, "is": leaf.number}
        for name, limit in limits.items():
            if limit is not None and not low <= limit <= high:
                what = leaf.answer or of.code
                yield (name,), f"`{name}` is {limit:g}, but {what} goes from {low:g} to {high:g}."
