"""Filling in: what a person enters in an element, as Slack reports it in `state.values`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.workspace.errors import Refused
from tests.workspace.reading import elements
from tests.workspace.state import Json

# element type -> the key of its value, and of its value at the start
KEYS = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
}
STATELESS = {"button", "overflow", "workflow_button"}


def value_of(element: Json, answer: Any) -> Json:
    """The state of an element in which a person has entered `answer`; None clears it.

    Options are given by value or by label, people and channels by id or as objects with an `id`.
    """
    key, _ = KEYS.get(element["type"], ("value", "initial_value"))
    if answer is None:
        return {"type": element["type"], key: [] if key == "selected_options" else None}
    many = answer if isinstance(answer, list | tuple | set) else [answer]
    if "option" in key:
        chosen: list[Any] = [_option(element, one) for one in many]
    else:
        chosen = [getattr(one, "id", one) for one in many]
    if element["type"] not in KEYS:
        chosen = [str(one) for one in chosen]
        _lengths(element, chosen[0])
    plural = key.endswith("s")
    return {"type": element["type"], key: chosen if plural else chosen[0]}


def _option(element: Json, wanted: Any) -> Json:
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    options = [option for group in groups for option in group["options"]]
    for option in options:
        if wanted in (option["value"], option["text"]["text"]):
            return {"text": option["text"], "value": option["value"]}
    if "external" in element["type"]:
        return {"text": {"type": "plain_text", "text": str(wanted)}, "value": str(wanted)}
    raise LookupError(f"no option {wanted!r} among {[one['text']['text'] for one in options]}")


def _lengths(element: Json, text: str) -> None:
    if not element.get("min_length", 0) <= len(text) <= element.get("max_length", 3000):
        raise Refused("invalid_length", detail=f"{len(text)} characters in {element.get('action_id')}")


def initial(element: Json) -> Json:
    """The state of an element that nobody has touched."""
    key, start = KEYS.get(element["type"], ("value", "initial_value"))
    return {"type": element["type"], key: element.get(start, [] if key == "selected_options" else None)}


def state_values(where: Json, drafts: Mapping[tuple[str, str], Json]) -> Json:
    """`state.values` of a message or view, with what a person has entered so far."""
    values: Json = {}
    for block, element in elements(where):
        if element["type"] not in STATELESS:
            place = (block["block_id"], element["action_id"])
            values.setdefault(place[0], {})[place[1]] = drafts.get(place) or initial(element)
    return values


def field_of(view: Json, name: str) -> tuple[Json, Json]:
    """The input that is called so: by block_id, action_id or label."""
    for block, element in elements(view):
        names = (block["block_id"], element["action_id"], (block.get("label") or {}).get("text"))
        if name in names:
            return block, element
    known = [(block.get("label") or {}).get("text") or block["block_id"] for block, _ in elements(view)]
    raise LookupError(f"no field {name!r} among {known}")


def missing(view: Json, values: Json) -> list[str]:
    """The labels of required inputs that are empty: Slack doesn't let the person submit then."""
    found = []
    for block, element in elements(view):
        if block["type"] != "input" or block.get("optional"):
            continue
        state = values[block["block_id"]][element["action_id"]]
        if not any(value for key, value in state.items() if key != "type"):
            found.append(block["label"]["text"])
    return found
