"""Who plays in the benchmarks: one team whose people have accounts on Slack, among other teams."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.request import ChatId
from pathway.hours import Hours, read_hours
from storage.outbox import Lane

ROLES = {
    "lea": "lead",
    "ana": "physiotherapist",
    "bo": "psychologist",
    "cy": "psychologist",
    "di": "pain-specialist",
    "ed": "nurse-care-manager",
    "fay": "pharmacist",
    "gus": "occupational-therapist",
    "hal": "coordinator",
    "ivy": "social-worker",
    "jo": "primary-care",
}
OTHER_TEAMS = 19
TEAM = "bench"


@dataclass(frozen=True)
class Cast:
    """The measured team: its channel, and its people's accounts by handle."""

    channel: str = "C0BENCH"
    accounts: Mapping[str, str] = field(
        default_factory=lambda: {handle: f"U0{handle.upper()}" for handle in ROLES}
    )

    @property
    def lane(self) -> Lane:
        """The channel, as posts know it."""
        return Lane("slack", self.channel)

    def chat_id(self, handle: str) -> ChatId:
        """Somebody's account."""
        return ChatId("slack", self.accounts[handle], handle.title())


def member_id(team: str, handle: str) -> str:
    """The member who plays this part in a team."""
    return f"{team}-{handle}"


def hours() -> Hours:
    """Working hours of all teams."""
    return read_hours("Europe/London", "Mon-Fri 08:30-17:00", "20:00-07:00")
