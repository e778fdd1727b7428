"""Whether every discipline that a conference needs has accepted; else who could come is asked in time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from agendas.habits import settings
from cards.card import Card, Choice, Items
from handlers.conferences.expected import expected, of_discipline
from pathway.conference import Conference
from pathway.invitee import Answer
from pathway.people import Roster
from pathway.when import say_when
from storage.agendas import Shown
from storage.clinic import Clinic


@dataclass(frozen=True)
class Lacking:
    """A discipline of which nobody has accepted, and the members who could come.

    Without a discipline it is that there are too few different ones.
    """

    discipline: str
    says: str
    could: tuple[str, ...] = ()


def quorum_lacks(conference: Conference, clinic: Clinic, now: datetime) -> tuple[Lacking, ...]:
    """What a conference lacks of its quorum as things stand; nothing if it has one."""
    roster = clinic.people.roster(conference.team)
    said = settings(clinic.definition)
    habits = clinic.agendas.habits(conference.team, conference.series)
    needed = said.quorum if habits.quorum is None else habits.quorum
    there = _accepted(conference, roster, clinic)
    lacks = [
        Lacking(each, f"nobody of {each} has accepted", of_discipline(each, roster, clinic.definition))
        for each in needed
        if each not in there
    ]
    if len(there) < said.least_disciplines:
        lacks.append(Lacking("", f"{len(there)} of {said.least_disciplines} disciplines have accepted"))
    return tuple(lacks)


def _accepted(conference: Conference, roster: Roster, clinic: Clinic) -> set[str]:
    """The disciplines that have accepted. Where nobody is invited, those of who is not away have."""
    answers = clinic.invitees.answers(conference)
    there = expected(conference, roster, clinic.definition, answers)
    here = {each.member: each.discipline for each in there}
    if not answers:
        return {*here.values()} - {""}
    invited = clinic.invitees.of_conference(conference)
    coming = [each for each in invited if answers[each.key].answer is Answer.ACCEPTED]
    return {here.get(each.member, "") if each.member else each.discipline for each in coming} - {""}


def warn(conference: Conference, clinic: Clinic, now: datetime, look: str) -> None:
    """Asks those who could come, and tells the lead, of what was not told at this `look` yet."""
    known = clinic.agendas.shown(conference.number) or Shown(conference.number, conference.team)
    keys = {
        each: f"{conference.starts.isoformat()} {look}: {each.says}"
        for each in quorum_lacks(conference, clinic, now)
    }
    fresh = [each for each, key in keys.items() if key not in known.asked]
    if not fresh:
        return
    roster = clinic.people.roster(conference.team)
    _tell(fresh, conference, roster, clinic, now)
    clinic.agendas.put_shown(replace(known, asked=known.asked | set(keys.values())))


def _tell(
    lacks: Iterable[Lacking], conference: Conference, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    when = say_when(conference.starts, roster.team.hours.zone, now)
    at = roster.team.hours.quiet_until(now)
    shows = (Choice("Show the agenda", f"agenda {conference.ref}"),)
    leads = roster.leading(now)
    for each in lacks:
        asked = [member for member in each.could if member not in leads]
        card = Card(f"{conference.ref}, {when}, needs {each.discipline}: can you come?", (), shows)
        clinic.outbox.tell(asked, card, now, send_after=at)
    lines = tuple(_line(each, roster) for each in lacks)
    told = Card(f"{conference.ref}, {when}, has no quorum yet", (Items(lines),), shows)
    clinic.outbox.tell(leads, told, now, send_after=at)


def _line(lack: Lacking, roster: Roster) -> str:
    if not lack.discipline:
        return lack.says
    asked = (
        f"asked: {', '.join(map(roster.name, lack.could))}" if lack.could else "there is nobody in the team"
    )
    return f"{lack.says}; {asked}"
