"""From a typed line to a command and its arguments, or what is missing, or what was probably meant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from cards.card import Card
from cards.form import Form, Kind
from handlers.bind import bind, label, named
from handlers.command import Command
from handlers.kinds import read_value
from handlers.line import Word, words
from handlers.meant import left_over, no_command, subcommand, wrong_value
from handlers.options import options_of
from handlers.reading import Reading, Wrong

FEW_FIELDS = 2


@dataclass(frozen=True)
class Understood:
    """A command with all its arguments."""

    command: Command
    ask: Any


@dataclass(frozen=True)
class Unclear:
    """A line that could not be read: the card says why and offers what was probably meant."""

    card: Card


def find_command(menu: Sequence[Command], said: Sequence[Word]) -> tuple[Command, int] | None:
    """The command that these words begin with, and how many words its name took."""
    spoken = "".join(f"{word.text.casefold()} " for word in takewhile(_may_name, said))
    named = ((name, command) for command in menu for name in (command.name, *command.also))
    begun = [(name, command) for name, command in named if spoken.startswith(f"{name} ")]
    name, command = max(begun, key=lambda each: len(each[0]), default=("", None))
    return (command, len(name.split())) if command else None


def _may_name(word: Word) -> bool:
    """Whether this can be a word of a command's name: it has no label, and is not several in quotes."""
    return not word.label and " " not in word.text


def read(line: str, menu: Sequence[Command], reading: Reading) -> Understood | Unclear | Form:
    """Reads a line. Nothing that was typed is lost: what is wrong comes back with the rest kept."""
    said = words(line)
    found = find_command(menu, said)
    if found is None:
        return Unclear(no_command(line, said, menu, reading))
    command, taken = found
    result = _with_arguments(command, said[taken:], line, reading)
    if isinstance(result, Understood) or taken > 1 or len(said) == 1:
        return result
    meant = subcommand(line, said, menu, reading)
    return Unclear(meant) if meant else result


def _with_arguments(
    command: Command, rest: Sequence[Word], line: str, reading: Reading
) -> Understood | Unclear | Form:
    typed, over = bind(command.fields, rest, line, reading)
    if over:
        return Unclear(left_over(command, typed, over, line))
    if command.holds(reading.by) and (not rest or named(command.fields, rest, line, reading)[1]):
        return form_for(command, typed, {}, reading)  # what holds changes at once only by its name
    filled = bool(rest) and all(label(word) in typed for word in rest)
    return understand(command, typed, line, reading, filled=filled)


def understand(
    command: Command, typed: dict[str, str], line: str, reading: Reading, *, filled: bool = False
) -> Understood | Unclear | Form:
    """The command with the values that were typed, or the form with what is missing and wrong.

    `filled`: they come from a form, to which what is wrong with them goes back.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    fields = command.fields_for(reading.by)
    for field in fields:
        text = typed.get(field.name, "")
        if not text.strip() and not field.required:
            text = field.default
            if not text:
                values[field.name] = False if field.kind is Kind.YES_NO else ""
                continue
        if not text.strip():
            continue
        try:
            values[field.name] = read_value(field, text, reading)
        except Wrong as error:
            wrong[field.name] = error
    missing = [field.name for field in fields if field.name not in values and field.name not in wrong]
    if not missing and not wrong:
        try:
            return Understood(command, command.ask(**values))
        except Wrong as error:  # each could be read, but they don't fit together
            wrong[error.field] = error
    near = len(wrong) == 1 and any(each.meant for each in wrong.values())
    if wrong and not missing and not filled and (near or len(fields) <= FEW_FIELDS):
        return Unclear(wrong_value(command, typed, wrong, line))
    return form_for(command, typed, {name: each.sentence for name, each in wrong.items()}, reading)


def form_for(command: Command, typed: dict[str, str], errors: dict[str, str], reading: Reading) -> Form:
    """The command's form, its lists filled in, with what was typed and what was wrong with it."""
    there = (
        each for each in command.fields_for(reading.by) if each.asked or each.name in {**typed, **errors}
    )
    fields = tuple(replace(field, options=options_of(field, reading.by)) for field in there)
    return Form(command.name, command.says, fields, dict(typed), errors)
