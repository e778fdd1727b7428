"""Who works in a team, in which role, and who stands in for whom. Patients are codes here, never names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pathway.hours import Hours

LEAD = "lead"


@dataclass(frozen=True)
class Member:
    """A person on the staff. `zone` is an IANA time zone; "" means the team's."""

    id: str
    name: str
    zone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Place:
    """A member's place in a team: one role each."""

    member: Member
    role: str


@dataclass(frozen=True)
class Absence:
    """From `starts` until `ends` (UTC) what is asked of `member` goes to `cover`, if there is one."""

    member: str
    starts: datetime
    ends: datetime
    cover: str = ""

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("an absence needs aware datetimes")

    def holds(self, now: datetime) -> bool:
        """Whether the member is away at this moment."""
        return self.starts <= now < self.ends


@dataclass(frozen=True)
class Team:
    """A care team. `phone` is whom to ring when nobody answers in the channel.

    `help_lines` is what patients are shown who need help now, in the team's own words. `holidays` is what the
    team has said of public holidays (`pathway.public_holidays.Kept`); its hours leave them out.
    """

    id: str
    name: str
    hours: Hours
    phone: str = ""
    emergency_number: str = ""
    lead: str = ""
    help_lines: str = ""
    holidays: str = ""


@dataclass(frozen=True)
class Roster:
    """Everybody who works in one team, and who is away: what a decision about whom to ask needs to know."""

    team: Team
    places: tuple[Place, ...]
    absences: tuple[Absence, ...] = ()

    def member(self, member_id: str) -> Member | None:
        """The member of this team with this id."""
        return next((each.member for each in self.places if each.member.id == member_id), None)

    def name(self, member_id: str) -> str:
        """A member's name, or a word for somebody who has left."""
        found = self.member(member_id)
        return found.name if found else "someone who has left the team"

    def role(self, member_id: str) -> str:
        """The member's role in this team, or "" for none."""
        return next((each.role for each in self.places if each.member.id == member_id), "")

    def holders(self, role: str) -> tuple[str, ...]:
        """Ids of those who hold a role, present or not, in the order in which they joined."""
        return tuple(each.member.id for each in self.places if each.role == role)

    def leads(self) -> tuple[str, ...]:
        """The team's lead; if none was named, whoever holds the lead's role."""
        if self.team.lead and self.member(self.team.lead):
            return (self.team.lead,)
        return self.holders(LEAD)

    def leading(self, now: datetime) -> tuple[str, ...]:
        """Who is told what is for the lead: the lead or a cover; with none, the lead all the same."""
        return self.standing_in(self.leads(), now) or self.leads()

    def away(self, member_id: str, now: datetime) -> Absence | None:
        """The absence that holds for this member now; of several the one that ends last."""
        held = [each for each in self.absences if each.member == member_id and each.holds(now)]
        return max(held, key=lambda each: each.ends, default=None)

    def cover(self, member_id: str, now: datetime) -> str:
        """Who stands in for an absent member now; follows covers who are away themselves; "" for nobody."""
        seen = {member_id}
        current = member_id
        while (absence := self.away(current, now)) is not None:
            current = absence.cover
            if not current or current in seen or self.member(current) is None:
                return ""
            seen.add(current)
        return current if current != member_id else ""

    def standing_in(self, members: Iterable[str], now: datetime) -> tuple[str, ...]:
        """For each of these members themselves if they are here, else whoever covers for them."""
        here = (each if self.away(each, now) is None else self.cover(each, now) for each in members)
        return tuple(dict.fromkeys(each for each in here if self.member(each)))

    def present(self, members: Iterable[str], now: datetime) -> tuple[str, ...]:
        """Of these members, those who are in the team and not away."""
        return tuple(each for each in members if self.member(each) and self.away(each, now) is None)
