"""Who is invited to a conference, and what they answered, in iCalendar's words (RFC 5545, PARTSTAT)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Who it is to the team."""

    MEMBER = "member"
    OUTSIDE = "outside"
    """Somebody outside with a mail address, such as a GP: invited by mail only."""
    PATIENT = "patient"
    CARER = "carer"


FOR_ONE_ITEM = frozenset({Kind.PATIENT, Kind.CARER})
"""They are invited for their own item, at its time, and to nothing else."""


class Answer(StrEnum):
    """What somebody who is invited has said."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


@dataclass(frozen=True)
class Invitee:
    """Somebody who is invited to a conference or to all of a series.

    `key` is `member:` and an id, or a reference of their own (`I-4`) for who has no account. `discipline` is
    the member's, or what they stand for. `zone` and `language` (a BCP 47 tag) are theirs, "" for the team's.
    `patient` is the code of the patient whose item a patient or carer is invited for. Everything but the key
    and the kind may identify somebody.
    """

    key: str
    kind: Kind
    name: str
    email: str = ""
    member: str = ""
    discipline: str = ""
    required: bool = True
    zone: str = ""
    language: str = ""
    interpreter: bool = False
    patient: str = ""

    def __post_init__(self) -> None:
        if (self.kind is Kind.MEMBER) != bool(self.member):
            raise ValueError("who is a member has a member's id, and nobody else")
        if (self.kind in FOR_ONE_ITEM) != bool(self.patient):
            raise ValueError("a patient or carer is invited for a patient's item, and nobody else")


@dataclass(frozen=True)
class Answered:
    """An answer: to which SEQUENCE of the invitation, when (DTSTAMP), by which way, and through whom.

    `via` is `chat`, `mail` or `link`. `said` is what was written with it; `delegate` the address or name of
    whom it was delegated to.
    """

    answer: Answer = Answer.NEEDS_ACTION
    sequence: int = 0
    stamped_at: datetime | None = None
    via: str = ""
    said: str = ""
    delegate: str = ""

    def __post_init__(self) -> None:
        if self.stamped_at is not None and self.stamped_at.tzinfo is None:
            raise ValueError("an answer needs an aware datetime")


def member_key(member: str) -> str:
    """The key by which a member is invited."""
    return f"member:{member}"
