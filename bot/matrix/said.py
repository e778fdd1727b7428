"""What a Matrix message says to the bot, if anything: pure functions over the content of an event."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

PREFIX = re.compile(r"\s*!care(?![\w-])[:,]?\s*", re.IGNORECASE)
PILL = re.compile(r'<a href="https://matrix\.to/#/([^"]+)"')
NOT_PART_OF_A_KEY = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


@dataclass(frozen=True)
class Said:
    """A text message. `thread`, `reply_to` and `replaces` are event ids, or ""; `mentions` are accounts.

    `instead` is what the message that it replaces says from now on.
    """

    body: str
    thread: str
    reply_to: str
    replaces: str
    mentions: frozenset[str]
    instead: str = ""


def said(content: dict[str, Any]) -> Said:
    """Reads the content of an `m.room.message`; whatever is not of the expected shape counts as absent."""
    relation = _dict(content.get("m.relates_to"))
    kind, root = relation.get("rel_type"), _text(relation.get("event_id"))
    answered = _text(_dict(relation.get("m.in_reply_to")).get("event_id"))
    body = _text(content.get("body"))
    if answered:
        body = without_quote(body)
    fallback = kind == "m.thread" and relation.get("is_falling_back") is True
    return Said(
        body=body,
        thread=root if kind == "m.thread" else "",
        reply_to="" if fallback else answered,
        replaces=root if kind == "m.replace" else "",
        mentions=_mentions(content),
        instead=_text(_dict(content.get("m.new_content")).get("body")),
    )


def link_to(room_id: str, event_id: str) -> str:
    """The address of a message, always the same one."""
    return f"https://matrix.to/#/{quote(room_id, safe='!:')}/{quote(event_id, safe='$:')}"


def thread_of(content: dict[str, Any]) -> str:
    """The root of the thread that an event belongs to, or ""."""
    return said(content).thread


def line_for(message: Said, me: str, names: Collection[str]) -> str | None:
    """What a message in a room asks of the bot; None if it is not meant for it.

    It is if it begins with `!care` or with one of the bot's names and a colon or comma, or mentions it.
    """
    if prefix := PREFIX.match(message.body):
        return message.body[prefix.end() :].strip()
    known = sorted({*names, me.removeprefix("@")}, key=len, reverse=True)  # the longest that fits is meant
    named = "|".join(re.escape(name) for name in known if name)
    mentioned = me in message.mentions
    after = r"(?:\s*[:,]\s*|\s+|$)" if mentioned else r"\s*[:,]\s*"
    if start := re.match(rf"\s*@?(?:{named}){after}", message.body, re.IGNORECASE):
        return message.body[start.end() :].strip()
    if not mentioned:
        return None
    return re.sub(rf"\s*@?(?:{named})(?!\w)", "", message.body, count=1, flags=re.IGNORECASE).strip()


def without_prefix(body: str) -> str:
    """A line from a direct message, where `!care` may be left out."""
    prefix = PREFIX.match(body)
    return body[prefix.end() if prefix else 0 :].strip()


def without_quote(body: str) -> str:
    """A reply's own words: older clients put those that it answers before them, each line after a `>`."""
    lines = body.split("\n")
    quoted = next((at for at, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[quoted:]).lstrip("\n") if quoted else body


def reaction_key(emoji: str) -> str:
    """An emoji without its skin tone and its variation, which differ from keyboard to keyboard."""
    return NOT_PART_OF_A_KEY.sub("", emoji)


def _mentions(content: dict[str, Any]) -> frozenset[str]:
    if "m.mentions" in content:
        users = _dict(content["m.mentions"]).get("user_ids")
        return (
            frozenset(user for user in users if isinstance(user, str))
            if isinstance(users, list)
            else frozenset()
        )
    return frozenset(unquote(user) for user in PILL.findall(_text(content.get("formatted_body"))))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
