"""A card as plain text, complete by itself: for clients that show nothing else, and for mail."""

from itertools import zip_longest

from cards.card import Card, Choice, Facts, File, Image, Items, Part, Table, Text, Tone
from cards.letters import is_blank, on_one_line, shown

WARNING_SIGN = "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}"
WIDEST_TABLE = 72
"""In characters; a wider table is told row by row, since a phone would break its lines."""


def plain(card: Card, prefix: str = "") -> str:
    """Everything the card says, in paragraphs.

    Choices are numbered and say what to type, with `prefix` (`!care `, `/care `) before the command.
    """
    blocks = [on_one_line(card.title), *(part_text(part) for part in card.parts)]
    if card.choices:
        lines = (choice_text(choice, prefix) for choice in card.choices)
        blocks.append("\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1)))
    return "\n\n".join(block for block in blocks if block.strip())


def button(choice: Choice) -> str:
    """What stands on a choice's button: the label, and the reaction that says the same."""
    label = on_one_line(choice.says if is_blank(choice.label) else choice.label)
    return f"{label} {on_one_line(choice.reaction)}".rstrip()


def choice_text(choice: Choice, prefix: str) -> str:
    """One line: what a choice is called and what to type for it."""
    return f"{button(choice)} — {on_one_line(prefix)}{on_one_line(choice.says)}"


def part_text(part: Part) -> str:
    """One part as lines of text."""
    match part:
        case Text():
            return toned(part)
        case Facts():
            return "\n".join(f"{on_one_line(label)}: {shown(value)}" for label, value in part.pairs)
        case Items():
            lines = [f"- {shown(line)}" for line in part.lines]
            return "\n".join([f"{on_one_line(part.heading)}:", *lines] if part.heading else lines)
        case Table():
            return aligned(part) or row_by_row(part)
        case Image() | File():
            return file_text(part)


def toned(part: Text) -> str:
    """A paragraph, its weight shown by signs and not by colour."""
    text = shown(part.text)
    if part.tone is Tone.WARNING:
        return f"{WARNING_SIGN} {text}"
    if part.tone is Tone.QUOTE:
        return "\n".join(f"> {line}" for line in text.split("\n"))
    return text


def file_text(part: Image | File) -> str:
    """The words that stand for a picture or a document."""
    if isinstance(part, Image):
        return f"[Picture: {on_one_line(part.alt)}]"
    return f"[File {on_one_line(part.name)}: {on_one_line(part.alt)}]"


def aligned(table: Table) -> str:
    """The table in columns of equal width, or "" if it would be wider than `WIDEST_TABLE`."""
    lines = aligned_lines(table)
    return "\n".join(lines) if all(len(line) <= WIDEST_TABLE for line in lines) else ""


def aligned_lines(table: Table) -> list[str]:
    """The lines of `aligned`, the head first and without a rule, however wide."""
    rows = [[on_one_line(cell) for cell in row] for row in (table.head, *table.rows)]
    widths = [max(len(cell) for cell in column) for column in zip_longest(*rows, fillvalue="")]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]


def row_by_row(table: Table) -> str:
    """The table as one paragraph of `head: cell` lines for each row."""
    heads = [on_one_line(head) for head in table.head]
    rows = ("\n".join(map("{}: {}".format, heads, map(on_one_line, row))) for row in table.rows)
    return "\n\n".join(rows) or ", ".join(heads)
