"""Conferences of a series are made ahead, some months, so that each can be planned, moved and answered."""

from datetime import datetime, timedelta

from handlers.conferences import post as conference_post
from handlers.invitations import invitations
from pathway.conference import Conference
from pathway.people import Roster
from pathway.series import Series, occurrences
from storage.clinic import Clinic

AHEAD = timedelta(days=120)
LOOKS_EVERY = timedelta(days=1)


def save(
    series: Series, action: str, clinic: Clinic, now: datetime, *, by: str = "", note: str = "",
    ended: bool = False,
) -> None:  # fmt: skip
    """Writes a series that was made or changed; who is invited by mail is told, of its end at once."""
    clinic.series.put(series, action, now, None if ended else look_next(series, now), by=by, note=note)
    invitations.changed(clinic, now, series=series.number, at_once=ended)


def make_ahead(series: Series, roster: Roster, clinic: Clinic, now: datetime) -> list[Conference]:
    """Makes the conferences that a series has up to so many months ahead and that are not there yet.

    One that was moved or cancelled is there: it keeps the moment at which the series has it.
    """
    there = {each.recurs_at for each in clinic.conferences.of_series(series.number, now)}
    made = [
        of_series(series, clinic.conferences.next_number(), moment)
        for moment in occurrences(series, now, now + AHEAD)
        if moment not in there
    ]
    for each in made:
        conference_post.save(each, "planned", roster, clinic, now)
    return made


def of_series(series: Series, number: int, recurs_at: datetime) -> Conference:
    """The conference of a series at one of its moments."""
    return Conference(
        number, series.team, series.title, recurs_at, series.minutes, series.zone, series.number, recurs_at,
        series.where,
    )  # fmt: skip


def look_next(series: Series, now: datetime) -> datetime | None:
    """When to look at a series again: None once all that it will ever have lies in the past or is made."""
    over = series.until is not None and series.until < series.day_of(now + AHEAD)
    return None if over else now + LOOKS_EVERY
