"""Times that are proposed for a conference: by working hours, leave, quorum, and calendars people gave."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.conferences.poll_card import disciplines, quorum
from pathway.conference import Conference
from pathway.find_time import Interval, Proposal, Sought, proposal, proposals
from pathway.invitee import member_key
from pathway.people import Roster
from storage.clinic import Clinic

LOOKED_AHEAD = timedelta(days=14)
SOONEST = timedelta(hours=24)
"""Nothing is proposed sooner: people have to answer first."""


def found(
    conference: Conference | None,
    minutes: int,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
    typed: Sequence[datetime] = (),
) -> tuple[Proposal, ...]:
    """The starts that suit most, or those that were `typed`, in the order of time: each with who can't come
    and what would be missing.
    """
    since, until = now + SOONEST, now + LOOKED_AHEAD
    others = clinic.conferences.between(roster.team.id, since - timedelta(hours=8), until)
    taken = tuple((each.starts, each.ends) for each in others if each != conference)
    series = conference.series if conference else 0
    sought = Sought(
        minutes, since, until, roster.team.hours, disciplines(roster, clinic),
        quorum(roster.team.id, series, clinic), taken,
    )  # fmt: skip
    away = _away(roster, clinic)
    return tuple(proposal(each, sought, away) for each in typed) or proposals(sought, away)


def _away(roster: Roster, clinic: Clinic) -> dict[str, Sequence[Interval]]:
    members = [each.member.id for each in roster.places]
    busy = clinic.busy.of_members(members)
    absent = {
        each: [(absence.starts, absence.ends) for absence in roster.absences if absence.member == each]
        for each in members
    }
    return {member_key(each): (*absent[each], *busy.get(each, ())) for each in members}
