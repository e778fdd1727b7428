"""Triage rules as a pathway definition holds them; what they mean is in `pathway.triage`.

A condition looks at one thing, or combines others. It is one table of TOML:

    { score = "PHQ-9", at_least = 20 }                         the newest score; also at_most, below, is
    { answer = "PHQ-9.9", at_least = 1 }                       the newest answer to an item; is = "yes" too
    { band = "STARTMSK", is = "high" }                         the band of the newest score
    { change = "PEG", since = "baseline", worse_by_percent = 30 }   or worse_by, in the instrument's unit
    { change = "PEG", since = "baseline", better_by_less_than_percent = 30, after_weeks = 12 }
    { missing = "PEG", for_days = 91 }                         no entry for so long, or none since joining
    { count = "PEG", at_least = 3, within_days = 90 }          how many entries
    { sum = "MISSED", at_least = 3, within_days = 90 }         the sum of their scores
    { weeks_in_pathway = 12 }                                  at least so many
    { all = [...] }, { any = [...] }, { none = [...] }

`within_days` is how old an entry may be, counted from when it was entered: what comes late on paper is
still looked at.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pathway.definition_parts import Id, Part, Words, YesNo, refuse
from pathway.instruments import Instrument, instrument
from pathway.toml_line import Place

Code = Annotated[str, Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$")]
ItemName = Annotated[str, Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*\.[a-z0-9-]+$")]
Amount = Annotated[float, Field(gt=0)]
Days = Annotated[int, Field(strict=True, gt=0)]
YES, NO = 1.0, 0.0

_LIMITS = ("at_least", "at_most", "below", "is")
_CHANGES = ("worse_by", "worse_by_percent", "better_by_less_than_percent")
_TAKES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "score": (_LIMITS, ("within_days",)),
    "answer": (_LIMITS, ("within_days",)),
    "band": (("is",), ("within_days",)),
    "change": (_CHANGES, ("since", "after_weeks", "within_days")),
    "missing": (("for_days",), ()),
    "count": (("at_least",), ("within_days",)),
    "sum": (("at_least",), ("within_days",)),
    "weeks_in_pathway": ((), ()),
    "all": ((), ()),
    "any": ((), ()),
    "none": ((), ()),
}
"""What a condition may look at; for each the limits of which it needs one, and what else it may have."""


class Condition(Part):
    """One condition, of exactly one of the kinds above. Spans are in the unit that their name says."""

    score: Code | None = None
    answer: ItemName | None = None
    band: Code | None = None
    change: Code | None = None
    missing: Code | None = None
    count: Code | None = None
    sum: Code | None = None
    weeks_in_pathway: Days | None = None
    all: tuple["Condition", ...] | None = Field(default=None, min_length=1)
    any: tuple["Condition", ...] | None = Field(default=None, min_length=1)
    none: tuple["Condition", ...] | None = Field(default=None, min_length=1)

    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None
    exactly: float | Words | None = Field(default=None, alias="is")
    since: Literal["baseline", "last"] | None = None
    worse_by: Amount | None = None
    worse_by_percent: Amount | None = None
    better_by_less_than_percent: Amount | None = None
    after_weeks: Days | None = None
    for_days: Days | None = None
    within_days: Days | None = None

    @cached_property
    def kind(self) -> str:
        """What it looks at: the name of its setting."""
        return next(name for name in _TAKES if getattr(self, name) is not None)

    @cached_property
    def code(self) -> str:
        """The instrument that it looks at; "" for time and for what combines others."""
        of = getattr(self, self.kind)
        return of.partition(".")[0] if isinstance(of, str) else ""

    @cached_property
    def item(self) -> str:
        """The item that it looks at, if it looks at one."""
        return (self.answer or "").partition(".")[2]

    @cached_property
    def parts(self) -> tuple["Condition", ...]:
        """The conditions that it combines."""
        return self.all or self.any or self.none or ()

    @cached_property
    def at(self) -> int:
        """The place of its item among the answers."""
        return self.instrument.at(self.item)

    @cached_property
    def instrument(self) -> Instrument:
        """The instrument that it looks at. Raises KeyError where there is none."""
        return instrument(self.code)

    @cached_property
    def number(self) -> float | None:
        """What `is` compares a score or an answer with; yes is 1 and no is 0."""
        return {"yes": YES, "no": NO}.get(self.exactly) if isinstance(self.exactly, str) else self.exactly

    def leaves(self, place: Place = ()) -> Iterator[tuple[Place, "Condition"]]:
        """Every condition in it that combines no others, with its place."""
        if not self.parts:
            yield place, self
        for at, part in enumerate(self.parts):
            yield from part.leaves((*place, self.kind, at))

    @property
    def on_nothing(self) -> bool:
        """Whether it may hold of a patient of whom nothing is known at all."""
        if self.kind == "any":
            return any(part.on_nothing for part in self.parts)
        return self.kind == "none" or (self.kind == "all" and all(part.on_nothing for part in self.parts))

    @model_validator(mode="after")
    def _check(self) -> Self:
        refuse(self, _shape(self))
        return self


def _shape(condition: Condition) -> Iterator[tuple[Place, str]]:
    kinds = [name for name in _TAKES if getattr(condition, name) is not None]
    if len(kinds) != 1:
        listed = ", ".join(f"`{name}`" for name in kinds) or "nothing"
        yield (*kinds[1:2],), f"A condition looks at one thing; this one looks at {listed}."
        return
    needs, may = _TAKES[kinds[0]]
    given = {"is" if name == "exactly" else name for name in condition.model_fields_set} - {kinds[0]}
    for name in sorted(given - {*needs, *may}):
        yield (name,), f"`{name}` says nothing beside `{kinds[0]}`."
    if needs and len(given & {*needs}) == 0:
        yield (kinds[0],), f"`{kinds[0]}` needs {' or '.join(f'`{name}`' for name in needs)}."
    if kinds[0] == "change" and condition.since is None:
        yield ("change",), '`change` needs `since = "baseline"` or `since = "last"`.'
    if kinds[0] == "change" and len(given & {*needs}) > 1:
        yield ("change",), "A change has one limit: combine two changes with `all` or `any`."
    if condition.kind in ("score", "answer") and condition.exactly is not None and condition.number is None:
        yield ("is",), f"`is` must be a number, yes or no: a {condition.kind} is not {condition.exactly!r}."


class RuleDef(Part):
    """A triage rule: when it holds, `roles` must answer, the first of them first, as fast as `severity` says.

    `service` is what is asked for, `says` what the team is told, `source` where the numbers come from.
    `private` keeps it out of every room. Raise `version` with every change: a flag says which one raised it.
    """

    id: Id
    version: Annotated[int, Field(strict=True, ge=1)]
    label: Words
    severity: Id
    roles: Annotated[tuple[Id, ...], Field(min_length=1)]
    service: Words
    says: Words
    source: Words
    enabled: YesNo = True
    private: YesNo = False
    when: Condition

    @cached_property
    def instruments(self) -> frozenset[str]:
        """The codes of all instruments that it looks at."""
        return frozenset(leaf.code for _, leaf in self.when.leaves()) - {""}

    @cached_property
    def by_time(self) -> bool:
        """Whether it may begin to hold without any entry."""
        return any(leaf.kind in ("missing", "weeks_in_pathway") for _, leaf in self.when.leaves())

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.when.on_nothing:
            says = "This would hold of somebody of whom nothing is known: add what must be there with `all`."
            refuse(self, [(("when",), says)])
        return self
