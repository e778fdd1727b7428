"""A conference is cancelled, or takes place after all; a series ends, or keeps a public holiday."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cards.card import Card, Choice, Text, Tone
from cards.form import Kind, ask
from handlers.conferences import post as conference_post
from handlers.conferences import series_make
from handlers.conferences.poll_card import end_polls_of
from handlers.conferences.step import announce, found, just_changed, listed, may_plan, not_yet, reason, tell
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, State, Step, move
from pathway.conference_words import say_conference
from pathway.handoff import Refused
from pathway.series import Series, missed, occurrences
from pathway.when import BadWhen, read_day, say_day
from storage.clinic import Clinic


@dataclass(frozen=True)
class Cancel:
    """A conference or all of a series, and why."""

    which: str = ask("Conference or series", Kind.CONFERENCE_OR_SERIES, example="C-12")
    reason: str = ask("Why", Kind.LONG, default="", example="Half of the team is away")
    since: str = ask("Of a series: from which day on", default="", word=True, hint="All of it, if left out.")
    anyway: bool = ask("Although somebody else just changed it?", Kind.YES_NO, default="no", word=True)


@dataclass(frozen=True)
class Restore:
    """A cancelled conference; or a series and a public holiday on which it is held all the same."""

    which: str = ask("Conference or series", Kind.CONFERENCE_OR_SERIES, example="C-12")
    day: str = ask("Of a series: on which public holiday", default="", example="25 Dec")


def cancel(asked: Cancel, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Cancels one conference, or ends a series; who is invited by mail hears of it at once."""
    ref = asked.which
    if ref.startswith("S-"):
        return _end(asked, by, clinic, now)
    before, by = found(ref, Step.CANCEL, by, clinic)
    if not asked.anyway and (other := just_changed(ref, by, clinic, now)):
        typed = {"which": ref, "reason": asked.reason}
        return not_yet(f"{ref} is not cancelled yet", [other], "conference cancel", typed)
    after = _cancelled(before, by, clinic, now, asked.reason)
    says = f"{ref} is cancelled: {say_conference(after, by.roster.team.hours.zone, now)}"
    tell(after, says, by.roster, clinic, now, *reason(asked.reason))
    restore = Choice("Hold it after all", f"conference restore {ref}")
    was = Text(f"It was {say_conference(before, by.zone, now)}.")
    return Card(f"{ref} is cancelled.", (was,), (restore,))


def _cancelled(before: Conference, by: Caller, clinic: Clinic, now: datetime, reason: str) -> Conference:
    after = move(before, Step.CANCEL, now)
    conference_post.save(after, "cancelled", by.roster, clinic, now, by=by.id, note=reason)
    end_polls_of(after, by.roster, clinic, now, by=by.id)
    return after


def _end(asked: Cancel, by: Caller, clinic: Clinic, now: datetime) -> Card:
    series, by = access.series(asked.which, by, clinic)
    may_plan(by)
    asked = _since_when(asked)
    if not asked.anyway and (other := just_changed(series.ref, by, clinic, now)):
        typed = {"which": series.ref, "reason": asked.reason, "since": asked.since}
        return not_yet(f"{series.ref} is not ended yet", [other], "conference cancel", typed)
    first = _day(asked.since, series, now) if asked.since else series.day_of(now)
    if series.until is not None and series.until < first:
        raise Refused(f"{series.ref} is over by then.")
    coming = clinic.conferences.of_series(series.number, max(now, series.midnight(first)))
    gone = [each for each in coming if each.state is State.PLANNED]
    ended = replace(series, until=first - timedelta(days=1), sequence=series.sequence + 1)
    series_make.save(ended, "ended", clinic, now, by=by.id, note=asked.reason, ended=True)
    for each in gone:
        _cancelled(each, by, clinic, now, asked.reason)
    if gone:
        says = f"{series.ref} ends: no conference from {say_day(first, series.day_of(now))} on"
        announce(says, by.roster, clinic, now, reason(asked.reason))
    today = series.day_of(now)
    return Card(f"{series.ref} ends before {say_day(first, today)}.", listed(gone, "Cancelled", by, now))


def _since_when(asked: Cancel) -> Cancel:
    """The same, where "from 1 feb" was typed as if it were the reason."""
    said = re.fullmatch(r"from\s+(.+)", asked.reason, re.IGNORECASE)
    return replace(asked, since=said[1], reason="") if said and not asked.since else asked


def restore(asked: Restore, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Has a cancelled conference take place after all, or a series on a public holiday."""
    if asked.which.startswith("S-"):
        return _keep(asked, by, clinic, now)
    before, by = found(asked.which, Step.RESTORE, by, clinic)
    if before.starts <= now:
        raise Refused(f"{before.ref} would have been {say_conference(before, by.zone, now)}: that is past.")
    series = clinic.series.of_number(before.series) if before.series else None
    if series is not None and not _has(series, before.recurs_at):
        raise Refused(f"{series.ref} does not have it any more: `conference schedule` plans another.")
    after = move(before, Step.RESTORE, now)
    clinic.invitees.ask_again(after)
    conference_post.save(after, "restored", by.roster, clinic, now, by=by.id)
    says = f"{after.ref} takes place after all: {say_conference(after, by.roster.team.hours.zone, now)}"
    tell(after, says, by.roster, clinic, now)
    return Card(f"{after.ref} takes place: {say_conference(after, by.zone, now)}.")


def _keep(asked: Restore, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The series is held on a public holiday that it leaves out."""
    series, by = access.series(asked.which, by, clinic)
    may_plan(by)
    if not asked.day:
        raise Refused(f"Say which public holiday, like `conference restore {series.ref} 25 Dec`.")
    day, today = _day(asked.day, series, now), series.day_of(now)
    name = missed(series, day)
    if not name or next(series.dates(day), None) != day:
        nothing = f"{series.ref} leaves nothing out on {say_day(day, today)}"
        raise Refused(f"{nothing}: `conference list` says what it does.")
    kept = replace(series, keeps=tuple(sorted({*series.keeps, day})), sequence=series.sequence + 1)
    series_make.save(kept, "keeps a holiday", clinic, now, by=by.id)
    clinic.rows.session.flush()
    made = series_make.make_ahead(kept, by.roster, clinic, now)
    note = Text(f"It is {name}.", Tone.QUIET)
    return Card(f"{series.ref} is held on {say_day(day, today)}.", (note, *listed(made, "Planned", by, now)))


def _has(series: Series, moment: datetime | None) -> bool:
    """Whether a series has a conference at this very moment."""
    return moment is not None and moment in occurrences(series, moment, moment + timedelta(minutes=1))


def _day(text: str, series: Series, now: datetime) -> date:
    try:
        return read_day(text, series.zone, now)
    except BadWhen as error:
        raise Refused(str(error)) from error
