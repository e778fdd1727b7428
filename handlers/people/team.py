"""Teams: set up in their channel, joined by role, and who is away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Detail, Text
from cards.form import Kind, ask
from handlers import living
from handlers.agenda import due as agenda_due
from handlers.definition import steering
from handlers.people.roster import GiveRole, Lead, give_role, roster_card
from handlers.people.roster import lead as name_lead
from handlers.reading import short
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.hours import BadHours, Hours, read_hours, say_quiet, say_working
from pathway.people import LEAD, Team
from pathway.quiet import check_quiet
from storage.clinic import Clinic
from storage.people import TeamRoom

_LEVELS = {"code": Detail.CODE, "clinical": Detail.CLINICAL, "identified": Detail.IDENTIFIED}


@dataclass(frozen=True)
class SetUp:
    """What a team needs before it can work. `lead` is a member's id, "" for who it was or else the caller."""

    name: str = ask("Name of the team", example="MSK pain team North")
    phone: str = ask(
        "Phone to ring when nobody answers", example="01632 960001", word=True,
        hint="Shown in the channel as the last resort, so it must be one that somebody picks up.",
    )  # fmt: skip
    zone: str = ask("Time zone", example="Europe/London", default="Europe/London", word=True)
    working: str = ask(
        "Working hours", example="Mon-Fri 08:30-17:00", default="Mon-Fri 08:30-17:00", word=True
    )
    quiet: str = ask(
        "Quiet hours, in which only what is urgent disturbs", example="22:00-07:00", default="20:00-07:00",
        word=True,
    )  # fmt: skip
    emergency: str = ask("Local emergency number", example="999", default="112", word=True)
    role: str = ask("Your own role", Kind.ROLE, default=LEAD)
    holidays: str = ask(
        "Public holidays, on which nobody works", Kind.HOLIDAYS, default="", word=True,
        hint="GB-ENG, DE-BY …; the country's if this is left out, or none.",
    )  # fmt: skip
    lead: str = ask(
        "Who leads the team", Kind.MEMBER, default="", options_from="everybody", word=True,
        hint="Of those who have joined; you, if this is left out for a new team.",
    )  # fmt: skip


def as_it_is(by: Caller) -> Mapping[str, str]:
    """What holds of the team whose room this is, as its lead would type it; nothing for others."""
    if by.lane.direct or not by.leads:
        return {}
    team = by.roster.team
    said = {
        "name": team.name, "phone": team.phone, "zone": team.hours.zone, "working": say_working(team.hours),
        "quiet": say_quiet(team.hours), "emergency": team.emergency_number, "holidays": team.holidays,
        "role": by.role.label if by.role else "", "lead": "me" if team.lead == by.id else "",
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


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
    if not any(map(str.isdigit, asked.emergency)):
        raise Refused(
            f"“{short(asked.emergency)}” is no emergency number: type it last, as in `emergency 999`."
            " A team's name with the word emergency in it goes in quotes."
        )
    room = _room(by, clinic)
    existing = clinic.people.team(room.team) if room.team else None
    if existing is not None and not by.leads:
        raise Refused(f"This is {existing.name}'s room already; its lead can change it.")
    team = Team(
        existing.id if existing else _team_id(asked.name, clinic), asked.name, _hours(asked), asked.phone,
        asked.emergency, existing.lead if existing else asked.lead or by.id,
        existing.help_lines if existing else "", asked.holidays,
    )  # fmt: skip
    if existing is None:
        steering.begin(by, clinic, now)
    clinic.people.save_team(team)
    clinic.journal.write("team setup", f"team:{team.id}", now, by=by.id)
    if existing is None:
        clinic.people.save_room(replace(room, team=team.id))
        clinic.people.join(team.id, by.id, asked.role, now)
        clinic.rounds.begin(team.id, now)
    else:
        _change_who(asked, by, clinic, now)
    clinic.rows.session.flush()
    agenda_due.schedule_all(team.id, clinic, now)
    roster = clinic.people.roster(team.id)
    return replace(roster_card(roster, clinic.definition, now), choices=_SETUP_CHOICES)


def _hours(asked: SetUp) -> Hours:
    try:
        hours = read_hours(asked.zone, asked.working, asked.quiet)
        check_quiet(hours)
    except BadHours as error:
        raise Refused(str(error)) from error
    return hours


def _change_who(asked: SetUp, by: Caller, clinic: Clinic, now: datetime) -> None:
    """The caller's own role in a team that there was, and who leads it, where either is said anew."""
    clinic.rows.session.flush()
    by = by.within(clinic.people.roster(by.roster.team.id))
    if asked.role != by.roster.role(by.id):
        give_role(GiveRole(by.id, asked.role), by, clinic, now)
    if asked.lead and asked.lead != by.roster.team.lead:
        name_lead(Lead(asked.lead), by, clinic, now)


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
    living.put_up_open(by.lane, roster, clinic, now)
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
    living.show_anew(by.lane, by.roster, clinic, now)
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
