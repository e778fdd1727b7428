"""What changed between two entries, in words that carry how sure that is, and whether somebody responds.

Nothing is dismissed: a small change is said as it is, with what is known of changes beside it. Raw change,
percent of the baseline and the published references stand apart, as IMMPACT advises.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pathway.definition_measures import ResponseDef
from pathway.instruments import Instrument, instrument, say
from pathway.measure import History, Measure

IMMPACT = ((50.0, "substantial"), (30.0, "at least moderate"), (10.0, "minimal"))
"""Percent of the baseline for pain intensity (IMMPACT, bandolier Chronout): from here on, this word."""


class Response(StrEnum):
    """Where somebody stands since the baseline."""

    RESPONDER = "responder"
    PARTIAL = "partial responder"
    NON_RESPONDER = "non-responder"
    WORSE = "getting worse"
    EARLY = "too early to say"


@dataclass(frozen=True)
class Change:
    """From one entry to another of the same instrument.

    `raw` is the difference in the instrument's unit; `better` the same, positive where it is an improvement.
    `percent` is `better` in percent of the earlier score; None where that says nothing.
    """

    instrument: Instrument
    before: Measure
    after: Measure

    @property
    def raw(self) -> float:
        """New less old."""
        return self.after.score - self.before.score

    @property
    def better(self) -> float:
        """Points of improvement; negative for getting worse."""
        return -self.raw if self.instrument.higher_is_worse else self.raw

    @property
    def percent(self) -> float | None:
        """Improvement in percent of the earlier score; None if that was 0 or a percentage says nothing."""
        if not self.instrument.ratio or self.before.score == 0:
            return None
        return 100 * self.better / abs(self.before.score)


def change(before: Measure, after: Measure) -> Change:
    """The change between two entries. Raises ValueError if they are of two instruments."""
    if before.instrument != after.instrument:
        raise ValueError("a change is between two entries of the same instrument")
    return Change(instrument(after.instrument), before, after)


def say_change(found: Change) -> str:
    """The change in words: "improved by 32 % (7 to 4.67), at least moderate by IMMPACT"."""
    known = found.instrument
    if not known.ordered:
        return "the same as before" if found.raw == 0 else "changed"
    scores = f"{say(found.before.score)} to {say(found.after.score)}"
    if found.raw == 0:
        return f"unchanged at {say(found.after.score)}"
    way = "improved" if found.better > 0 else "got worse"
    if found.percent is None:
        size = f"{way} by {say(abs(found.better))} ({scores})"
    else:
        size = f"{way} by {_percent(abs(found.percent))} ({scores})"
    said = _weight(found)
    return f"{size}{', ' if said else ''}{said}"


def _weight(found: Change) -> str:
    """What is known of a change of this size."""
    ref = found.instrument.change
    points, percent = abs(found.better), abs(found.percent or 0)
    if ref.detectable is not None and points < ref.detectable and (ref.points or 0) <= points:
        why = f"one person's score can vary by {say(ref.detectable)} by chance"
        return f"a possible change: {why}"
    if ref.immpact and found.better > 0 and found.percent is not None:
        return _immpact(percent)
    if ref.response is not None and found.better > 0 and percent >= ref.response:
        return f"at least the {say(ref.response)} % that counts as a response"
    references = [
        text
        for text, met in (
            (_points(ref.points or 0), ref.points is not None and points >= ref.points),
            (f"{say(ref.percent or 0)} %", ref.percent is not None and percent >= ref.percent),
        )
        if met
    ]
    if references:
        note = f" ({ref.note})" if ref.note else ""
        return f"at least the {' and the '.join(references)} that usually matter to people{note}"
    least = [_points(ref.points)] if ref.points is not None else []
    least += [f"{say(ref.percent)} %"] if ref.percent is not None and found.percent is not None else []
    if least:
        return f"less than the {' or '.join(least)} that usually matter; what it means to them counts"
    return ""


def _immpact(percent: float) -> str:
    word = next((word for least, word in IMMPACT if percent >= least), "")
    return f"{word} by IMMPACT" if word else "less than minimal by IMMPACT; what it means to them counts"


def _points(value: float) -> str:
    return f"{say(value)} {'point' if value == 1 else 'points'}"


def _percent(value: float) -> str:
    """Whole percents, rounded down, so that nothing is said to reach what it doesn't."""
    return f"{int(value + 1e-9)} %" if value >= 1 else "less than 1 %"


def response(rule: ResponseDef, history: History, code: str, now: datetime) -> Response | None:
    """Where somebody stands on an instrument since the baseline; None with nothing to compare.

    Before `after_weeks` since the baseline only those who respond or get worse are called anything.
    """
    first, last = history.baseline(code), history.latest(code)
    if first is None or last is None or first.id == last.id or last.taken_at < first.taken_at:
        return None
    percent = change(first, last).percent
    if percent is None:
        return None
    percent = round(percent, 6)
    if percent >= rule.responder_percent:
        return Response.RESPONDER
    if percent <= -rule.worse_percent:
        return Response.WORSE
    if percent >= rule.partial_percent:
        return Response.PARTIAL
    early = now < first.taken_at + timedelta(weeks=rule.after_weeks)
    return Response.EARLY if early else Response.NON_RESPONDER
