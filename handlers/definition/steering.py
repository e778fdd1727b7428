"""The steering group: who is in it, and how its members add and remove others. It is the organisation's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Table, Text, Tone
from cards.form import ask
from handlers.command import Nothing
from handlers.definition.post import tell_one, tell_steering
from handlers.people.who import find_member
from handlers.reading import Reading, Wrong
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.people import Member, Place, Roster
from pathway.when import say_when
from storage.clinic import Clinic
from storage.definitions import NEEDED
from storage.people import names


@dataclass(frozen=True)
class Newcomer:
    """Who is to be in the group."""

    member: str = ask("Who", example="@bo", hint="By name or mention, of whichever team.")


@dataclass(frozen=True)
class Leaver:
    """Who is to be in it no more."""

    member: str = ask("Who", example="@bo", hint="As `pathway steering` lists them.")


def begin(by: Caller, clinic: Clinic, now: datetime) -> None:
    """Puts whoever sets up the first team of an organisation into the group; of a later team, nobody."""
    if not clinic.people.teams() and not clinic.steering.members():
        clinic.steering.add(by.id, by.id, now)


def need_place(by: Caller, clinic: Clinic, *, locked: bool = False) -> None:
    """Raises Refused for somebody who is not in the group. `locked`: it stays as it is until this is done."""
    group = _group(clinic, locked=locked)
    if by.id not in (each.id for each in group):
        known = f": ask {names(group)}." if group else ", and nobody is in it."
        raise Refused(f"Only the steering group of the pathway may do that{known}")


def show(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Who is in the group, since when, and who put them there."""
    rows = tuple(
        (_name(seat.member, clinic), say_when(seat.since, by.zone, now), _name(seat.by, clinic))
        for seat in clinic.steering.seats()
    )
    group = _group(clinic)
    unable = [each for each in group if not _may_change(each.id, clinic)]
    says = f"A change of the pathway takes {NEEDED} of them. `pathway steering add @name` puts somebody in."
    if unable:
        says += f" {_who_may(clinic)} That is not: {names(unable)}."
    tone = Tone.WARNING if len(group) - len(unable) < NEEDED else Tone.QUIET
    return Card(
        "The steering group of the pathway", (Table(("Name", "Since", "Added by"), rows), Text(says, tone))
    )


def add(asked: Newcomer, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts somebody into the group; they and the group are told."""
    need_place(by, clinic, locked=True)
    everybody = (clinic.people.roster(team.id) for team in clinic.people.teams())
    member = _named(asked.member, (*by.rosters, *everybody), by, clinic, now)
    if member is None:
        raise Refused(f"Nobody of any team is called “{asked.member}”: they type `team join` first.")
    if member.id in clinic.steering.members():
        raise Refused(f"{member.name} is in the steering group already.")
    clinic.steering.add(member.id, by.id, now)
    does = Text("You can propose changes of the pathway, and approve or reject what others propose.")
    if not _may_change(member.id, clinic):
        does = Text(f"You hear what is proposed. {_who_may(clinic)}", Tone.WARNING)
    yours = Card("You are in the steering group of the pathway now", (does,), _LOOK)
    return _told(member, yours, "is in the steering group of the pathway now", by, clinic, now)


def remove(asked: Leaver, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes somebody out of the group, never the last; they and the group are told."""
    need_place(by, clinic, locked=True)
    group = tuple(Place(each, "") for each in _group(clinic))
    member = _named(asked.member, (replace(by.rosters[0], places=group),), by, clinic, now)
    if member is None:
        raise Refused(f"Nobody in the group is called “{asked.member}”: `pathway steering` lists it.")
    if len(group) == 1:
        raise Refused("You are the last one in the steering group: add somebody else first.")
    clinic.steering.remove(member.id, by.id, now)
    yours = Card("You are in the steering group of the pathway no more", (), _LOOK)
    return _told(member, yours, "is in the steering group of the pathway no more", by, clinic, now)


_LOOK = (Choice("Who is in it?", "pathway steering"),)


def _told(member: Member, yours: Card, happened: str, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Tells whoever it is about and the group, but not the caller, who gets the answer."""
    clinic.rows.session.flush()
    theirs = Card(f"{member.name} {happened}", (Text(f"By {by.member.name}.", Tone.QUIET),), _LOOK)
    tell_steering(theirs, clinic, now, without=(by.id, member.id))
    if member.id != by.id:
        tell_one(member.id, yours, clinic, now)
    return Card(f"{member.name} {happened}.", (), _LOOK)


def _named(typed: str, rosters: Sequence[Roster], by: Caller, clinic: Clinic, now: datetime) -> Member | None:
    """Whoever is called so in the first of these rosters that has somebody of this name. Raises Refused."""
    try:
        found = find_member(typed, rosters, Reading(by, clinic, now))
    except Wrong as error:
        raise Refused(error.sentence) from error
    return clinic.people.member(found) if found else None


def _who_may(clinic: Clinic) -> str:
    """The roles in which people can use their place, in a sentence."""
    roles = [each.label.lower() for each in clinic.definition.roles if "pathway" in each.may]
    return f"To propose and approve, one must also be {' or '.join(roles)}."


def _may_change(member: str, clinic: Clinic) -> bool:
    """Whether a role that somebody has in some team lets them propose and approve."""
    roles = (clinic.people.roster(each).role(member) for each in clinic.people.teams_of(member))
    found = (clinic.definition.role(each) for each in roles)
    return any("pathway" in each.may for each in found if each)


def _group(clinic: Clinic, *, locked: bool = False) -> list[Member]:
    found = map(clinic.people.member, clinic.steering.members(locked=locked))
    return [each for each in found if each]


def _name(member_id: str, clinic: Clinic) -> str:
    member = clinic.people.member(member_id) if member_id else None
    return member.name if member else "–"
