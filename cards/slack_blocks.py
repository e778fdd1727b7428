"""The parts of a card as Slack's blocks.

Nothing here uses Slack's markup: what a person wrote stands in `plain_text` with emoji off, or as a
`text` element of a rich text, and Slack reads neither for mentions, links or formatting. So there is
nothing to escape and nothing to forget.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)

from cards.card import Card, Choice, Facts, File, Image, Items, Part, Table, Text, Tone
from cards.letters import is_blank, on_one_line, pieces, shown
from cards.plain import aligned, aligned_lines, button, choice_text, file_text, row_by_row, toned

LONGEST_HEADER = HeaderBlock.text_max_length
LONGEST_TEXT = 2_900
LONGEST_QUIET = 1_900
MOST_BUTTONS = ActionsBlock.elements_max_length
ALL_BUTTONS = 8_000
"""What the buttons of one block may cost together, so that the block fits into a message."""


def cost(text: str) -> int:
    """What a text counts at most, in any way of counting that Slack may use.

    Slack stores `&`, `<` and `>` escaped, counts some characters as two (UTF-16), and has not said
    whether its limit on a whole message is on the text or on its JSON.
    """
    doubled = sum(map(text.count, '"\\\n\t'))
    if not text.isascii():
        doubled += len(text.encode("utf-16-le", "surrogatepass")) // 2 - len(text)
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">")) + doubled


def weight(block: dict[str, Any]) -> int:
    """`cost` of a finished block's JSON."""
    return cost(json.dumps(block, ensure_ascii=False))


def blocks_of(card: Card, prefix: str) -> list[dict[str, Any]]:
    """The whole card, each block within Slack's limits; choices that are no button are lines to type."""
    blocks = [*_title(card.title), *(block for part in card.parts for block in _part(part))]
    return [block.to_dict() for block in [*blocks, *choice_blocks(card.choices, prefix)]]


def prose(text: str) -> Iterator[Block]:
    """Plain paragraphs, kept open rather than folded behind "see more"."""
    for piece in _pieces(shown(text), LONGEST_TEXT):
        yield SectionBlock(text=plain_text(piece), expand=True)


def plain_text(text: str) -> PlainTextObject:
    """Text that Slack shows as it stands, `:smile:` included."""
    return PlainTextObject(text=text, emoji=False)


def choice_blocks(choices: Sequence[Choice], prefix: str) -> Iterator[Block]:
    """Buttons, and then a line to type for each choice that is too long for a button."""
    buttons = [(number, choice) for number, choice in enumerate(choices, 1) if _fits_button(choice)]
    while buttons:
        count, spent = 0, 0
        while count < min(len(buttons), MOST_BUTTONS) and spent <= ALL_BUTTONS:
            spent += weight(_button(*buttons[count]).to_dict())
            count += 1
        if spent > ALL_BUTTONS:
            count -= 1
        yield ActionsBlock(elements=[_button(*each) for each in buttons[:count]])
        buttons = buttons[count:]
    for choice in choices:
        if not _fits_button(choice):
            yield from prose(choice_text(choice, prefix))


def _fits_button(choice: Choice) -> bool:
    label, value = button(choice), choice.says
    return (
        cost(label) <= ButtonElement.text_max_length
        and cost(value) <= ButtonElement.value_max_length
        and not is_blank(value)
        and shown(value) == value
    )


def _button(number: int, choice: Choice) -> ButtonElement:
    return ButtonElement(
        text=plain_text(button(choice)),
        value=choice.says,
        action_id=f"choice-{number}",
        style="primary" if choice.urgent else None,
    )


def _title(title: str) -> Iterator[Block]:
    line = on_one_line(title)
    if line.strip() and cost(line) <= LONGEST_HEADER:
        yield HeaderBlock(text=plain_text(line))
    else:
        yield from _rich([(line, True)])


def _part(part: Part) -> Iterator[Block]:
    match part:
        case Text():
            return _text(part)
        case Facts():
            return _facts(part)
        case Items():
            return _items(part)
        case Table():
            return _table(part)
        case Image() | File():
            return _quiet(file_text(part))


def _facts(part: Facts) -> Iterator[Block]:
    runs: list[tuple[str, bool]] = []
    for label, value in part.pairs:
        end = "\n" if runs else ""
        runs += [(f"{end}{on_one_line(label)}: ", True), ("–" if is_blank(value) else shown(value), False)]
    return _rich(runs)


def _text(part: Text) -> Iterator[Block]:
    if part.tone is Tone.QUOTE:
        for piece in _pieces(shown(part.text), LONGEST_TEXT):
            yield RichTextBlock(elements=[RichTextQuoteElement(elements=[_run(piece)])])
    elif part.tone is Tone.QUIET:
        yield from _quiet(shown(part.text))
    else:
        yield from prose(toned(part))


def _quiet(text: str) -> Iterator[Block]:
    for piece in _pieces(text, LONGEST_QUIET):
        yield ContextBlock(elements=[plain_text(piece)])


def _items(part: Items) -> Iterator[Block]:
    if part.heading:
        yield from _rich([(on_one_line(part.heading), True)])
    lines = [piece for line in part.lines for piece in _pieces(shown(line), LONGEST_TEXT)]
    for group in _groups(lines):
        points = [RichTextSectionElement(elements=[_run(line)]) for line in group]
        yield RichTextBlock(elements=[RichTextListElement(style="bullet", elements=points)])


def _table(part: Table) -> Iterator[Block]:
    """In columns where they fit a screen, the head repeated in each block; otherwise row by row."""
    if not aligned(part):
        yield from prose(row_by_row(part))
        return
    head, *rows = aligned_lines(part)
    for group in _groups(rows, room=LONGEST_TEXT - cost(head)) or [[]]:
        text = "\n".join([head, *group])
        if text.strip():
            yield RichTextBlock(elements=[RichTextPreformattedElement(elements=[_run(text)])])


def _rich(runs: Sequence[tuple[str, bool]]) -> Iterator[Block]:
    """Runs of text, plain or bold, one after another."""
    parts = [(piece, bold) for text, bold in runs for piece in _pieces(text, LONGEST_TEXT)]
    while parts:
        count = len(_groups([text for text, _ in parts])[0])
        elements = [_run(text, bold) for text, bold in parts[:count]]
        yield RichTextBlock(elements=[RichTextSectionElement(elements=elements)])
        parts = parts[count:]


def _run(text: str, bold: bool = False) -> RichTextElement:
    style = RichTextElementParts.TextStyle(bold=True) if bold else None
    return RichTextElementParts.Text(text=text, style=style)


def _groups(texts: Sequence[str], room: int = LONGEST_TEXT) -> list[list[str]]:
    """Neighbours together, as many as cost no more than `room`; each alone is known to fit."""
    groups: list[list[str]] = []
    spent = 0
    for text in texts:
        price = cost(text) + 80  # 80: the JSON around an element
        if not groups or spent + price > room:
            groups.append([])
            spent = 0
        groups[-1].append(text)
        spent += price
    return groups


def _pieces(text: str, limit: int) -> list[str]:
    return [piece for piece in pieces(text, limit, cost) if piece.strip()]
