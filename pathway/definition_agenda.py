"""What a definition says of the conference agenda: how urgent, how long, and what must be known."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from pathway.definition_parts import Minutes, Part, Times, Words, YesNo, refuse
from pathway.instruments import instrument
from pathway.issue import FLAGS, HANDOFFS, SPANNED, Kind, Rank
from pathway.toml_line import Place

if TYPE_CHECKING:
    from pathway.definition import Definition

Count = Annotated[int, Field(strict=True, gt=0)]
Weeks = Annotated[int, Field(strict=True, gt=0)]
RANKS = {"safety": Rank.SAFETY, "hard": Rank.HARD, "ageing": Rank.AGEING}


class NeedDef(Part):
    """What must be known or who must be there before an issue can be decided: exactly one of the three.

    A `measure` (code of an instrument) not older than `weeks`, a `report` by its name, or a `discipline`
    of which somebody is expected.
    """

    measure: Words | None = None
    weeks: Weeks | None = None
    report: Words | None = None
    discipline: Words | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        faults: list[tuple[Place, str]] = []
        given = [name for name in ("measure", "report", "discipline") if getattr(self, name)]
        if len(given) != 1:
            faults.append(((), "Name one of `measure`, `report` and `discipline`."))
        elif (self.measure is None) != (self.weeks is None):
            faults.append(((given[0],), "`measure` and `weeks` go together: how old it may be."))
        refuse(self, faults)
        return self


class IssueKindDef(Part):
    """How one kind of outstanding issue is ranked, and how long it takes.

    Within its `rank` an issue counts `weight`, and `per_week` more for each whole week that it is open. From
    the severity `safety_from` on, a flag or handoff is safety, whatever the rank. `minutes` is what it takes
    until the team's own conferences say better. `label` may tell of the patient; `outside` is shown where
    only codes may be. `question` is asked of the conference, `closes` says what would close it. What is
    nothing but time gone by becomes an issue `after_weeks`. An action that a conference agrees on about it is
    proposed to be due after `due_days` working days, after `safety_days` if it is safety; where nothing is
    said, as the plan has it.
    """

    id: Kind
    label: Words
    outside: Words
    question: Words
    closes: Words
    rank: Literal["safety", "hard", "ageing"]
    safety_from: Words | None = None
    weight: Times
    per_week: Times
    minutes: Minutes
    after_weeks: Weeks | None = None
    due_days: Count | None = None
    safety_days: Count | None = None
    ready: tuple[NeedDef, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        faults: list[tuple[Place, str]] = []
        if (self.after_weeks is not None) != (self.id in SPANNED):
            needs = "needs `after_weeks`" if self.id in SPANNED else "has no `after_weeks`"
            faults.append((("after_weeks",), f"`{self.id}` {needs}."))
        if self.safety_from and self.id not in FLAGS | HANDOFFS:
            faults.append((("safety_from",), f"`{self.id}` has no severity."))
        if self.safety_days and not self.safety_from:
            faults.append((("safety_days",), "`safety_days` needs `safety_from`: what is safety."))
        if self.safety_days and self.safety_days > (self.due_days or self.safety_days):
            faults.append((("safety_days",), "`safety_days` is longer than `due_days`: safety comes first."))
        refuse(self, faults)
        return self


class AgendaDef(Part):
    """What holds for the whole agenda.

    An item takes the minutes of its longest issue and `further_minutes` for each further one, up to
    `most_minutes` (or what the longest takes, if that is more). Each time that an item was carried over adds
    `carried_weight`; after `hard_when_carried` times an ageing item counts as a hard case, so that it isn't
    put off for ever. A kind's minutes are the median of what the team took for it, once there are
    `learn_from` such items. With `someone_who_knows` an item is not ready unless somebody on the patient's
    care team is expected.
    """

    further_minutes: Times
    most_minutes: Minutes
    carried_weight: Times
    hard_when_carried: Count
    learn_from: Count
    someone_who_knows: YesNo
    post_days: Times = 2
    ready_days: Times = 4
    quorum_days: Times = 3
    quorum: tuple[Words, ...] = ()
    least_disciplines: Count = 1


def agenda_faults(pathway: "Definition") -> Iterator[tuple[Place, str]]:
    """Kinds that are missing, and what kinds name that is not there. A definition may leave all of it out."""
    if not pathway.issue_kinds and pathway.agenda is None:
        return
    known = {each.id for each in pathway.issue_kinds}
    missing = [f"`{kind}`" for kind in Kind if kind not in known]
    if missing:
        yield ("issue_kinds",), f"Issues of these kinds would be on no agenda: {', '.join(missing)}."
    if pathway.agenda is None:
        yield ("agenda",), "`agenda` is missing: issues need it."
    flags = [each.id for each in pathway.flag_severities]
    urgencies = [each.id for each in pathway.urgencies]
    disciplines = {role.discipline for role in pathway.roles}
    for at, needed in enumerate(pathway.agenda.quorum if pathway.agenda else ()):
        if needed not in disciplines:
            yield ("agenda", "quorum", at), f"No role has the discipline `{needed}`."
    for at, kind in enumerate(pathway.issue_kinds):
        scale = flags if kind.id in FLAGS else urgencies
        if kind.safety_from and kind.safety_from not in scale:
            says = f"There is no `{kind.safety_from}`: it is one of {', '.join(scale)}."
            yield ("issue_kinds", at, "safety_from"), says
        for nth, need in enumerate(kind.ready):
            place: Place = ("issue_kinds", at, "ready", nth)
            if need.discipline and need.discipline not in disciplines:
                yield (*place, "discipline"), f"No role has the discipline `{need.discipline}`."
            if need.measure and not _known(need.measure):
                yield (*place, "measure"), f"There is no instrument `{need.measure}`."


def _known(code: str) -> bool:
    try:
        instrument(code)
    except KeyError:
        return False
    return True
