"""A paper as PDF, on A4: large type, black on white, nothing told by colour alone, every page numbered.

Letters are shaped and run in their own direction; what the font has no letter for becomes a sign. No text
means anything here: it is no markup, no link, no field.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from unicodedata import bidirectional, normalize

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from cards.chart_type import file_of_font, with_shape
from cards.letters import on_one_line, pieces
from cards.paper import CHART, Paper
from cards.paper_read import Block, Sort, blocks
from cards.picture import size_of

MARGIN, BOTTOM = 18.0, 20.0
"""In millimetres."""
FONT = "paper"
LEADING = 0.5
"""Millimetres of a line for each point of type."""
INDENT, BAR = 6.0, 1.2
WIDEST_PICTURE, HIGHEST_PICTURE = 92.0, 110.0
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
LONGEST_TURNED = 300
"""Characters."""
_PNG = "data:image/png;base64,"


@dataclass(frozen=True)
class Look:
    """How a sort of block is set: size in points, weight, grey, space before, and what must fit below it."""

    size: float
    bold: bool = False
    ink: int = 0
    before: float = 1.5
    keeps: float = 0.0
    indent: float = 0.0


LOOKS: Mapping[Sort, Look] = {
    Sort.TITLE: Look(20, bold=True, before=0),
    Sort.HEADING: Look(15, bold=True, before=7, keeps=40),
    Sort.SMALL_HEADING: Look(12, bold=True, before=4, keeps=20),
    Sort.PARAGRAPH: Look(11),
    Sort.QUOTE: Look(12.5, indent=INDENT, before=2.5),
    Sort.LINE: Look(11, indent=INDENT, before=1),
    Sort.LABEL: Look(11, bold=True, before=2.5, keeps=12),
    Sort.VALUE: Look(11, before=0.3),
}
QUIET, FOOT = Look(9.5, ink=70), Look(9, ink=70)
WARNING = Look(11.5, bold=True, indent=INDENT, before=3)


@lru_cache(maxsize=8)
def pdf(paper: Paper) -> bytes:
    """The PDF file: the same bytes for the same paper. Takes some tenths of a second."""
    return _Sheet(paper).file()


class _Sheet:
    """A PDF while it is drawn, from the top down."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.pdf = FPDF(format="A4")
        self.pdf.alias_nb_pages("")  # else a text that has the sign for it would be changed
        self.pdf.set_margin(MARGIN)
        self.pdf.set_auto_page_break(True, BOTTOM)
        for style, bold in (("", False), ("B", True)):
            self.pdf.add_font(FONT, style, file_of_font(bold))
        self.pdf.set_title(with_shape(paper.title))
        self.pdf.set_lang("en")
        self.pdf.set_creation_date(paper.made_at)

    def file(self) -> bytes:
        """Draws all of it."""
        self.pdf.add_page()
        draws: Mapping[Sort, Callable[[Block], None]] = {
            Sort.PICTURE: self._picture, Sort.TABLE: self._table, Sort.RULE: self._rule,
            Sort.PAGE: self._own_page,
        }  # fmt: skip
        for block in blocks(self.paper.html):
            draws.get(block.sort, self._text)(block)
        self._feet()
        return bytes(self.pdf.output())

    def _text(self, block: Block) -> None:
        look = WARNING if "warning" in block.kinds else QUIET if "quiet" in block.kinds else LOOKS[block.sort]
        if not self._at_top():
            self.pdf.ln(look.before)
        self._keep(look.keeps + look.size * LEADING)
        page, top = self.pdf.page, self.pdf.get_y()
        if block.sort is Sort.LINE:
            self._bullet(look, from_right=_from_right(block.text))
            self.pdf.set_y(top)
        self._write(block.text, look)
        if look.indent and block.sort is not Sort.LINE and self.pdf.page == page:
            self.pdf.set_fill_color(0)
            side = MARGIN + (self.pdf.epw - BAR if _from_right(block.text) else 0)
            self.pdf.rect(side, top + 0.5, BAR, self.pdf.get_y() - top - 1, style="F")

    def _bullet(self, look: Look, *, from_right: bool) -> None:
        self._type(look)
        self.pdf.set_x(MARGIN + (self.pdf.epw - INDENT if from_right else 0))
        self.pdf.cell(INDENT, look.size * LEADING, "\N{BULLET}", align="R" if from_right else "L")

    def _write(self, text: str, look: Look) -> None:
        """Writes a text below what is there, towards the side from which its letters are read."""
        self._type(look)
        from_right = _from_right(text)
        self.pdf.set_x(MARGIN + (0 if from_right else look.indent))
        self.pdf.multi_cell(
            self.pdf.epw - look.indent, look.size * LEADING, self._shaped(text, bold=look.bold),
            align="R" if from_right else "L", new_x=XPos.LMARGIN, new_y=YPos.NEXT,
        )  # fmt: skip

    def _shaped(self, *texts: str, bold: bool = False) -> str:
        """The text as it can be drawn; whether its letters have to be joined and turned is set with it.

        The library looks at a text that does letter by letter, each within the last: only at short ones.
        """
        turned = any(bidirectional(each) in RIGHT_TO_LEFT for text in texts for each in text)
        self.pdf.set_text_shaping(turned)
        said = with_shape(normalize("NFC", "\n".join(texts)), bold=bold)
        return "\n".join(pieces(said, LONGEST_TURNED)) if turned else said

    def _type(self, look: Look) -> None:
        self.pdf.set_font(FONT, "B" if look.bold else "", look.size)
        self.pdf.set_text_color(look.ink)

    def _picture(self, block: Block) -> None:
        png = self._png(block.text)
        size = size_of(png)
        if size is None:
            return
        wide = min(WIDEST_PICTURE, HIGHEST_PICTURE * size[0] / size[1])
        high = wide * size[1] / size[0]
        self._keep(high + 2)
        self.pdf.ln(2)
        self.pdf.image(BytesIO(png), MARGIN, self.pdf.get_y(), wide, high, alt_text=with_shape(block.alt))
        self.pdf.set_y(self.pdf.get_y() + high + 2)

    def _png(self, address: str) -> bytes:
        """A picture's file: a chart, or one that stands in the page itself. None is fetched from anywhere."""
        number = address.removeprefix(CHART)
        if address != number and number.isdecimal() and int(number[:4]) < len(self.paper.charts):
            from cards.chart_draw import draw  # noqa: PLC0415 (a second and 40 MB, for those who look at charts)

            return draw(self.paper.charts[int(number[:4])])
        try:
            return base64.b64decode(address.removeprefix(_PNG), validate=True) if _PNG in address else b""
        except binascii.Error:
            return b""

    def _table(self, block: Block) -> None:
        if not block.rows:
            return
        self.pdf.ln(2)
        self._type(LOOKS[Sort.LINE])
        heading = FontFace(emphasis="BOLD", color=0)
        with self.pdf.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES, headings_style=heading, text_align="LEFT",
            col_widths=_widths(block.rows), v_align="TOP", padding=1,
            line_height=LOOKS[Sort.LINE].size * LEADING,
        ) as table:  # fmt: skip
            for cells in block.rows:
                row = table.row()
                for cell in cells:
                    row.cell(self._shaped(cell), align="RIGHT" if _from_right(cell) else "LEFT")
            self._shaped(*(cell for cells in block.rows for cell in cells))  # they are drawn all at once

    def _rule(self, _: Block) -> None:
        self.pdf.ln(3)
        at = self.pdf.get_y()
        self.pdf.set_draw_color(120)
        self.pdf.line(MARGIN, at, MARGIN + self.pdf.epw, at)
        self.pdf.ln(2)

    def _own_page(self, _: Block) -> None:
        if not self._at_top():
            self.pdf.add_page()

    def _keep(self, high: float) -> None:
        """Begins a new page if so many millimetres are not left on this one."""
        if self.pdf.will_page_break(high) and not self._at_top():
            self.pdf.add_page()

    def _at_top(self) -> bool:
        return self.pdf.get_y() <= MARGIN + 0.1

    def _feet(self) -> None:
        """What stands at the foot of every page, now that it is known how many there are."""
        pages = self.pdf.page
        self.pdf.set_auto_page_break(False)
        for number in range(1, pages + 1):
            self.pdf.page = number
            self._type(QUIET)  # another size first: what is the same as before is not written again
            self._type(FOOT)
            self.pdf.set_xy(MARGIN, -BOTTOM + 6)
            foot = self._shaped(f"{on_one_line(self.paper.title)} · page {number} of {pages}")
            self.pdf.cell(self.pdf.epw, 5, foot)


def _from_right(text: str) -> bool:
    """Whether the first letter that has a direction is read from the right."""
    found = (bidirectional(each) for each in text)
    return next((each != "L" for each in found if each in ("L", "R", "AL")), False)


def _widths(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """How wide the columns are beside each other: by the longest text, within bounds."""
    return tuple(min(max(max(len(cell) for cell in column), 10), 40) for column in zip(*rows, strict=True))
