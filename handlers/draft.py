"""A form filled in by talking: one question at a time in a thread, kept in storage until it is done.

People answer, or say `skip`, `back` or `cancel`. A whole command goes to that command instead, and the
form waits; an answer that merely begins like one ("back pain for two years") is an answer.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cards.card import Card, Text, Tone
from cards.form import Field, Form, Kind
from cards.question import question
from handlers.bind import label
from handlers.command import Command
from handlers.kinds import read_value
from handlers.line import words
from handlers.meant_team import narrowed
from handlers.read import Understood, find_command, form_for, read, understand
from handlers.reading import Reading, Wrong
from handlers.request import Caller, Outcome, Reply, Request
from storage.clinic import Clinic
from storage.memory import Draft

_RESERVED = frozenset({"cancel", "back", "skip"})
_REFERENCE = re.compile(r"(?:[hmf]-?\d+|p-?[2-9b-df-hj-np-tv-z]{4,8})", re.IGNORECASE)
STILL_OPEN = Text(
    "Your answers are kept: `back` changes the one before, `cancel` stops the form.", Tone.QUIET
)


def go_on(
    request: Request, by: Caller, clinic: Clinic, now: datetime, menu: Sequence[Command]
) -> Reply | Understood | None:
    """The next question, or the command once it is whole; None if this line answers no question."""
    reading = Reading(by, clinic, now)
    draft = _answered(request, menu, reading)
    if draft is None:
        return None
    command = next((each for each in menu if each.name == draft.command), None)
    if command is None or draft.field not in {field.name for field in command.fields}:
        clinic.memory.drop_draft(draft)
        return None
    reading = narrowed(reading, [*draft.values.values(), request.line])
    form = form_for(command, draft.values, {}, reading)
    match request.line.strip().casefold():
        case "cancel":
            clinic.memory.drop_draft(draft)
            return Reply(Outcome.DONE, Card(f"Stopped. Nothing was done about `{draft.command}`."))
        case "back":
            return _ask(form, replace(draft, field=_before(form, draft.field)), clinic, now)
        case "skip":
            return _skip(form, draft, command, clinic, reading)
    return _take(request.line, form, draft, command, reading)


def keep_refused(
    request: Request, by: Caller, clinic: Clinic, now: datetime, menu: Sequence[Command]
) -> bool:
    """Keeps the last answer of a form whose command was then refused; whether there is such a form."""
    draft = _answered(request, menu, Reading(by, clinic, now))
    if draft is None or _is_reserved(request):
        return draft is not None
    command = next(each for each in menu if each.name == draft.command)
    field = _field(form_for(command, draft.values, {}, Reading(by, clinic, now)), draft.field)
    values = {**draft.values, field.name: _chosen(request.line.strip(), field)}
    clinic.memory.keep_draft(replace(draft, values=values), now)
    return True


def _answered(request: Request, menu: Sequence[Command], reading: Reading) -> Draft | None:
    """The draft whose question a message answers: in its thread, or any plain text in private."""
    draft = reading.clinic.memory.draft(request.lane, reading.by.id)
    if draft is None:
        return None
    in_place = request.thread == draft.thread if draft.thread else request.lane.direct
    if not in_place or (not _is_reserved(request) and _is_command(request.line, menu, reading)):
        return None
    return draft


def _is_reserved(request: Request) -> bool:
    return request.line.strip().casefold() in _RESERVED


def _is_command(line: str, menu: Sequence[Command], reading: Reading) -> bool:
    """Whether this is meant as a command: by itself, with a reference or a name, or with all it needs."""
    said = words(line)
    found = find_command(menu, said)
    if found is None:
        return False
    command, taken = found
    rest = said[taken:]
    names = {field.name for field in command.fields}
    if not rest or _REFERENCE.fullmatch(rest[0].text) or label(rest[0]) in names:
        return True
    if any(field.kind is Kind.COMMAND for field in command.fields):
        return any(each.name.split()[0] == rest[0].text.casefold() for each in menu)
    return isinstance(read(line, menu, reading), Understood)


def _take(line: str, form: Form, draft: Draft, command: Command, reading: Reading) -> Reply | Understood:
    field = _field(form, draft.field)
    text = _chosen(line.strip(), field)
    try:
        read_value(field, text, reading)
    except Wrong as wrong:
        return _ask(replace(form, errors={field.name: wrong.sentence}), draft, reading.clinic, reading.now)
    kept = replace(draft, values={**draft.values, field.name: text})
    return _advance(replace(form, values=kept.values), kept, command, reading)


def _skip(form: Form, draft: Draft, command: Command, clinic: Clinic, reading: Reading) -> Reply | Understood:
    field = _field(form, draft.field)
    if field.required and field.name not in draft.values:
        needed = {field.name: "This one is needed; `cancel` stops the whole form."}
        return _ask(replace(form, errors=needed), draft, clinic, reading.now)
    kept = replace(draft, values={field.name: field.default, **draft.values})
    return _advance(replace(form, values=kept.values), kept, command, reading)


def _advance(form: Form, draft: Draft, command: Command, reading: Reading) -> Reply | Understood:
    following = _after(form, draft)
    if following is not None:
        return _ask(form, replace(draft, field=following.name), reading.clinic, reading.now)
    reading.clinic.memory.drop_draft(draft)
    result = understand(command, draft.values, command.name, reading)
    if isinstance(result, Understood):
        return result
    if isinstance(result, Form):
        return ask_next(result, draft, reading.clinic, reading.now)
    return Reply(Outcome.UNCLEAR, result.card)


def ask_next(form: Form, draft: Draft, clinic: Clinic, now: datetime) -> Reply:
    """Keeps the form, and asks its first question that is open or was answered wrongly."""
    open_fields = [f for f in form.fields if f.name in form.errors or f.name not in draft.values]
    return _ask(form, replace(draft, field=open_fields[0].name), clinic, now)


def _ask(form: Form, draft: Draft, clinic: Clinic, now: datetime) -> Reply:
    clinic.memory.keep_draft(draft, now)
    return Reply(Outcome.FORM, question(form, draft.field))


def _after(form: Form, draft: Draft) -> Field | None:
    names = [field.name for field in form.fields]
    later = form.fields[names.index(draft.field) + 1 :]
    return next((field for field in later if field.name not in draft.values), None)


def _before(form: Form, name: str) -> str:
    names = [field.name for field in form.fields]
    return names[max(0, names.index(name) - 1)]


def _field(form: Form, name: str) -> Field:
    return next(field for field in form.fields if field.name == name)


def _chosen(text: str, field: Field) -> str:
    """A number stands for the option that was listed under it, unless it is an answer by itself."""
    if any(text == option.value for option in field.options):
        return text
    if field.options and text.isdecimal() and 1 <= int(text) <= len(field.options):
        return field.options[int(text) - 1].value
    return text
