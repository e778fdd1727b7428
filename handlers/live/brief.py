"""What the conference is told of one patient when their item comes: gathered, not yet shown.

The conference's cards show it, and its screen does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.measures.card import say_score
from pathway.action import OPEN as OPEN_ACTIONS
from pathway.action import Action
from pathway.change import change, say_change
from pathway.conference import Conference
from pathway.definition import Definition
from pathway.flag import Flag
from pathway.handoff import OPEN as OPEN_HANDOFFS
from pathway.handoff import Handoff
from pathway.instruments import Instrument, instruments
from pathway.measure import History
from pathway.plan import Entry
from pathway.session import Item
from storage.clinic import Clinic

MOST_TRENDS = 4


@dataclass(frozen=True)
class Trend:
    """One measure over time, in words: the newest score, and how it changed since the baseline."""

    instrument: str
    at: datetime
    now: str
    change: str = ""


@dataclass(frozen=True)
class Last:
    """What an earlier conference wrote down, and what became of it."""

    conference: str
    at: datetime
    entries: tuple[Entry, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Brief:
    """One patient's item, and what is known that it needs. `written` and `actions` are of this conference.

    Private flags are not in it, nor instruments whose entries are private.
    """

    item: Item
    goal: str = ""
    language: str = ""
    consent: bool = True
    trends: tuple[Trend, ...] = ()
    flags: tuple[Flag, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    open_actions: tuple[Action, ...] = ()
    last: Last | None = None
    written: tuple[Entry, ...] = ()
    actions: tuple[Action, ...] = ()


def brief(item: Item, conference: Conference, clinic: Clinic) -> Brief:
    """What is known of the patient of an item."""
    patient = clinic.patients.find(item.patient)
    if patient is None:
        return Brief(item)
    actions = clinic.actions.of_patient(item.patient)
    entries = clinic.plans.of_patient(item.patient)
    here = conference.ref
    return Brief(
        item,
        goal=patient.goal,
        language=_language(patient.language, patient.interpreter, clinic.definition),
        consent=patient.consent_team,
        trends=_trends(clinic.measures.history(item.patient)),
        flags=tuple(each for each in clinic.flags.open_of_patient(item.patient) if not each.private),
        handoffs=tuple(e for e in clinic.handoffs.of_patient(item.patient) if e.state in OPEN_HANDOFFS),
        open_actions=tuple(e for e in actions if e.state in OPEN_ACTIONS and e.source != here),
        last=_last(item.patient, conference, entries, actions, clinic),
        written=tuple(each for each in entries if each.source == here),
        actions=tuple(each for each in actions if each.source == here),
    )


def rests_on(flags: Iterable[Flag]) -> frozenset[str]:
    """The ids of the measures that flags rest on."""
    causes = (cause for flag in flags for cause in flag.causes if cause.gone_at is None)
    return frozenset(found.measure for cause in causes for found in cause.evidence if found.measure)


def _language(tag: str, interpreter: bool, definition: Definition) -> str:
    """The language, where there is something to say of it."""
    named = next((each.label for each in definition.languages if each.tag == tag), "")
    return f"{named or 'language not noted'}; needs an interpreter" if interpreter else named


def _trends(history: History) -> tuple[Trend, ...]:
    """The instruments that were measured most, in the order in which they are offered."""
    known = [each for each in instruments() if not each.private and history.of(each.code)]
    most = sorted(known, key=lambda each: -len(history.of(each.code)))[:MOST_TRENDS]
    return tuple(_trend(each, history) for each in known if each in most)


def _trend(known: Instrument, history: History) -> Trend:
    newest, first = history.of(known.code)[-1], history.baseline(known.code)
    changes = first is not None and first.id != newest.id and known.ordered and not known.checklist
    said = say_change(change(first, newest)) if first is not None and changes else ""
    return Trend(known.code, newest.taken_at, say_score(newest), said)


def _last(
    code: str, conference: Conference, entries: Sequence[Entry], actions: Sequence[Action], clinic: Clinic
) -> Last | None:
    """The last conference before this one that discussed the patient, with what it left."""
    before = [each for each in clinic.sessions.discussed_in(code) if each[0] != conference.number]
    if not before:
        return None
    number, at = before[0]
    ref = f"C-{number}"
    return Last(
        ref,
        at,
        tuple(each for each in entries if each.source == ref),
        tuple(each for each in actions if each.source == ref),
    )
