"""The letters of a chart: one font on every machine, and lines that are as wide as they are said to be."""

from bisect import bisect_right
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, get_font

from cards.letters import on_one_line

BIG, PLAIN, SMALL = 16.0, 13.0, 12.0
MISSING = "\N{WHITE SQUARE}"
LONGEST = 200
"""Characters that are looked at: far more than two lines hold, and no work for what nobody will read."""


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than `room` inches, two at most; [] for a blank one."""
    wide = room * 72
    lines: list[str] = []
    line = ""
    whole = with_shape(on_one_line(text[: LONGEST + 1]))
    for word in whole[:LONGEST].split():
        together = f"{line} {word}" if line else word
        if _width(together, size, bold) <= wide:
            line = together
            continue
        lines += [line] if line else []
        line = word
    lines += [line] if line else []
    if len(whole) > LONGEST and lines:
        lines[-1] += "…"
    if len(lines) > 2 or any(_width(each, size, bold) > wide for each in lines):
        lines = [_cut(each, wide, size, bold) for each in [*lines[:1], " ".join(lines[1:])] if each]
    return lines


def _cut(line: str, wide: float, size: float, bold: bool) -> str:
    if _width(line, size, bold) <= wide:
        return line
    fits = bisect_right(range(len(line)), wide, key=lambda end: _width(f"{line[:end]}…", size, bold))
    return f"{line[: max(fits - 1, 0)]}…"


def _width(text: str, size: float, bold: bool) -> float:
    """In typographic points."""
    letters = get_font(str(file_of_font(bold)))
    letters.set_size(size, 72)
    letters.set_text(text)
    return float(letters.get_width_height()[0]) / 64


def with_shape(text: str, *, bold: bool = False) -> str:
    """The text with a sign in place of every letter that the font does not have."""
    known = _letters(bold)
    return "".join(each if each == "\n" or ord(each) in known else MISSING for each in text)


@cache
def _letters(bold: bool) -> frozenset[int]:
    return frozenset(get_font(str(file_of_font(bold))).get_charmap())


@cache
def file_of_font(bold: bool) -> Path:
    """The font that comes with matplotlib, so that a picture is the same on every machine."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


@cache
def font(size: float, bold: bool = False) -> FontProperties:
    """The font of a picture."""
    return FontProperties(fname=str(file_of_font(bold)), size=size)
