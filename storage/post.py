"""A post and its place in line: the words that `storage.outbox` (in) and `storage.lanes` (out) share."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cards.card import Card
from cards.mail import Mail

BOARD = "board:"
"""A living card whose subject begins so is pinned where it comes to stand in a room, if that is allowed."""


class Kind(StrEnum):
    """SHOW is a living card, posted once and then edited; SAY and ASK are fresh messages.

    An ASK is taken back (voided) if what it asks is settled before it went out.
    """

    SHOW = "show"
    SAY = "say"
    ASK = "ask"


class Sending(StrEnum):
    """How far a post has come. One found SENDING without a claim may have gone out: look before repeating."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    VOID = "void"
    FAILED = "failed"


@dataclass(frozen=True, order=True)
class Lane:
    """A place on a platform. `target` is a room's address, or `@@` and an account for direct messages."""

    platform: str
    target: str

    @property
    def direct(self) -> bool:
        """Whether this is one person's direct messages."""
        return self.target.startswith("@@")

    @property
    def account(self) -> str:
        """The account whose direct messages these are."""
        return self.target.removeprefix("@@")


def direct_lane(platform: str, account: str) -> Lane:
    """The lane of an account's direct messages."""
    return Lane(platform, f"@@{account}")


@dataclass(frozen=True)
class Post:
    """One post as it waits in the transaction.

    `if_there` makes it go out only if an earlier state of the card stands there, or is just going out.
    Where it is a mail, the card is only its subject.
    """

    kind: Kind
    lane: Lane
    card: Card
    subject: str
    send_after: datetime
    thread: str = ""
    if_there: bool = False
    mail: Mail | None = None
