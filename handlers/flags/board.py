"""The board: one living card of all open flags of a team, kept up to date wherever it was put up."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from cards.card import Card, Choice, Items, Text, Tone
from handlers.command import Nothing
from handlers.flags.lists import MOST_ROWS, by_severity, line, more
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.people import Roster
from pathway.when import say_day
from storage.clinic import Clinic
from storage.post import BOARD


def put_up(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts the board of open flags up in this room, where it is kept up to date from now on."""
    if by.lane.direct:
        raise Refused("The board belongs in a room: say it in the team's channel.")
    clinic.outbox.put_up(subject(by.roster), by.lane, board_card(by.roster, clinic, now), now)
    return Card("The board of open flags is kept up to date here.")


def refresh(roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Lets the board show what is open now, wherever it was put up."""
    if clinic.outbox.stands(subject(roster)):
        card = board_card(roster, clinic, now)
        clinic.outbox.show(subject(roster), roster.team.id, card, now, in_rooms=False)


def subject(roster: Roster) -> str:
    """What the team's board of flags is called in the outbox."""
    return f"{BOARD}{roster.team.id}"


def board_card(roster: Roster, clinic: Clinic, now: datetime) -> Card:
    """The open flags of a team, but for the private ones. It may stand for days, so days have their names."""
    known = clinic.flags.open_of_team(roster.team.id, opened=False)
    found = [each for each in known if not each.private]
    ordered = by_severity(found, clinic.definition)
    title = f"Open flags in {roster.team.name}: {len(ordered) or 'none'}"
    say = partial(_dated, zone=ZoneInfo(roster.team.hours.zone))
    changed = Text(f"As of {say(now)}.", Tone.QUIET)
    if not ordered:
        return Card(title, (changed,))
    lines = tuple(line(each, roster, clinic.definition, say, now) for each in ordered[:MOST_ROWS])
    return Card(title, (Items(lines), *more(len(ordered)), changed), (Choice("Mine", "flag list mine"),))


def _dated(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{say_day(local.date(), local.date())} {local:%H:%M}"
