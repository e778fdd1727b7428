"""Reads and checks a pathway definition: a team's roles, how urgent things can be, how long they may take.

A definition is a TOML text that a steering group can read and change; `msk_pain.toml` is the one we
ship. Every span of time in it is a whole number of minutes. A definition with any fault is refused
as a whole, with the line that is wrong: half a pathway would drop people silently.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from pathway.definition_agenda import AgendaDef, IssueKindDef, agenda_faults
from pathway.definition_billing import BillingDef, billing_faults
from pathway.definition_flags import FlagSeverityDef
from pathway.definition_measures import ResponseDef, ScheduleDef
from pathway.definition_parts import Clocked, Id, Minutes, Part, Times, Words, YesNo, refuse
from pathway.definition_plan import PlanDef
from pathway.definition_rules import RuleDef
from pathway.rule_faults import rule_faults
from pathway.toml_line import Place, line_of, syntax_line

May = Literal[
    "handoff", "flags", "measures", "patients", "names", "plan", "conference", "report", "lead", "pathway"
]
"""What a role may do. The words are the code's, their holders the definition's; the TOML explains each."""


class BadDefinition(ValueError):
    """A definition is refused: `name` is its file, `line` counts from 1, `sentence` says what is wrong."""

    def __init__(self, name: str, line: int, sentence: str) -> None:
        super().__init__(f"{name}, line {line}: {sentence}")
        self.name = name
        self.line = line
        self.sentence = sentence


class RoleDef(Part):
    """A part that a member of the team plays. Only a clinician has a discipline, which a quorum counts."""

    id: Id
    label: Words
    plural: Words
    aliases: tuple[Words, ...] = ()
    discipline: Words | None = None
    clinician: YesNo
    may: frozenset[May]

    @property
    def answers_to(self) -> tuple[str, ...]:
        """What people may call this role, in any case and with spaces or hyphens."""
        return self.id, self.label, self.plural, *self.aliases

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.clinician and not self.discipline:
            refuse(self, [(("clinician",), f"{self.label} is a clinician and so needs a discipline.")])
        return self


class UrgencyDef(Clocked):
    """How urgent a handoff is, how long each person asked has, and when it should be done."""

    introduce_minutes: Minutes
    complete_minutes: Minutes
    nag_minutes: Minutes
    nag_times: Times


class SeverityDef(Part):
    """How ill the person is, the I of I-PASS, in this pathway's words."""

    id: Id
    label: Words
    says: Words


class LanguageDef(Part):
    """A language that a patient may prefer: its BCP 47 tag, its English name and its own name."""

    tag: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    label: Words
    own: Words


class Definition(Part):
    """A whole pathway. `urgencies` and both kinds of severities rise from the least to the most urgent.

    `flag_roles` answer a flag that a person raises without saying who should, the first of them first. Every
    `look_days` the rules are held against a patient of whom nothing new was entered.
    """

    name: Id
    version: Annotated[int, Field(strict=True, ge=1)]
    title: Words
    signed_off: str = ""
    roles: Annotated[tuple[RoleDef, ...], Field(min_length=1)]
    urgencies: Annotated[tuple[UrgencyDef, ...], Field(min_length=1)]
    illness_severities: Annotated[tuple[SeverityDef, ...], Field(min_length=1)]
    flag_severities: Annotated[tuple[FlagSeverityDef, ...], Field(min_length=1)]
    flag_roles: Annotated[tuple[Id, ...], Field(min_length=1)]
    languages: Annotated[tuple[LanguageDef, ...], Field(min_length=1)]
    rules: tuple[RuleDef, ...] = ()
    look_days: Annotated[int, Field(strict=True, ge=1)] = 7
    schedules: tuple[ScheduleDef, ...] = ()
    responses: tuple[ResponseDef, ...] = ()
    agenda: AgendaDef | None = None
    issue_kinds: tuple[IssueKindDef, ...] = ()
    plan: PlanDef = PlanDef()
    billing: tuple[BillingDef, ...] = ()

    def role(self, id_or_alias: str) -> RoleDef | None:
        """The role that people call this, if any."""
        return self._called.get(id_or_alias) or self._called.get(_spoken(id_or_alias))

    @cached_property
    def _called(self) -> dict[str, RoleDef]:
        """Every role by each of its names."""
        names = {_spoken(name): role for role in reversed(self.roles) for name in role.answers_to}
        return names | {role.id: role for role in self.roles}

    def urgency(self, id: str) -> UrgencyDef:
        """The urgency of this id; raises KeyError if there is none."""
        return {urgency.id: urgency for urgency in self.urgencies}[id]

    def flag_severity(self, id: str) -> FlagSeverityDef:
        """The severity of flags of this id; raises KeyError if there is none."""
        return {severity.id: severity for severity in self.flag_severities}[id]

    def flag_rank(self, id: str) -> int:
        """How severe a flag's severity is: its place in the definition, from 0. Raises KeyError."""
        return {severity.id: at for at, severity in enumerate(self.flag_severities)}[id]

    @model_validator(mode="after")
    def _check(self) -> Self:
        checks = (
            _repeats, _shared_names, _slower, _headless, _answerless, rule_faults, agenda_faults,
            billing_faults,
        )  # fmt: skip
        refuse(self, [fault for check in checks for fault in check(self)])
        return self


def load(text: str, name: str) -> Definition:
    """The definition in this TOML text. `name` is its file, for the error; raises BadDefinition."""
    try:
        return Definition.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadDefinition(name, syntax_line(text, error), f"This is not TOML: {error}.") from error
    except ValidationError as error:
        found = ((line_of(text, each["loc"]), _sentence(each)) for each in error.errors())
        raise BadDefinition(name, *min(found, key=lambda fault: fault[0])) from error


@cache
def shipped() -> Definition:
    """The definition for chronic musculoskeletal pain that comes with Baton."""
    return load(shipped_text(), "msk_pain.toml")


def shipped_text() -> str:
    """Its text."""
    return files("pathway").joinpath("msk_pain.toml").read_text("utf-8")


def _spoken(name: str) -> str:
    """A name as it sounds: case, hyphens and extra spaces make no other role of it."""
    return " ".join(re.split(r"[\s_-]+", name.casefold().strip()))


def _repeats(pathway: Definition) -> Iterator[tuple[Place, str]]:
    """Ids that stand for two things of the same kind."""
    kinds: dict[str, list[str]] = {
        "roles": [role.id for role in pathway.roles],
        "urgencies": [urgency.id for urgency in pathway.urgencies],
        "illness_severities": [severity.id for severity in pathway.illness_severities],
        "flag_severities": [severity.id for severity in pathway.flag_severities],
        "languages": [language.tag for language in pathway.languages],
        "rules": [rule.id for rule in pathway.rules],
        "schedules": [schedule.id for schedule in pathway.schedules],
        "responses": [response.id for response in pathway.responses],
        "issue_kinds": [str(kind.id) for kind in pathway.issue_kinds],
        "billing": [rule.id for rule in pathway.billing],
    }
    for kind, ids in kinds.items():
        for at, id in enumerate(ids):
            if id in ids[:at]:
                yield (kind, at, "tag" if kind == "languages" else "id"), f"`{id}` is used twice."


def _shared_names(pathway: Definition) -> Iterator[tuple[Place, str]]:
    """Names that would call two roles."""
    owners: dict[str, str] = {}
    for at, role in enumerate(pathway.roles):
        fields: list[Place] = [("id",), ("label",), ("plural",)]
        fields += [("aliases", each) for each in range(len(role.aliases))]
        for field, name in zip(fields, role.answers_to, strict=True):
            owner = owners.setdefault(_spoken(name), role.id)
            if owner != role.id:
                yield ("roles", at, *field), f"`{name}` already calls the role `{owner}`."


def _slower(pathway: Definition) -> Iterator[tuple[Place, str]]:
    """Spans that grow as urgency rises."""
    kinds: dict[str, tuple[tuple[Clocked, ...], tuple[str, ...]]] = {
        "urgencies": (pathway.urgencies, ("introduce_minutes", "complete_minutes")),
        "flag_severities": (pathway.flag_severities, ("claim_minutes", "snooze_minutes")),
    }
    for kind, (rising, spans) in kinds.items():
        for at, (less, more) in enumerate(pairwise(rising), start=1):
            for span in ("answer_minutes", "rung_minutes", *spans):
                if getattr(more, span) > getattr(less, span):
                    yield (kind, at, span), f"`{more.id}` would be slower than `{less.id}`."


def _headless(pathway: Definition) -> Iterator[tuple[Place, str]]:
    """A team in which nobody could be the last to be asked, or nobody could take over a patient."""
    if not any("lead" in role.may for role in pathway.roles):
        yield ("roles",), "No role may `lead`, so nobody would hear of what is left unanswered."
    if not any(role.clinician and "handoff" in role.may for role in pathway.roles):
        yield ("roles",), "No clinician may `handoff`, so nobody could take over a patient."


def _answerless(pathway: Definition) -> Iterator[tuple[Place, str]]:
    """Roles that are to answer flags, and are none or may not."""
    may = {role.id for role in pathway.roles if "flags" in role.may}
    for at, role in enumerate(pathway.flag_roles):
        if role not in may:
            yield ("flag_roles", at), f"`{role}` is no role that may answer `flags`."


def _sentence(error: ErrorDetails) -> str:
    """What pydantic found, as one sentence that names the setting."""
    setting = next((step for step in reversed(error["loc"]) if isinstance(step, str)), "")
    match error["type"]:
        case "fault":
            return error["msg"]
        case "missing":
            return f"`{setting}` is missing."
        case "extra_forbidden":
            return f"There is no setting `{setting}` here."
        case _:
            return f"`{setting}` is {error['input']!r}: {error['msg'][0].lower()}{error['msg'][1:]}."
