"""What a team has settled for its agendas, and when it follows that something is done for a conference."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from pathway.conference import Deadline
from pathway.definition import Definition, shipped
from pathway.definition_agenda import AgendaDef
from pathway.hours import Hours

LAST_LOOK_DAYS = 1
"""So many working days before a conference it is looked for the last time who has accepted."""


@dataclass(frozen=True)
class Habits:
    """What a team, or one of its series, has settled. None stands for what the definition says.

    The agenda is posted `days` working days before the conference, at the local time `at` (None: when work
    starts). Somebody of each discipline of `quorum` must accept.
    """

    days: int | None = None
    at: time | None = None
    quorum: tuple[str, ...] | None = None

    def over(self, wider: "Habits") -> "Habits":
        """These habits, and where they say nothing those of the wider circle."""
        return Habits(
            wider.days if self.days is None else self.days,
            wider.at if self.days is None else self.at,
            wider.quorum if self.quorum is None else self.quorum,
        )


def settings(definition: Definition) -> AgendaDef:
    """What a definition says of agendas; one that says nothing has what we ship."""
    said = definition.agenda or shipped().agenda
    if said is None:
        raise ValueError("the definition that is shipped has `agenda`")
    return said


def moments(
    starts: datetime, hours: Hours, habits: Habits, definition: Definition
) -> Mapping[Deadline, datetime]:
    """When each thing is due (UTC) for a conference, none of it after its start.

    Days are working days before the local date of the conference, and times the wall clock's: a change of
    the clocks in between moves nothing. Who is missing is asked no later than the agenda is posted.
    """
    said = settings(definition)
    days = said.post_days if habits.days is None else habits.days
    posted = _before(starts, days, hours, habits)
    return {
        Deadline.AGENDA: posted,
        Deadline.READY: min(_before(starts, said.ready_days, hours, habits), posted),
        Deadline.QUORUM: _before(starts, said.quorum_days, hours, habits),
    }


def last_look(starts: datetime, hours: Hours, habits: Habits) -> datetime:
    """When it is looked for the last time (UTC) who has accepted."""
    return _before(starts, LAST_LOOK_DAYS, hours, habits)


def _before(starts: datetime, days: int, hours: Hours, habits: Habits) -> datetime:
    day = hours.days_before(starts.astimezone(ZoneInfo(hours.zone)).date(), days)
    return min(hours.at(day, habits.at or hours.work.start), starts)
