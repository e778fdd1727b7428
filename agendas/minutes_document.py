"""The minutes as documents: to print and as plain text, through templates that a team may replace.

As for the agenda (`agendas.document`), how much is told of each patient depends on who reads it. Everybody is
told who of the staff was there, what became of each item, and the references of what was written.
"""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agendas.document import NOBODY, Charts, People, Person, person_told
from agendas.minutes import Agreed, Amendment, Attended, Discussed, Minutes, Written
from agendas.template import fill
from cards.card import Detail
from cards.letters import on_one_line, shown
from cards.paper import Paper
from pathway.session import State
from pathway.when import say_day

NO_PERSON = Person()
STANDING = {
    State.WAITING: "not discussed yet",
    State.CURRENT: "being discussed",
    State.DONE: "discussed",
    State.PARKED: "parked",
    State.SKIPPED: "left out, comes again",
    State.CARRIED: "not reached, comes again",
    State.SETTLED: "settled before its turn",
}


def minutes_text(minutes: Minutes, now: datetime, people: People = NOBODY, folder: Path | None = None) -> str:
    """The minutes as plain text. Raises BadTemplate if the team's `minutes.txt.j2` can't be used."""
    return fill("minutes.txt.j2", _told(minutes, now, people, Charts()), folder)


def minutes_paper(
    minutes: Minutes,
    now: datetime,
    people: People = NOBODY,
    *,
    own_pages: bool = False,
    folder: Path | None = None,
) -> Paper:
    """The minutes to be printed, with `own_pages` each item on a page of its own, to be filed.

    Raises BadTemplate if the team's `minutes.html.j2` can't be used.
    """
    charts = Charts()
    told = _told(minutes, now, people, charts) | {"own_pages": own_pages}
    html = fill("minutes.html.j2", told, folder)
    return Paper(f"{minutes.ref} · Minutes", html, now, tuple(charts.found))


def _told(minutes: Minutes, now: datetime, people: People, charts: Charts) -> dict[str, Any]:
    whole = all(_detail(each.patient, people) >= Detail.CLINICAL for each in minutes.items)
    return {
        "ref": minutes.ref,
        "team": on_one_line(minutes.team),
        "planned": f"{_when(minutes.starts, minutes)}, {minutes.minutes} min",
        "held": f"{_span(minutes.began_at, minutes.ended_at, minutes)}, {minutes.took} min",
        "chair": on_one_line(minutes.chair) or "nobody",
        "scribe": on_one_line(minutes.scribe) or "nobody",
        "signed": _signed(minutes),
        "attended": [_attended(each, minutes, named=whole) for each in minutes.attended],
        "items": [_item(each, minutes, people, charts) for each in minutes.items],
        "remark": shown(minutes.remark) if whole else "",
        "amendments": [_amendment(each, minutes, people, whole) for each in minutes.amendments],
        "secret": not whole,
        "as_of": _when(now, minutes),
    }


def _signed(minutes: Minutes) -> str:
    if minutes.signed_at is None:
        return ""
    return f"{on_one_line(minutes.signed_by)}, {_when(minutes.signed_at, minutes)}"


def _attended(each: Attended, minutes: Minutes, *, named: bool) -> dict[str, str]:
    """One who was there. A guest's name was typed and may be a patient's or a relative's."""
    return {
        "name": on_one_line(each.name if named or not each.guest else "a guest"),
        "discipline": on_one_line(each.discipline) or ("guest" if each.guest else "none"),
        "minutes": str(each.minutes),
        "times": f"{_clock(each.came_at, minutes)} to {_clock(each.left_at, minutes)}",
    }


def _item(item: Discussed, minutes: Minutes, people: People, charts: Charts) -> dict[str, Any]:
    known = people.get(item.patient, NO_PERSON)
    clinical = known.detail >= Detail.CLINICAL
    person = person_told(replace(known, matters=known.matters or item.goal), charts)
    return {
        "title": f"{item.place}. {item.patient} · {STANDING[item.state]}",
        "took": _took(item),
        "question": on_one_line(item.question) if clinical else "",
        "decisions": [_written(each, clinical) for each in item.decisions],
        "actions": [_agreed(each, minutes, clinical) for each in item.actions],
        "beside": [_written(each, clinical) for each in item.beside],
        "nothing": item.state is State.DONE and not (item.written or item.actions or item.outcome),
        "carried": _times(item.carried),
        "reason": on_one_line(item.reason) if clinical else "",
        "outcome": on_one_line(item.outcome) if clinical else "",
        **person,
    }


def _took(item: Discussed) -> str:
    """What it took and was given, the over-run in words; "" for what had no turn."""
    if not item.took:
        return ""
    over = f", {item.over} min over its time" if item.over else ""
    return f"{item.took} of {item.minutes} min{over}"


def _written(each: Written, clinical: bool) -> dict[str, str]:
    return {
        "ref": each.ref,
        "sort": each.sort,
        "text": on_one_line(each.text) if clinical else "",
        "rationale": on_one_line(each.rationale) if clinical else "",
        "discipline": on_one_line(each.discipline) if clinical else "",
        "by": on_one_line(each.by),
    }


def _agreed(each: Agreed, minutes: Minutes, clinical: bool) -> dict[str, str]:
    confirmed = "confirmed" if each.confirmed else "not confirmed yet"
    return {
        "ref": each.ref,
        "owner": on_one_line(each.owner) or "nobody yet",
        "until": _day(each.due_at, minutes),
        "text": on_one_line(each.text) if clinical else "",
        "standing": f"{confirmed}, was absent" if each.absent else confirmed,
    }


def _amendment(each: Amendment, minutes: Minutes, people: People, whole: bool) -> dict[str, str]:
    told = _detail(each.patient, people) >= Detail.CLINICAL if each.patient else whole
    return {
        "of": each.patient,
        "by": on_one_line(each.by),
        "at": _when(each.at, minutes),
        "text": on_one_line(each.text) if told else "",
    }


def _detail(patient: str, people: People) -> Detail:
    return people.get(patient, NO_PERSON).detail


def _times(count: int) -> str:
    return {0: "", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _when(moment: datetime, minutes: Minutes) -> str:
    return f"{_day(moment, minutes)} {_clock(moment, minutes)}"


def _span(since: datetime, until: datetime, minutes: Minutes) -> str:
    return f"{_when(since, minutes)} to {_clock(until, minutes)}"


def _day(moment: datetime, minutes: Minutes) -> str:
    return say_day(moment.astimezone(ZoneInfo(minutes.zone)).date(), date.min)


def _clock(moment: datetime, minutes: Minutes) -> str:
    return f"{moment.astimezone(ZoneInfo(minutes.zone)):%H:%M}"
