"""The limits of what stands inside a block: texts, buttons, menus, inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.workspace.state import Json

_SELECTS = {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
SELECTS = _SELECTS | {f"multi_{name}" for name in _SELECTS}
PICKERS = {"datepicker", "timepicker", "datetimepicker"}
TICKS = {"checkboxes", "radio_buttons"}
ACTION_ELEMENTS = _SELECTS | PICKERS | TICKS | {"button", "overflow", "workflow_button"} | SELECTS
SECTION_ELEMENTS = ACTION_ELEMENTS | {"image"}
CONTEXT_ELEMENTS = {"image", "mrkdwn", "plain_text"}
TYPED = {"plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input"}
INPUT_ELEMENTS = SELECTS | PICKERS | TICKS | TYPED | {"file_input"}

# field -> most characters it may have, wherever it stands in an element
STRINGS = {"action_id": 255, "alt_text": 2000, "image_url": 3000, "initial_value": 3000}


def text_errors(text: Any, limit: int, at: str, plain: bool = False) -> Iterator[str]:
    """A text object: of the right type, not empty, not too long."""
    kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"must be a text object of type {' or '.join(sorted(kinds))} [json-pointer:{at}]"
        return
    words = text.get("text")
    if not isinstance(words, str) or not words:
        yield f"must be more than 0 characters [json-pointer:{at}/text]"
    elif len(words) > limit:
        yield f"must be less than {limit + 1} characters [json-pointer:{at}/text]"


def element_errors(element: Any, allowed: set[str], at: str) -> Iterator[str]:
    """One element, where only the `allowed` types may stand."""
    if not isinstance(element, dict) or element.get("type") not in allowed:
        kind = element.get("type") if isinstance(element, dict) else element
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    kind = element["type"]
    for name, limit in STRINGS.items():
        if isinstance(element.get(name), str) and len(element[name]) > limit:
            yield f"must be less than {limit + 1} characters [json-pointer:{at}/{name}]"
    if kind in CONTEXT_ELEMENTS and kind != "image":
        yield from text_errors(element, 3000, at)
    if kind == "image":
        yield from _image(element, at)
    if kind == "button":
        yield from _button(element, at)
    if kind in TYPED:
        yield from _typed(element, at)
    if "static_select" in kind or kind in TICKS or kind == "overflow":
        yield from _options(element, at)
    if element.get("placeholder") is not None:
        yield from text_errors(element["placeholder"], 150, f"{at}/placeholder", plain=True)
    if element.get("confirm") is not None:
        yield from _confirm(element["confirm"], f"{at}/confirm")
    if kind == "datepicker" and not re.fullmatch(
        r"\d{4}-\d\d-\d\d", element.get("initial_date") or "2000-01-01"
    ):
        yield f"must match YYYY-MM-DD [json-pointer:{at}/initial_date]"
    if kind == "timepicker" and not re.fullmatch(r"\d\d:\d\d", element.get("initial_time") or "00:00"):
        yield f"must match HH:mm [json-pointer:{at}/initial_time]"


def _image(element: Json, at: str) -> Iterator[str]:
    if not element.get("alt_text"):
        yield f"missing required field: alt_text [json-pointer:{at}]"
    if not element.get("image_url") and not element.get("slack_file"):
        yield f"missing required field: image_url or slack_file [json-pointer:{at}]"


def _button(element: Json, at: str) -> Iterator[str]:
    yield from text_errors(element.get("text"), 75, f"{at}/text", plain=True)
    for name, limit in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        value = element.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > limit):
            yield f"must be less than {limit + 1} characters [json-pointer:{at}/{name}]"
    if element.get("style") not in {None, "primary", "danger"}:
        yield f"must be one of primary, danger [json-pointer:{at}/style]"


def _typed(element: Json, at: str) -> Iterator[str]:
    for name in ("min_length", "max_length"):
        value = element.get(name)
        if value is not None and not 0 <= value <= 3000:
            yield f"must be between 0 and 3000 [json-pointer:{at}/{name}]"
    if element["type"] == "number_input" and "is_decimal_allowed" not in element:
        yield f"missing required field: is_decimal_allowed [json-pointer:{at}]"


def _options(element: Json, at: str) -> Iterator[str]:
    kind = element["type"]
    most = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}.get(kind, 100)
    groups = element.get("option_groups")
    lists = [(f"{at}/options", element.get("options"))]
    if groups is not None:
        lists = [(f"{at}/option_groups/{n}/options", group.get("options")) for n, group in enumerate(groups)]
        if not 1 <= len(groups) <= 100:
            yield f"no more than 100 items allowed [json-pointer:{at}/option_groups]"
        for number, group in enumerate(groups):
            yield from text_errors(group.get("label"), 75, f"{at}/option_groups/{number}/label", plain=True)
    for where, options in lists:
        if not isinstance(options, list) or not 1 <= len(options) <= most:
            yield f"must have 1 to {most} items [json-pointer:{where}]"
            continue
        for number, option in enumerate(options):
            yield from _option(option, f"{where}/{number}", plain=kind not in TICKS)
    known = [option for _, options in lists for option in options or []]
    chosen = element.get("initial_options") or [element.get("initial_option")]
    if any(option is not None and option not in known for option in chosen):
        yield f"initial option must be one of the options [json-pointer:{at}/initial_option]"


def _option(option: Json, at: str, plain: bool) -> Iterator[str]:
    yield from text_errors(option.get("text"), 75, f"{at}/text", plain=plain)
    if not 1 <= len(option.get("value") or "") <= 150:
        yield f"must be less than 151 characters [json-pointer:{at}/value]"
    if option.get("description") is not None:
        yield from text_errors(option["description"], 75, f"{at}/description", plain=plain)


def _confirm(confirm: Json, at: str) -> Iterator[str]:
    yield from text_errors(confirm.get("title"), 100, f"{at}/title", plain=True)
    yield from text_errors(confirm.get("text"), 300, f"{at}/text")
    yield from text_errors(confirm.get("confirm"), 30, f"{at}/confirm", plain=True)
    yield from text_errors(confirm.get("deny"), 30, f"{at}/deny", plain=True)
