"""A series is changed from a date on: the conferences behind it take the places of those that it had."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cards.card import Card, Part, Text
from cards.form import Kind, ask
from handlers.conferences import plain_words, series_make
from handlers.conferences import post as conference_post
from handlers.conferences.guests import copy_guests
from handlers.conferences.poll_card import end_polls_of
from handlers.conferences.series_make import AHEAD
from handlers.conferences.step import announce, just_changed, listed, may_plan, not_yet
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, State, Step, move
from pathway.handoff import Refused
from pathway.series import Series, occurrences
from pathway.series_pairs import pairs
from pathway.series_words import read_changed, say_series
from pathway.when import BadWhen, say_day
from storage.clinic import Clinic


@dataclass(frozen=True)
class Change:
    """A series, and what is new from when on."""

    series: str = ask("Series", Kind.SERIES, example="S-1")
    to: str = ask(
        "What is new, and from when on", example="every wednesday 13:00-14:00 from 5 Jan",
        hint="The days, the time, until when; what is left out stays as it is.",
    )  # fmt: skip
    where: str = ask("Where", default="", word=True, hint="As it is, if this is left out.")
    anyway: bool = ask("Although somebody else just changed it?", Kind.YES_NO, default="no", word=True)


def change(asked: Change, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Changes a series from a date on.

    What was before that stays as it was; one that was moved by hand stays where it was moved to.
    """
    before, by = access.series(asked.series, by, clinic)
    may_plan(by)
    plain_words.check(asked.where, by, clinic, now)
    try:
        after, since = read_changed(asked.to, before, now)
    except BadWhen as error:
        raise Refused(str(error)) from error
    if not asked.anyway and (other := just_changed(before.ref, by, clinic, now)):
        typed = {"series": before.ref, "to": asked.to, "where": asked.where}
        return not_yet(f"{before.ref} is not changed yet", [other], "conference change", typed)
    after = replace(after, where=asked.where or before.where)
    start = max(now, before.midnight(since))
    after = _put(before, after, since, start, by, clinic, now)
    stayed, gone = _carry(before, after, start, by, clinic, now)
    series_make.make_ahead(after, by.roster, clinic, now)
    coming = [e for e in clinic.conferences.of_series(after.number, start) if e.state is State.PLANNED]
    today = after.day_of(now)
    said = say_series(replace(after, begins=today), today)
    announce(f"{before.ref} changes from {say_day(since, today)} on: {said}", by.roster, clinic, now)
    named = f"{before.ref} until then, {after.ref} from then on" if after.follows else after.ref
    parts: list[Part] = [Text(f"{after.title}, {said} ({named}).")]
    parts += listed(coming[:4], "The first ones", by, now)
    parts += listed(stayed, "Moved by hand before, and left where they are", by, now)
    parts += listed(gone, "Cancelled, as the series has none in their place", by, now)
    return Card(f"{before.ref} is changed from {say_day(since, today)} on.", tuple(parts))


def _put(
    before: Series, after: Series, since: date, start: datetime, by: Caller, clinic: Clinic, now: datetime
) -> Series:
    """Writes the changed series: under its own number if it had nothing before, else as one that follows."""
    if not clinic.conferences.any_of_series(before.number, start):
        after = replace(after, sequence=before.sequence + 1)
        series_make.save(after, "changed", clinic, now, by=by.id)
        if not same_times(before, after):
            clinic.invitees.forget_series_answers(after.number)
    else:
        ended = replace(before, until=since - timedelta(days=1), sequence=before.sequence + 1)
        series_make.save(ended, "ended", clinic, now, by=by.id, ended=True)
        number = clinic.series.next_number()
        after = replace(after, number=number, follows=before.number, sequence=0)
        series_make.save(after, "goes on", clinic, now, by=by.id)
        copy_guests(before, after, clinic, now, answers=same_times(before, after))
    clinic.rows.session.flush()
    return after


def same_times(one: Series, other: Series) -> bool:
    """Whether two series have the same times: who can come to one can come to the other."""
    return (one.rule, one.at, one.zone, one.minutes) == (other.rule, other.at, other.zone, other.minutes)


def _carry(
    before: Series, after: Series, start: datetime, by: Caller, clinic: Clinic, now: datetime
) -> tuple[list[Conference], list[Conference]]:
    """Gives the conferences that were there their new moments; those left by hand where they are, and those
    that have no place any more and are cancelled.
    """
    old = [
        each
        for each in clinic.conferences.of_series(before.number, start)
        if each.state in (State.PLANNED, State.CANCELLED)
    ]
    moments = {each.number: each.recurs_at for each in old if each.recurs_at is not None}
    end = max(now + AHEAD, *(each + timedelta(days=1) for each in moments.values()), start)
    places = pairs(list(moments.values()), occurrences(after, start, end), after.zone)
    stayed: list[Conference] = []
    gone: list[Conference] = []
    for each in old:
        moment = places.get(moments[each.number])
        if moment is None:
            if each.state is State.PLANNED:
                gone.append(each)
                cancelled = move(each, Step.CANCEL, now)
                conference_post.save(cancelled, "cancelled", by.roster, clinic, now, by=by.id)
                end_polls_of(cancelled, by.roster, clinic, now, by=by.id)
            continue
        moved = _in_place(each, before, after, moment)
        if moved.starts == each.starts != each.recurs_at and each.state is State.PLANNED:
            stayed.append(moved)
        if moved.starts != each.starts:
            clinic.invitees.ask_again(moved)
        conference_post.save(moved, "changed", by.roster, clinic, now, by=by.id)
    return stayed, gone


def _in_place(conference: Conference, before: Series, after: Series, moment: datetime) -> Conference:
    """The conference at its new moment; what was set by hand, its time, length or place, stays."""
    by_hand = conference.starts != conference.recurs_at
    return replace(
        conference,
        title=after.title,
        zone=after.zone,
        series=after.number,
        recurs_at=moment,
        starts=conference.starts if by_hand else moment,
        minutes=after.minutes if conference.minutes == before.minutes else conference.minutes,
        where=after.where if conference.where == before.where else conference.where,
        sequence=conference.sequence + 1,
    )
