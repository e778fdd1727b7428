"""What a patient's measures leave outstanding: what is overdue, and who is not better or worse.

As in `pathway.outstanding`, an issue whose `since` is still to come says when to look again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pathway.change import Response, change, response, say_change
from pathway.definition import Definition
from pathway.definition_measures import ResponseDef
from pathway.flag import Flag
from pathway.instruments import instrument
from pathway.issue import Issue, Kind, Why
from pathway.measure import History
from pathway.schedule import DueMeasure

SOURCES = {False: "measures", True: "measures in private"}
"""All that is overdue is one issue; instruments of which no room hears are one of their own."""


def of_schedule(patient: str, dues: Sequence[DueMeasure], now: datetime) -> Iterator[Issue]:
    """What is overdue to be measured, and what will be."""
    for private in SOURCES:
        of = [each for each in dues if instrument(each.instrument).private is private]
        late = [each for each in of if each.overdue_at <= now]
        if late:
            yield _overdue(patient, late, private)
        yield from (_overdue(patient, [each], private) for each in of if each.overdue_at > now)


def _overdue(patient: str, late: Sequence[DueMeasure], private: bool) -> Issue:
    since = min(each.overdue_at for each in late)
    why = Why("Overdue to be measured", ", ".join(sorted(each.instrument for each in late)), since)
    return Issue(
        patient=patient, kind=Kind.REASSESSMENT_OVERDUE, source=SOURCES[private], since=since, why=why,
        private=private,
    )  # fmt: skip


def of_responses(
    history: History, flags: Iterable[Flag], definition: Definition, now: datetime
) -> Iterator[Issue]:
    """Who is not better, or worse, by the definition's rules, unless an open flag says so already."""
    told = set(_told(flags, definition))
    for rule in definition.responses:
        for code in rule.instruments:
            last = history.latest(code)
            if last is not None and (code, last.id) not in told:
                yield from _of_response(rule, history, code, now)


def _told(flags: Iterable[Flag], definition: Definition) -> Iterator[tuple[str, str]]:
    """The entries, by instrument, that open flags call no response or a change for the worse."""
    rules = {each.id: each for each in definition.rules}
    for flag in flags:
        rule = rules.get(flag.reason)
        leaves = rule.when.leaves() if rule else ()
        codes = {leaf.code for _, leaf in leaves if leaf.kind == "change"}
        for cause in flag.live:
            yield from ((each.what, each.measure) for each in cause.evidence if each.what in codes)


def _of_response(rule: ResponseDef, history: History, code: str, now: datetime) -> Iterator[Issue]:
    stands = response(rule, history, code, now)
    first, last = history.baseline(code), history.latest(code)
    if first is None or last is None:
        return
    too_early = first.taken_at + timedelta(weeks=rule.after_weeks)
    since = _since(rule, history, code, now)
    value = f"{code} {say_change(change(first, last))}"
    private = instrument(code).private
    match stands:
        case Response.WORSE:
            says = f"At least {rule.worse_percent:g} % worse than the baseline"
            kind = Kind.WORSE
        case Response.NON_RESPONDER | Response.EARLY:
            says = f"Less than {rule.partial_percent:g} % better after {rule.after_weeks} weeks"
            kind, since = Kind.NON_RESPONSE, max(since, too_early)
        case _:
            return
    yield Issue(
        patient=history.patient, kind=kind, source=code, since=since, why=Why(says, value, last.taken_at),
        private=private,
    )  # fmt: skip


def _since(rule: ResponseDef, history: History, code: str, now: datetime) -> datetime:
    """When the first was entered of the newest entries that all say the same."""
    of = history.of(code)
    stands = response(rule, history, code, now)
    since = of[-1].taken_at
    for count in range(len(of) - 1, 0, -1):
        until = replace(history, measures=of[:count])
        if response(rule, until, code, now) is not stands:
            break
        since = of[count - 1].taken_at
    return since
