"""What a pathway definition says of measures: when they are due, and what counts as a response."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pathway.definition_parts import Id, Part, Times, refuse
from pathway.instruments import instrument
from pathway.toml_line import Place

Code = Annotated[str, Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$")]
Days = Annotated[int, Field(strict=True, gt=0)]
Percent = Annotated[float, Field(gt=0, le=100)]


class ScheduleDef(Part):
    """When instruments are due. The first entry `baseline_days` after a patient enters the pathway; then so
    many weeks after the baseline; then, if `then_every_weeks` is not 0, again and again.

    An entry up to `grace_days` before a date counts for it; so many days after it, it is overdue. People are
    reminded when something becomes due, and once more when it is overdue.
    """

    id: Id
    instruments: Annotated[tuple[Code, ...], Field(min_length=1)]
    baseline_days: Days
    reassess_weeks: tuple[Days, ...]
    then_every_weeks: Times = 0
    grace_days: Days

    @model_validator(mode="after")
    def _check(self) -> Self:
        faults = list(_unknown(self.instruments))
        if list(self.reassess_weeks) != sorted(set(self.reassess_weeks)):
            faults.append((("reassess_weeks",), "Weeks must be in rising order, each once."))
        refuse(self, faults)
        return self


class ResponseDef(Part):
    """What counts as a response to treatment, in percent of the baseline.

    From `responder_percent` better on somebody has responded; from `partial_percent` on, in part; from
    `worse_percent` worse on they are getting worse. Only `after_weeks` is anybody called a non-responder.
    """

    id: Id
    instruments: Annotated[tuple[Code, ...], Field(min_length=1)]
    responder_percent: Percent
    partial_percent: Percent
    worse_percent: Percent
    after_weeks: Days

    @model_validator(mode="after")
    def _check(self) -> Self:
        faults = list(_unknown(self.instruments))
        if self.partial_percent >= self.responder_percent:
            faults.append((("partial_percent",), "A partial response must be less than a response."))
        faults += [
            (("instruments", at), f"A percentage of the baseline says nothing for `{code}`.")
            for at, code in enumerate(self.instruments)
            if not faults and not instrument(code).ratio
        ]
        refuse(self, faults)
        return self


def _unknown(codes: tuple[str, ...]) -> list[tuple[Place, str]]:
    """Faults of codes that no instrument has."""
    faults: list[tuple[Place, str]] = []
    for at, code in enumerate(codes):
        try:
            instrument(code)
        except KeyError:
            faults.append((("instruments", at), f"There is no instrument `{code}`."))
    return faults
