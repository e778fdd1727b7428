"""The published limits of Block Kit: what Slack refuses in a message, a modal or a Home tab.

`block_errors` and `view_errors` answer every fault found, each with the place where it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.workspace.elements import (
    ACTION_ELEMENTS,
    CONTEXT_ELEMENTS,
    INPUT_ELEMENTS,
    SECTION_ELEMENTS,
    element_errors,
    text_errors,
)
from tests.workspace.state import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
ALL_BLOCKS_CHARACTERS = 13_200
TEXT_CHARACTERS = 40_000
UPDATE_CHARACTERS = 4_000  # chat.update takes less text than chat.postMessage
VIEW_BYTES = 250_000

# block type -> where it may stand
SURFACES = {
    "section": {"message", "modal", "home"},
    "header": {"message", "modal", "home"},
    "divider": {"message", "modal", "home"},
    "context": {"message", "modal", "home"},
    "actions": {"message", "modal", "home"},
    "input": {"message", "modal", "home"},
    "image": {"message", "modal", "home"},
    "rich_text": {"message", "modal", "home"},
    "video": {"message", "modal", "home"},
    "file": {"message"},
    "markdown": {"message"},
    "table": {"message"},
}


def too_long(blocks: list[Json]) -> bool:
    """Whether all blocks together are more than a message takes.

    Slack doesn't say how it counts. The reports (bolt-js 2509 and 2867) agree with the length of the
    blocks as JSON, so that is what is counted here.
    """
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > ALL_BLOCKS_CHARACTERS


def block_errors(blocks: Any, surface: str) -> list[str]:
    """What is wrong with these blocks."""
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    limit = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    found = [] if len(blocks) <= limit else [f"no more than {limit} items allowed [json-pointer:/blocks]"]
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        if not isinstance(block, dict) or surface not in SURFACES.get(block.get("type", ""), set()):
            kind = block.get("type") if isinstance(block, dict) else block
            found.append(f"unsupported type: {kind} [json-pointer:{at}/type]")
            continue
        found.extend(_block(block, at))
        block_id = block.get("block_id")
        if block_id in seen:
            found.append(f"`block_id` {block_id} already exists [json-pointer:{at}/block_id]")
        seen |= {block_id} if block_id else set()
    markdown = sum(len(block.get("text", "")) for block in blocks if _is(block, "markdown"))
    if markdown > 12_000:
        found.append("markdown text must be less than 12001 characters [json-pointer:/blocks]")
    if sum(_is(block, "table") for block in blocks) > 1:
        found.append("only one table allowed [json-pointer:/blocks]")
    return found


def view_errors(view: Any) -> list[str]:
    """What is wrong with this modal or Home tab."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return ["unsupported type [json-pointer:/view/type]"]
    found = block_errors(view.get("blocks"), view["type"])
    for name, limit in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if len(view.get(name) or "") > limit:
            found.append(f"must be less than {limit + 1} characters [json-pointer:/view/{name}]")
    if view["type"] == "home":
        return found
    found.extend(text_errors(view.get("title"), 24, "/view/title", plain=True))
    for name in ("submit", "close"):
        if view.get(name) is not None:
            found.extend(text_errors(view[name], 24, f"/view/{name}", plain=True))
    has_input = any(_is(block, "input") for block in view.get("blocks") or [])
    if has_input and not view.get("submit"):
        found.append("missing required field: submit [json-pointer:/view]")
    return found


def _is(block: Any, kind: str) -> bool:
    return isinstance(block, dict) and block.get("type") == kind


def _block(block: Json, at: str) -> Iterator[str]:
    if len(block.get("block_id") or "") > 255:
        yield f"must be less than 256 characters [json-pointer:{at}/block_id]"
    checks = {
        "section": _section,
        "context": _context,
        "actions": _actions,
        "input": _input,
        "image": _image,
        "table": _table,
    }
    if block["type"] == "header":
        yield from text_errors(block.get("text"), 150, f"{at}/text", plain=True)
    elif block["type"] in checks:
        yield from checks[block["type"]](block, at)


def _section(block: Json, at: str) -> Iterator[str]:
    text, fields = block.get("text"), block.get("fields")
    if text is None and not fields:
        yield f"missing required field: text or fields [json-pointer:{at}]"
    if text is not None:
        yield from text_errors(text, 3000, f"{at}/text")
    if fields is not None:
        if not 1 <= len(fields) <= 10:
            yield f"no more than 10 items allowed [json-pointer:{at}/fields]"
        for number, one in enumerate(fields):
            yield from text_errors(one, 2000, f"{at}/fields/{number}")
    if block.get("accessory") is not None:
        yield from element_errors(block["accessory"], SECTION_ELEMENTS, f"{at}/accessory")


def _context(block: Json, at: str) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:
        yield f"no more than 10 items allowed [json-pointer:{at}/elements]"
    for number, element in enumerate(elements):
        yield from element_errors(element, CONTEXT_ELEMENTS, f"{at}/elements/{number}")


def _actions(block: Json, at: str) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:
        yield f"no more than 25 items allowed [json-pointer:{at}/elements]"
    seen: set[str] = set()
    for number, element in enumerate(elements):
        yield from element_errors(element, ACTION_ELEMENTS, f"{at}/elements/{number}")
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id in seen:
            yield f"`action_id` {action_id} already exists [json-pointer:{at}/elements/{number}/action_id]"
        seen |= {action_id} if action_id else set()


def _input(block: Json, at: str) -> Iterator[str]:
    yield from text_errors(block.get("label"), 2000, f"{at}/label", plain=True)
    if block.get("hint") is not None:
        yield from text_errors(block["hint"], 2000, f"{at}/hint", plain=True)
    yield from element_errors(block.get("element"), INPUT_ELEMENTS, f"{at}/element")


def _image(block: Json, at: str) -> Iterator[str]:
    yield from element_errors({**block, "action_id": None}, {"image"}, at)
    if block.get("title") is not None:
        yield from text_errors(block["title"], 2000, f"{at}/title", plain=True)


def _table(block: Json, at: str) -> Iterator[str]:
    rows = block.get("rows") or []
    if not 1 <= len(rows) <= 100:
        yield f"no more than 100 items allowed [json-pointer:{at}/rows]"
    if any(len(row) > 20 for row in rows):
        yield f"no more than 20 items allowed [json-pointer:{at}/rows]"
