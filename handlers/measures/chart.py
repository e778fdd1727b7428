"""A patient's measures over time as a picture, for the room if it may show them, else in private."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Detail, Image, Part, Text, Tone
from cards.chart import MOST_MARKS, MOST_PANELS, Band, Chart, Limit, Mark, Point, Series
from cards.form import ask
from handlers.measures.typed import find_instrument
from handlers.patients import access
from handlers.patients.named import Named
from handlers.request import Caller
from pathway.change import change, say_change
from pathway.handoff import Refused
from pathway.instruments import Instrument, instruments, say
from pathway.measure import History, Measure
from pathway.people import Roster
from storage.clinic import Clinic
from storage.patients import Patient

SMALL = 2
"""So many panels has a small chart."""
LONGEST_CODE = 4
"""In words as people type it: "promis pain interference"."""


@dataclass(frozen=True)
class Which(Named):
    """A patient, and which instruments if not the ones that say most."""

    instruments: str = ask(
        "Instruments", default="", example="PEG PHQ-9", hint="Up to four; none for those measured most."
    )


def show(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Draws a patient's measures: where it was asked for if everybody there may see them, else in private."""
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    history = clinic.measures.history(found.code)
    named = read_instruments(asked.instruments)
    chosen = _named(named, history) if named else _most_measured(history)
    card = chart_card(found, chosen, history, by, clinic)
    clinic.journal.write("measure chart", f"patient:{found.code}", now, by=by.id, patient=found.code)
    if by.lane.direct:
        return card
    room = clinic.people.room(by.lane.platform, by.lane.target)
    if room is not None and room.team == found.team and room.detail >= Detail.CLINICAL:
        clinic.outbox.say(by.lane, card, now)
        return Card(f"The chart of {found.code} is posted here.")
    clinic.outbox.tell([by.id], card, now)
    return Card(f"This room may not show it: the chart of {found.code} is in your direct messages.")


def read_instruments(text: str) -> tuple[Instrument, ...]:
    """The instruments that people name one after another. Raises Refused."""
    words = text.replace(",", " ").replace(";", " ").split()
    found: list[Instrument] = []
    while words:
        taken = next(
            (count for count in range(LONGEST_CODE, 0, -1) if find_instrument(" ".join(words[:count]))), 0
        )
        known = find_instrument(" ".join(words[:taken])) if taken else None
        if known is None:
            raise Refused(f"“{words[0]}” is no instrument: type codes like PEG or PHQ-9, or none at all.")
        del words[:taken]
        found += [] if known in found else [known]
    if len(found) > MOST_PANELS:
        raise Refused(f"A chart has room for {MOST_PANELS} instruments: name fewer.")
    return tuple(found)


def _named(named: Sequence[Instrument], history: History) -> Sequence[Instrument]:
    for known in named:
        if not _drawable(known):
            raise Refused(
                f"{known.code} is not drawn: `assess show {history.patient} {known.code}` "
                "in a direct message shows its entries."
            )
        if not history.of(known.code):
            raise Refused(f"{known.code} was not entered for {history.patient} yet: name another.")
    return named


def _most_measured(history: History) -> Sequence[Instrument]:
    """The instruments with most entries, in the order in which they are offered. Raises Refused if none."""
    most = _most(history, MOST_PANELS)
    if not most:
        raise Refused(f"There is nothing to draw for {history.patient} yet: `assess` enters measures.")
    return most


def _most(history: History, count: int, about: Collection[str] = ()) -> Sequence[Instrument]:
    def order(known: Instrument) -> tuple[bool, int]:
        entries = history.of(known.code)
        return not any(each.id in about for each in entries), -len(entries)

    there = _measured(history)
    most = sorted(there, key=order)[:count]
    return [known for known in there if known in most]


def _measured(history: History) -> list[Instrument]:
    return [known for known in instruments() if _drawable(known) and history.of(known.code)]


def _drawable(known: Instrument) -> bool:
    """Whether a line over time says something: not of names and ticks, and never of what is told to few."""
    return known.ordered and not known.checklist and not known.private


def small_chart(
    code: str, roster: Roster, zone: str, clinic: Clinic, *, most: int = SMALL, about: Collection[str] = ()
) -> Chart | None:
    """What says most of a patient, to stand beside an item of a conference; None if there is nothing to draw.

    That is what entries of these ids (`about`) are of, and then what was measured most.
    """
    history = clinic.measures.history(code)
    chosen = _most(history, most, about)
    return _chart(code, chosen, history, roster, zone, clinic) if chosen else None


def picture(chart: Chart) -> Image:
    """A chart as a part of a card: only where what was written of a patient may be shown."""
    return Image(b"", chart.alt, f"chart-{chart.title}.png", Detail.CLINICAL, chart)


def chart_card(
    patient: Patient, chosen: Sequence[Instrument], history: History, by: Caller, clinic: Clinic
) -> Card:
    """The picture, with its words, and what else was measured."""
    drawn = _chart(patient.code, chosen, history, by.roster, by.zone, clinic)
    parts: list[Part] = [picture(drawn)]
    others = [known.code for known in _measured(history) if known not in chosen]
    if others:
        says = f"Also measured: {', '.join(others)}. Name them to see them: chart {patient.code} {others[0]}"
        parts.append(Text(says, Tone.QUIET, Detail.CLINICAL))
    choices = (Choice("All measures", f"assess show {patient.code}"),)
    return Card(f"Chart of {patient.code}", tuple(parts), choices)


def _chart(
    code: str, chosen: Sequence[Instrument], history: History, roster: Roster, zone: str, clinic: Clinic
) -> Chart:
    series = tuple(series_of(known, history) for known in chosen)
    marks = _marks(code, min(each.points[0].at for each in series), roster, clinic)
    return Chart(code, series, marks, zone)


def series_of(known: Instrument, history: History) -> Series:
    """All entries of an instrument, with what is known of its scores and changes."""
    entries, baseline = history.of(known.code), history.baseline(known.code)
    last = entries[-1]
    told = say_change(change(baseline, last)) if baseline is not None and baseline.id != last.id else ""
    return Series(
        known.name if known.name.startswith(known.code) else f"{known.code}: {known.name}",
        known.low,
        known.high,
        tuple(_point(each) for each in entries),
        known.higher_is_worse,
        tuple(Band(band.low, band.high, band.label) for band in known.bands),
        _limits(known, baseline) if baseline is not None else (),
        _point(baseline) if baseline is not None else None,
        told,
    )


def _point(entry: Measure) -> Point:
    return Point(entry.taken_at, entry.score)


def _limits(known: Instrument, baseline: Measure) -> tuple[Limit, ...]:
    """Where an improvement usually matters to people: by percent where that is known, else by points."""
    ref = known.change
    by_percent = ref.percent is not None and known.ratio and baseline.score != 0
    size = abs(baseline.score) * (ref.percent or 0) / 100 if by_percent else ref.points
    if size is None:
        return ()
    value = baseline.score - size if known.higher_is_worse else baseline.score + size
    label = f"{say(ref.percent or 0)} %" if by_percent else f"{say(size)} points"
    return (Limit(value, f"{label} better"),) if known.low <= value <= known.high else ()


def _marks(code: str, since: datetime, roster: Roster, clinic: Clinic) -> tuple[Mark, ...]:
    """Who took the patient over since the first entry, by discipline: the latest, as many as fit."""
    taken = [
        Mark(each.answered_at, f"{_discipline(each.receiver, roster, clinic)} took over ({each.ref})")
        for each in clinic.handoffs.of_patient(code)
        if each.receiver and each.answered_at is not None and each.answered_at >= since
    ]
    return tuple(sorted(taken, key=lambda mark: mark.at)[-MOST_MARKS:])


def _discipline(member: str, roster: Roster, clinic: Clinic) -> str:
    role = clinic.definition.role(roster.role(member))
    return role.label if role else "Somebody who has left"
