"""What is outstanding for a patient: each issue with its kind, why it is there, and what would close it.

How urgent a kind is, is the definition's matter (`pathway.definition_agenda`); who orders the issues of many
patients is `agendas.rank`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

WEEK = timedelta(weeks=1)


class Kind(StrEnum):
    """What can be outstanding."""

    FLAG_OPEN = "flag-open"
    FLAG_ESCALATED = "flag-escalated"
    HANDOFF_OVERDUE = "handoff-overdue"
    HANDOFF_DECLINED = "handoff-declined"
    HANDOFF_EXPIRED = "handoff-expired"
    HANDOFF_NO_CONTACT = "handoff-no-contact"
    ACTION_OVERDUE = "action-overdue"
    ACTION_BLOCKED = "action-blocked"
    REASSESSMENT_OVERDUE = "reassessment-overdue"
    NON_RESPONSE = "non-response"
    WORSE = "getting-worse"
    GOAL_STUCK = "goal-stuck"
    CONSENT_MISSING = "consent-missing"
    NO_CONTACT = "no-contact"
    REFERRAL_WAITING = "referral-waiting"
    BARRIER = "barrier"
    NOT_DISCUSSED = "not-discussed"
    ASKED = "asked"


FLAGS = frozenset({Kind.FLAG_OPEN, Kind.FLAG_ESCALATED})
"""Kinds whose severity is one of the definition's flag severities."""

HANDOFFS = frozenset(
    {Kind.HANDOFF_OVERDUE, Kind.HANDOFF_DECLINED, Kind.HANDOFF_EXPIRED, Kind.HANDOFF_NO_CONTACT}
)
"""Kinds whose severity is one of the definition's urgencies."""

SPANNED = frozenset({Kind.GOAL_STUCK, Kind.NO_CONTACT, Kind.REFERRAL_WAITING, Kind.NOT_DISCUSSED})
"""Kinds that are nothing but time gone by: the definition says after how many weeks each is one."""


class Rank(IntEnum):
    """The classes in which issues are taken, the first of them first."""

    SAFETY = 0
    HARD = 1
    AGEING = 2


@dataclass(frozen=True, order=True)
class Why:
    """Why an issue is there: the rule, the value that it looked at, and when that was so (aware UTC)."""

    rule: str
    value: str
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("why an issue is there needs an aware datetime")


@dataclass(frozen=True, order=True, kw_only=True)
class Issue:
    """One thing that is outstanding for one patient.

    `source` is what it is about and makes it one issue however often it is found: `F-12`, `H-3`, `PEG`, the
    id of a message. `since` is when it began (aware UTC), `owner` a member id ("" for nobody). `severity` is
    that of the flag or the urgency of the handoff. `question` is what a person asks the conference and
    `closes` what would close it; where they are "" the definition's words for the kind hold. `link` leads to
    where it comes from. A `private` issue is told to its owner and to leads, in no room and on no agenda.
    """

    patient: str
    kind: Kind
    source: str
    since: datetime
    why: Why
    owner: str = ""
    severity: str = ""
    question: str = ""
    closes: str = ""
    link: str = ""
    private: bool = False

    def __post_init__(self) -> None:
        if self.since.tzinfo is None:
            raise ValueError("an issue needs an aware datetime")

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same issue as one found before."""
        return self.patient, self.kind.value, self.source

    def weeks(self, at: datetime) -> int:
        """How many whole weeks it has been open at this moment."""
        return max((at - self.since) // WEEK, 0)


def once(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Every issue once, in the order of its key.

    Of two with one key, what was found last holds, since the time at which the first began. An issue that
    is private in one of them is private.
    """
    found: dict[tuple[str, str, str], Issue] = {}
    for issue in sorted(issues, key=lambda each: (each.key, each.why.at, each)):
        was = found.get(issue.key, issue)
        since, private = min(was.since, issue.since), was.private or issue.private
        found[issue.key] = replace(issue, since=since, private=private) if was is not issue else issue
    return tuple(found.values())
