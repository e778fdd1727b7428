"""Where issues come from: one function for each source, all of them listed in SOURCES.

A source gives the issues that are there, and those that will be if nothing happens: their `since` is still
to come. Another source is a function here and its name in SOURCES.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pathway import outstanding, outstanding_measures, outstanding_plan
from pathway.definition import Definition, shipped
from pathway.flag import Flag
from pathway.handoff import Handoff
from pathway.issue import Issue, Kind
from pathway.measure import History
from pathway.people import Roster
from pathway.plan import Entry
from pathway.schedule import dues
from storage.clinic import Clinic
from storage.patients import Patient

MOST_HANDOFFS = 500


@dataclass(frozen=True)
class Look:
    """A look at one patient: what several sources want to know is read once."""

    patient: Patient
    clinic: Clinic
    now: datetime

    @property
    def code(self) -> str:
        """Whose issues are collected."""
        return self.patient.code

    @property
    def definition(self) -> Definition:
        """The pathway definition in force."""
        return self.clinic.definition

    @cached_property
    def roster(self) -> Roster:
        """The patient's team."""
        return self.clinic.people.roster(self.patient.team)

    @cached_property
    def history(self) -> History:
        """What was measured."""
        return self.clinic.measures.history(self.code)

    @cached_property
    def flags(self) -> list[Flag]:
        """The open flags."""
        return self.clinic.flags.open_of_patient(self.code)

    @cached_property
    def handoffs(self) -> list[Handoff]:
        """The handoffs, closed ones too."""
        return self.clinic.handoffs.of_patient(self.code, MOST_HANDOFFS)

    @cached_property
    def plan(self) -> list[Entry]:
        """The entries of the care plan."""
        return self.clinic.plans.of_patient(self.code)

    @cached_property
    def discussed(self) -> datetime | None:
        """When the patient was discussed last in a conference."""
        return self.clinic.sessions.last_discussed([self.code]).get(self.code)

    @cached_property
    def reached(self) -> list[datetime]:
        """When somebody was in touch with the patient: by what was noted, measured, or introduced."""
        last = self.clinic.contacts.last(self.code)
        met = [each.answered_at for each in self.handoffs if each.talk.met_patient and each.answered_at]
        measured = [each.taken_at for each in self.history.measures]
        return [*([last.at] if last else []), *met, *measured]

    def weeks(self, kind: Kind) -> int:
        """After how many weeks this kind is an issue."""
        kinds = self.definition.issue_kinds or shipped().issue_kinds
        return next(each.after_weeks or 0 for each in kinds if each.id is kind)


Source = Callable[[Look], Iterable[Issue]]


def flags(look: Look) -> Iterable[Issue]:
    """Open and escalated flags."""
    return outstanding.of_flags(look.flags, look.definition)


def handoffs(look: Look) -> Iterable[Issue]:
    """Handoffs overdue, declined by all, expired, or completed without a first contact."""
    if not look.handoffs:
        return []  # and nobody need be read who works in the team
    return outstanding.of_handoffs(look.handoffs, look.reached, look.roster, look.definition)


def measures(look: Look) -> Iterable[Issue]:
    """Measures that are overdue."""
    due = dues(look.definition.schedules, look.history)
    return outstanding_measures.of_schedule(look.code, due, look.now)


def responses(look: Look) -> Iterable[Issue]:
    """People who are not better, or worse, and of whose plan nothing was decided since."""
    decided = outstanding_plan.decided_at(look.plan)
    found = outstanding_measures.of_responses(look.history, look.flags, look.definition, look.now)
    return (each for each in found if decided is None or decided < each.why.at)


def consent(look: Look) -> Iterable[Issue]:
    """Consent that is not recorded."""
    return [] if look.patient.consent_team else outstanding.of_consent(look.code, look.history.since)


def contact(look: Look) -> Iterable[Issue]:
    """People whom nobody has reached for weeks."""
    tries = look.clinic.contacts.tries(look.code)
    weeks = look.weeks(Kind.NO_CONTACT)
    return outstanding.of_contact(look.code, look.reached, tries, look.history.since, weeks)


def discussion(look: Look) -> Iterable[Issue]:
    """People who were on no conference for longer than the definition allows."""
    last = look.discussed or look.history.since
    ever = look.discussed is not None
    return outstanding.of_discussion(look.code, last, look.weeks(Kind.NOT_DISCUSSED), ever)


def questions(look: Look) -> Iterable[Issue]:
    """What people ask the conference."""
    return outstanding.of_questions(look.clinic.questions.open_of_patient(look.code))


def actions(look: Look) -> Iterable[Issue]:
    """Actions overdue or blocked."""
    return outstanding_plan.of_actions(look.clinic.actions.of_patient(look.code))


def goals(look: Look) -> Iterable[Issue]:
    """Goals without progress."""
    return outstanding_plan.of_goals(look.plan, look.weeks(Kind.GOAL_STUCK))


def referrals(look: Look) -> Iterable[Issue]:
    """Referrals that wait past their target."""
    return outstanding_plan.of_referrals(look.plan, look.weeks(Kind.REFERRAL_WAITING))


def barriers(look: Look) -> Iterable[Issue]:
    """Barriers noted."""
    return outstanding_plan.of_barriers(look.plan)


SOURCES: tuple[Source, ...] = (
    flags,
    handoffs,
    measures,
    responses,
    consent,
    contact,
    discussion,
    questions,
    actions,
    goals,
    referrals,
    barriers,
)
