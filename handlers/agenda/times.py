"""When things are due for the agenda of one conference, by what its team or series has settled."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agendas.habits import last_look, moments
from pathway.conference import Conference, Deadline
from pathway.hours import Hours
from pathway.people import Roster
from pathway.public_holidays import holiday, region_of
from storage.clinic import Clinic

DAYS_BACK = 200
"""Further back than anything is due before a conference, even for a team that works one day a week."""


def due_times(conference: Conference, roster: Roster, clinic: Clinic) -> Mapping[Deadline, datetime]:
    """When its agenda is posted, what is missing asked for, and a quorum looked for."""
    habits = clinic.agendas.habits(conference.team, conference.series)
    return moments(conference.starts, _hours(conference, roster, clinic), habits, clinic.definition)


def last_look_at(conference: Conference, roster: Roster, clinic: Clinic) -> datetime:
    """When it is looked for the last time who has accepted."""
    habits = clinic.agendas.habits(conference.team, conference.series)
    return last_look(conference.starts, _hours(conference, roster, clinic), habits)


def _hours(conference: Conference, roster: Roster, clinic: Clinic) -> Hours:
    """The team's hours, with the public holidays that the series keeps; else those of the team's country."""
    hours = roster.team.hours
    series = clinic.series.of_number(conference.series) if conference.series else None
    region = series.holidays if series else region_of(hours.zone)
    last = conference.starts.astimezone(ZoneInfo(hours.zone)).date()
    days = (last - timedelta(days=back) for back in range(DAYS_BACK))
    return replace(hours, holidays=hours.holidays | {each for each in days if holiday(region, each)})
