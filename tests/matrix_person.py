"""An ordinary person with an ordinary Matrix client, for tests."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import nio  # type: ignore[import-untyped]

from tests.matrix_device import MatrixDevice, accepted

ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


class MatrixPerson(MatrixDevice):
    """What a person does in Matrix. A second object for the same account is a second device."""

    def create_room(
        self, name: str, encrypted: bool = True, invite: Collection[str] = (), direct: bool = False
    ) -> str:
        """Make a private room and return its id once this client knows it."""
        preset = nio.RoomPreset.trusted_private_chat if direct else nio.RoomPreset.private_chat
        creating = self.client.room_create(
            name=name or None,
            is_direct=direct,
            invite=list(invite),
            initial_state=[ENCRYPTION] if encrypted else [],
            preset=preset,
        )
        room: str = accepted(self.run(creating)).room_id
        self.wait_until(lambda: self.knows(room, encrypted), f"the room {name} to appear")
        return room

    def direct_room(self, other: str, encrypted: bool = True) -> str:
        """Make a room for two, and note it in the account as clients do."""
        room = self.create_room("", encrypted, [other], direct=True)
        self.run(self._put_account_data("m.direct", {other: [room]}))
        return room

    def invitations(self) -> list[str]:
        """The rooms this person is invited to and has not answered."""
        return list(self.client.invited_rooms)

    def join(self, room: str) -> str:
        """Join, after the invitation has come, and return the room once this client knows it."""
        self.wait_until(lambda: room in self.invitations(), "an invitation")
        return self.enter(room)

    def enter(self, room: str) -> str:
        """Join at once, whether or not this client knows of an invitation."""
        accepted(self.run(self.client.join(room)))
        self.wait_until(lambda: self.knows(room), "the room to appear")
        return room

    def join_next(self) -> str:
        """Wait for any invitation and join that room."""
        return self.join(self.wait_until(lambda: next(iter(self.invitations()), None), "an invitation"))

    def leave(self, room: str) -> None:
        """Leave the room, or decline its invitation."""
        accepted(self.run(self.client.room_leave(room)))

    def invite(self, room: str, user_id: str) -> None:
        """Invite somebody."""
        accepted(self.run(self.client.room_invite(room, user_id)))

    def kick(self, room: str, user_id: str, reason: str = "") -> None:
        """Put somebody out of the room."""
        accepted(self.run(self.client.room_kick(room, user_id, reason or None)))

    def members(self, room: str) -> set[str]:
        """Who has joined the room, as far as this client knows."""
        known = self.client.rooms.get(room)
        return {user.user_id for user in known.users.values() if not user.invited} if known else set()

    def devices_of(self, user_id: str) -> set[str]:
        """The devices of somebody in a shared encrypted room that this client would encrypt for."""
        return {device.id for device in self.client.device_store.active_user_devices(user_id)}

    def knows(self, room: str, encrypted: bool = False) -> bool:
        """Whether this client has joined the room, and knows that it is encrypted if asked that."""
        known = self.client.rooms.get(room)
        return known is not None and (known.encrypted or not encrypted)

    def say(
        self,
        room: str,
        body: str,
        *,
        html: str | None = None,
        thread: str | None = None,
        reply_to: str | None = None,
        edit_of: str | None = None,
        mentions: Collection[str] = (),
        txn: str | None = None,
    ) -> str:
        """Send a message, or an edit of one, and return its event id."""
        content = text(body, html, mentions)
        if edit_of:
            content = edit(content, edit_of)
        elif thread or reply_to:
            content["m.relates_to"] = place(thread, reply_to)
        return self.send(room, "m.room.message", content, txn)

    def react(self, room: str, event_id: str, key: str) -> str:
        """React to a message and return the reaction's event id."""
        relation = {"rel_type": "m.annotation", "event_id": event_id, "key": key}
        return self.send(room, "m.reaction", {"m.relates_to": relation})

    def redact(self, room: str, event_id: str, reason: str = "") -> None:
        """Take an event back."""
        accepted(self.run(self.client.room_redact(room, event_id, reason or None)))

    def send(self, room: str, kind: str, content: dict[str, Any], txn: str | None = None) -> str:
        """Send any event, encrypted where the room is, and return its id."""
        return self.run(self._send(room, kind, content, txn))


def text(body: str, html: str | None = None, mentions: Collection[str] = ()) -> dict[str, Any]:
    """The content of a text message. "@room" among the mentions means everybody."""
    content: dict[str, Any] = {"msgtype": "m.text", "body": body}
    if html:
        content |= {"format": "org.matrix.custom.html", "formatted_body": html}
    people = sorted(set(mentions) - {"@room"})
    content["m.mentions"] = ({"user_ids": people} if people else {}) | (
        {"room": True} if "@room" in mentions else {}
    )
    return content


def edit(content: dict[str, Any], of: str) -> dict[str, Any]:
    """The content that replaces what was said in `of`, with the fallback for clients without edits."""
    return {
        **content,
        "body": f"* {content['body']}",
        "m.new_content": content,
        "m.relates_to": {"rel_type": "m.replace", "event_id": of},
    }


def place(thread: str | None, reply_to: str | None) -> dict[str, Any]:
    """The relation that puts a message into a thread, makes it an answer, or both."""
    answered = {"m.in_reply_to": {"event_id": reply_to or thread}}
    if not thread:
        return answered
    return {"rel_type": "m.thread", "event_id": thread, "is_falling_back": reply_to is None, **answered}
