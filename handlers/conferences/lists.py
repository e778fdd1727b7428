"""What conferences a team has: the next ones, each series, and one as it stands."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.command import Nothing
from handlers.conferences.attendance import attendance_parts
from handlers.conferences.card import guests_part, planned_card, rsvp
from handlers.conferences.series_make import AHEAD
from handlers.live.card import conference_card
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, State
from pathway.conference_words import say_conference
from pathway.series import Series, left_out
from pathway.series_words import say_series
from pathway.when import say_day
from storage.clinic import Clinic

MOST_SHOWN = 10


@dataclass(frozen=True)
class Named:
    """A conference."""

    conference: str = ask("Conference", Kind.CONFERENCE, example="C-12")


def list_them(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The team's next conferences in the caller's own zone, and its series."""
    team = by.roster.team
    running = clinic.conferences.running(team.id)
    coming = [*([running] if running else []), *clinic.conferences.upcoming(team.id, now, MOST_SHOWN)]
    series = [each for each in clinic.series.of_team(team.id) if each.goes_on(now)]
    if not coming and not series:
        schedule = (Choice("Schedule", "conference schedule"),)
        return Card(f"{team.name} has no conference planned.", (), schedule if by.may("conference") else ())
    parts: list[Part] = [Items(tuple(_line(each, by, now) for each in coming), "Next")] if coming else []
    parts += [part for each in series for part in _series_parts(each, now)]
    choices = tuple(Choice(f"Show {each.ref}", f"conference show {each.ref}") for each in coming[:3])
    return Card(f"Conferences of {team.name}", tuple(parts), choices)


def _line(conference: Conference, by: Caller, now: datetime) -> str:
    of = f" · S-{conference.series}" if conference.series else ""
    moved = conference.recurs_at is not None and conference.recurs_at != conference.starts
    said = f"{conference.ref} · {conference.title} · {say_conference(conference, by.zone, now)}{of}"
    if conference.state is not State.PLANNED:
        return f"{said} · {conference.state}"
    return f"{said} · moved" if moved else said


def _series_parts(series: Series, now: datetime) -> list[Part]:
    today = series.day_of(now)
    parts: list[Part] = [Text(f"{series.ref}: {series.title}, {say_series(series, today)}.")]
    free = left_out(series, today, series.day_of(now + AHEAD))
    if free:
        named = ", ".join(f"{say_day(day, today)} ({name})" for day, name in free)
        parts.append(Text(f"Left out as public holidays: {named}.", Tone.QUIET))
    return parts


def show(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """One conference as it stands, in the caller's own zone."""
    found, by = access.conference(asked.conference, by, clinic)
    if found.state in (State.RUNNING, State.ENDED, State.SIGNED):
        session, stays = clinic.sessions.items(found.number), clinic.sessions.attendance(found.number)
        return conference_card(found, session, stays, by.roster, now)
    series = clinic.series.of_number(found.series) if found.series else None
    expected = attendance_parts(found, by.roster, clinic)
    card = planned_card(found, series, by.roster, now, by.zone, expected)
    guests = guests_part(clinic.invitees.of_conference(found), clinic.invitees.answers(found))
    return replace(card, parts=(*card.parts, *guests), choices=_steps(found, by))


def _steps(conference: Conference, by: Caller) -> tuple[Choice, ...]:
    """The answers that one can give, and what may be done with it, for who runs conferences."""
    answers = rsvp(conference) if conference.state is State.PLANNED else ()
    if not by.may("conference"):
        return answers
    if conference.state is State.CANCELLED:
        return (Choice("Hold it after all", f"conference restore {conference.ref}"),)
    names = (("Move", "move"), ("Cancel", "cancel"), ("Invite", "invite"))
    planned = conference.state is State.PLANNED
    steps = tuple(Choice(label, f"conference {step} {conference.ref}") for label, step in names if planned)
    return (*answers, *steps)
