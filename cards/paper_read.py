"""The HTML of a paper as blocks in order: what a PDF is drawn of. Of tags not known here the text is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from html.parser import HTMLParser


class Sort(StrEnum):
    """What a block is."""

    TITLE = "h1"
    HEADING = "h2"
    SMALL_HEADING = "h3"
    PARAGRAPH = "p"
    QUOTE = "blockquote"
    LINE = "li"
    LABEL = "dt"
    VALUE = "dd"
    PICTURE = "img"
    TABLE = "table"
    RULE = "hr"
    PAGE = "page"
    """What follows begins a page of its own."""


@dataclass(frozen=True)
class Block:
    """One block. `text` of a picture is its address; `kinds` are the classes of its tag."""

    sort: Sort
    text: str = ""
    kinds: frozenset[str] = frozenset()
    rows: tuple[tuple[str, ...], ...] = ()
    alt: str = ""


_TEXTS = {each.value: each for each in Sort if each not in (Sort.PICTURE, Sort.TABLE, Sort.RULE, Sort.PAGE)}
_WRAPS = frozenset(
    {"html", "body", "main", "header", "footer", "section", "article", "div", "ul", "ol", "dl", "figure"}
)
_SILENT = frozenset({"head", "style", "script", "title", "template"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
_CELLS = frozenset({"td", "th"})
OWN_PAGE = "own-page"
"""The class of what is printed on a page of its own."""


def blocks(html: str) -> tuple[Block, ...]:
    """The blocks of a page, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    return tuple(reader.found)


@dataclass
class _Reader(HTMLParser):
    """Reads a page once."""

    found: list[Block] = field(default_factory=list)
    sort: Sort = Sort.PARAGRAPH
    kinds: frozenset[str] = frozenset()
    text: list[str] = field(default_factory=list)
    rows: list[list[str]] | None = None
    silent: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        kinds = frozenset(said.get("class", "").split())
        if tag in _SILENT:
            self.silent += 1
        elif tag == "br":
            self.text.append("\n")
        elif tag in _CELLS and self.rows:
            self.text.clear()
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif self.rows is None:
            self._block(tag, said, kinds)

    def _block(self, tag: str, said: dict[str, str], kinds: frozenset[str]) -> None:
        if tag in _TEXTS or tag in _WRAPS or tag in ("img", "hr", "table"):
            self.end()
        if OWN_PAGE in kinds:
            self.found.append(Block(Sort.PAGE))
        if tag in _TEXTS:
            self.sort, self.kinds = _TEXTS[tag], kinds
        elif tag == "img":
            self.found.append(Block(Sort.PICTURE, said.get("src", ""), kinds, alt=said.get("alt", "")))
        elif tag == "hr":
            self.found.append(Block(Sort.RULE))
        elif tag == "table":
            self.rows = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag in _CELLS and self.rows:
            self.rows[-1].append(_said(self.text))
            self.text.clear()
        elif tag == "table" and self.rows is not None:
            self.found.append(Block(Sort.TABLE, rows=_even(self.rows)))
            self.rows = None
            self.text.clear()
        elif self.rows is None and (tag in _TEXTS or tag in _WRAPS):
            self.end()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(_SPACES.sub(" ", data))  # in a source, a line break is a space

    def end(self) -> None:
        """What was read so far is a block, if there is anything in it."""
        said = _said(self.text)
        if said:
            self.found.append(Block(self.sort, said, self.kinds))
        self.text.clear()
        self.sort, self.kinds = Sort.PARAGRAPH, frozenset()


def _said(text: list[str]) -> str:
    """What was read, with single spaces, and with line breaks where the page has them."""
    lines = "".join(text).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _even(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    """Rows of one length; empty ones are left out."""
    wide = max((len(row) for row in rows), default=0)
    return tuple((*row, *[""] * (wide - len(row))) for row in rows if row)
