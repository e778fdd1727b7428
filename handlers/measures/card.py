"""How measures are shown: score, band and change in words, with what they set off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cards.card import Card, Choice, Detail, Items, Part, Table, Text, Tone
from cards.form import Kind, ask
from handlers.measures.typed import find_instrument
from handlers.patients import access
from handlers.request import Caller
from pathway.change import change, response, say_change
from pathway.definition import Definition
from pathway.instruments import Instrument, band, instrument, say
from pathway.measure import History, Measure
from pathway.when import say_day
from storage.clinic import Clinic

MOST_SHOWN = 30
IN_PRIVATE = "This kind of entry is for direct messages with Baton: please delete what you typed here."


@dataclass(frozen=True)
class Which:
    """A patient, and one instrument if not all."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K")
    instrument: str = ask("Instrument", Kind.INSTRUMENT, default="")


def noted(
    added: Sequence[Measure],
    history: History,
    refs: Sequence[str],
    by: Caller,
    definition: Definition,
    now: datetime,
) -> Card:
    """The answer to new entries. In a room nothing is said of the instruments that are private."""
    shown = [each for each in added if access.sees_entry(each, by)]
    hidden = len(shown) < len(added)
    parts: list[Part] = []
    for each in shown:
        heading = f"{each.instrument}, {each.id}"
        parts.append(Items(_lines(each, history, definition, by, now), heading, Detail.CLINICAL))
    if refs and not hidden:
        parts.append(Text(f"Triage flags raised or changed by this: {', '.join(refs)}", Tone.WARNING))
    if hidden:
        parts.append(Text(IN_PRIVATE, Tone.QUIET))
    done = "1 measure noted" if len(added) == 1 else f"{len(added)} measures noted"
    if added[0].replaces:
        done = f"{added[0].replaces} is corrected by {added[0].id}; it is kept as it was"
    correct = [Choice(f"Correct {each.id}", f"assess correct {each.id}") for each in shown[:3]]
    choices = (Choice("All measures", f"assess show {history.patient}"), *correct)
    return Card(f"{history.patient}: {done}", tuple(parts), choices)


def _lines(
    measure: Measure, history: History, definition: Definition, by: Caller, now: datetime
) -> tuple[str, ...]:
    known = instrument(measure.instrument)
    lines = [say_score(measure)]
    earlier = _earlier(measure, history)
    first = history.baseline(measure.instrument)
    if first is not None and first.id != measure.id and first in earlier:
        lines.append(f"Since the baseline ({_day(first, by, now)}): {say_change(change(first, measure))}")
    if earlier and (first is None or earlier[-1].id != first.id):
        lines.append(
            f"Since the last ({_day(earlier[-1], by, now)}): {say_change(change(earlier[-1], measure))}"
        )
    lines += [
        f"Response by the definition: {said}"
        for rule in definition.responses
        if known.code in rule.instruments and history.latest(known.code) == measure
        if (said := response(rule, history, known.code, now)) is not None
    ]
    unknown = [each for each in known.needed if known.answer(measure, each) is None]
    if unknown:
        lines.append(_add_item(known, measure, unknown[0]))
    return tuple(lines)


def _add_item(known: Instrument, measure: Measure, item: str) -> str:
    total = say(measure.score)
    return (
        f"Item {item} is not known from a total. Ask about it, then: "
        f"assess correct {measure.id} total {total} item {item} <answer>"
    )


def _earlier(measure: Measure, history: History) -> list[Measure]:
    """The entries of the same instrument before this one."""
    same = history.of(measure.instrument)
    at = next((at for at, each in enumerate(same) if each.id == measure.id), len(same))
    return list(same[:at])


def say_score(measure: Measure) -> str:
    """Score, range, direction and band: "7 (0 to 10, more is worse): severe"."""
    known = instrument(measure.instrument)
    named = band(known, measure)
    note = f" ({known.bands_note})" if named and known.bands_note else ""
    if not known.ordered or known.code == "STARTMSK":
        return named
    if known.checklist:
        ticked = [item.id for item in known.questions if known.answer(measure, item.id)]
        return ", ".join(ticked) or "none"
    way = "more is worse" if known.higher_is_worse else "more is better"
    score = f"{say(measure.score)} ({say(known.low)} to {say(known.high)}, {way})"
    return f"{score}: {named}{note}" if named else score


def say_entry(measure: Measure) -> str:
    """An entry for the journal's sealed note; nothing of instruments that are private."""
    known = instrument(measure.instrument)
    return "" if known.private else f"{known.code} {say_score(measure)}"


def show(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """A patient's measures, the newest first."""
    found = access.patient(asked.patient, by, clinic, now)
    by = access.in_team(found.team, by, clinic)
    history = clinic.measures.history(found.code)
    only = find_instrument(asked.instrument)
    kept = [
        each
        for each in reversed(history.measures)
        if (only is None or each.instrument == only.code) and access.sees_entry(each, by)
    ]
    clinic.journal.write("measure show", f"patient:{found.code}", now, by=by.id, patient=found.code)
    if not kept:
        return Card(f"{found.code}: no measures yet", (), (_enter(found.code),))
    rows = tuple(
        (each.id, _day(each, by, now), each.instrument, say_score(each), f"{each.how}, {_who(each, by)}")
        for each in kept[:MOST_SHOWN]
    )
    parts: list[Part] = [Table(("Entry", "Taken", "What", "Score", "How"), rows, Detail.CLINICAL)]
    if len(kept) > MOST_SHOWN:
        parts.append(Text(f"{len(kept) - MOST_SHOWN} older ones are not listed.", Tone.QUIET))
    return Card(f"Measures of {found.code}", tuple(parts), (_enter(found.code),))


def _enter(code: str) -> Choice:
    return Choice("Enter measures", f"assess {code}")


def _who(measure: Measure, by: Caller) -> str:
    return by.roster.name(measure.by) if measure.by else "the patient"


def _day(measure: Measure, by: Caller, now: datetime) -> str:
    zone = ZoneInfo(by.zone)
    return say_day(measure.taken_at.astimezone(zone).date(), now.astimezone(zone).date())
