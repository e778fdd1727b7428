"""What a triage rule found: which rule, in which version, and the values that made it true."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Evidence:
    """One value that met a condition: `what` was looked at, `value`, `threshold` and when it was taken.

    `measure` is the id of the entry it came from ("" where it is the lack of one).
    """

    what: str
    value: str
    threshold: str
    at: datetime
    measure: str = ""


@dataclass(frozen=True)
class Finding:
    """A rule that holds for a patient now.

    `severity` is one of the definition's flag severities; `roles` must answer, the first of them first;
    `service` is what is asked for. `says` is what the team is told. `private` keeps it out of every room:
    it is told to the ones who must answer only (safeguarding).
    """

    rule: str
    version: int
    label: str
    severity: str
    roles: tuple[str, ...]
    service: str
    says: str
    evidence: tuple[Evidence, ...]
    private: bool = False
