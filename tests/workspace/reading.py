"""What a person sees of a message or view: its texts, its buttons, its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.workspace.state import Json


def elements(where: Json) -> Iterator[tuple[Json, Json]]:
    """Every (block, interactive element) in a message or view."""
    for block in where.get("blocks") or []:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        for place in ("accessory", "element"):
            if place in block and block[place]["type"] != "image":
                yield block, block[place]


def label(element: Json) -> str:
    """What stands on a button, or in an empty menu."""
    text: str = (element.get("text") or element.get("placeholder") or {}).get("text", "")
    return text


@dataclass(frozen=True)
class Seen:
    """What is visible: texts from top to bottom, and the labels of the buttons."""

    texts: tuple[str, ...]
    buttons: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.texts)


def seen(where: Json) -> Seen:
    """All that is visible. A message with blocks doesn't show its `text`."""
    blocks = where.get("blocks")
    texts = [words for block in blocks for words in _words(block)] if blocks else [where.get("text", "")]
    if where.get("title"):
        texts.insert(0, where["title"]["text"])
    buttons = [label(element) for _, element in elements(where) if element["type"] == "button"]
    return Seen(tuple(texts), tuple(buttons))


def _words(part: Any) -> Iterator[str]:
    """Texts in reading order; buttons are not texts."""
    if isinstance(part, list):
        for one in part:
            yield from _words(one)
    elif isinstance(part, dict):
        if part.get("type") == "button":
            return
        if isinstance(part.get("text"), str):
            yield part["text"]
        if part.get("type") == "user" and "user_id" in part:
            yield f"<@{part['user_id']}>"
        if part.get("type") == "image":
            yield part.get("alt_text", "")
        for key, value in part.items():
            if isinstance(value, dict | list) and key not in {"confirm", "options", "option_groups"}:
                yield from _words(value)


def pick(where: Json, which: str) -> tuple[Json, Json]:
    """The one element with this label, action_id or value."""
    there = list(elements(where))
    for key in (label, lambda one: one.get("action_id"), lambda one: one.get("value")):
        found = [pair for pair in there if key(pair[1]) == which]
        if len(found) == 1:
            return found[0]
        if found:
            raise LookupError(f"{len(found)} elements are called {which!r}; name one by its value")
    raise LookupError(f"no {which!r} among {[label(one) or one.get('action_id') for _, one in there]}")
