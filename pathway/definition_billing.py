"""What a definition says of billing a case conference: what a record must show for a closer look."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, Self

from pydantic import model_validator

from pathway.definition_parts import Id, Minutes, Part, Times, Words, refuse
from pathway.toml_line import Place

if TYPE_CHECKING:
    from pathway.definition import Definition


class BillingDef(Part):
    """One way in which a patient's item may be billed. Nothing is billed by it: it is only compared.

    The item took `minutes_from` or more, and less than `minutes_below`. At least `disciplines` different ones
    were there for `minutes_from`, and one of `any_of` if it names some. `patient` says whether the person, or
    somebody of theirs, must be there. `check` is what no record of times can tell.
    """

    id: Id
    label: Words
    says: Words
    minutes_from: Minutes
    minutes_below: Minutes | None = None
    disciplines: Times
    any_of: tuple[Words, ...] = ()
    patient: Literal["present", "absent", "either"] = "either"
    check: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.minutes_below is not None and self.minutes_below <= self.minutes_from:
            refuse(self, [(("minutes_below",), "It must be more than `minutes_from`.")])
        return self


def billing_faults(pathway: "Definition") -> Iterator[tuple[Place, str]]:
    """Disciplines that no role has."""
    known = {role.discipline for role in pathway.roles}
    for at, rule in enumerate(pathway.billing):
        for nth, discipline in enumerate(rule.any_of):
            if discipline not in known:
                yield ("billing", at, "any_of", nth), f"No role has the discipline `{discipline}`."
