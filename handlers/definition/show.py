"""The pathway definition, looked at: what is in force, one rule of it, a text checked, a version compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Facts, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.definition.post import found, in_force, version_choices, version_parts
from handlers.request import Caller
from pathway.definition import BadDefinition, Definition, load
from pathway.definition_rules import RuleDef
from pathway.handoff import Refused
from pathway.triage_words import say_condition
from storage.clinic import Clinic

LONGEST_PASTED = 40_000


@dataclass(frozen=True)
class Which:
    """A rule, or none for all of them."""

    rule: str = ask("Rule", default="", example="insomnia", hint="Nothing for the list of all rules.")


@dataclass(frozen=True)
class Pasted:
    """A definition, or rules to be added to the one in force; nothing for the one in force."""

    text: str = ask(
        "Text", Kind.LONG, default="", longest=LONGEST_PASTED,
        hint="A whole definition, or the [[rules]] that you would add. Nothing: what is in force.",
    )  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A version by its number."""

    version: str = ask("Version", Kind.WORD, example="2")


def show(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The rules in force, or one of them with its condition in words and its source."""
    if asked.rule:
        return _rule_card(rule_of(asked.rule, clinic.definition), clinic.definition)
    definition = clinic.definition
    facts = Facts((("Signed off", definition.signed_off or "not yet"),))
    waiting = tuple(f"Version {each.number}" for each in clinic.definitions.proposed())
    parts: tuple[Part, ...] = (facts, *_by_severity(definition))
    if waiting:
        parts += (Items(waiting, "Proposed"),)
    choices = tuple(
        Choice(f"Compare {each}", f"pathway diff {each.removeprefix('Version ')}") for each in waiting
    )
    return Card(_title(definition), parts, choices)


def _by_severity(definition: Definition) -> Iterator[Items]:
    """The rules of each severity, the most severe first, and those that are off."""
    for severity in reversed(definition.flag_severities):
        theirs = [rule for rule in definition.rules if rule.enabled and rule.severity == severity.id]
        if theirs:
            yield Items(tuple(_line(rule, definition) for rule in theirs), severity.label)
    off = tuple(_line(rule, definition) for rule in definition.rules if not rule.enabled)
    if off:
        yield Items(off, "Off")


def _line(rule: RuleDef, definition: Definition) -> str:
    return f"{rule.id}: {_roles(rule, definition)}"


def rule_of(id: str, definition: Definition) -> RuleDef:
    """The rule that people call by this id. Raises Refused."""
    wanted = id.strip().casefold().replace(" ", "-")
    rule = next((each for each in definition.rules if each.id == wanted), None)
    if rule is None:
        raise Refused(f"There is no rule {id.strip()}: `pathway show` lists them.")
    return rule


def _rule_card(rule: RuleDef, definition: Definition) -> Card:
    facts = Facts((
        ("Holds when", say_condition(rule.when)),
        ("Severity", _severity(rule)),
        ("Who must answer", _roles(rule, definition)),
        ("Asks for", rule.service),
        ("Source", rule.source),
        ("Told", "in private only" if rule.private else "as every flag"),
    ))  # fmt: skip
    says = Text(rule.says, Tone.QUOTE)
    change = Choice("Change a setting…", f"pathway propose {rule.id}")
    return Card(f"{rule.id} · version {rule.version} · {rule.label}", (says, facts), (change,))


def _severity(rule: RuleDef) -> str:
    return rule.severity if rule.enabled else f"off ({rule.severity})"


def _roles(rule: RuleDef, definition: Definition) -> str:
    known = {role.id: role.label.lower() for role in definition.roles}
    return ", then ".join(known.get(role, role) for role in rule.roles)


def _title(definition: Definition) -> str:
    return f"{definition.title}, version {definition.version}"


def check(asked: Pasted, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says whether a text holds together, with the line that does not; without one, what is in force."""
    if not asked.text.strip():
        definition = in_force(clinic).definition
        return Card(f"{_title(definition)}, is in force and holds together.", _counts(definition))
    rules_alone = asked.text.lstrip().startswith("[[rules]]")
    before = f"{in_force(clinic).text.rstrip()}\n" if rules_alone else ""
    try:
        definition = load(f"{before}{asked.text}", "the text")
    except BadDefinition as error:
        line = error.line - before.count("\n")
        where = f"Line {line}" if line > 0 else "Together with what is in force"
        return Card("The text is refused.", (Text(f"{where}: {error.sentence}", Tone.WARNING),))
    return Card("The text holds together. Nothing was changed by this.", _counts(definition))


def _counts(definition: Definition) -> tuple[Part, ...]:
    on = sum(rule.enabled for rule in definition.rules)
    off = len(definition.rules) - on
    return (
        Facts((
            ("Rules", f"{on} on, {off} off"),
            ("Roles", str(len(definition.roles))),
            ("Signed off", definition.signed_off or "not yet"),
        )),
    )  # fmt: skip


def diff(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What a version changes in the one that is in force."""
    version = found(asked.version, clinic)
    title = f"Pathway version {version.number} · {version.standing}"
    return Card(title, version_parts(version, clinic), version_choices(version))
