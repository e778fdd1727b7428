"""Charts for tests: one of every kind of panel, and odd ones that hypothesis thinks of."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st

from cards.chart import Band, Chart, Limit, Mark, Point, Series
from tests.cards.written import written

START = datetime(2031, 3, 3, 10, tzinfo=UTC)


def points(*entries: tuple[float, float]) -> tuple[Point, ...]:
    """Entries by days since the start."""
    return tuple(Point(START + timedelta(days=days), value) for days, value in entries)


PAIN = Series(
    "NRS: Pain intensity, 0 to 10", 0, 10, points((0, 8), (28, 7), (61, 6), (90, 5)),
    limits=(Limit(5.6, "30 % better"),), baseline=points((0, 8))[0],
    change="improved by 37 % (8 to 5), at least moderate by IMMPACT",
)  # fmt: skip
MOOD = Series(
    "PHQ-9: depression", 0, 27, points((0, 19), (30, 17), (61, 12), (90, 8)),
    bands=(Band(0, 4, "minimal"), Band(5, 9, "mild"), Band(10, 14, "moderate"),
           Band(15, 19, "moderately severe"), Band(20, 27, "severe")),
    limits=(Limit(15.2, "20 % better"),), baseline=points((0, 19))[0], change="improved by 57 % (19 to 8)",
)  # fmt: skip
FUNCTION = Series(
    "PROMIS-PF: PROMIS physical function", 10, 90, points((0, 38), (61, 41), (90, 46)), False,
    (Band(10, 30, "severe"), Band(30, 40, "moderate"), Band(40, 45, "mild"),
     Band(45, 90, "within normal limits")),
    baseline=points((0, 38))[0], change="improved by 8 (38 to 46)",
)  # fmt: skip
MARKS = (
    Mark(START + timedelta(days=75), "Physiotherapist took over (H-4)"),
    Mark(START + timedelta(days=10), "Psychologist took over (H-1)"),
)
WHOLE = Chart("P-7K3K", (PAIN, MOOD, FUNCTION), MARKS, "Europe/London")

_moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_values = st.floats(0, 100, allow_subnormal=False)
_entries = st.lists(st.builds(Point, _moments, _values), min_size=1, max_size=12)


@st.composite
def series(draw: st.DrawFn) -> Series:
    """A series with any entries, at equal times too, and any words."""
    entries = sorted(draw(_entries), key=lambda each: each.at)
    bounds = sorted(draw(st.lists(_values, min_size=2, max_size=6)))
    bands = tuple(Band(low, high, draw(written)) for low, high in pairwise(bounds))
    return Series(
        draw(written), draw(st.sampled_from([0.0, 10.0])), 100.0, tuple(entries), draw(st.booleans()), bands,
        tuple(draw(st.lists(st.builds(Limit, _values, written), max_size=2))),
        draw(st.none() | st.sampled_from(entries)), draw(written),
    )  # fmt: skip


charts = st.builds(
    Chart,
    written,
    st.lists(series(), min_size=1, max_size=4).map(tuple),
    st.lists(st.builds(Mark, _moments, written), max_size=8).map(tuple),
    st.sampled_from(["UTC", "Europe/London", "Pacific/Kiritimati"]),
)
