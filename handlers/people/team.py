"""Teams: set up in their channel, joined by role, and who is away."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Detail, Text
from cards.form import Kind, ask
from handlers.agenda import due as agenda_due
from handlers.agenda import live as agenda_live
from handlers.definition import steering
from handlers.handoffs import post as handoff_post
from handlers.people.roster import roster_card
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.hours import BadHours, read_hours
from pathway.people import LEAD, Team
from storage.clinic import Clinic
from storage.people import TeamRoom

_LEVELS = {"code": Detail.CODE, "clinical": Detail.CLINICAL, "identified": Detail.IDENTIFIED}


@dataclass(frozen=True)
class SetUp:
    """What a team needs before it can work."""

    name: str = ask("Name of the team", example="MSK pain team North")
    phone: str = ask(
        "Phone to ring when nobody answers", example="01632 960001",
        hint="Shown in the channel as the last resort, so it must be one that somebody picks up.",
    )  # fmt: skip
    zone: str = ask("Time zone", example="Europe/London", default="Europe/London")
    working: str = ask("Working hours", example="Mon-Fri 08:30-17:00", default="Mon-Fri 08:30-17:00")
    quiet: str = ask(
        "Quiet hours, in which only what is urgent disturbs", example="22:00-07:00", default="20:00-07:00"
    )
    emergency: str = ask("Local emergency number", example="999", default="112")
    role: str = ask("Your own role", Kind.ROLE, default=LEAD)


@dataclass(frozen=True)
class RoomDetail:
    """How much of a patient this room may show."""

    level: str = ask(
        "What may this room show of a patient?", Kind.CHOICE, example="clinical",
        options=(("code", "The code only"), ("clinical", "What was written, without the name")),
    )  # fmt: skip


@dataclass(frozen=True)
class Connect:
    """A team that already exists, to work in this room too."""

    team: str = ask("Name of the team", example="MSK pain team North")


def set_up(asked: SetUp, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Makes this room a team's, with the caller in it; again, by the lead, it changes the team."""
    room = _room(by, clinic)
    existing = clinic.people.team(room.team) if room.team else None
    if existing is not None and not by.leads:
        raise Refused(f"This is {existing.name}'s room already; its lead can change it.")
    try:
        hours = read_hours(asked.zone, asked.working, asked.quiet)
    except BadHours as error:
        raise Refused(str(error)) from error
    team_id = existing.id if existing else _team_id(asked.name, clinic)
    lead = existing.lead if existing else by.id
    help_lines = existing.help_lines if existing else ""
    team = Team(team_id, asked.name, hours, asked.phone, asked.emergency, lead, help_lines)
    if existing is None:
        steering.begin(by, clinic, now)
    clinic.people.save_team(team)
    if existing is None:
        clinic.people.save_room(replace(room, team=team_id))
        clinic.people.join(team_id, by.id, asked.role, now)
        clinic.rounds.begin(team_id, now)
    clinic.journal.write("team setup", f"team:{team_id}", now, by=by.id)
    clinic.rows.session.flush()
    agenda_due.schedule_all(team_id, clinic, now)
    roster = clinic.people.roster(team_id)
    return replace(roster_card(roster, clinic.definition, now), choices=_SETUP_CHOICES)


_SETUP_CHOICES = (
    Choice("Join with your role", "team join"),
    Choice("Add a patient", "patient add"),
    Choice("What may be shown here", "team detail"),
)


def connect(asked: Connect, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Lets a team work in this room as well as in those it has: one record, one card in each."""
    room = _room(by, clinic)
    wanted = asked.team.casefold()
    named = [each for each in clinic.people.teams() if each.name.casefold() == wanted]
    team = next((each for each in named if by.id in clinic.people.roster(each.id).leads()), None)
    if team is None:
        raise Refused(f"You lead no team called {asked.team}. Link your accounts first with `link account`.")
    if room.team and room.team != team.id:
        raise Refused("This room belongs to another team.")
    clinic.people.save_room(replace(room, team=team.id))
    clinic.journal.write("team connect", f"team:{team.id}", now, by=by.id)
    clinic.rows.session.flush()
    roster = clinic.people.roster(team.id)
    for handoff in clinic.handoffs.open_of_team(team.id):
        handoff_post.show(handoff, roster, clinic, now)
    agenda_live.show_again(team.id, clinic, now)
    return Card(
        f"{team.name} works here too now.", (Text("Its members link their accounts with `link account`."),)
    )


def detail(asked: RoomDetail, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Sets how much of a patient this room may show."""
    room = _room(by, clinic)
    level = _LEVELS[asked.level]
    if level > Detail.CODE and not room.encrypted and room.platform == "matrix" and not clinic.plain_rooms:
        raise Refused("This room is not encrypted, so it shows codes only. Use an encrypted room.")
    clinic.people.save_room(replace(room, detail=level))
    clinic.journal.write("team detail", f"team:{room.team}", now, by=by.id, became=asked.level)
    clinic.rows.session.flush()
    for handoff in clinic.handoffs.open_of_team(room.team):  # what stands there shows the new level too
        handoff_post.show(handoff, by.roster, clinic, now)
    agenda_live.show_again(room.team, clinic, now)
    return Card(
        f"This room now shows {'codes only' if level is Detail.CODE else 'what was written about patients'}."
    )


def _room(by: Caller, clinic: Clinic) -> TeamRoom:
    if by.lane.direct:
        raise Refused("That belongs in the team's channel: say it there.")
    found = clinic.people.room(by.lane.platform, by.lane.target, locked=True)
    return found or TeamRoom(by.lane.platform, by.lane.target, "", Detail.CODE, encrypted=False, joined=True)


def _team_id(name: str, clinic: Clinic) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "team"
    taken = {each.id for each in clinic.people.teams()}
    return next(each for each in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if each not in taken)
