"""A form as Slack's modal, and a submitted modal back as what was typed."""

from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from cards.form import Field, Form, Kind, meant
from cards.form import Option as Answer
from cards.letters import is_blank, on_one_line, pieces, shown
from cards.plain import WARNING_SIGN
from cards.slack_blocks import cost, plain_text, prose

CALLBACK = "form"
LONGEST_INPUT = 3_000
LONGEST_HINT = 1_900
MOST_OPTIONS = StaticSelectElement.options_max_length
YES_OR_NO = (Answer("yes", "Yes"), Answer("no", "No"))


def modal(form: Form, private_metadata: str) -> dict[str, Any]:
    """The view for `views.open`, its callback id `CALLBACK`; each field's name is its block id and action id.

    What was typed stands in the fields. What was wrong stands above them, because a modal that is being
    opened cannot show errors on its fields; while it is open, answer its submission with `field_errors`.
    Raises slack_sdk's SlackObjectFormationError for more than 100 blocks or 3,000 characters of metadata.
    """
    title = _shortened(form.title, View.title_max_length)
    whole_title = [] if title == on_one_line(form.title) else list(prose(form.title))
    view = View(
        type="modal",
        callback_id=CALLBACK,
        title=plain_text(title),
        submit=plain_text("Send"),
        close=plain_text("Cancel"),
        private_metadata=private_metadata,
        blocks=[
            *whole_title,
            *prose(form.intro),
            *(
                block
                for key, message in form.errors.items()
                if not _has(form, key)
                for block in _wrong(message)
            ),
            *(block for field in form.fields for block in _question(field, form)),
        ],
    )
    found: dict[str, Any] = view.to_dict()
    return found


def field_errors(form: Form) -> dict[str, str]:
    """What was wrong by block id, for `response_action: errors`; what is on no field is said on the first."""
    found: dict[str, str] = {}
    for key, message in form.errors.items():
        block_id = key if _has(form, key) else form.fields[0].name
        found[block_id] = f"{found[block_id]} {shown(message)}" if block_id in found else shown(message)
    return found


def values_of(view: dict[str, Any]) -> dict[str, str]:
    """What was typed and chosen in a submitted view, by field name; "" where nothing was."""
    found = {}
    for name, actions in view["state"]["values"].items():
        state = actions[name]
        option = state.get("selected_option") or {}
        found[name] = state.get("value") or option.get("value") or ""
    return found


def _has(form: Form, name: str) -> bool:
    return any(field.name == name for field in form.fields)


def _wrong(message: str) -> Iterator[Block]:
    return prose(f"{WARNING_SIGN} {message}")


def _question(field: Field, form: Form) -> Iterator[Block]:
    """The notes that do not fit below a field, and the field."""
    value = shown(form.values.get(field.name, field.default))
    element, notes = _element(field, value)
    hint = " ".join([shown(field.hint), *([f"For example: {shown(field.example)}"] if field.example else [])])
    if field.name in form.errors:
        yield from _wrong(form.errors[field.name])
    told = "\n".join(note for note in [hint.strip(), *notes] if note)
    if cost(told) > LONGEST_HINT:
        yield from prose(told)
        told = ""
    yield InputBlock(
        block_id=field.name,
        label=plain_text(on_one_line(field.label)),
        hint=plain_text(told) if told else None,
        element=element,
        optional=not field.required,
    )


def _element(field: Field, value: str) -> tuple[InputInteractiveElement, list[str]]:
    """The control, and what must be said beside it so that nothing typed or offered is hidden."""
    if field.kind is Kind.YES_NO:
        return _radio(field, value)
    answers = tuple({answer.value: answer for answer in field.options}.values())
    if not answers:
        return _typed(field, value)
    if len(answers) > MOST_OPTIONS or not all(_fits_option(answer) for answer in answers):
        element, notes = _typed(field, value)
        offered = "\n".join(f"{shown(each.value)} – {on_one_line(each.label)}" for each in answers)
        return element, [*notes, f"Type one of these:\n{offered}"]
    return _select(field, answers, value)


def _fits_option(answer: Answer) -> bool:
    return 0 < cost(answer.value) <= Option.value_max_length and shown(answer.value) == answer.value


def _typed(field: Field, value: str) -> tuple[InputInteractiveElement, list[str]]:
    longest = min(field.longest, LONGEST_INPUT)
    first, *rest = pieces(value, longest) or [""]
    element = PlainTextInputElement(
        action_id=field.name,
        multiline=field.kind is Kind.LONG or "\n" in value,
        max_length=longest,
        initial_value=first or None,
    )
    notes = (
        [f"What you typed is longer than {longest} characters. It went on: {''.join(rest)}"] if rest else []
    )
    return element, notes


def _radio(field: Field, value: str) -> tuple[InputInteractiveElement, list[str]]:
    options = [_option(answer) for answer in YES_OR_NO]
    chosen = meant(YES_OR_NO, value)
    initial = options[YES_OR_NO.index(chosen)] if chosen else None
    element = RadioButtonsElement(action_id=field.name, options=options, initial_option=initial)
    return element, _unmatched(value, initial)


def _select(field: Field, answers: Sequence[Answer], value: str) -> tuple[InputInteractiveElement, list[str]]:
    options = [_option(answer) for answer in answers]
    chosen = meant(answers, value)
    initial = options[answers.index(chosen)] if chosen else None
    element = StaticSelectElement(action_id=field.name, options=options, initial_option=initial)
    whole = [
        f"{option.text} is: {on_one_line(answer.label)}"
        for option, answer in zip(options, answers, strict=True)
        if option.text != on_one_line(answer.label) and answer.label
    ]
    return element, [*_unmatched(value, initial), *whole]


def _option(answer: Answer) -> Option:
    label = on_one_line(answer.value if is_blank(answer.label) else answer.label)
    return Option(text=plain_text(_shortened(label, Option.label_max_length)), value=answer.value)


def _unmatched(value: str, initial: Option | None) -> list[str]:
    return [f"You typed: {value}"] if initial is None and not is_blank(value) else []


def _shortened(text: str, limit: int) -> str:
    """One line of at most `limit` characters; a cut shows as …, and the caller says the rest elsewhere."""
    line = on_one_line(text)
    return line if cost(line) <= limit else pieces(line, limit - 1, cost)[0] + "…"
