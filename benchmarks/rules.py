"""(f) Triage rules: `python -m benchmarks.rules`: one entry, a night of everybody, a year tried again.

The patients are made up, the same ones each time; nothing is read from a database, so that it is the rules
that are timed.
"""

import argparse
import itertools
import random
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from benchmarks.series import Series, Table
from pathway.definition import Definition, load, shipped, shipped_text
from pathway.definition_text import with_setting
from pathway.instruments import instrument
from pathway.measure import History, How, Measure
from pathway.simulate import simulate
from pathway.triage import evaluate

NOW = datetime(2031, 3, 3, 2, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
PATIENTS = 100_000
DIFFERENT = 2_000
"""So many patients are made up; a night takes them in turn."""
TRIED = 2_000
EVERY = (("PEG", 4), ("NRS", 4), ("PHQ-9", 6), ("GAD-7", 6), ("ISI", 12), ("PCS", 26), ("ODI", 12),
         ("STARTBACK", 52), ("MME", 12), ("CO-RX", 12), ("RED-FLAGS", 12), ("BARRIERS", 26),
         ("MISSED", 12))  # fmt: skip
"""What is entered of a patient, and every how many weeks."""
AIM_MILLIS = 5.0


def patients(count: int) -> Iterator[History]:
    """So many made-up patients, each with a year of entries."""
    for nth in range(count):
        dice = random.Random(nth)
        since = NOW - YEAR - timedelta(days=dice.randrange(7), hours=dice.randrange(24))
        measures = [
            _entry(code, since + timedelta(weeks=week, minutes=at), dice, f"{nth}-{code}-{week}")
            for at, (code, every) in enumerate(EVERY)
            for week in range(0, 52, every)
        ]
        yield History(f"P-{nth}", since, tuple(sorted(measures, key=lambda each: each.taken_at)))


def _entry(code: str, at: datetime, dice: random.Random, id: str) -> Measure:
    known = instrument(code)
    items = known.questions
    answers = tuple(
        float(min(dice.randrange(int(item.low), int(item.high) + 1) for _ in range(4))) for item in items
    )
    score = sum(answers) / len(answers) if code == "PEG" else sum(answers)
    if not items or code in ("ODI", "PCS"):
        answers, score = (), float(dice.randrange(int(known.high) // 4))
    return Measure(id, "P", code, score, at, at, "ana", How.IN_PERSON, answers)


def one_entry(definition: Definition, known: Sequence[History]) -> Series:
    """All rules held against one patient, as after each entry."""
    taken = []
    for history in known:
        began = time.process_time()
        evaluate(definition, history, NOW)
        taken.append((time.process_time() - began) * 1000)
    return Series(tuple(taken))


def a_night(definition: Definition, known: Sequence[History], count: int) -> tuple[float, int]:
    """The seconds that the rules take for so many patients, and how many findings there are."""
    began = time.process_time()
    found = sum(
        len(evaluate(definition, history, NOW)) for history in itertools.islice(itertools.cycle(known), count)
    )
    return time.process_time() - began, found


def a_year(old: Definition, new: Definition, count: int) -> tuple[float, int]:
    """The seconds that a year of so many patients takes under two definitions, and its entries."""
    making = time.process_time()
    for _ in patients(count):
        pass
    making = time.process_time() - making
    began = time.process_time()
    result = simulate(old, new, patients(count), NOW - YEAR, NOW)
    return time.process_time() - began - making, result.entries


def measure(count: int, tried: int) -> Table:
    """Everything, measured."""
    definition = shipped()
    changed = load(with_setting(shipped_text(), "insomnia", "at_least", "14"), "changed")
    known = list(patients(DIFFERENT))
    one = one_entry(definition, known)
    seconds, found = a_night(definition, known, count)
    replayed, steps = a_year(definition, changed, tried)
    whole = replayed * PATIENTS / tried
    met = "met" if one.p50 < AIM_MILLIS else "**missed**"
    rows = (
        ("all rules for one entry", f"p50 {one.p50:.3f} ms, p95 {one.p95:.3f} ms, p99 {one.p99:.3f} ms",
         f"under {AIM_MILLIS:g} ms at the median: {met}"),
        (f"a night: {count:,} patients", f"{count / seconds:,.0f} patients a second, {seconds:.0f} s, "
         f"{found:,} findings", ""),
        (f"a year tried again: {tried:,} patients", f"{steps / replayed:,.0f} entries a second, "
         f"{replayed:.0f} s for {steps:,} entries",
         "" if tried == PATIENTS else f"{PATIENTS:,} patients, extrapolated: {whole / 60:.0f} minutes"),
        ("memory at its most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB",
         f"of which {DIFFERENT:,} patients are kept on purpose"),
    )  # fmt: skip
    says = (
        f"{sum(rule.enabled for rule in definition.rules)} rules on; {DIFFERENT:,} made-up patients with "
        f"{len(known[0].measures)} entries of {len(EVERY)} instruments in a year, taken in turn for the "
        "night. Times are those of one processor, so that what else runs does not count; there is no "
        "database in them, and making the patients up is left out. A year is tried under what is in force "
        "and under one changed threshold, with one patient in memory at a time."
    )
    return Table("(f) Triage rules", says, ("", "taken", ""), rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.rules")
    parser.add_argument("--quick", action="store_true", help="small counts")
    quick = parser.parse_args().quick
    made = measure(*((2_000, 300) if quick else (PATIENTS, TRIED)))
    sys.stdout.write(f"{made.markdown()}\n")


if __name__ == "__main__":
    main()
