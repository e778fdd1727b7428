"""What the steps of a running conference share: which one is meant, who may do this, and the answer."""

from dataclasses import dataclass

from cards.form import Kind, ask
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, State
from pathway.handoff import Refused
from pathway.roll_call import present
from pathway.session import Item, Session
from storage.clinic import Clinic


@dataclass(frozen=True)
class Which:
    """A conference, the one that is meant if it is not named."""

    conference: str = ask("Conference", Kind.CONFERENCE, default="", example="C-12")


@dataclass(frozen=True)
class Running:
    """The conference that runs, its items, and the caller as a member of its team."""

    conference: Conference
    session: Session
    by: Caller

    @property
    def current(self) -> Item:
        """What is being talked about. Raises Refused when nothing is."""
        if self.session.current is None:
            raise Refused(f"No item of {self.conference.ref} is being talked about now: `next` takes one.")
        return self.session.current


def running(by: Caller, clinic: Clinic, ref: str = "") -> Running:
    """The conference that runs in the caller's team, or the one that is named. Raises Refused.

    In private it is the one that runs, if there is one alone among all the caller's teams.
    """
    if ref:
        conference, by = access.conference(ref, by, clinic)
        if conference.state is not State.RUNNING:
            raise Refused(f"{conference.ref} is {conference.state}, so that can't be done now.")
        return Running(conference, clinic.sessions.items(conference.number), by)
    rosters = (by.roster_here,) if by.roster_here else by.rosters
    found = [(each, clinic.conferences.running(each.team.id)) for each in rosters]
    there = [(roster, conference) for roster, conference in found if conference is not None]
    if len(there) > 1:
        raise Refused("More than one of your teams meets now: say it in the room of the one you mean.")
    if not there:
        raise Refused("No conference is running: `conference start` begins the next one.")
    roster, conference = there[0]
    return Running(conference, clinic.sessions.items(conference.number), by.within(roster))


def steered(by: Caller, clinic: Clinic, ref: str = "") -> Running:
    """The running conference, for somebody who may lead through it: whoever is here, as chairs get lost.

    Raises Refused for who is not.
    """
    found = running(by, clinic, ref)
    here = {each.member for each in present(clinic.sessions.attendance(found.conference.number))}
    if found.by.id not in here and not found.by.may("conference"):
        raise Refused(f"You are not in the roll call of {found.conference.ref}: `conference join` first.")
    return found


def of_item(found: Running, patient: str) -> Item:
    """The current item, which must be the one that was meant, if one was named.

    A button names its item, so that a second press, or one that comes late, does nothing to the next.
    Raises Refused with what is being talked about.
    """
    current = found.current
    if patient and patient != current.patient:
        raise Refused(f"{said(found, patient)} Now it is {current.patient}.")
    return current


def said(found: Running, patient: str) -> str:
    """Where this patient's item stands, as a sentence."""
    item = found.session.of(patient)
    if item is None:
        return f"{patient} is not on the agenda of {found.conference.ref}."
    return f"{patient} is {item.state}."


def outside(by: Caller, clinic: Clinic) -> bool:
    """Whether no conference is running that the caller could mean."""
    rosters = (by.roster_here,) if by.roster_here else by.rosters
    return not any(clinic.conferences.running(each.team.id) for each in rosters)
