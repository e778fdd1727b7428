"""What platforms report of rooms: the bot was invited or removed, a person left, a post did not arrive."""

from dataclasses import replace
from datetime import datetime

from cards.card import Card, Choice, Detail, Text, Tone
from handlers import living
from handlers.people.roster import drop_member
from storage.clinic import Clinic
from storage.outbox import Lane
from storage.people import TeamRoom

UNDELIVERED = "undelivered"


def invited(lane: Lane, encrypted: bool, clinic: Clinic, now: datetime) -> None:
    """The bot has joined a room: it says what to do next. A room it knew goes on where it was."""
    known = clinic.people.room(lane.platform, lane.target)
    detail = Detail.CLINICAL if encrypted else Detail.CODE
    room = (
        replace(known, joined=True, encrypted=encrypted)
        if known
        else TeamRoom(lane.platform, lane.target, "", detail, encrypted, joined=True)
    )
    clinic.people.save_room(room)
    clinic.journal.write("room join", f"room:{lane.platform}", now, became=room.team)
    if room.team:
        clinic.rows.session.flush()
        # What changed meanwhile was not shown here.
        living.catch_up(lane, clinic.people.roster(room.team), clinic, now)
        clinic.outbox.say(lane, Card("Baton is back.", (), (Choice("Who is here?", "team show"),)), now)
        return
    card = Card(
        "Hello, I am Baton. I pass patients along a care team without dropping any.",
        (Text("First, the lead sets up the team. Then everybody joins with their role."),
         Text("Patients are codes here; names stay in private.", Tone.QUIET)),
        (Choice("Set up the team", "team setup", urgent=True),
         Choice("My team works elsewhere too", "team connect"), Choice("Help", "help")),
    )  # fmt: skip
    clinic.outbox.say(lane, card, now)


def removed(lane: Lane, clinic: Clinic, now: datetime) -> None:
    """The bot was removed from a room: the lead is told, because nothing is shown there any more."""
    known = clinic.people.room(lane.platform, lane.target)
    if known is None or not known.joined:
        return
    clinic.people.save_room(replace(known, joined=False))
    clinic.journal.write(living.LEFT, f"room:{lane.platform}", now, was=known.team)
    if known.team:
        roster = clinic.people.roster(known.team)
        says = f"Baton was removed from a {lane.platform.capitalize()} room of {roster.team.name}"
        told = Card(
            says,
            (Text("Handoffs are not shown there any more. Invite Baton again, or work in another room."),),
        )
        clinic.outbox.tell(roster.leads(), told, now)


def left(lane: Lane, account: str, clinic: Clinic, now: datetime) -> None:
    """A person left a team's room: their place in the team and their access end with it."""
    room = clinic.people.room(lane.platform, lane.target)
    member = clinic.people.by_account(lane.platform, account)
    if room is None or not room.team or member is None:
        return
    drop_member(room.team, member.id, clinic, now)


def changed(lane: Lane, message: str, deleted: bool, clinic: Clinic, now: datetime) -> None:
    """Somebody edited or deleted a message that was a request. What was done stays; this is journalled."""
    clinic.journal.write("message deleted" if deleted else "message edited", f"message:{message}", now)


def undelivered(lane: Lane, subject: str, reason: str, clinic: Clinic, now: datetime) -> None:
    """A post can't be delivered at all: the leads of the team concerned are told in private.

    If that does not arrive either it ends there: nobody would read the third.
    """
    if subject == UNDELIVERED:
        return
    room = clinic.people.room(lane.platform, lane.target)
    member = clinic.people.by_account(lane.platform, lane.account) if lane.direct else None
    teams = [room.team] if room and room.team else clinic.people.teams_of(member.id) if member else []
    whom = member.name if member else f"a {lane.platform.capitalize()} room"
    about = f" about {subject}" if subject else ""
    told = Card(
        f"A message{about} did not reach {whom}", (Text(f"{lane.platform.capitalize()} says: {reason}."),)
    )
    for team in teams:
        roster = clinic.people.roster(team)
        others = [each for each in roster.leads() if member is None or each != member.id]
        clinic.outbox.tell(others, told, now, subject=UNDELIVERED)
