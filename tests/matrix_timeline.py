"""What one person's Matrix client shows of a room: events as they came, and messages as they are read.

A message is read with its edits, reactions and redaction applied, as a client would show it now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """One event of a room, decrypted where this person's client could do that."""

    event_id: str
    sender: str
    kind: str  # "m.room.message", "m.reaction", "m.room.member"; undecryptable: "m.room.encrypted"
    content: dict[str, Any]
    encrypted: bool
    at: datetime
    state_key: str | None = None
    redacts: str | None = None
    unsigned: dict[str, Any] = field(default_factory=dict)

    @property
    def decrypted(self) -> bool:
        """Whether it came encrypted and could be read."""
        return self.encrypted and self.kind != "m.room.encrypted"

    @property
    def relation(self) -> dict[str, Any]:
        """Its `m.relates_to`, or nothing."""
        found = self.content.get("m.relates_to")
        return found if isinstance(found, dict) else {}

    def related(self, rel_type: str) -> str | None:
        """The event that it replaces, annotates, or has as the root of its thread."""
        return self.relation.get("event_id") if self.relation.get("rel_type") == rel_type else None


@dataclass
class Message:
    """A message as its reader sees it now. `event` is the original; `edits` are what was done to it."""

    event: Event
    content: dict[str, Any]
    edits: list[Event] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)  # key -> who
    redacted: bool = False

    @property
    def event_id(self) -> str:
        """The id of the original, which edits keep."""
        return self.event.event_id

    @property
    def sender(self) -> str:
        """Who wrote it."""
        return self.event.sender

    @property
    def body(self) -> str:
        """The plain text, newest version."""
        return str(self.content.get("body", ""))

    @property
    def formatted_body(self) -> str | None:
        """The HTML, newest version."""
        return self.content.get("formatted_body")

    @property
    def mentions(self) -> frozenset[str]:
        """Whom it mentions by `m.mentions`; "@room" stands for everybody."""
        said = self.content.get("m.mentions", {})
        return frozenset(said.get("user_ids", [])) | (
            frozenset({"@room"}) if said.get("room") else frozenset()
        )

    @property
    def thread(self) -> str | None:
        """The root of its thread, if it is in one."""
        return self.event.related("m.thread")

    @property
    def reply_to(self) -> str | None:
        """What it answers. The fallback that every message of a thread carries doesn't count."""
        if self.event.relation.get("is_falling_back"):
            return None
        answered: str | None = self.event.relation.get("m.in_reply_to", {}).get("event_id")
        return answered

    @property
    def encrypted(self) -> bool:
        """Whether it came encrypted."""
        return self.event.encrypted

    @property
    def decrypted(self) -> bool:
        """Whether it came encrypted and could be read."""
        return self.event.decrypted

    def __str__(self) -> str:
        marks = ["edited"] * bool(self.edits) + ["redacted"] * self.redacted
        marks += [f"thread {self.thread}"] * bool(self.thread)
        marks += ["cannot be decrypted"] * (self.encrypted and not self.decrypted)
        marks += [f"{key} {len(who)}" for key, who in self.reactions.items()]
        return f"{self.sender}: {self.body}" + (f"  ({', '.join(marks)})" if marks else "")


def received(source: dict[str, Any], encrypted: bool) -> Event:
    """An event from its source, as the client library hands it over."""
    content = source.get("content") or {}
    return Event(
        event_id=source.get("event_id", ""),
        sender=source.get("sender", ""),
        kind=source.get("type", ""),
        content=content,
        encrypted=encrypted,
        at=datetime.fromtimestamp(source.get("origin_server_ts", 0) / 1000, UTC),
        state_key=source.get("state_key"),
        redacts=content.get("redacts") or source.get("redacts"),
        unsigned=source.get("unsigned") or {},
    )


def fold(events: Iterable[Event]) -> list[Message]:
    """The messages of a room as they are read now, in the order in which they were sent."""
    events = list(events)
    gone = {event.redacts for event in events if event.kind == "m.room.redaction"}
    messages = {event.event_id: as_message(event, event.event_id in gone) for event in originals(events)}
    for event in events:
        edited = messages.get(event.related("m.replace") or "")
        if edited and event.event_id not in gone and may_edit(event, edited):
            edited.edits.append(event)
            edited.content = event.content.get("m.new_content", {})
        annotated = messages.get(event.related("m.annotation") or "")
        if annotated and event.kind == "m.reaction" and event.event_id not in gone:
            annotated.reactions.setdefault(event.relation["key"], []).append(event.sender)
    return list(messages.values())


def originals(events: Iterable[Event]) -> Iterator[Event]:
    """The events that are messages of their own."""
    for event in events:
        if event.kind in ("m.room.message", "m.room.encrypted") and not event.related("m.replace"):
            yield event


def as_message(event: Event, redacted: bool) -> Message:
    """A message nothing has happened to yet, except that it may have been taken back."""
    redacted = redacted or "redacted_because" in event.unsigned
    return Message(event, {} if redacted else event.content, redacted=redacted)


def may_edit(edit: Event, message: Message) -> bool:
    """Whether clients apply this edit: same sender, readable, and not to something taken back."""
    return edit.sender == message.sender and edit.kind == "m.room.message" and not message.redacted
