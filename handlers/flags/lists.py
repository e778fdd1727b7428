"""Open flags, looked up: mine, the team's, those that a role must answer, those overdue."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cards.card import Card, Choice, Items, Text, Tone
from cards.form import Kind, ask
from handlers.request import Caller
from pathway.definition import Definition
from pathway.flag import HELD, Flag, State
from pathway.flag_asking import concerns
from pathway.ladder import Rung, still_asked
from pathway.people import Roster
from pathway.when import say_when
from storage.clinic import Clinic

MOST_BUTTONS = 5
MOST_ROWS = 20


@dataclass(frozen=True)
class Which:
    """Which flags to list."""

    which: str = ask(
        "Which", Kind.CHOICE, default="",
        options=(("mine", "Mine"), ("team", "The team's"), ("overdue", "Overdue")),
    )  # fmt: skip
    role: str = ask("Only those a role must answer", Kind.ROLE, default="", example="psychologist")


def list_them(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The open flags of the caller or of the team, the most severe first."""
    which = asked.which or ("team" if asked.role else "mine")
    if which == "mine":
        found = clinic.flags.open_of_member(by.id, clinic.people.teams_of(by.id))
    else:
        found = clinic.flags.open_of_team(by.roster.team.id, opened=False)
    rosters = {team: clinic.people.roster(team) for team in {each.team for each in found}}
    shown = [
        each
        for each in found
        if _visible(each, by, rosters[each.team])
        and (which != "overdue" or overdue(each, now))
        and (not asked.role or asked.role in each.roles)
    ]
    if not shown:
        return Card(
            {"mine": "No open flags wait for you.", "team": "No open flags."}.get(which, "None overdue.")
        )
    ordered = by_severity(shown, by.definition)
    lines = tuple(
        line(each, rosters[each.team], by.definition, partial(say_when, zone=by.zone, now=now), now)
        for each in ordered[:MOST_ROWS]
    )
    choices = tuple(Choice(f"Show {each.ref}", f"flag show {each.ref}") for each in ordered[:MOST_BUTTONS])
    of_role = by.definition.role(asked.role) if asked.role else None
    title = f"Flags: {which}" + (f", {of_role.label.lower()}" if of_role else "")
    return Card(title, (Items(lines), *more(len(ordered))), choices)


def _visible(flag: Flag, by: Caller, roster: Roster) -> bool:
    """Of a private flag nobody sees that it is there but those concerned, in private."""
    if not flag.private:
        return True
    return by.lane.direct and concerns(flag, by.id, roster)


def by_severity(flags: Iterable[Flag], definition: Definition) -> list[Flag]:
    """The most severe first, and of these the oldest."""
    return sorted(flags, key=lambda each: (-definition.flag_rank(each.severity), each.number))


def overdue(flag: Flag, now: datetime) -> bool:
    """Past the first deadline of what is waited for, whatever has been done about it since."""
    late = flag.answer_by is not None and flag.answer_by <= now
    if flag.state in HELD:
        return late or flag.nagged > 0
    return late or flag.state in (State.ESCALATED, State.EXPIRED)


def line(
    flag: Flag, roster: Roster, definition: Definition, say: Callable[[datetime], str], now: datetime
) -> str:
    """A flag in one line: codes, people and times (as `say` says them), nothing of what it is about."""
    severity = definition.flag_severity(flag.severity).label
    moment = flag.snoozed_until or flag.answer_by
    due = " ".join(filter(None, ("overdue" if overdue(flag, now) else "", say(moment) if moment else "")))
    said = (flag.ref, flag.patient, severity, str(flag.state), _with(flag, roster, now), due)
    return " · ".join(filter(None, said))


def _with(flag: Flag, roster: Roster, now: datetime) -> str:
    if flag.holder:
        return roster.name(flag.holder)
    if flag.rung is Rung.CHANNEL and not flag.private:
        return "everybody"
    return ", ".join(roster.name(each) for each in still_asked(flag, roster, now)) or "nobody here"


def more(count: int) -> tuple[Text, ...]:
    """A word on what a list of flags does not show."""
    over = count - MOST_ROWS
    return (Text(f"And {over} more.", Tone.QUIET),) if over > 0 else ()
