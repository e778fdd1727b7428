"""What a platform does for the poster, and how it says that something did not work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from storage.lanes import Outgoing


class Undeliverable(Exception):
    """A post can never go out there: the room is gone, or the bot is not in it.

    Its str is one sentence for the team's lead, without anything from the card.
    """


class Vanished(Exception):
    """The message that was to be edited is gone; the card is posted afresh."""


class Later(Exception):
    """The platform asks to wait, and certainly did not take the post."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"wait {after.total_seconds():g} s")
        self.after = after


class Unclear(Exception):
    """The platform may have taken the post or not: no answer, a 5xx, a connection that broke.

    Its str is for the doctor and whoever debugs: no part of the card, no secret. The log has its class alone.
    """


@dataclass(frozen=True)
class Pace:
    """So many posts at once at one place, then one for each `every`."""

    every: timedelta
    burst: int = 1


class Platform(Protocol):
    """A platform as posts leave for it.

    Every method raises `Undeliverable`, `Later` or `Unclear`; OSError and TimeoutError are taken for
    `Unclear`. Anything else is a fault of ours: it is tried again a few times and then given up.
    """

    def sends(self) -> bool:
        """Whether this process may post there now; otherwise it leaves its lanes to one that may.

        A Matrix account belongs to one process at a time.
        """

    async def post(self, outgoing: Outgoing) -> str:
        """Posts a fresh message under `outgoing.id` and returns what the platform calls it."""

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        """Makes an earlier message show the card and returns what it is called now. May be repeated.

        Raises `Vanished` if that message is gone.
        """

    async def find(self, outgoing: Outgoing) -> str | None:
        """What the platform calls the message posted under `outgoing.id`; None if it never took it."""
