"""Forms: the argument class of a command, seen as questions to a person.

A command's arguments are a frozen dataclass whose fields are made with `ask(...)`. The same class gives
`read` its positions and names, Slack its modal, Matrix its questions in a thread, the practice page its
HTML form, and `help` its usage line.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any


class Kind(StrEnum):
    """What a field holds; `handlers.read` turns the typed text into it."""

    WORD = "word"
    LINE = "line"
    LONG = "long"
    CHOICE = "choice"
    YES_NO = "yes-no"
    PATIENT = "patient"
    HANDOFF = "handoff"
    FLAG = "flag"
    INSTRUMENT = "instrument"
    MEASURE = "measure"
    CONFERENCE = "conference"
    SERIES = "series"
    POLL = "poll"
    CONFERENCE_OR_SERIES = "conference-or-series"
    PLANNED = "planned"
    HOLIDAYS = "holidays"
    DISCIPLINES = "disciplines"
    MEMBER = "member"
    MEMBER_OR_ROLE = "member-or-role"
    ROLE = "role"
    COMMAND = "command"
    WHEN = "when"
    PAST = "past"
    DAY = "day"
    MAIL = "mail"
    DUE = "due"
    ENTRY = "entry"
    ACTION = "action"


OF_A_PATIENT = frozenset(
    (Kind.PATIENT, Kind.HANDOFF, Kind.FLAG, Kind.MEASURE, Kind.ENTRY, Kind.ACTION)
)  # fmt: skip
"""Whoever names one of these speaks of a patient."""
LONGEST_LINE = 200
LONGEST_TEXT = 2900


@dataclass(frozen=True)
class Option:
    """One answer to a `Kind.CHOICE` question: what is stored, and what is shown."""

    value: str
    label: str


def meant(options: Sequence[Option], typed: str) -> Option | None:
    """The option that was typed: by its value, by its label, or by how only one label begins."""
    text = typed.strip().removeprefix("@").casefold()
    exact = [each for each in options if text in (each.value.casefold(), each.label.casefold())]
    begun = [each for each in options if each.label.casefold().startswith(text)]
    if exact:
        return exact[0]
    return begun[0] if text and len(begun) == 1 else None


@dataclass(frozen=True)
class Field:
    """One question of a form.

    `options_from` names a list of the pathway definition ("urgencies", "severities", "languages",
    "flag-severities"), or is "everybody": the members, whoever asks among them.
    `handlers.options` fills it in, and the members and roles of the team, before a form is shown.
    `longest` is in characters. One that is not `asked` for is in a form only once it has an answer, by what
    the line was made of.
    """

    name: str
    label: str
    kind: Kind
    required: bool
    hint: str
    example: str
    default: str
    longest: int
    options: tuple[Option, ...] = ()
    options_from: str = ""
    word: bool = False
    asked: bool = True


@dataclass(frozen=True)
class Form:
    """Questions that stand between a person and a command, with what was already typed and what was wrong."""

    command: str
    title: str
    fields: tuple[Field, ...]
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    intro: str = ""

    @property
    def clinical(self) -> bool:
        """Whether it asks for words about a patient, which not every room may show."""
        kinds = {each.kind for each in self.fields}
        return Kind.LONG in kinds and bool(kinds & OF_A_PATIENT)


def ask(
    label: str,
    kind: Kind = Kind.LINE,
    *,
    hint: str = "",
    example: str = "",
    default: str | None = None,
    options: tuple[tuple[str, str], ...] = (),
    options_from: str = "",
    longest: int = 0,
    word: bool = False,
    asked: bool = True,
) -> Any:
    """A dataclass field that is also a question. With `default` it may be left out ("" for none).

    `word`: in a typed line the field's name announces its value, as in `away until friday cover @bo`.
    Without `asked` nobody is asked for it.
    """
    limit = longest or (LONGEST_TEXT if kind is Kind.LONG else LONGEST_LINE)
    details: dict[str, Any] = {
        "label": label, "kind": kind, "hint": hint, "example": example, "longest": limit,
        "options": tuple(Option(*pair) for pair in options), "options_from": options_from, "word": word,
        "asked": asked,
    }  # fmt: skip
    if default is None:
        return field(metadata={"ask": details})
    return field(default=default, metadata={"ask": details})


@cache
def fields_of(arguments: type) -> tuple[Field, ...]:
    """The questions of an argument class, in the order in which they are typed.

    Raises TypeError for a field that was not made with `ask`.
    """
    questions = []
    for each in dataclasses.fields(arguments):
        if "ask" not in each.metadata:
            raise TypeError(f"{arguments.__name__}.{each.name} was not made with ask()")
        required = each.default is dataclasses.MISSING
        default = "" if required else str(each.default)
        questions.append(Field(name=each.name, required=required, default=default, **each.metadata["ask"]))
    return tuple(questions)
