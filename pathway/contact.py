"""Contacts with a patient: who reached them, or tried to, how and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Way(StrEnum):
    """How somebody was reached. TRIED means that they were not."""

    IN_PERSON = "in-person"
    VIDEO = "video"
    PHONE = "phone"
    WRITTEN = "written"
    TRIED = "tried"


@dataclass(frozen=True)
class Contact:
    """One contact, or one try, by a member `at` a moment (aware UTC)."""

    patient: str
    member: str
    way: Way
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a contact needs an aware datetime")

    @property
    def reached(self) -> bool:
        """Whether the patient was reached."""
        return self.way is not Way.TRIED


@dataclass(frozen=True)
class Noted:
    """Something that a member noted of a patient `at` a moment (aware UTC), by its number among its kind."""

    number: int
    patient: str
    at: datetime
