"""A card as the content of Matrix messages.

Every content has `m.mentions`, empty where nobody is called: that turns off the old push rules, which
would ring for a display name or an `@room` that somebody happened to write in a text.

A card that calls someone is `m.text` and rings. Any other is `m.notice`: bots leave notices alone, so
two of them never talk to each other, and by the standard push rules no phone rings for one.
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from cards.card import Card
from cards.letters import is_blank, on_one_line
from cards.matrix_blocks import Piece, paragraphs, pieces_of

Content = dict[str, Any]

LONGEST_EVENT = 24_000
"""Of JSON in ASCII. An edit repeats the body, and encryption makes it a third longer: still below 65 kB."""
PREFIX = "!care "
USER_ID = re.compile(r"@[^:\s]+:\S+")


def contents(
    card: Card, called: Sequence[tuple[str, str]] = (), everyone: bool = False, prefix: str = PREFIX
) -> tuple[Content, ...]:
    """The card as one `m.room.message` content, or as several to be sent in order; nothing is ever cut.

    `called` are pairs of user id and display name; they and, with `everyone`, the room are mentioned in
    the first content. Raises ValueError for what is not a user id.
    """
    if wrong := [user for user, _ in called if not USER_ID.fullmatch(user)]:
        raise ValueError(f"{len(wrong)} of those to be mentioned are not Matrix user ids")
    pieces = list(pieces_of(card, prefix))
    if called or everyone:
        pieces = [_mention(called, everyone), *_notice(card, pieces), *pieces]
    pieces = pieces or list(paragraphs(on_one_line(card.notice))) or list(paragraphs("Baton"))
    kind = "m.text" if called or everyone else "m.notice"
    made = [_content(kind, group) for group in _packed(pieces)]
    if called:
        made[0]["m.mentions"]["user_ids"] = [user for user, _ in called]
    if everyone:
        made[0]["m.mentions"]["room"] = True
    return tuple(made)


def edit_of(content: Content, event_id: str) -> Content:
    """The content that replaces the one sent as `event_id`, ringing nobody again.

    Clients that know no edits show it as a second message, so its body is complete too.
    """
    new = {key: value for key, value in content.items() if key != "m.relates_to"}
    return {
        "msgtype": content["msgtype"],
        "body": f"* {content['body']}",
        "m.mentions": {},
        "m.new_content": new,
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
    }


def in_thread(content: Content, root_event_id: str) -> Content:
    """The content as part of a thread; clients that know no threads show it as a reply to the root."""
    relation = {
        "rel_type": "m.thread",
        "event_id": root_event_id,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": root_event_id},
    }
    return content | {"m.relates_to": relation}


def _notice(card: Card, pieces: Sequence[Piece]) -> list[Piece]:
    """The line for the lock screen, which shows how a message begins, unless the card says it anyway."""
    line = on_one_line(card.notice)
    return [] if any(line in piece.body for piece in pieces) else list(paragraphs(line))


def _mention(called: Sequence[tuple[str, str]], everyone: bool) -> Piece:
    names = [(user, user if is_blank(name) else on_one_line(name)) for user, name in called]
    pill = Markup('<a href="https://matrix.to/#/{}">{}</a>')
    pills = [pill.format(quote(user, safe="@:"), name) for user, name in names]
    room = ["@room"] if everyone else []
    body = ", ".join([*(name for _, name in names), *room])
    return Piece(body, Markup("<p>{}</p>").format(Markup(", ").join([*pills, *room])))


def _packed(pieces: Sequence[Piece]) -> list[list[Piece]]:
    packed: list[list[Piece]] = [[]]
    spent = 0
    for piece in pieces:
        if packed[-1] and spent + piece.weight > LONGEST_EVENT:
            packed.append([])
            spent = 0
        packed[-1].append(piece)
        spent += piece.weight
    return packed


def _content(kind: str, pieces: Sequence[Piece]) -> Content:
    return {
        "msgtype": kind,
        "body": "\n\n".join(piece.body for piece in pieces),
        "format": "org.matrix.custom.html",
        "formatted_body": "".join(piece.html for piece in pieces),
        "m.mentions": {},
    }
