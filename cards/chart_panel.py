"""One panel of a chart: an instrument's entries over time, with its bands, limits and what happened."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cards.chart import Band, Chart, Series, day, number
from cards.chart_type import PLAIN, SMALL, font, wrapped

WIDE, HIGH = 4.65, 2.3
"""Of a panel, in inches."""
INK, QUIET, LINE_INK, PAPER, LIMIT = "#111111", "#3d3d3d", "#0b3d6b", "#ffffff", "#7a3300"
GREYS = ("#ffffff", "#eeeeee", "#dddddd", "#cccccc", "#bbbbbb", "#aeaeae")
"""From the best band to the worst; far enough apart to stay apart in a picture of few colours."""
SECONDS_A_DAY = 86_400
FEW_DAYS = 2
MOST_TICKS = 4


def draw_panel(axes: Axes, series: Series, chart: Chart) -> None:
    """Draws a series into its panel."""
    times = _times(chart)
    low, high = _range(series)
    axes.set_xlim(*times)
    axes.set_ylim(low, high)
    _bands(axes, series, low, high)
    for limit in series.limits:
        if low <= limit.value <= high:
            axes.axhline(limit.value, color=LIMIT, linewidth=2, linestyle=(0, (5, 3)), zorder=3)
    for letter, mark in chart.lettered:
        when = _days(mark.at, chart.zone)
        if times[0] <= when <= times[1]:
            axes.axvline(when, color=QUIET, linewidth=1.6, linestyle=(0, (1, 2)), zorder=2)
            axes.annotate(
                letter, (when, high), xytext=(0, 3), textcoords="offset points", ha="center", va="bottom",
                fontproperties=font(SMALL, True), color=PAPER, annotation_clip=False,
                bbox={"boxstyle": "round,pad=0.18", "facecolor": INK, "edgecolor": "none"},
            )  # fmt: skip
    _entries(axes, series, chart.zone)
    _ticks(axes, chart)
    axes.tick_params(length=4, width=1, color=QUIET, labelcolor=INK)
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    for label in axes.get_yticklabels():
        label.set_fontproperties(font(SMALL))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _entries(axes: Axes, series: Series, zone: str) -> None:
    when = [_days(point.at, zone) for point in series.points]
    values = [point.value for point in series.points]
    axes.plot(
        when, values, color=LINE_INK, linewidth=2.6, marker="o", markersize=8, markeredgecolor=PAPER,
        markeredgewidth=1.2, zorder=5, clip_on=False,
    )  # fmt: skip
    named = {0, len(values) - 1}
    if series.baseline in series.points:
        at = series.points.index(series.baseline)
        named.add(at)
        axes.plot(
            when[at], values[at], color=INK, marker="s", markersize=11, markeredgecolor=PAPER,
            markeredgewidth=1.4, zorder=6, clip_on=False,
        )  # fmt: skip
    low, high = axes.get_ylim()
    for at in sorted(named):
        above = values[at] < low + 0.75 * (high - low)
        axes.annotate(
            number(values[at]), (when[at], values[at]), xytext=(0, 9 if above else -9),
            textcoords="offset points", ha="center", va="bottom" if above else "top",
            fontproperties=font(PLAIN, True), color=INK, zorder=8, parse_math=False,
            bbox={"boxstyle": "round,pad=0.1", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.85},
        )  # fmt: skip


def _bands(axes: Axes, series: Series, low: float, high: float) -> None:
    """Greys between the bands' bounds, the worst the darkest; each with its name."""
    bands = sorted(series.bands, key=lambda each: each.low)
    if len(bands) < 2:
        return
    bounds = [low, *((a.high + b.low) / 2 for a, b in pairwise(bands)), high]
    for at, band in enumerate(bands):
        bottom, top = max(bounds[at], low), min(bounds[at + 1], high)
        if bottom >= top:
            continue
        ground = _grey(at, bands, series.higher_is_worse)
        axes.axhspan(bottom, top, color=ground, linewidth=0, zorder=0)
        if at:
            axes.axhline(bottom, color="#8a8a8a", linewidth=0.8, zorder=1)
        if (top - bottom) / (high - low) * HIGH * 72 > SMALL:
            _name(axes, series, band.label, (top + bottom) / 2, ground)


def _grey(at: int, bands: Sequence[Band], higher_is_worse: bool) -> str:
    badness = at if higher_is_worse else len(bands) - 1 - at
    return GREYS[min(badness * max(1, (len(GREYS) - 1) // (len(bands) - 1)), len(GREYS) - 1)]


def _name(axes: Axes, series: Series, label: str, height: float, ground: str) -> None:
    """A band's name at its height, at that side of the panel where the entries are further away."""
    first, last = (abs(point.value - height) for point in (series.points[0], series.points[-1]))
    at, side = (0.015, "left") if first >= last else (0.985, "right")
    for line in wrapped(label, WIDE * 0.6, SMALL)[:1]:
        axes.text(
            at, height, line, transform=axes.get_yaxis_transform(), ha=side, va="center",
            fontproperties=font(SMALL), color=QUIET, zorder=4, parse_math=False,
            bbox={"boxstyle": "square,pad=0.05", "facecolor": ground, "edgecolor": "none"},
        )  # fmt: skip


def _range(series: Series) -> tuple[float, float]:
    """From where to where the scores are drawn: all of a scale from 0 to 100 at most, else what is used."""
    values = [*(point.value for point in series.points), *(limit.value for limit in series.limits)]
    low, high = min(series.low, *values), max(series.high, *values)
    if series.low > 0 or high - low > 100:
        bounds = [bound for band in series.bands for bound in (band.low, band.high) if low < bound < high]
        low = low if series.low <= 0 else min(*values, *bounds)
        high = max(*values, *bounds)
    pad = 0.09 * (high - low) or 1.0
    return low - pad, high + pad


def _times(chart: Chart) -> tuple[float, float]:
    """The first and the last day of the picture, with room beside them."""
    entries = [_days(point.at, chart.zone) for series in chart.series for point in series.points]
    marks = [_days(mark.at, chart.zone) for mark in chart.marks]
    first, last = min(entries), max([*entries, *marks])
    beside = 0.09 * (last - first) or 1.0
    return first - beside, last + beside


def _ticks(axes: Axes, chart: Chart) -> None:
    """Dates below the panel: few enough to be read on a phone, the year where it is new."""
    entries = [point.at for series in chart.series for point in series.points]
    first, last = min(entries), max([*entries, *(mark.at for mark in chart.marks)])
    span = (last - first).total_seconds()
    steps = MOST_TICKS - 1 if span > FEW_DAYS * SECONDS_A_DAY else 1 if span else 0
    moments = [first + (last - first) * step / max(steps, 1) for step in range(steps + 1)]
    labels: list[str] = []
    year = 0
    for moment in moments:
        local = moment.astimezone(ZoneInfo(chart.zone))
        words = day(moment, chart.zone).rsplit(" ", 1)
        clock = f"\n{local:%H:%M}" if 0 < span <= FEW_DAYS * SECONDS_A_DAY else ""
        labels.append(words[0] + (f"\n{words[1]}" if local.year != year and not clock else "") + clock)
        year = local.year
    axes.set_xticks([_days(moment, chart.zone) for moment in moments], labels)
    for label in axes.get_xticklabels():
        label.set_fontproperties(font(SMALL))


def _days(at: datetime, zone: str) -> float:
    """Days since 1970 in local time."""
    local = at.astimezone(ZoneInfo(zone))
    offset = local.utcoffset()
    return (at.timestamp() + (offset.total_seconds() if offset else 0)) / SECONDS_A_DAY
