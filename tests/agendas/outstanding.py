"""Outstanding issues for tests: a few written out, and many drawn."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from agendas.agenda import Sitting, Slot
from agendas.rank import Expected
from agendas.wish import Ask, Wish
from pathway.issue import Issue, Kind, Why

NOW = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
"""When the conference starts."""

CODES = ("P-2222", "P-3333", "P-4444", "P-5555", "P-6666", "P-7777", "P-8888")
EVERY_WEEK = tuple(Slot(NOW + timedelta(weeks=week), 60) for week in range(1, 5))


def issue(patient: str, kind: Kind, weeks: float = 0, source: str = "X-1", **more: object) -> Issue:
    """An issue that began so many weeks before the conference."""
    since = NOW - timedelta(weeks=weeks)
    told: dict[str, object] = {"why": Why("A rule", "its value", since), **more}
    return Issue(patient=patient, kind=kind, source=source, since=since, **told)  # type: ignore[arg-type]


def sitting(minutes: int = 60, *there: str, later: Sequence[Slot] = EVERY_WEEK) -> Sitting:
    """The conference, with somebody of each of these disciplines expected."""
    expected = tuple(Expected(f"m-{each}", each) for each in there)
    return Sitting(Slot(NOW, minutes), expected, tuple(later))


def wish(ask: Ask, patient: str, days: float = 1, **more: object) -> Wish:
    """A wish of the lead, so many days before the conference."""
    return Wish(at=NOW - timedelta(days=days), ask=ask, patient=patient, by="lea", **more)  # type: ignore[arg-type]


@st.composite
def drawn_issues(draw: st.DrawFn, most: int = 14, private: bool = True) -> list[Issue]:
    """Some issues of a few patients, some of them twice."""
    severities = st.sampled_from(["", "routine", "soon", "urgent", "emergency", "gone"])
    one = st.builds(
        issue,
        st.sampled_from(CODES),
        st.sampled_from(Kind),
        st.integers(0, 30),
        st.sampled_from(["X-1", "X-2"]),
        severity=severities,
        question=st.sampled_from(["", "", "What about sleep?"]),
        private=st.booleans() if private else st.just(False),
    )
    return draw(st.lists(one, max_size=most))


@st.composite
def drawn_wishes(draw: st.DrawFn) -> list[Wish]:
    """Some wishes of the lead."""
    one = st.builds(
        wish,
        st.sampled_from(Ask),
        st.sampled_from(CODES),
        st.integers(0, 9),
        place=st.integers(1, 6),
        minutes=st.integers(1, 40),
        until=st.integers(-1, 5).map(lambda weeks: NOW + timedelta(weeks=weeks)),
        text=st.sampled_from(["What next?", "Waits for the scan"]),
    )
    return draw(st.lists(one, max_size=8))
