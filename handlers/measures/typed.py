"""From what a person typed to entries of instruments: `PEG 7 8 6, PHQ-9 total 14, RED-FLAGS cauda-equina`.

An instrument's code opens an entry; after it come all its answers in order, or `total 14`, or single items by
name (`item 9 1`, `psychosocial 4`); for a checklist what is true, or `none`; for words to choose from, one of
them. `-` stands for an answer that was left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pathway.instruments import (
    Instrument,
    Item,
    Scoring,
    check,
    check_total,
    completed,
    instruments,
    say,
    score,
)

_TOTALS = frozenset({"total", "score", "sum", "t-score", "index"})
_LEFT_OUT = frozenset({"-", "–", "—", "x", "?", "missing"})
_YES_NO = {"yes": 1.0, "y": 1.0, "no": 0.0, "n": 0.0}
_NUMBER = re.compile(r"[+\-−]?\d+(?:[.,]\d+)?")
_LONGEST_NAME = 4


@dataclass(frozen=True)
class Entered:
    """One entry as it was read: its score, and the answers where they are known."""

    instrument: Instrument
    score: float
    answers: tuple[float | None, ...]


@dataclass
class _Said:
    """What was said after an instrument's code."""

    total: float | None = None
    row: list[float | None] = field(default_factory=list)
    items: dict[str, float] = field(default_factory=dict)
    none: bool = False


def squashed(name: str) -> str:
    """A name without what people write differently: case, hyphens, spaces."""
    return re.sub(r"[\s_\-‑–—]", "", name).casefold()


_CODES = {squashed(each.code): each for each in instruments()}


def find_instrument(text: str) -> Instrument | None:
    """The instrument that people write so."""
    return _CODES.get(squashed(text))


def read_entries(text: str) -> tuple[Entered, ...]:
    """All entries that a text holds. Raises ValueError with one sentence saying what to type instead."""
    groups: list[tuple[Instrument, list[str]]] = []
    words = re.sub(r"[;\n]|,(?!\d)", " ", text).split()
    while words:
        found = _instrument_ahead(words)
        if found is not None:
            known, taken = found
            if any(known is each for each, _ in groups):
                raise ValueError(f"{known.code} is there twice: enter it once, or one after the other.")
            groups.append((known, []))
            del words[:taken]
        elif groups:
            groups[-1][1].append(words.pop(0))
        else:
            raise ValueError(f"“{words[0]}” is no instrument: begin with its code, like PEG 7 8 6.")
    return tuple(read_entry(known, " ".join(said)) for known, said in groups)


def _instrument_ahead(words: Sequence[str]) -> tuple[Instrument, int] | None:
    """The instrument whose code stands here, in one word or two ("red flags"), and how many."""
    alone = find_instrument(words[0])
    if len(words) > 1 and not (alone and _number(words[1]) is not None):
        both = find_instrument(words[0] + words[1])
        if both is not None and _number(words[0]) is None:
            return both, 2
    return (alone, 1) if alone else None


def read_entry(known: Instrument, text: str) -> Entered:
    """One entry of an instrument. Raises ValueError with one sentence saying what to type instead."""
    said = _said(known, re.sub(r"[;\n]|,(?!\d)", " ", text).split())
    if known.checklist and not said.row and said.total is None:
        said.row = _ticked(known, said)
    if known.scoring is Scoring.TOTAL and said.total is None and len(said.row) == 1:
        said.total, said.row = said.row[0], []
    if said.total is not None:
        return _from_total(known, said.total, said)
    asked = known.questions
    if said.row and len(said.row) != len(asked):
        raise ValueError(f"{how_to_say(known)} You gave {len(said.row)} values.")
    if not said.row and not said.items:
        raise ValueError(how_to_say(known))
    given = dict(zip((item.id for item in asked), said.row, strict=False)) | said.items
    answers = tuple(given.get(item.id) for item in known.items)
    total = score(known, answers)
    full = completed(known, answers[: len(asked)])
    if any(full[known.at(each)] not in (None, value) for each, value in said.items.items()):
        raise ValueError(f"{known.code}: a subscale does not fit the answers it is added up from.")
    return Entered(known, total, completed(known, answers))


def _said(known: Instrument, words: list[str]) -> _Said:
    said = _Said()
    words = [part for word in words for part in _parted(known, word)]
    while words:
        word = words[0].casefold()
        number = _number(words[0])
        if word in _TOTALS and len(words) > 1 and (total := _number(words[1])) is not None:
            said.total = total
            del words[:2]
        elif word == "item" and len(words) > 2 and (value := _number(words[2])) is not None:
            said.items[_item(known, words[1]).id] = value
            del words[:3]
        elif number is not None:
            said.row.append(number)
            del words[:1]
        elif word in _LEFT_OUT:
            said.row.append(None)
            del words[:1]
        elif word in _YES_NO and all(item.yes_no for item in known.questions):
            said.row.append(_YES_NO[word])
            del words[:1]
        elif word == "none" and known.checklist:
            said.none = True
            del words[:1]
        elif word == "and":
            del words[:1]
        else:
            del words[: _named(known, words, said)]
    return said


def _parted(known: Instrument, word: str) -> list[str]:
    """A word cut at `=`, and at commas where the instrument has several answers."""
    name, equals, value = word.partition("=")
    if equals:
        return ["item", name, value] if squashed(name) not in _TOTALS else [name, value]
    if len(known.questions) > 1 and re.fullmatch(r"[\d.+\-−]+(,[\d.+\-−]+)+", word):
        return word.split(",")
    return [word]


def _named(known: Instrument, words: Sequence[str], said: _Said) -> int:
    """Takes an item or an answer that is called by name; how many words that was. Raises ValueError."""
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        name = squashed("".join(words[:count]))
        item = next((each for each in known.items if squashed(each.id) == name), None)
        after = words[count].casefold() if len(words) > count else ""
        value = _number(after) if after else None
        if item is not None and (value is not None or (item.yes_no and after in _YES_NO)):
            said.items[item.id] = _YES_NO[after] if value is None else value
            return count + 1
        if item is not None and item.yes_no:
            said.items[item.id] = 1
            return count
        for question in known.questions:
            options = [squashed(each) for each in question.options]
            if name in options and len(known.questions) == 1:
                said.row.append(question.low + options.index(name))
                return count
    raise ValueError(f"“{words[0]}” says nothing for {known.code}. {how_to_say(known)}")


def _item(known: Instrument, name: str) -> Item:
    found = next((each for each in known.items if squashed(each.id) == squashed(name)), None)
    if found is None:
        raise ValueError(f"{known.code} has no item {name}. {how_to_say(known)}")
    return found


def _ticked(known: Instrument, said: _Said) -> list[float | None]:
    """A checklist's answers: what is named is true, the rest is not. Nothing said is no answer."""
    if said.none and any(said.items.values()):
        raise ValueError(f"{known.code} can't be none and something: name what is true, or type none.")
    if not said.none and not said.items:
        raise ValueError(how_to_say(known))
    return [said.items.get(item.id, 0) for item in known.questions]


def _from_total(known: Instrument, total: float, said: _Said) -> Entered:
    """An entry of which the total is known, and perhaps single items. Raises ValueError if they don't fit."""
    if said.row:
        raise ValueError(f"{known.code}: give its answers or its total, not both.")
    check_total(known, total)
    whole = known.scoring in (Scoring.SUM, Scoring.COUNT) and not known.missing
    if whole and not total.is_integer():
        raise ValueError(f"The total of {known.code} is a whole number, not {say(total)}.")
    answers = tuple(said.items.get(item.id) for item in known.items)
    check(known, answers)
    if not said.items:
        return Entered(known, total, ())
    low, high = _possible(known, said.items)
    if not low <= total <= high:
        raise ValueError(
            f"{known.code}: with these items the total goes from {say(low)} to {say(high)}, not {say(total)}."
        )
    return Entered(known, total, answers)


def _possible(known: Instrument, items: dict[str, float]) -> tuple[float, float]:
    """Between which bounds a total lies if these items are known; the instrument's own if it is no sum."""
    if known.scoring not in (Scoring.SUM, Scoring.COUNT):
        return known.low, known.high
    summed = {each for item in known.items if item.id in items for each in item.sums}
    free = [each for each in known.questions if each.id not in items and each.id not in summed]
    fixed = sum(value for id, value in items.items() if id not in summed)
    return fixed + sum(each.low for each in free), fixed + sum(each.high for each in free)


def how_to_say(known: Instrument) -> str:
    """One sentence: what to type for this instrument, with the range."""
    asked = known.questions
    bounds = f"{say(known.low)} to {say(known.high)}"
    if known.scoring is Scoring.TOTAL:
        return f"Type {known.code} and its total, {bounds}."
    if known.checklist:
        names = ", ".join(item.id for item in asked)
        return f"Type {known.code} and what is true of {names}; or none."
    if asked[0].options and len(asked) == 1:
        return f"Type {known.code} and one of: {', '.join(asked[0].options)}."
    each = f"{say(asked[0].low)} to {say(asked[0].high)}"
    if len(asked) == 1:
        return f"Type {known.code} and a number, {each}."
    return f"Type {known.code} and its {len(asked)} answers, each {each}, or total and a number, {bounds}."


def _number(word: str) -> float | None:
    return float(word.replace(",", ".").replace("−", "-")) if _NUMBER.fullmatch(word) else None
