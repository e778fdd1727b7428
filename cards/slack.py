"""A card as Slack messages, and several as the Home tab: the limits of Slack are known only here,
in `slack_blocks` and in `slack_modal`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import DividerBlock, RichTextBlock, RichTextElementParts, RichTextSectionElement
from slack_sdk.models.views import View

from cards.card import Card, Choice
from cards.letters import is_blank, on_one_line, pieces
from cards.slack_blocks import blocks_of, choice_blocks, cost, prose, weight

MOST_BLOCKS = 50
ALL_BLOCKS = 12_000
"""Slack refuses a message at about 13,200 characters and does not say how it counts; `weight` counts high."""
LONGEST_NOTICE = 3_000
HOME_BLOCKS = View.blocks_max_length
HOME_WEIGHT = 60_000
SLASH = "/care "
SHOW_ALL = Choice("Show all", "inbox")
MENTIONS_TOGETHER = 50
USER_ID = re.compile(r"[UW][A-Z0-9]+")


@dataclass(frozen=True)
class SlackMessage:
    """What `chat.postMessage` and `chat.update` take: `text` for the lock screen, `blocks` to read."""

    text: str
    blocks: list[dict[str, Any]]


def messages(
    card: Card, called: Sequence[str] = (), everyone: bool = False, prefix: str = SLASH
) -> tuple[SlackMessage, ...]:
    """The card as one message, or as several to be posted in order; nothing is ever cut.

    `called` are Slack user ids; they and, with `everyone`, the channel are mentioned in the first message:
    in its blocks, because that is what notifies, and in its text, because that is what a phone shows.
    Raises ValueError for what is not a user id.
    """
    if wrong := [each for each in called if not USER_ID.fullmatch(each)]:
        raise ValueError(f"{len(wrong)} of those to be mentioned are not Slack user ids")
    blocks = [*_mention_blocks(called, everyone), *blocks_of(card, prefix)]
    line = "Baton" if is_blank(card.lock_screen) else escaped(on_one_line(card.lock_screen))
    if cost(line) > LONGEST_NOTICE:
        blocks = blocks if not card.notice else [*blocks, *(each.to_dict() for each in prose(card.notice))]
        line = escaped(pieces(on_one_line(card.lock_screen), LONGEST_NOTICE, cost)[0]) + " …"
    packed = _packed(blocks or [each.to_dict() for each in prose("Baton")])
    texts = [
        line if len(packed) == 1 else f"{line} ({n} of {len(packed)})" for n in range(1, len(packed) + 1)
    ]
    mentions = [*(f"<@{user}>" for user in called), *(["<!channel>"] if everyone else [])]
    texts[0] = " ".join([*mentions, texts[0]])
    return tuple(SlackMessage(text, group) for text, group in zip(texts, packed, strict=True))


def home(sections: Sequence[Card], more: Choice = SHOW_ALL, prefix: str = SLASH) -> dict[str, Any]:
    """The Home tab's view: the cards one below the other.

    A card is there whole or not at all; if some do not fit, the last block says how many, and `more` is
    the button that shows them elsewhere.
    """
    divider = DividerBlock().to_dict()
    last_words = [each.to_dict() for each in choice_blocks([more], prefix)]
    room = HOME_BLOCKS - 2 - len(last_words)
    blocks: list[dict[str, Any]] = []
    left = list(sections)
    while left:
        added = [*([divider] if blocks else []), *blocks_of(left[0], prefix)]
        if len(blocks) + len(added) > room or sum(map(weight, [*blocks, *added])) > HOME_WEIGHT:
            break
        blocks += added
        left.pop(0)
    if left:
        sentence = f"{len(left)} more {'is' if len(left) == 1 else 'are'} not shown here."
        blocks += [divider, *(each.to_dict() for each in prose(sentence)), *last_words]
    elif not blocks:
        blocks = [each.to_dict() for each in prose("Nothing is waiting for you.")]
    return {"type": "home", "blocks": _numbered_apart(blocks)}


def escaped(text: str) -> str:
    """Text for Slack's `text` argument, in which these three characters begin markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _mention_blocks(called: Sequence[str], everyone: bool) -> list[dict[str, Any]]:
    mentions: list[Any] = [RichTextElementParts.User(user_id=user) for user in called]
    if everyone:
        mentions.append(RichTextElementParts.Broadcast(range="channel"))
    blocks = []
    for start in range(0, len(mentions), MENTIONS_TOGETHER):
        spaced = [
            (each, RichTextElementParts.Text(text=" ")) for each in mentions[start:][:MENTIONS_TOGETHER]
        ]
        section = RichTextSectionElement(elements=[element for pair in spaced for element in pair])
        blocks.append(RichTextBlock(elements=[section]).to_dict())
    return blocks


def _packed(blocks: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The blocks in messages: as many together as Slack takes."""
    packed: list[list[dict[str, Any]]] = [[]]
    spent = 0
    for block in blocks:
        heavy = weight(block)
        if packed[-1] and (len(packed[-1]) == MOST_BLOCKS or spent + heavy > ALL_BLOCKS):
            packed.append([])
            spent = 0
        packed[-1].append(block)
        spent += heavy
    return packed


def _numbered_apart(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Buttons with ids that are unique in the whole view: each card numbered its own from 1."""
    number = 0
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            number += 1
            element["action_id"] = f"choice-{number}"
    return blocks
