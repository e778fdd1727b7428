"""Which patients' issues come first: all issues of one patient become one case with one question.

Safety first, then hard cases, then what is only growing old (`pathway.definition_agenda` says what is
which). Within a class the higher score comes first, then the older one, then the code: so the same issues
give the same order, in whatever order they come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median_high

from pathway.definition import Definition, shipped
from pathway.definition_agenda import RANKS, AgendaDef, IssueKindDef
from pathway.issue import FLAGS, Issue, Kind, Rank


@dataclass(frozen=True)
class Expected:
    """Somebody who is expected at the conference, and their discipline ("" for none)."""

    member: str
    discipline: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of patients before the conference.

    `measured` is when an instrument was last entered, by patient and code; `reports` the reports that are
    there, by patient; `carers` the ids of those who look after them (a patient who is not in it is not
    checked).
    """

    measured: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    reports: Mapping[str, frozenset[str]] = field(default_factory=dict)
    carers: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Past:
    """How often each patient was carried over, and the minutes that items took by the kind that led them."""

    carried: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[Kind, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Lack:
    """What is not there and must be before the case can be decided; `outside` says it by codes only.

    It is a measure (code of an instrument), a report by its name, somebody of a discipline, or, where none of
    these is named, somebody who looks after the person.
    """

    says: str
    outside: str
    discipline: str = ""
    measure: str = ""
    report: str = ""


@dataclass(frozen=True)
class Case:
    """All that is outstanding for one patient, the most urgent issue first, with one question to all."""

    patient: str
    issues: tuple[Issue, ...]
    rank: Rank
    score: int
    minutes: int
    question: str
    lacks: tuple[Lack, ...] = ()
    carried: int = 0

    @property
    def lead(self) -> Issue:
        """The issue that it is on for."""
        return self.issues[0]

    @property
    def ready(self) -> bool:
        """Whether it can be decided as things stand."""
        return not self.lacks

    @property
    def order(self) -> tuple[int, int, datetime, str]:
        """Its place among others: the least comes first."""
        return self.rank, -self.score, min(each.since for each in self.issues), self.patient


class Urgency:
    """The urgency rules of one definition at one moment. A definition without any has those we ship."""

    def __init__(self, definition: Definition, at: datetime, known: Known, past: Past) -> None:
        source = definition if definition.issue_kinds else shipped()
        if source.agenda is None:
            raise ValueError("a definition that ranks issues has `agenda`")
        self.settings: AgendaDef = source.agenda
        self.kinds: Mapping[Kind, IssueKindDef] = {each.id: each for each in source.issue_kinds}
        self._flags = [each.id for each in definition.flag_severities]
        self._urgencies = [each.id for each in definition.urgencies]
        self._at, self._known, self._past = at, known, past
        self._minutes = {kind: self._usual(kind) for kind in self.kinds}

    def cases(self, issues: Iterable[Issue], expected: Iterable[Expected]) -> tuple[Case, ...]:
        """One case for each patient, the most urgent first."""
        of: dict[str, list[Issue]] = {}
        for issue in issues:
            of.setdefault(issue.patient, []).append(issue)
        there = tuple(expected)
        made = (self.case(patient, found, there) for patient, found in of.items())
        return tuple(sorted(made, key=lambda each: each.order))

    def case(self, patient: str, issues: Sequence[Issue], expected: Sequence[Expected]) -> Case:
        """The case of one patient; `issues` are all theirs, at least one."""
        ordered = tuple(sorted(issues, key=self._order))
        carried = self._past.carried.get(patient, 0)
        rank = self.rank(ordered[0])
        if rank is Rank.AGEING and carried >= self.settings.hard_when_carried:
            rank = Rank.HARD
        score = sum(self.score(each) for each in ordered) + carried * self.settings.carried_weight
        lacks = self._lacks(patient, ordered, expected)
        minutes = self._together(ordered)
        return Case(patient, ordered, rank, score, minutes, self._question(ordered), lacks, carried)

    def rank(self, issue: Issue) -> Rank:
        """The class of one issue. A severity that the definition does not have is taken for the worst."""
        kind = self.kinds[issue.kind]
        scale = self._flags if issue.kind in FLAGS else self._urgencies
        if kind.safety_from and issue.severity:
            least = _step(scale, kind.safety_from)
            return Rank.SAFETY if _step(scale, issue.severity) >= least else RANKS[kind.rank]
        return RANKS[kind.rank]

    def score(self, issue: Issue) -> int:
        """How much an issue counts within its class."""
        kind = self.kinds[issue.kind]
        return kind.weight + kind.per_week * issue.weeks(self._at)

    def _order(self, issue: Issue) -> tuple[int, int, datetime, str, str]:
        return self.rank(issue), -self.score(issue), issue.since, issue.kind, issue.source

    def _usual(self, kind: Kind) -> int:
        """The minutes that a kind takes: what it took this team, once there is enough of it."""
        taken = self._past.taken.get(kind, ())
        return (
            max(median_high(taken), 1) if len(taken) >= self.settings.learn_from else self.kinds[kind].minutes
        )

    def _together(self, issues: Sequence[Issue]) -> int:
        longest = max(self._minutes[each.kind] for each in issues)
        together = longest + self.settings.further_minutes * (len(issues) - 1)
        return max(longest, min(together, self.settings.most_minutes))

    def _question(self, issues: Sequence[Issue]) -> str:
        """What a person asked, the first of them first; else the question of the issue that leads."""
        asked = sorted((each.since, each.source, each.question) for each in issues if each.question)
        return asked[0][2] if asked else self.kinds[issues[0].kind].question

    def _lacks(self, patient: str, issues: Sequence[Issue], there: Sequence[Expected]) -> tuple[Lack, ...]:
        found: dict[Lack, None] = {}
        for need in (need for each in issues for need in self.kinds[each.kind].ready):
            if need.measure and need.weeks:
                taken = self._known.measured.get(patient, {}).get(need.measure)
                if taken is None or (self._at - taken).days > need.weeks * 7:
                    old = f"{need.measure} was not entered in the last {need.weeks} weeks"
                    found[Lack(old, "a measure is too old or missing", measure=need.measure)] = None
            if need.report and need.report not in self._known.reports.get(patient, ()):
                says = f"the report is missing: {need.report}"
                found[Lack(says, "a report is missing", report=need.report)] = None
            if need.discipline and need.discipline not in {each.discipline for each in there}:
                says = f"nobody of {need.discipline} is expected"
                found[Lack(says, says, need.discipline)] = None
        carers = self._known.carers.get(patient)
        here = {each.member for each in there}
        if self.settings.someone_who_knows and carers is not None and not carers & here:
            says = "nobody who looks after this person is expected"
            found[Lack(says, says)] = None
        return tuple(found)


def _step(scale: Sequence[str], severity: str) -> int:
    return scale.index(severity) if severity in scale else len(scale) - 1
