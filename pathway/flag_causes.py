"""What a flag rests on: a second cause is added to it, and what was corrected counts no more.

An entry that was answered once does not raise the same flag again; a newer one does.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from pathway.definition import Definition
from pathway.finding import Evidence, Finding
from pathway.flag import Cause, Flag


def cause_of(finding: Finding, by: str, now: datetime) -> Cause:
    """What a rule found, as the cause of a flag."""
    return Cause(finding.rule, finding.version, finding.severity, finding.says, now, by, finding.evidence)


def most_severe(causes: Iterable[Cause], definition: Definition) -> str:
    """The highest severity among these causes. Raises ValueError if there are none."""
    return max((each.severity for each in causes), key=lambda each: _rank(each, definition))


def _rank(severity: str, definition: Definition) -> int:
    """A severity's place; one that the definition has no more counts as its highest, to lose nothing."""
    known = [each.id for each in definition.flag_severities]
    return known.index(severity) if severity in known else len(known)


def without_corrected(flag: Flag, entries: Collection[str], now: datetime) -> Flag:
    """The flag whose causes count no more that rest on an entry which is not among the valid `entries`."""
    causes = tuple(
        replace(each, gone_at=now) if each.gone_at is None and not _stands(each, entries) else each
        for each in flag.causes
    )
    return replace(flag, causes=causes) if causes != flag.causes else flag


def _stands(cause: Cause, entries: Collection[str]) -> bool:
    return all(each.measure in entries for each in cause.evidence if each.measure)


def with_finding(flag: Flag, finding: Finding, by: str, now: datetime, definition: Definition) -> Flag:
    """The flag with what a rule found now, if that is news: another entry, or a higher severity."""
    same = [each for each in flag.live if _known(finding.evidence, each.evidence)]
    rank = _rank(finding.severity, definition)
    if any(_rank(each.severity, definition) >= rank for each in same):
        return flag
    return replace(flag, causes=(*flag.causes, cause_of(finding, by, now)))


def _known(found: Iterable[Evidence], before: Iterable[Evidence]) -> bool:
    """Whether everything that was found was known before."""
    known = {_key(each) for each in before}
    return all(_key(each) in known for each in found)


def _key(evidence: Evidence) -> tuple[str, str, datetime | None]:
    """What makes two pieces of evidence the same: the entry, or what is missing since when."""
    return (evidence.measure, "", None) if evidence.measure else ("", evidence.what, evidence.at)


def answered(finding: Finding, closed: Iterable[Flag]) -> bool:
    """Whether people have answered this already: nothing in it is other than in the flags that they closed.

    `closed` are the closed flags of this patient and rule. One that closed because its source was corrected
    was answered by nobody.
    """
    causes = (cause for flag in closed if flag.closed_by for cause in flag.causes)
    return _known(finding.evidence, [each for cause in causes for each in cause.evidence])
