"""What an instrument is: items and range, how it is scored, its bands, what is known of a change."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pathway.measure import Measure

Answers = Sequence[float | None]
"""The values of an instrument's items in their order; None for one that was left out."""


class Scoring(StrEnum):
    """How the answers make the score."""

    SUM = "sum"
    MEAN = "mean"
    PERCENT = "percent"
    COUNT = "count"
    TOTAL = "total"
    """Only the total can be entered: it comes from a table or a form that Baton does not have."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Item(_Part):
    """One item. `options` are the words for its values, from `low` on; `text` only where it may be shown.

    `sums` makes it a subscale: it is not asked, but added up from these items where all are answered.
    """

    id: str
    low: float
    high: float
    text: str = ""
    loinc: str = ""
    options: tuple[str, ...] = ()
    reversed: bool = False
    sums: tuple[str, ...] = ()

    @property
    def yes_no(self) -> bool:
        """Whether it is answered by yes (1) or no (0)."""
        return (self.low, self.high) == (0, 1)


class Band(_Part):
    """A range of scores and what it is called. Where more is worse a score belongs to the last band whose
    `low` it reaches; where more is better, to the first whose `high` it does not exceed.
    """

    low: float
    high: float
    label: str


class ChangeRef(_Part):
    """What is known of changes, in points or percent of the baseline; None where nothing is.

    `points` and `percent`: from here on a change usually matters to people (minimal important change).
    `detectable`: less may be chance in one person. `response`: percent called a response. `immpact`: the
    percentages of IMMPACT for pain intensity (10 minimal, 30 moderate, 50 substantial) apply.
    """

    points: float | None = None
    percent: float | None = None
    detectable: float | None = None
    response: float | None = None
    immpact: bool = False
    note: str = ""


class Instrument(_Part):
    """One instrument. `low` and `high` bound its score; `missing` items may be left out, never `needed` ones.

    `licence` TEXT lets the item texts be shown, SCORE only values be entered, OWN is Baton's own list.
    `ratio`: a percentage of the baseline says something. `ordered` is False where values are mere names.
    `private` ones are shown in direct messages only, `owner_only` ones there to who entered them alone.
    `triage` is False where nothing may follow from a score by itself. `source`: where its numbers are from.
    """

    code: str
    name: str
    domain: str
    scoring: Scoring
    low: float
    high: float
    items: tuple[Item, ...] = ()
    missing: int = 0
    missing_rule: Literal["", "mean of answered", "leave out"] = ""
    needed: tuple[str, ...] = ()
    higher_is_worse: bool = True
    ordered: bool = True
    ratio: bool = True
    private: bool = False
    owner_only: bool = False
    triage: bool = True
    bands: tuple[Band, ...] = ()
    bands_note: str = ""
    change: ChangeRef = ChangeRef()
    stem: str = ""
    licence: Literal["TEXT", "SCORE", "OWN"]
    notice: str = ""
    loinc: str = ""
    source: Annotated[str, Field(min_length=1)]
    unverified: str = ""

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that are asked; the others are subscales."""
        return tuple(item for item in self.items if not item.sums)

    @property
    def checklist(self) -> bool:
        """Whether it is answered by naming what is true."""
        return bool(self.items) and all(item.yes_no and not item.id.isdecimal() for item in self.items)

    def at(self, item: str) -> int:
        """The place of an item among the answers. Raises KeyError."""
        ids = [each.id for each in self.items]
        if item not in ids:
            raise KeyError(item)
        return ids.index(item)

    def answer(self, measure: Measure, item: str) -> float | None:
        """What an entry says of an item; None if it does not. Raises KeyError for no such item."""
        at = self.at(item)
        return measure.answers[at] if at < len(measure.answers) else None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.scoring is not Scoring.TOTAL and not self.questions:
            raise ValueError(f"{self.code} is scored from items but has none")
        for item in self.items:
            if item.options and len(item.options) != item.high - item.low + 1:
                raise ValueError(f"{self.code}.{item.id} needs a word for each value")
        return self
