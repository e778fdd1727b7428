"""The agenda of a conference as things stand: what is outstanding, who is expected, what the lead wishes."""

from collections.abc import Iterable
from datetime import datetime

from agendas.agenda import Agenda, Sitting, Slot
from agendas.assemble import assemble
from agendas.rank import Known
from agendas.wish import Ask, Wish
from handlers.conferences.expected import expected
from pathway.conference import Conference
from pathway.definition import Definition, shipped
from pathway.issue import Issue
from storage.clinic import Clinic


def draft(conference: Conference, clinic: Clinic, now: datetime) -> Agenda:
    """The agenda of a conference, from what has been collected of its team's patients.

    Who wants what changed at this moment to be in it brings the team up to date first.
    """
    roster = clinic.people.roster(conference.team)
    issues = clinic.issues.of_team(conference.team)
    wishes = clinic.agendas.wishes(conference)
    later = clinic.conferences.upcoming(conference.team, conference.starts)
    answers = clinic.invitees.answers(conference)
    there = expected(conference, roster, clinic.definition, answers)
    sitting = Sitting(slot(conference), there, tuple(slot(each) for each in later))
    return assemble(
        issues,
        sitting,
        clinic.definition,
        wishes=wishes,
        known=_known(conference.team, issues, wishes, clinic),
        past=clinic.sessions.past(conference.team),
    )


def slot(conference: Conference) -> Slot:
    """A conference as agendas name it."""
    return Slot(conference.starts, conference.minutes, conference.ref)


def _known(team: str, issues: Iterable[Issue], wishes: Iterable[Wish], clinic: Clinic) -> Known:
    """What is known of those for whom something is outstanding, or whom the lead brings in."""
    codes = {each.patient for each in issues} | {each.patient for each in wishes if each.ask is Ask.BRING}
    measured = {
        code: {each.instrument: each.taken_at for each in history.measures}
        for code, history in clinic.measures.histories(_measured(issues, clinic.definition)).items()
    }
    return Known(measured, clinic.issues.reports(team), clinic.patients.care_teams(codes))


def _measured(issues: Iterable[Issue], definition: Definition) -> list[str]:
    """Those of whom it matters when something was measured: entries are sealed, and take time to open."""
    kinds = definition.issue_kinds or shipped().issue_kinds
    asking = {kind.id for kind in kinds if any(need.measure for need in kind.ready)}
    return sorted({each.patient for each in issues if each.kind in asking and not each.private})
