"""A team's conferences are scheduled: a series, or one by itself."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.conferences import plain_words, series_make
from handlers.conferences import post as conference_post
from handlers.conferences.guests import invite_team
from handlers.conferences.series_make import AHEAD
from handlers.request import Caller
from pathway.conference import Conference
from pathway.conference_words import say_conference
from pathway.handoff import Refused
from pathway.public_holidays import Kept
from pathway.series import EVERYBODY, Series, left_out
from pathway.series_words import Planned, say_series
from pathway.when import say_day
from storage.clinic import Clinic

FIRST_SHOWN = 4


@dataclass(frozen=True)
class Schedule:
    """What is planned, and for whom."""

    what: Planned = ask(
        "What, when and how often", Kind.PLANNED,
        example="MSK conference every Tuesday 12:30-13:30 Europe/London from 1 Dec",
        hint="Like weekdays at 8 for 15 min, first tuesday of the month 9-10, or once: tomorrow 14:00-15:00.",
    )  # fmt: skip
    where: str = ask("Where", default="", hint="A room or a link.", word=True)
    holidays: str = ask(
        "Public holidays to leave out", Kind.HOLIDAYS, default="", word=True,
        hint="GB-ENG, DE-BY …; those that the team keeps if this is left out, or none.",
    )  # fmt: skip
    invites: tuple[str, ...] = ask(
        "Which disciplines", Kind.DISCIPLINES, default="", word=True, hint="Everybody, if this is left out."
    )


def schedule(asked: Schedule, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Plans a series with its conferences some months ahead, or one conference."""
    plain_words.check(f"{asked.what.title} {asked.where}", by, clinic, now)
    if not asked.what.rule:
        return _once(asked, by, clinic, now)
    planned, zone = asked.what, asked.what.zone
    holidays = Kept(asked.holidays or by.roster.team.holidays, zone).region
    series = Series(
        clinic.series.next_number(), by.roster.team.id, planned.title, zone, planned.day, planned.at,
        planned.minutes, planned.rule, planned.until, holidays, (), asked.where,
        asked.invites or (EVERYBODY,),
    )  # fmt: skip
    series_make.save(series, "planned", clinic, now, by=by.id)
    invite_team(series, by, clinic, now)
    clinic.rows.session.flush()
    made = series_make.make_ahead(series, by.roster, clinic, now)
    if not made and series.until is not None:
        raise Refused("There is no such day in that time: type a later `until`, or another day.")
    return _series_card(series, made, by, now)


def _series_card(series: Series, made: list[Conference], by: Caller, now: datetime) -> Card:
    today = series.day_of(now)
    lines = tuple(f"{e.ref}: {say_conference(e, by.zone, now)}" for e in made[:FIRST_SHOWN])
    parts: list[Part] = [Text(f"{series.title}, {say_series(series, today)}.")]
    if lines:
        parts.append(Items(lines, "The first ones"))
    free = left_out(series, today, series.day_of(now + AHEAD))
    if free:
        named = ", ".join(f"{say_day(day, today)} ({name})" for day, name in free)
        parts.append(Text(f"Left out as public holidays ({series.holidays}): {named}.", Tone.QUIET))
    return Card(f"{series.ref} is planned", tuple(parts), (Choice("All that is planned", "conference list"),))


def _once(asked: Schedule, by: Caller, clinic: Clinic, now: datetime) -> Card:
    planned = asked.what
    conference = Conference(
        clinic.conferences.next_number(), by.roster.team.id, planned.title, planned.starts, planned.minutes,
        planned.zone, where=asked.where, whom=asked.invites or (EVERYBODY,),
    )  # fmt: skip
    invite_team(conference, by, clinic, now)
    clinic.rows.session.flush()
    conference_post.save(conference, "planned", by.roster, clinic, now, by=by.id)
    says = f"{conference.title}, {say_conference(conference, by.zone, now)}."
    return Card(
        f"{conference.ref} is planned", (Text(says),), (Choice("Show", f"conference show {conference.ref}"),)
    )
