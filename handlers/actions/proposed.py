"""Until when an action is to be done of which nobody says so: what the pathway proposes, and why."""

from dataclasses import dataclass
from datetime import datetime

from agendas.rank import Known, Past, Urgency
from pathway.issue import Kind, Rank
from pathway.people import Roster
from storage.clinic import Clinic


@dataclass(frozen=True)
class Proposed:
    """A moment, the end of a working day so many ahead, and what it is for, by codes only."""

    due_at: datetime
    days: int
    why: str

    @property
    def says(self) -> str:
        """It as a sentence."""
        days = "1 working day" if self.days == 1 else f"{self.days} working days"
        return f"Nobody said until when: the pathway proposes {days}{self.why and f' for {self.why}'}."


def proposed(code: str, about: Kind | None, roster: Roster, clinic: Clinic, now: datetime) -> Proposed:
    """What is proposed for an action of a patient, `about` the kind of issue that a conference talks of."""
    days, why = clinic.definition.plan.due_days, ""
    urgency = Urgency(clinic.definition, now, Known(), Past())
    kind = urgency.kinds.get(about) if about else None
    if kind is not None:
        issues = [each for each in clinic.issues.of_patient(code) if each.kind is about and not each.private]
        safety = any(urgency.rank(each) is Rank.SAFETY for each in issues)
        own = kind.safety_days if safety and kind.safety_days else kind.due_days
        days, why = (own, f"“{kind.outside}”{', safety' if safety else ''}") if own else (days, "")
    hours = roster.team.hours
    return Proposed(hours.end_of_day(hours.days_after(hours.today(now), days)), days, why)
