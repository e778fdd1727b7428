"""All that is outstanding for one patient, for those who look after them."""

from datetime import datetime

from agendas.assemble import NO_PAST, NOBODY
from agendas.rank import Urgency
from agendas.render import Words, age, issue_line
from cards.card import Card, Choice, Detail, Items, Part, Text, Tone
from handlers.issues.outstanding import collect
from handlers.patients import access
from handlers.patients.named import Named
from handlers.request import Caller
from pathway.issue import Issue, Kind
from storage.clinic import Clinic

MOST_BUTTONS = 4


def show(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What is outstanding for a patient: why, for how long, with whom, and what would close it."""
    patient = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(patient.team, by, clinic)
    found = [each for each in collect(patient.code, clinic, now) if _told(each, by)]
    ask = Choice("Ask the conference", f"agenda add {patient.code}")
    if not found:
        return Card(f"Nothing is outstanding for {patient.code}.", choices=(ask,))
    ordered = Urgency(by.definition, now, NOBODY, NO_PAST).case(patient.code, found, ()).issues
    words = Words(by.definition, by.roster.name, by.zone, now)
    public = tuple(f"{words.kind(each.kind).outside}, {age(each, now)}" for each in ordered)
    more = tuple(_asked(each) + issue_line(each, now, words) for each in ordered)
    told = Items(more, "Each with why, and what closes it", Detail.CLINICAL)
    parts: tuple[Part, ...] = (Items(public), told)
    apart = [each for each in ordered if each.private]
    if apart:
        quiet = f"{len(apart)} of these {'is' if len(apart) == 1 else 'are'} on no agenda and in no room."
        parts = (*parts, Text(quiet, Tone.QUIET))
    return Card(f"Outstanding for {patient.code}: {len(ordered)}", parts, (*_choices(ordered), ask))


def _told(issue: Issue, by: Caller) -> bool:
    """Of a private issue its owner and the leads hear, in a direct message only."""
    return not issue.private or (by.lane.direct and (by.id == issue.owner or by.leads))


def _asked(issue: Issue) -> str:
    return f"“{issue.question}” " if issue.question else ""


def _choices(issues: tuple[Issue, ...]) -> tuple[Choice, ...]:
    """What leads on: to flags and handoffs, and back from a question."""
    found = []
    for issue in issues:
        if issue.source.startswith("F-"):
            found.append(Choice(f"Show {issue.source}", f"flag show {issue.source}"))
        elif issue.source.startswith("H-"):
            found.append(Choice(f"Show {issue.source}", f"handoff show {issue.source}"))
        elif issue.kind is Kind.ASKED:
            found.append(Choice(f"Take {issue.source} back", f"agenda withdraw {issue.source}"))
    return tuple(found[:MOST_BUTTONS])
