"""A chart as a picture for a phone: 1080 points wide, which a screen shows at about a third of that.

Nothing is told by colour alone: entries are dots, the baseline is a square, limits are dashed and events
dotted lines, bands are greys with their names in them. matplotlib is used through its objects only, in one
thread at a time, and no text is read as mathematics. It is loaded with the first picture: `cards.picture`.
"""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from threading import Lock

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image as Picture

from cards.chart import Chart, Series, day, number, way
from cards.chart_panel import HIGH, INK, PAPER, WIDE, draw_panel
from cards.chart_type import BIG, PLAIN, SMALL, font, wrapped

WIDTH, DPI = 5.4, 200
"""Inches, and points an inch. On a phone 390 points wide, type of 12 is as large as 12 there."""
LEFT, RIGHT, TOP = WIDTH - WIDE - 0.2, 0.2, 0.15
BELOW_PANEL = 0.68
LINE, OVER_PANEL = 0.26, 1.1
COLOURS = 256

_one_at_a_time = Lock()


@lru_cache(maxsize=16)
def draw(chart: Chart) -> bytes:
    """The chart as a PNG file: the same bytes for the same chart. Takes some tenths of a second."""
    with _one_at_a_time:
        return _png(chart)


def _png(chart: Chart) -> bytes:
    room = WIDTH - 2 * RIGHT
    title = wrapped(chart.title, room, BIG, bold=True)
    heads = [_head(series, room) for series in chart.series]
    key = [*_key(chart, room), ""]
    height = TOP + LINE * 1.4 * len(title) + 0.1 + LINE * len(key)
    height += sum(LINE * (len(head) + OVER_PANEL) + HIGH + BELOW_PANEL for head in heads)
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=PAPER)
    canvas = FigureCanvasAgg(figure)
    at = height - TOP
    at = _lines(figure, at, ((line, BIG, True) for line in title), 1.4) - 0.1
    for series, head in zip(chart.series, heads, strict=True):
        at = _lines(figure, at, head) - OVER_PANEL * LINE - HIGH
        panel = figure.add_axes((LEFT / WIDTH, at / height, WIDE / WIDTH, HIGH / height), facecolor=PAPER)
        draw_panel(panel, series, chart)
        at -= BELOW_PANEL
    _lines(figure, at, ((line, SMALL, False) for line in key))
    canvas.draw()  # type: ignore[no-untyped-call]
    file = _file_of(canvas)
    # A picture's buffers are 15 MB and part of a circle: freed by hand, as the collector counts objects only.
    del canvas.renderer, figure, canvas
    return file


def _file_of(canvas: FigureCanvasAgg) -> bytes:
    """What was drawn, in few colours: a third of the size, and nothing in it but the picture."""
    drawn = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    whole = Picture.fromarray(drawn[..., :3])
    few = whole.quantize(COLOURS, Picture.Quantize.FASTOCTREE, dither=Picture.Dither.NONE)
    file = BytesIO()
    few.save(file, "PNG")
    return file.getvalue()


def _head(series: Series, room: float) -> list[tuple[str, float, bool]]:
    """What stands above a panel: the instrument, which way is better, the change since the baseline."""
    name = [(line, PLAIN, True) for line in wrapped(series.name, room, PLAIN, bold=True)]
    says = [way(series), *(f"dashed line: {each.label} ({number(each.value)})" for each in series.limits)]
    says = ["; ".join(says), series.change[:1].upper() + series.change[1:]]
    return [*name, *((line, SMALL, False) for text in says for line in wrapped(text, room, SMALL))]


def _key(chart: Chart, room: float) -> list[str]:
    """What the signs mean, and what happened when."""
    says = ["● entry,  ■ baseline: changes count from there"]
    says += [f"{letter}: {day(mark.at, chart.zone)}, {mark.label}" for letter, mark in chart.lettered]
    return [line for text in says for line in wrapped(text, room, SMALL)]


def _lines(figure: Figure, at: float, lines: Iterable[tuple[str, float, bool]], apart: float = 1.0) -> float:
    """Writes lines downwards from `at` inches; where the next one would begin."""
    width, height = figure.get_size_inches()
    for text, size, bold in lines:
        figure.text(
            RIGHT / width, at / height, text, fontproperties=font(size, bold), color=INK, va="top",
            ha="left", parse_math=False,
        )  # fmt: skip
        at -= LINE * apart
    return at
