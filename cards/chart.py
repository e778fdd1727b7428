"""A person's measures over time, as data and in words. `cards.chart_draw` makes the picture of it."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import isfinite
from string import ascii_uppercase
from typing import Any
from zoneinfo import ZoneInfo

from cards.letters import on_one_line

MOST_PANELS = 4
MOST_MARKS = 8
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Point:
    """One entry: when it was taken (aware), and its score."""

    at: datetime
    value: float

    def __post_init__(self) -> None:
        if self.at.tzinfo is None or not isfinite(self.value):
            raise ValueError("an entry needs an aware datetime and a number")


@dataclass(frozen=True)
class Band:
    """A range of scores, and what it is called."""

    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Limit:
    """A score that matters: where an improvement begins to count."""

    value: float
    label: str


@dataclass(frozen=True)
class Mark:
    """Something that happened, to be seen beside the scores."""

    at: datetime
    label: str


@dataclass(frozen=True)
class Series:
    """One instrument's entries, the oldest first; `low` and `high` are what its score can be.

    `baseline` is the entry that changes count from; `change` says the change since then in words.
    """

    name: str
    low: float
    high: float
    points: tuple[Point, ...]
    higher_is_worse: bool = True
    bands: tuple[Band, ...] = ()
    limits: tuple[Limit, ...] = ()
    baseline: Point | None = None
    change: str = ""

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("a series needs an entry")
        if any(later.at < earlier.at for earlier, later in pairwise(self.points)):
            raise ValueError("a series goes from the oldest entry to the newest")


@dataclass(frozen=True)
class Chart:
    """Up to four series over the same time, and what happened then. Dates are those of `zone` (IANA).

    `title` names the patient by code alone.
    """

    title: str
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_PANELS or len(self.marks) > MOST_MARKS:
            raise ValueError(f"a chart has 1 to {MOST_PANELS} series and at most {MOST_MARKS} marks")

    @property
    def lettered(self) -> tuple[tuple[str, Mark], ...]:
        """What happened, in order, each with the letter that stands for it in the picture."""
        return tuple(zip(ascii_uppercase, sorted(self.marks, key=lambda each: each.at), strict=False))

    @property
    def alt(self) -> str:
        """The picture in words, for who can't see it: entries, first, last, change, what happened."""
        said = [f"{on_one_line(self.title)}."]
        said += [_series_words(each, self.zone) for each in self.series]
        said += [
            f"{letter}: {on_one_line(mark.label)}, {day(mark.at, self.zone)}."
            for letter, mark in self.lettered
        ]
        return " ".join(said)


def day(at: datetime, zone: str) -> str:
    """A date as the picture and its words say it: "3 Mar 2031"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def number(value: float) -> str:
    """A score with no more digits than it needs, at most two."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def way(series: Series) -> str:
    """The range of a series and its good end, in words."""
    more = "more is worse" if series.higher_is_worse else "more is better"
    return f"{number(series.low)} to {number(series.high)}, {more}"


def _series_words(series: Series, zone: str) -> str:
    first, last, baseline = series.points[0], series.points[-1], series.baseline
    says = f"{on_one_line(series.name)} ({way(series)}): "
    says += f"{len(series.points)} entries, first " if len(series.points) > 1 else "one entry, "
    says += f"{number(first.value)} on {day(first.at, zone)}"
    if len(series.points) > 1:
        says += f", last {number(last.value)} on {day(last.at, zone)}"
    if baseline is not None and baseline != first:
        says += f"; the baseline is {number(baseline.value)} on {day(baseline.at, zone)}"
    says += f"; {on_one_line(series.change)}." if series.change else "."
    for limit in series.limits:
        says += f" The line of {on_one_line(limit.label)} is at {number(limit.value)}."
    return says


def record_of(chart: Chart) -> dict[str, Any]:
    """The chart as JSON can hold it: times in UTC."""
    return _in_json(asdict(chart))  # type: ignore[no-any-return]


def chart_of(record: dict[str, Any]) -> Chart:
    """The chart that `record_of` wrote. Raises KeyError, TypeError or ValueError if it is not one."""
    return Chart(
        record["title"],
        tuple(_series(each) for each in record["series"]),
        tuple(Mark(_time(each["at"]), each["label"]) for each in record["marks"]),
        record["zone"],
    )


def _in_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {name: _in_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_in_json(each) for each in value]
    return value


def _series(record: dict[str, Any]) -> Series:
    made = {
        "points": tuple(_point(each) for each in record["points"]),
        "bands": tuple(Band(**each) for each in record["bands"]),
        "limits": tuple(Limit(**each) for each in record["limits"]),
        "baseline": _point(record["baseline"]) if record["baseline"] else None,
    }
    return Series(**{**record, **made})


def _point(record: dict[str, Any]) -> Point:
    return Point(_time(record["at"]), record["value"])


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
