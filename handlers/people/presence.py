"""Who is in a team's rooms, as platforms read it: who left while the bot was not there keeps no place.

A reading tells of one room. Somebody is gone when each room that they could be in was read, and none has any
of their accounts; a room that was not read, or of a platform on which they have no account, proves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.people.roster import drop_member
from storage.clinic import Clinic
from storage.outbox import Lane


@dataclass(frozen=True)
class Seen:
    """The accounts that were in a room, read at this moment or after it."""

    at: datetime
    accounts: frozenset[str]


def rooms_of(platform: str, room: Lane | None, clinic: Clinic) -> list[Lane]:
    """The rooms of a platform in which teams work; with `room` only those of the team whose room that is."""
    known = clinic.people.room(room.platform, room.target) if room else None
    teams = [known.team] if known else [] if room else [each.id for each in clinic.people.teams()]
    rooms = [each for team in teams if team for each in clinic.people.rooms(team)]
    return [Lane(each.platform, each.address) for each in rooms if each.platform == platform]


def left_meanwhile(seen: Mapping[Lane, Seen], clinic: Clinic, now: datetime) -> None:
    """Ends the place of everybody who is in none of their team's rooms."""
    for team in clinic.people.teams():
        rooms = [Lane(each.platform, each.address) for each in clinic.people.rooms(team.id)]
        looked = [seen[each].at for each in rooms if each in seen]
        if not looked:
            continue
        # Who has come since the first look may have entered a room after it was read.
        for member, accounts in clinic.people.accounts_in(team.id, min(looked)).items():
            if _is_gone(accounts, rooms, seen):
                drop_member(team.id, member, clinic, now)


def _is_gone(accounts: set[tuple[str, str]], rooms: list[Lane], seen: Mapping[Lane, Seen]) -> bool:
    platforms = {platform for platform, _ in accounts}
    theirs = [each for each in rooms if each.platform in platforms]
    if not theirs or any(each not in seen for each in theirs):
        return False
    return not any(account in seen[each].accounts for each in theirs for _, account in accounts)
