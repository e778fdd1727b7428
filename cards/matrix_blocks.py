"""The parts of a card as Matrix shows them: each piece as plain text and as HTML, both complete.

Only tags that clients show are used. Text from people goes through markupsafe, which escapes
whatever is formatted into a `Markup`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from cards.card import Card, Choice, Facts, File, Image, Items, Part, Table, Text, Tone
from cards.letters import is_blank, on_one_line, pieces, shown
from cards.plain import aligned, button, file_text, row_by_row, toned

LONGEST_PIECE = 5_000
"""What one piece may cost: far below what an event holds, so that pieces pack well."""
LONGEST_LABEL = 1_000
PARAGRAPH = Markup("<p>{}</p>")
NOTHING = Markup("")


@dataclass(frozen=True)
class Piece:
    """A part, or a share of one, in both forms."""

    body: str
    html: Markup

    @property
    def weight(self) -> int:
        """Its length in an event. nio writes JSON in ASCII, with six bytes for most letters beyond."""
        return len(json.dumps(self.body)) + len(json.dumps(self.html))


def cost(text: str) -> int:
    """What a text adds to an event at most, as plain text and as HTML together."""
    return sum(_price(character) for character in text)


def pieces_of(card: Card, prefix: str) -> Iterator[Piece]:
    """The whole card: title, parts, and what can be chosen."""
    yield from paragraphs(on_one_line(card.title), Markup("<h3>{}</h3>"))
    for part in card.parts:
        yield from _part(part)
    choices = [row for choice in card.choices for row in _choice(choice, prefix)]
    yield from _together(choices, Markup("<ul>{}</ul>"))


def paragraphs(text: str, frame: Markup = PARAGRAPH) -> Iterator[Piece]:
    """The text in one frame, or in several if it is long; line breaks are kept."""
    for each in _cut(text):
        yield Piece(each, frame.format(_lines(each)))


def _price(character: str) -> int:
    if character in "&<>\"'\\\n":
        return 14
    if " " <= character <= "~":
        return 2
    return 24 if character > "\uffff" else 12


def _part(part: Part) -> Iterator[Piece]:
    match part:
        case Text():
            return _text(part)
        case Facts():
            rows = [row for label, value in part.pairs for row in _fact(on_one_line(label), value)]
            return _together(rows, PARAGRAPH, Markup("<br>"))
        case Items():
            return _items(part)
        case Table():
            return _table(part)
        case Image() | File():
            return paragraphs(file_text(part), Markup("<p><em>{}</em></p>"))


def _text(part: Text) -> Iterator[Piece]:
    if part.tone is Tone.QUOTE:
        for text in _cut(shown(part.text)):
            yield Piece(
                toned(Text(text, Tone.QUOTE)), Markup("<blockquote>{}</blockquote>").format(_lines(text))
            )
        return
    frames = {Tone.QUIET: Markup("<p><em>{}</em></p>"), Tone.WARNING: Markup("<p><strong>{}</strong></p>")}
    yield from paragraphs(toned(part), frames.get(part.tone, PARAGRAPH))


def _fact(label: str, value: str) -> Iterator[Piece]:
    value = "–" if is_blank(value) else shown(value)
    if cost(label) > LONGEST_LABEL:
        yield from _plain_rows(f"{label}: {value}")
        return
    first, *rest = _cut(value)
    yield Piece(f"{label}: {first}", Markup("<strong>{}:</strong> {}").format(label, _lines(first)))
    for text in rest:
        yield from _plain_rows(text)


def _items(part: Items) -> Iterator[Piece]:
    yield from paragraphs(on_one_line(part.heading), Markup("<p><strong>{}</strong></p>"))
    texts = [text for line in part.lines for text in _cut(shown(line))]
    rows = [Piece(f"- {text}", Markup("<li>{}</li>").format(_lines(text))) for text in texts]
    yield from _together(rows, Markup("<ul>{}</ul>"))


def _table(part: Table) -> Iterator[Piece]:
    """A table, its head repeated where it is taken apart; one with very long rows is told row by row.

    Nothing is sent of one in which nothing would be seen.
    """
    if all(is_blank(cell) for row in (part.head, *part.rows) for cell in row):
        return
    if any(cost("".join(row)) > LONGEST_PIECE for row in (part.head, *part.rows)):
        yield from paragraphs(row_by_row(part))
        return
    rows = [(row, Piece(row_by_row(Table(part.head, (row,))), _cells(row, "td"))) for row in part.rows]
    for group in _groups([piece for _, piece in rows]) or [[]]:
        share, rows = Table(part.head, tuple(row for row, _ in rows[: len(group)])), rows[len(group) :]
        html = Markup("<table><thead>{}</thead><tbody>{}</tbody></table>")
        inside = Markup("").join(piece.html for piece in group)
        yield Piece(aligned(share) or row_by_row(share), html.format(_cells(part.head, "th"), inside))


def _cells(row: Sequence[str], tag: str) -> Markup:
    cell = Markup("<th>{}</th>") if tag == "th" else Markup("<td>{}</td>")
    return Markup("<tr>{}</tr>").format(Markup("").join(cell.format(on_one_line(text)) for text in row))


def _choice(choice: Choice, prefix: str) -> Iterator[Piece]:
    label, line = button(choice), on_one_line(prefix + choice.says)
    react = f", or react with {on_one_line(choice.reaction)}" if choice.reaction else ""
    body = f'- {label} — reply "{line}"{react}'
    if cost(body) > LONGEST_PIECE:
        for row in _plain_rows(body):
            yield Piece(row.body, Markup("<li>{}</li>").format(row.html))
        return
    html = Markup("<li><strong>{}</strong> — reply <code>{}</code>{}</li>")
    yield Piece(body, html.format(label, line, react))


def _plain_rows(text: str) -> Iterator[Piece]:
    for each in _cut(text):
        yield Piece(each, _lines(each))


def _together(rows: Sequence[Piece], frame: Markup, between: Markup = NOTHING) -> Iterator[Piece]:
    """Neighbouring rows in one frame, as many as make a piece."""
    for group in _groups(rows):
        yield Piece(
            "\n".join(row.body for row in group), frame.format(between.join(row.html for row in group))
        )


def _groups(rows: Sequence[Piece]) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    spent = 0
    for row in rows:
        if not groups or spent + row.weight > LONGEST_PIECE:
            groups.append([])
            spent = 0
        groups[-1].append(row)
        spent += row.weight
    return groups


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _cut(text: str) -> list[str]:
    return [piece for piece in pieces(text, LONGEST_PIECE, cost) if piece.strip()]
