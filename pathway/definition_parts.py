"""What every part of a pathway definition is made of: its base, its kinds of settings, how it is refused."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from pathway.toml_line import Place

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
Words = Annotated[str, Field(min_length=1, pattern=r"^\S.*\S$|^\S$")]
Minutes = Annotated[int, Field(strict=True, gt=0)]
Times = Annotated[int, Field(strict=True, ge=0)]
Fraction = Annotated[float, Field(strict=True, gt=0, lt=1)]
YesNo = Annotated[bool, Field(strict=True)]


class Part(BaseModel):
    """One table of a definition; a setting that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Clocked(Part):
    """How long people have who are asked something. All spans are minutes on `clock`.

    `working` minutes pass only in the team's working hours; `always` minutes pass at night too.
    """

    id: Id
    label: Words
    says: Words
    first: Words | None = None
    clock: Literal["working", "always"]
    breaks_quiet: YesNo
    answer_minutes: Minutes
    remind_at: tuple[Fraction, ...]
    rung_minutes: Minutes
    expire_minutes: Minutes

    @model_validator(mode="after")
    def _check_clock(self) -> Self:
        faults: list[tuple[Place, str]] = []
        if any(later <= earlier for earlier, later in pairwise(self.remind_at)):
            faults.append((("remind_at",), "Reminders must be in rising order, each once."))
        if self.clock == "always" and not self.breaks_quiet:
            says = "Time would run out in quiet hours for people who may not be disturbed: set it to true."
            faults.append((("breaks_quiet",), says))
        refuse(self, faults)
        return self


def refuse(part: BaseModel, faults: Iterable[tuple[Place, str]]) -> None:
    """Raises a ValidationError of these faults, if any; their places are within `part`."""
    found: list[InitErrorDetails] = [
        {"type": PydanticCustomError("fault", "{says}", {"says": says}), "loc": place, "input": None}
        for place, says in faults
    ]
    if found:
        raise ValidationError.from_exception_data(type(part).__name__, found)
