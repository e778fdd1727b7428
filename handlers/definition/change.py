"""The pathway definition, changed: proposed in a line of chat, approved by another person, or rejected."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Text, Tone
from cards.form import Kind, ask
from handlers.definition.post import (
    check_usable,
    found,
    in_force,
    tell_steering,
    version_choices,
    version_parts,
)
from handlers.definition.show import Named, rule_of
from handlers.definition.steering import need_place
from handlers.request import Caller
from pathway.definition import BadDefinition, load
from pathway.definition_text import CantChange, with_setting
from pathway.diff import differences
from pathway.handoff import Refused
from storage.clinic import Clinic
from storage.definitions import Standing, Version


@dataclass(frozen=True)
class Setting:
    """A rule, one of its settings, and its new value."""

    rule: str = ask("Rule", Kind.WORD, example="insomnia", hint="As `pathway show` lists it.")
    setting: str = ask(
        "Setting", Kind.WORD, example="at_least",
        hint="at_least, within_days, severity, enabled… If the rule has it twice: PEG.worse_by_percent.",
    )  # fmt: skip
    value: str = ask("New value", Kind.LONG, example="14")


@dataclass(frozen=True)
class Reasoned(Named):
    """A version, and why not."""

    why: str = ask("Why", Kind.LONG, example="Too many flags for one psychologist")


def propose(asked: Setting, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Makes a new version with one setting changed; it waits for another person of the steering group."""
    need_place(by, clinic)
    before = in_force(clinic)
    rule = rule_of(asked.rule, before.definition)
    try:
        text = with_setting(before.text, rule.id, asked.setting.strip().strip("`"), asked.value)
        after = load(text, "the changed definition")
    except (CantChange, BadDefinition) as error:
        raise Refused(error.sentence if isinstance(error, BadDefinition) else str(error)) from error
    said = "; ".join(str(each) for each in differences(before.definition, after))
    version = clinic.definitions.propose(text, by.id, now, note=said)
    title = f"{by.member.name} proposes version {version.number} of the pathway"
    card = Card(title, version_parts(version, clinic), version_choices(version))
    tell_steering(card, clinic, now, without=(by.id,))
    told = Text("The steering group has been told. Try it on the past before it is approved.")
    return Card(f"Version {version.number} is proposed.", (told, *card.parts), card.choices[:1])


def approve(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that one is for a proposal; the second person's word puts it in force, everywhere."""
    need_place(by, clinic)
    version = _proposed(asked.version, clinic)
    if by.id in version.approvers:
        raise Refused(f"You are for version {version.number} already: it takes somebody else too.")
    try:
        check_usable(version, clinic)
    except BadDefinition as error:
        raise Refused(f"This release of Baton can't read it: {error}.") from error
    parts = version_parts(version, clinic)
    decided = clinic.definitions.approve(version.number, by.id, now)
    if decided.standing is Standing.IN_FORCE:
        title = f"Version {decided.number} of the pathway is in force"
        says = Text(f"Approved by {_names(decided, clinic)}. Flags raised from now on follow it.")
        told = Card(title, (says, *parts[:1]))
        tell_steering(told, clinic, now, also=_leads(clinic), without=(by.id,))
        return Card(f"{title}.", (says, *parts[:1]))
    card = Card(
        f"{by.member.name} is for version {decided.number} of the pathway",
        version_parts(decided, clinic),
        version_choices(decided),
    )
    tell_steering(card, clinic, now, without=(by.id,))
    return Card(f"You are for version {decided.number}.", card.parts)


def _leads(clinic: Clinic) -> list[str]:
    teams = clinic.people.teams()
    return [lead for team in teams for lead in clinic.people.roster(team.id).leads()]


def _names(version: Version, clinic: Clinic) -> str:
    members = (clinic.people.member(each) for each in version.approvers)
    return " and ".join(each.name for each in members if each)


def reject(asked: Reasoned, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Ends a proposal, with why."""
    need_place(by, clinic)
    version = _proposed(asked.version, clinic)
    clinic.definitions.reject(version.number, by.id, now, note=asked.why)
    title = f"Version {version.number} of the pathway was rejected"
    why = Text(f"{by.member.name}: {asked.why}", Tone.QUOTE)
    tell_steering(Card(title, (why,)), clinic, now, without=(by.id,))
    return Card(f"{title}.", (Text("What is in force stays as it is."),))


def _proposed(typed: str, clinic: Clinic) -> Version:
    version = found(typed, clinic)
    if version.standing is not Standing.PROPOSED:
        raise Refused(f"Version {version.number} is no proposal: it is {version.standing}.")
    return version
