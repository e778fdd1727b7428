"""When things are due for the agenda of one conference, by what its team or series has settled."""

from collections.abc import Mapping
from datetime import datetime

from agendas.habits import last_look, moments
from pathway.conference import Conference, Deadline
from pathway.people import Roster
from storage.clinic import Clinic


def due_times(conference: Conference, roster: Roster, clinic: Clinic) -> Mapping[Deadline, datetime]:
    """When its agenda is posted, what is missing asked for, and a quorum looked for."""
    habits = clinic.agendas.habits(conference.team, conference.series)
    return moments(conference.starts, roster.team.hours, habits, clinic.definition)


def last_look_at(conference: Conference, roster: Roster, clinic: Clinic) -> datetime:
    """When it is looked for the last time who has accepted."""
    habits = clinic.agendas.habits(conference.team, conference.series)
    return last_look(conference.starts, roster.team.hours, habits)
