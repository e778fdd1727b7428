"""The link that opens a conference's screen: sealed, so that nobody can guess or change it, for hours only.

It is kept nowhere. It names the conference, who asked for it, and until when it works; what its screen shows
of a patient is asked anew each time, for whoever asked for the link.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pathway.conference import Conference
from pathway.session_clock import closes_at
from storage.clinic import Clinic
from storage.secrets import MARK, CannotOpen

PURPOSE = "screen"
STAYS = timedelta(hours=2)
"""So long after the conference's time is over, or after it is made, its screen still opens."""
LONGEST = 400
"""Of a token, in characters: ours are shorter, and nothing is tried with others."""


@dataclass(frozen=True)
class ScreenLink:
    """What a link opens. With `codes` it shows no more than codes, whoever asked for it."""

    conference: int
    member: str
    until: datetime
    codes: bool = False


def link_for(conference: Conference, member: str, now: datetime, *, codes: bool) -> ScreenLink:
    """A new link."""
    return ScreenLink(conference.number, member, max(closes_at(conference), now) + STAYS, codes)


def token_of(link: ScreenLink, clinic: Clinic) -> str:
    """The token that stands for a link in an address."""
    until = int(link.until.timestamp())
    said = json.dumps([link.conference, link.member, until, int(link.codes)], separators=(",", ":"))
    return clinic.rows.keyring.seal(said, f"{PURPOSE} {clinic.rows.org}").rstrip("=")


def opened(token: str, clinic: Clinic) -> ScreenLink | None:
    """The link that a token stands for, also when its time is over; None for what is no token of ours."""
    key, mark, body = token.partition(MARK)
    if not mark or len(token) > LONGEST or not token.isascii():
        return None
    try:
        said = clinic.rows.keyring.open(
            f"{key}{MARK}{body}{'=' * (-len(body) % 4)}", f"{PURPOSE} {clinic.rows.org}"
        )
    except CannotOpen:
        return None
    conference, member, until, codes = json.loads(said)
    return ScreenLink(conference, member, datetime.fromtimestamp(until, UTC), bool(codes))
