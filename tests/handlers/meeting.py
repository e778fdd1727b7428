"""A conference of the north team, for conversations: patients with something outstanding, and its hour."""

from datetime import timedelta

from pathway.conference import Conference
from pathway.session import Item, State
from tests.handlers.talk import Talk


def planned(talk: Talk, number: int = 1, minutes: int = 60, ahead: float = 60) -> Conference:
    """A conference of the team that is to begin so many minutes from now."""
    with talk.store.clinic(talk.now) as clinic:
        team = clinic.people.teams()[0]
        starts = talk.now + timedelta(minutes=ahead)
        made = Conference(number, team.id, "Weekly conference", starts, minutes, team.hours.zone)
        clinic.conferences.put(made, "planned", talk.now)
    return made


def begun(talk: Talk, count: int = 3, minutes: int = 60) -> list[str]:
    """A running conference that dee leads, with ana and bo there and its first item taken; the codes.

    What is outstanding for each patient is that consent is not noted yet.
    """
    for _ in range(count):
        talk.patient()
        talk.now += timedelta(minutes=1)
    planned(talk, minutes=minutes, ahead=0)
    talk.say("dee", "conference start C-1")
    for who in ("ana", "bo"):
        talk.say(who, "conference join C-1")
    codes = [each.patient for each in items(talk)]
    talk.say("dee", f"conference take {codes[0]}")
    talk.hear()
    return codes


def items(talk: Talk, number: int = 1) -> tuple[Item, ...]:
    """The items of a conference as they are stored."""
    with talk.store.clinic(talk.now) as clinic:
        return clinic.sessions.items(number).items


def states(talk: Talk, number: int = 1) -> list[State]:
    """Where the items of a conference stand, in their order."""
    return [each.state for each in items(talk, number)]


def conference(talk: Talk, number: int = 1) -> Conference:
    """A conference as it is stored."""
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.conferences.of_number(number)
    assert found is not None
    return found
