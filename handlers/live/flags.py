"""A flag that is raised while the team meets: one that is safety is offered to the conference at once."""

from datetime import datetime

from cards.card import Card, Choice, Text
from pathway.definition import Definition, shipped
from pathway.flag import Flag
from pathway.issue import Kind
from pathway.people import Roster
from pathway.session import State
from storage.clinic import Clinic


def offer(flag: Flag, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Offers a flag to the conference that runs, to be brought in now; never a private one."""
    conference = clinic.conferences.running(roster.team.id)
    if conference is None or flag.private or not is_safety(flag.severity, clinic.definition):
        return
    severity = clinic.definition.flag_severity(flag.severity).label.lower()
    says = f"{flag.ref} ({flag.patient}) was raised during {conference.ref}: {severity}"
    item = clinic.sessions.items(conference.number).of(flag.patient)
    if item is not None and item.state is State.CURRENT:
        card = Card(says, (Text("It is about the person you are talking about."),))
    else:
        bring = Choice("Bring it in now", f"conference bring {flag.patient}", urgent=True)
        card = Card(says, (Text("The item that you are at waits and keeps its time."),), (bring,))
    clinic.outbox.announce(roster.team.id, card, now, subject=flag.ref)


def was_offered(patient: str, clinic: Clinic) -> bool:
    """Whether an open flag of this patient is one that a conference is offered."""
    flags = clinic.flags.open_of_patient(patient)
    return any(not each.private and is_safety(each.severity, clinic.definition) for each in flags)


def is_safety(severity: str, definition: Definition) -> bool:
    """Whether a flag of this severity is safety, by the definition's rules for agendas."""
    source = definition if definition.issue_kinds else shipped()
    kind = next(each for each in source.issue_kinds if each.id is Kind.FLAG_OPEN)
    if not kind.safety_from:
        return kind.rank == "safety"
    try:
        return definition.flag_rank(severity) >= definition.flag_rank(kind.safety_from)
    except KeyError:
        return True
