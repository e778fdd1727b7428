"""Charts as pictures: of a phone's width, the same every time, readable without colour, whatever is drawn."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from PIL import Image as Picture

from cards.card import Image
from cards.chart import Chart, Mark, Series
from cards.chart_draw import draw
from cards.chart_panel import GREYS, INK, LIMIT, LINE_INK, PAPER, QUIET
from cards.chart_type import wrapped
from cards.picture import file_of, size_of
from tests.cards.drawn import FUNCTION, MOOD, PAIN, START, WHOLE, charts, points

HOSTILE = "$\\frac{1}{0}$ <b>&amp; \u202e \n " + "W" * 300 + " 痛み 🙂 العربية %s {}"
LOADED = """import sys, bot.__main__, handlers.menu
print(sorted({'matplotlib', 'numpy', 'PIL'} & set(sys.modules)))"""


def opened(chart: Chart) -> Picture.Image:
    return Picture.open(BytesIO(draw(chart)))


def luminance(colour: tuple[int, ...]) -> float:
    parts = (part / 255 for part in colour[:3])
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    rgb = (tuple(int(each[at : at + 2], 16) for at in (1, 3, 5)) for each in (one, other))
    darker, lighter = sorted(map(luminance, rgb))
    return (lighter + 0.05) / (darker + 0.05)


def test_a_picture_is_as_wide_as_a_phone_and_grows_with_its_panels() -> None:
    sizes = [opened(Chart("P-7K3K", (PAIN,) * count)).size for count in (1, 2, 3, 4)]
    assert [wide for wide, _ in sizes] == [1080] * 4
    steps = {later[1] - earlier[1] for earlier, later in pairwise(sizes)}
    assert all(700 < step < 900 for step in steps)
    assert size_of(draw(WHOLE)) == opened(WHOLE).size


def test_a_picture_is_small_enough_for_a_phone_on_the_road() -> None:
    assert len(draw(Chart("P-7K3K", (PAIN, MOOD, FUNCTION, PAIN)))) < 150_000


def test_the_same_chart_is_the_same_file_and_another_is_not() -> None:
    first = draw(WHOLE)
    draw.cache_clear()
    assert hashlib.sha256(draw(WHOLE)).digest() == hashlib.sha256(first).digest()
    assert draw(replace(WHOLE, series=(PAIN, FUNCTION, MOOD))) != first
    assert b"matplotlib" not in first.lower(), "nothing is in the file but the picture"


def test_it_is_not_blank_and_every_part_of_it_is_there_in_grey() -> None:
    grey = opened(WHOLE).convert("L")
    counts = grey.histogram()
    dark, light = sum(counts[:100]), sum(counts[230:])
    assert dark > 20_000
    assert light > 10 * dark
    shades = {int(GREYS[at][1:3], 16) for at in range(5)}
    for shade in shades - {255}:
        assert sum(counts[shade - 3 : shade + 4]) > 10_000, "each band has a shade of its own"


def test_it_can_be_read_without_colour() -> None:
    assert min(contrast(ink, ground) for ink in (INK, QUIET) for ground in (*GREYS, PAPER)) >= 4.5
    assert min(contrast(line, ground) for line in (LINE_INK, LIMIT) for ground in (*GREYS, PAPER)) >= 3
    assert all(contrast(a, b) >= 1.1 for a, b in pairwise(GREYS))


@pytest.mark.parametrize("series", [PAIN, MOOD, FUNCTION], ids=["pain", "mood", "function"])
def test_entries_limits_and_marks_each_change_the_picture(series: Series) -> None:
    whole = Chart("P-7K3K", (series,), (Mark(START + timedelta(days=20), "x"),))
    others = [
        replace(whole, marks=()),
        replace(whole, series=(replace(series, baseline=None),)),
        replace(whole, series=(replace(series, points=series.points[:-1]),)),
        replace(whole, series=(replace(series, limits=(), bands=()),)),
        replace(whole, title="P-2222"),
    ]
    assert len({draw(each) for each in (whole, *others)}) == 6


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@example(Chart(HOSTILE, (Series(HOSTILE, 0, 10, points((0, 5)), change=HOSTILE),), (Mark(START, HOSTILE),)))
@example(Chart("P-7K3K", (Series("equal times", 0, 10, points((0, 5), (0, 9), (0, 1))),)))
@example(Chart("P-7K3K", (Series("a gap", 0, 10, points((0, 5), (1, 6), (9_000, 1))),)))
@example(Chart("P-7K3K", (Series("hours", 0, 10, points((0, 5), (0.2, 6))),)))
@example(Chart("P-7K3K", (Series("one value", 0, 0, points((0, 0), (5, 0))),)))
@example(Chart("P-7K3K", (Series("far outside", 0, 5_000, points((0, 2_000), (5, 0))),)))
@given(charts)
def test_whatever_is_drawn_there_is_a_picture(chart: Chart) -> None:
    wide, high = opened(chart).size
    assert wide == 1080
    assert 600 < high < 5_000


def test_lines_are_never_wider_than_they_may_be() -> None:
    assert wrapped("", 5, 12) == []
    assert wrapped("short", 5, 12) == ["short"]
    lines = wrapped(HOSTILE, 5, 12)
    assert len(lines) <= 2
    assert lines[-1].endswith("…")
    assert "痛" not in "".join(lines)


def test_a_picture_that_is_a_file_stays_that_file() -> None:
    assert file_of(Image(b"png", "up")) == b"png"
    assert file_of(Image(b"", "up", chart=WHOLE)) == draw(WHOLE)
    assert size_of(b"png") is None


def test_nothing_of_it_is_loaded_before_the_first_picture() -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
