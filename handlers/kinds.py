"""From what a person typed in a field to what the command gets: one reading for each kind of field."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cards.form import Field, Kind
from cards.mail import BadAddress, read_address
from handlers.measures.typed import find_instrument
from handlers.options import options_of
from handlers.people.who import read_member, read_member_or_role, read_role
from handlers.reading import Reading, Wrong, closest, short
from pathway.code import BadCode, read_code
from pathway.instruments import instruments
from pathway.public_holidays import NONE, BadRegion, read_region
from pathway.series_words import Planned, read_planned
from pathway.when import BadWhen, read_day, read_due, read_when

_YES = frozenset({"yes", "y", "true", "on", "1", "yep", "ok"})
_NO = frozenset({"no", "n", "false", "off", "0", "not", "nope"})


def read_value(field: Field, text: str, reading: Reading) -> Any:
    """The value of a field. Raises Wrong with what to type instead."""
    text = text.strip()
    if len(text) > field.longest:
        over = len(text) - field.longest
        raise Wrong(f"{field.label} can be {field.longest} characters long; this is {over} too many.")
    known = reading.known
    if (field, text) not in known:
        known[field, text] = _READERS[field.kind](field, text, reading)
    return known[field, text]


def _text(field: Field, text: str, _: Reading) -> str:
    if field.required and not text:
        raise Wrong(f"{field.label} is needed.")
    return text


def _choice(field: Field, text: str, reading: Reading) -> str:
    options = options_of(field, reading.by)
    wanted = _spoken(text)
    for option in options:
        if wanted in map(_spoken, (option.value, option.label, option.label.split(":")[0])):
            return option.value
    starting = [option for option in options if _spoken(option.value).startswith(wanted) and wanted]
    if len(starting) == 1:
        return starting[0].value
    listed = ", ".join(option.value for option in options)
    meant = closest(text, {option.value: option.value for option in options})
    raise Wrong(f"{field.label} is one of: {listed}.", meant)


def _spoken(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())


def _yes_no(field: Field, text: str, _: Reading) -> bool:
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Wrong(f"{field.label} Type yes or no.")


def _patient(_: Field, text: str, reading: Reading) -> str:
    try:
        return read_code(text)
    except BadCode as error:
        raise Wrong(str(error)) from error


def _handoff(_: Field, text: str, reading: Reading) -> str:
    number = re.fullmatch(r"[Hh]?\s*[-‑–—#]?\s*(\d{1,15})", text)
    if not number:
        raise Wrong("Name the handoff as on its card, like H-12.")
    ref = f"H-{int(number[1])}"
    if reading.clinic.handoffs.find(ref) is None:
        raise Wrong(f"There is no handoff {ref}: `handoff list` shows yours.")
    return ref


def _flag(_: Field, text: str, reading: Reading) -> str:
    number = re.fullmatch(r"[Ff]?\s*[-‑–—#]?\s*(\d{1,15})", text)
    if not number:
        raise Wrong("Name the flag as on its card, like F-12.")
    return f"F-{int(number[1])}"  # whether there is one is not for everybody to know: it may be private


def _instrument(_: Field, text: str, reading: Reading) -> str:
    found = find_instrument(text)
    if found is None and text:
        meant = closest(text, {each.code: each.code for each in instruments()})
        raise Wrong(f"There is no instrument “{short(text)}”: type its code, like PEG or PHQ-9.", meant)
    return found.code if found else ""


def _measure(_: Field, text: str, reading: Reading) -> str:
    number = re.fullmatch(r"[Mm]?\s*[-‑–—#]?\s*(\d{1,15})", text)
    if not number:
        raise Wrong("Name the entry as it was noted, like M-12: `assess show` lists them.")
    return f"M-{int(number[1])}"  # whether there is one is for those to know who may see the patient


def _entry(_: Field, text: str, reading: Reading) -> str:
    return _seen_at("E", text, "Name the entry as in the care plan, like E-12: `plan show` lists them.")


def _action(_: Field, text: str, reading: Reading) -> str:
    return _seen_at("A", text, "Name the action as on its card, like A-12: `action list` shows them.")


def _seen_at(letter: str, text: str, wrong: str) -> str:
    """A reference, which a button ends with the version of the plan that it was shown with: `E-12@7`.

    Whether there is such a thing is for those to know who may see the patient.
    """
    both = f"[{letter}{letter.lower()}]"
    found = re.fullmatch(rf"{both}?\s*[-‑–—#]?\s*(\d{{1,15}})(@\d{{1,9}})?", text)
    if not found:
        raise Wrong(wrong)
    return f"{letter}-{int(found[1])}{found[2] or ''}"


def _due(_: Field, text: str, reading: Reading) -> datetime:
    by = reading.by
    roster = by.roster_here or next(iter(by.rosters), None)
    if roster is None:
        raise Wrong("This needs a team: ask in your team's channel.")
    try:
        return read_due(text, by.zone, roster.team.hours, reading.now)
    except BadWhen as error:
        raise Wrong(str(error)) from error


def _conference(_: Field, text: str, reading: Reading) -> str:
    number = re.fullmatch(r"[Cc]?\s*[-‑–—#]?\s*(\d{1,15})", text)
    if not number:
        raise Wrong("Name the conference as on its card, like C-12: `conference list` shows them.")
    return f"C-{int(number[1])}"


def _series(_: Field, text: str, reading: Reading) -> str:
    number = re.fullmatch(r"[Ss]?\s*[-‑–—#]?\s*(\d{1,15})", text)
    if not number:
        raise Wrong("Name the series like S-1: `conference list` shows them.")
    return f"S-{int(number[1])}"


def _poll(_: Field, text: str, reading: Reading) -> str:
    number = re.fullmatch(r"[Tt]?\s*[-‑–—#]?\s*(\d{1,15})", text)
    if not number:
        raise Wrong("Name the poll as on its card, like T-3.")
    return f"T-{int(number[1])}"


def _conference_or_series(field: Field, text: str, reading: Reading) -> str:
    if text[:1] in "Ss" and text:
        return _series(field, text, reading)
    return _conference(field, text, reading)


def _planned(_: Field, text: str, reading: Reading) -> Planned:
    here = reading.by.roster_here
    try:
        return read_planned(text, here.team.hours.zone if here else reading.by.zone, reading.now)
    except BadWhen as error:
        raise Wrong(str(error)) from error


def _holidays(_: Field, text: str, reading: Reading) -> str:
    try:
        return read_region(text) or NONE
    except BadRegion as error:
        raise Wrong(str(error)) from error


def _disciplines(_: Field, text: str, reading: Reading) -> tuple[str, ...]:
    """Disciplines by name, or by a role that has them, with commas or "and" between; "none" is none."""
    if text.casefold() == NONE:
        return ()
    named = [each for each in re.split(r"\s*(?:,|;|&|\band\b)\s*", text) if each]
    return tuple(dict.fromkeys(_discipline(each, reading) for each in named))


def _discipline(text: str, reading: Reading) -> str:
    roles = reading.by.definition.roles
    known = {each.discipline: each.discipline for each in roles if each.discipline}
    known |= {name: each.discipline for each in roles if each.discipline for name in each.answers_to}
    found = next((known[name] for name in known if _spoken(name) == _spoken(text)), "")
    if not found:
        listed = ", ".join(dict.fromkeys(each.discipline for each in roles if each.discipline))
        raise Wrong(f"The disciplines of this pathway are: {listed}.", closest(text, known))
    return found


def _mail(field: Field, text: str, _: Reading) -> str:
    """One plain mail address; "none" takes it away where it need not be there."""
    if not field.required and text.casefold() in ("", NONE):
        return ""
    try:
        return read_address(text)
    except BadAddress as error:
        raise Wrong(f"{error} Type one like gray@practice.example.") from error


def _when(_: Field, text: str, reading: Reading) -> datetime:
    try:
        return read_when(text, reading.by.zone, reading.now)
    except BadWhen as error:
        raise Wrong(str(error)) from error


def _past(_: Field, text: str, reading: Reading) -> datetime:
    try:
        return read_when(text, reading.by.zone, reading.now, future=False)
    except BadWhen as error:
        raise Wrong(str(error)) from error


def _day(_: Field, text: str, reading: Reading) -> str:
    try:
        return read_day(text, reading.by.zone, reading.now, future=False).isoformat() if text else ""
    except BadWhen as error:
        raise Wrong(str(error)) from error


_READERS: Mapping[Kind, Callable[[Field, str, Reading], Any]] = {
    Kind.WORD: _text,
    Kind.LINE: _text,
    Kind.LONG: _text,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.PATIENT: _patient,
    Kind.HANDOFF: _handoff,
    Kind.FLAG: _flag,
    Kind.INSTRUMENT: _instrument,
    Kind.MEASURE: _measure,
    Kind.CONFERENCE: _conference,
    Kind.SERIES: _series,
    Kind.POLL: _poll,
    Kind.CONFERENCE_OR_SERIES: _conference_or_series,
    Kind.PLANNED: _planned,
    Kind.HOLIDAYS: _holidays,
    Kind.DISCIPLINES: _disciplines,
    Kind.MEMBER: read_member,
    Kind.MEMBER_OR_ROLE: read_member_or_role,
    Kind.ROLE: read_role,
    Kind.COMMAND: _text,
    Kind.WHEN: _when,
    Kind.PAST: _past,
    Kind.DAY: _day,
    Kind.MAIL: _mail,
    Kind.DUE: _due,
    Kind.ENTRY: _entry,
    Kind.ACTION: _action,
}
