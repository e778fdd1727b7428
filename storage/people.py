"""The staff: members and their accounts, teams and their rooms, who is away and who covers."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from cards.card import Detail
from pathway.code import ALPHABET
from pathway.hours import read_hours, say_quiet, say_working
from pathway.people import Absence, Member, Place, Roster, Team
from pathway.public_holidays import Kept
from storage.rows import Rows
from storage.statements import MEMBER_BY_ACCOUNT, ROSTER, TEAMS_OF_MEMBER
from storage.tables import AbsenceRow, AccountRow, LinkCodeRow, MemberRow, PlaceRow, RoomRow, TeamRow


@dataclass(frozen=True)
class TeamRoom:
    """A channel or room that belongs to a team ("" while it is not set up)."""

    platform: str
    address: str
    team: str
    detail: Detail
    encrypted: bool
    joined: bool


class People(Rows):
    """Members, teams and rooms of one organisation."""

    def member(self, member_id: str) -> Member | None:
        """The member with this id."""
        row = self.row_of(MemberRow, member_id)
        return self._member(row.id, row.sealed_name, row.zone, row.sealed_email) if row else None

    def by_account(self, platform: str, account: str) -> Member | None:
        """Whose account this is."""
        asked = {"org": self.org, "platform": platform, "account": account}
        row = self.session.execute(MEMBER_BY_ACCOUNT, asked).first()
        return self._member(*row) if row else None

    def zone_of(self, member_id: str) -> str:
        """A member's own time zone, else that of a team in which they work, else UTC."""
        member = self.member(member_id)
        teams = (self.team(each) for each in self.teams_of(member_id))
        zones = [member.zone if member else "", *(each.hours.zone for each in teams if each)]
        return next((each for each in zones if each), "UTC")

    def accounts(self, member_id: str) -> list[tuple[str, str]]:
        """A member's accounts as (platform, account)."""
        query = select(AccountRow).where(AccountRow.org == self.org, AccountRow.member == member_id)
        return sorted((row.platform, row.account) for row in self.session.scalars(query))

    def accounts_of(self, members: Iterable[str]) -> list[tuple[str, str]]:
        """The accounts of these members, as (account, member)."""
        query = select(AccountRow).where(AccountRow.org == self.org, AccountRow.member.in_(list(members)))
        return [(row.account, row.member) for row in self.session.scalars(query)]

    def accounts_in(self, team_id: str, before: datetime) -> dict[str, set[tuple[str, str]]]:
        """The accounts, as (platform, account), of each who has worked in a team since before a moment."""
        whose = (AccountRow.org == PlaceRow.org) & (AccountRow.member == PlaceRow.member)
        of_team = (PlaceRow.org == self.org, PlaceRow.team == team_id, PlaceRow.left_at.is_(None))
        query = select(AccountRow).join(PlaceRow, whose).where(*of_team, PlaceRow.joined_at < before)
        found: dict[str, set[tuple[str, str]]] = {}
        for row in self.session.scalars(query):
            found.setdefault(row.member, set()).add((row.platform, row.account))
        return found

    def enrol(self, name: str, platform: str, account: str, now: datetime, *, zone: str = "") -> Member:
        """A new member with a first account."""
        member = Member(id=secrets.token_hex(8), name=name, zone=zone)
        self.save(member)
        self.put_row(AccountRow, platform, account, member=member.id, since=now)
        return member

    def save(self, member: Member) -> None:
        """Writes a member."""
        self.put_row(MemberRow, member.id, sealed_name=self.seal(member.name),
            sealed_email=self.seal(member.email), zone=member.zone,
        )  # fmt: skip

    def give_account(self, platform: str, account: str, member_id: str, now: datetime) -> None:
        """Makes an account a member's, whoever had it before."""
        self.put_row(AccountRow, platform, account, member=member_id, since=now)

    def team(self, team_id: str) -> Team | None:
        """The team with this id."""
        row = self.row_of(TeamRow, team_id)
        return self._team(row) if row else None

    def teams(self) -> list[Team]:
        """All teams of the organisation."""
        query = select(TeamRow).where(TeamRow.org == self.org).order_by(TeamRow.id)
        return [self._team(row) for row in self.session.scalars(query)]

    def save_team(self, team: Team) -> None:
        """Writes a team."""
        self.put_row(TeamRow, team.id, name=team.name, zone=team.hours.zone, working=say_working(team.hours),
            quiet=say_quiet(team.hours), sealed_phone=self.seal(team.phone),
            emergency_number=team.emergency_number, lead=team.lead, help_lines=team.help_lines,
            holidays=team.holidays,
        )  # fmt: skip

    def roster(self, team_id: str) -> Roster:
        """Who works in a team and who of them is away. Raises KeyError for an unknown team."""
        team = self.team(team_id)
        if team is None:
            raise KeyError(team_id)
        places: dict[str, Place] = {}
        absences = []
        for row in self.session.execute(ROSTER, {"org": self.org, "team": team_id}):
            if row.id not in places:
                places[row.id] = Place(self._member(*row[:4]), row.role)
            if row.starts is not None:
                absences.append(Absence(row.id, row.starts, row.ends, row.cover))
        return Roster(team, tuple(places.values()), tuple(absences))

    def teams_of(self, member_id: str) -> list[str]:
        """Ids of the teams in which a member works."""
        asked = {"org": self.org, "member": member_id}
        return sorted(self.session.scalars(TEAMS_OF_MEMBER, asked))

    def join(self, team_id: str, member_id: str, role: str, now: datetime) -> None:
        """Gives a member a role in a team."""
        self.put_row(PlaceRow, team_id, member_id, role=role, joined_at=now, left_at=None)

    def leave(self, team_id: str, member_id: str, now: datetime) -> bool:
        """Ends a member's place in a team; False if there was none."""
        row = self.row_of(PlaceRow, team_id, member_id)
        if row is None or row.left_at is not None:
            return False
        row.left_at = now
        return True

    def room(self, platform: str, address: str, *, locked: bool = False) -> TeamRoom | None:
        """The room at this address, if the bot knows it. `locked`: as it is until the transaction ends."""
        key = (self.org, platform, address)
        row = self.session.get(RoomRow, key, with_for_update=locked or None, populate_existing=locked)
        return self._room(row) if row else None

    def rooms(self, team_id: str) -> list[TeamRoom]:
        """The rooms in which a team works and where the bot is present."""
        query = select(RoomRow).where(RoomRow.org == self.org, RoomRow.team == team_id, RoomRow.joined)
        return sorted((self._room(row) for row in self.session.scalars(query)), key=lambda r: r.address)

    def save_room(self, room: TeamRoom) -> None:
        """Writes a room."""
        self.put_row(RoomRow, room.platform, room.address, team=room.team, detail=int(room.detail),
            encrypted=room.encrypted, joined=room.joined,
        )  # fmt: skip

    def go_away(self, absence: Absence) -> None:
        """Notes an absence, in place of any that it overlaps."""
        self.session.execute(
            delete(AbsenceRow).where(
                AbsenceRow.org == self.org,
                AbsenceRow.member == absence.member,
                AbsenceRow.ends > absence.starts,
                AbsenceRow.starts < absence.ends,
            )
        )
        self.put_row(AbsenceRow, absence.member, absence.starts, ends=absence.ends, cover=absence.cover)

    def rename_absent(self, other: str, member: str) -> None:
        """Makes the absences of `other`, and what they cover, those of `member`, who is the same person."""
        of_org = update(AbsenceRow).where(AbsenceRow.org == self.org)
        of_org = of_org.execution_options(synchronize_session=False)
        covered = (AbsenceRow.cover == other, AbsenceRow.member.not_in([other, member]))
        own = select(AbsenceRow.starts).where(AbsenceRow.org == self.org, AbsenceRow.member == member)
        same = (AbsenceRow.member == other, AbsenceRow.starts.not_in(own.scalar_subquery()))
        self.session.execute(of_org.where(*covered).values(cover=member))
        self.session.execute(of_org.where(*same).values(member=member))

    def come_back(self, member_id: str, now: datetime) -> bool:
        """Ends what absence holds now or later; False if there was none."""
        gone = self.session.execute(
            delete(AbsenceRow)
            .where(AbsenceRow.org == self.org, AbsenceRow.member == member_id, AbsenceRow.ends > now)
            .returning(AbsenceRow.member)
        )
        return gone.first() is not None

    def link_code(self, member_id: str, platform: str, account: str, expires_at: datetime) -> str:
        """A new one-time code by which the holder of `account` becomes this member.

        Eight characters of 29 (39 bits): nobody guesses one while it lasts, however fast they try.
        """
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
        code = f"{drawn[:4]}-{drawn[4:]}"
        digest = self.keyring.digest(f"{member_id}:{code}", "link code")
        self.put_row(
            LinkCodeRow, digest, member=member_id, platform=platform, account=account, expires_at=expires_at
        )
        return code

    def use_link_code(self, member_id: str, code: str, now: datetime) -> tuple[str, str] | None:
        """The account that a code joins to this member; the code is spent. None if it is wrong or too old."""
        digests = self.keyring.digests(f"{member_id}:{code}", "link code")
        query = select(LinkCodeRow).where(LinkCodeRow.org == self.org, LinkCodeRow.digest.in_(digests))
        row = self.session.scalars(query).first()
        if row is None:
            return None
        self.remove_row(row)
        return (row.platform, row.account) if row.expires_at > now else None

    def _member(self, member_id: str, sealed_name: str, zone: str, sealed_email: str) -> Member:
        return Member(member_id, self.open(sealed_name), zone, self.open(sealed_email))

    def _team(self, row: TeamRow) -> Team:
        hours = read_hours(row.zone, row.working, row.quiet, Kept(row.holidays, row.zone))
        return Team(
            row.id, row.name, hours, self.open(row.sealed_phone), row.emergency_number, row.lead,
            row.help_lines, row.holidays,
        )  # fmt: skip

    def _room(self, row: RoomRow) -> TeamRoom:
        return TeamRoom(row.platform, row.address, row.team, Detail(row.detail), row.encrypted, row.joined)


def names(members: Sequence[Member]) -> str:
    """Names for a sentence: "Ana, Bo and Cy"."""
    listed = [member.name for member in members]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}" if listed else ""
