"""Scores by the published rules, what is refused and why, and the bands in which scores lie."""

from itertools import zip_longest

from pathway.instrument import Answers, Instrument, Item, Scoring
from pathway.measure import Measure


def completed(instrument: Instrument, answers: Answers) -> tuple[float | None, ...]:
    """The answers with the subscales filled in that all their items are there for."""
    asked = len(instrument.questions)
    given = {
        item.id: value for item, value in zip_longest(instrument.items, answers[: len(instrument.items)])
    }
    for item in instrument.items[asked:]:
        parts = [given[each] for each in item.sums]
        if given[item.id] is None and None not in parts:
            given[item.id] = sum(each for each in parts if each is not None)
    return tuple(given.values())


def score(instrument: Instrument, answers: Answers) -> float:
    """The score that these answers make, by the published rule.

    Answers are those of the questions, or of all items. What is reversed is turned here. Nothing is rounded,
    since no source says how. Raises ValueError with one sentence that says which answer is wrong and the
    range it may have, or how many are missing.
    """
    if instrument.scoring is Scoring.TOTAL:
        raise ValueError(f"{instrument.code} is entered as its total.")
    check(instrument, answers)
    asked = instrument.questions
    values = [
        None if value is None else item.low + item.high - value if item.reversed else value
        for item, value in zip_longest(asked, answers[: len(asked)])
    ]
    known = [value for value in values if value is not None]
    _check_missing(instrument, values)
    match instrument.scoring:
        case Scoring.MEAN:
            return sum(known) / len(known)
        case Scoring.PERCENT:
            most = sum(item.high for item, value in zip(asked, values, strict=True) if value is not None)
            return 100 * sum(known) / most
        case _:
            left_out = len(values) - len(known)
            filled = left_out * sum(known) / len(known) if left_out else 0
            return sum(known) + filled


def check(instrument: Instrument, answers: Answers) -> None:
    """Raises ValueError, with one sentence, for an answer outside of its range, or too many answers."""
    if len(answers) > len(instrument.items):
        raise ValueError(
            f"{instrument.code} has {len(instrument.questions)} answers; you gave {len(answers)}."
        )
    for item, value in zip(instrument.items, answers, strict=False):
        if value is not None and not (item.low <= value <= item.high and float(value).is_integer()):
            bounds = f"{say(item.low)} to {say(item.high)}"
            raise ValueError(
                f"{instrument.code} {called(item)} is a whole number from {bounds}, not {say(value)}."
            )


def _check_missing(instrument: Instrument, values: Answers) -> None:
    for item, value in zip(instrument.questions, values, strict=True):
        if value is None and item.id in instrument.needed:
            raise ValueError(f"{instrument.code} {called(item)} can't be left out.")
    left_out = sum(value is None for value in values)
    if left_out == len(values) or left_out > instrument.missing:
        most = instrument.missing
        may = f"only {most} may be left out" if most else "none may be left out"
        raise ValueError(f"{instrument.code}: {left_out} of {len(values)} answers are not there; {may}.")


def check_total(instrument: Instrument, total: float) -> None:
    """Raises ValueError, with one sentence, for a total that the instrument can't have."""
    if not instrument.low <= total <= instrument.high:
        bounds = f"{say(instrument.low)} to {say(instrument.high)}"
        raise ValueError(f"{instrument.code} goes from {bounds}: {say(total)} can't be.")


def band(instrument: Instrument, measure: Measure) -> str:
    """What the range is called in which an entry lies; "" if its instrument has no bands.

    STarT Back goes by total and psychosocial subscale (Keele): total of 3 or less low; more, with a subscale
    of 3 or less, medium; with 4 or more, high; without the subscale neither can be told from the other.
    """
    if instrument.code == "STARTBACK":
        return _keele(measure.score, instrument.answer(measure, "psychosocial"))
    if instrument.higher_is_worse:
        found = [each for each in instrument.bands if measure.score >= each.low][-1:]
    else:
        found = [each for each in instrument.bands if measure.score <= each.high][:1]
    return found[0].label if found else ""


def _keele(total: float, psychosocial: float | None) -> str:
    if total <= 3:
        return "low"
    if psychosocial is None:
        return "medium or high: the psychosocial subscale says which"
    return "high" if psychosocial >= 4 else "medium"


def called(item: Item) -> str:
    """How an item is named in a sentence."""
    return f"item {item.id}" if item.id.isdecimal() else item.id


def say(value: float) -> str:
    """A value with no more digits than it needs, at most two."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")
