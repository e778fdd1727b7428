"""The measures of the demonstration's patients: what was found at earlier visits, and this morning.

This morning's entries raise a red flag, which was seen to, a flag for distress, which waits for an answer,
and one for somebody who is not better after twelve weeks, which comes in the daily digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Visit:
    """What one person enters of a patient, so many days ago; `values` are as they are typed."""

    by: str
    patient: str
    values: str
    days: int = 0


TESS, NOOR, JAN, INES = "Tess Testcase", "Noor Placeholder", "Jan Sample", "Ines Exemplar"

EARLIER: Sequence[Visit] = (
    Visit("ana", TESS, "PEG 8 8 7, NRS 8, PHQ-9 total 9, PSEQ-2 3 4", 92),
    Visit("ana", TESS, "PEG 7 7 6, NRS 7", 61),
    Visit("ana", TESS, "PEG 6 5 5, NRS 5, PHQ-9 total 7", 33),
    Visit("ana", NOOR, "PEG 6 5 6, PHQ-9 1 1 1 1 1 1 2 1 0, GAD-7 1 1 1 1 1 1 0", 50),
    Visit("ana", NOOR, "PEG 5 5 5, PHQ-9 1 1 1 2 1 1 1 0 0", 22),
    Visit("dana", JAN, "PEG 8 7 7, ISI total 11, PHQ-9 total 8", 95),
    Visit("dana", JAN, "PEG 7 7 7", 50),
    Visit("dana", INES, "PEG 5 6 5, PHQ-9 total 6, WORK modified", 40),
)
"""At earlier visits, the earliest of each patient first; no rule holds for any of these."""

RED_FLAG = Visit("ana", TESS, "PEG 5 4 4, RED-FLAGS motor-deficit")
"""Better than ever, and yet: strength is being lost."""
ANSWERS_RED_FLAG = "dana"
RED_FLAG_DONE = "New foot drop, seen at once. To the emergency department with a letter; I rang ahead."

THIS_MORNING: Sequence[Visit] = (
    Visit("ana", NOOR, "PEG 5 6 5, PHQ-9 3 3 3 3 2 3 2 2 0"),
    Visit("dana", JAN, "PEG 7 7 6"),
)
"""Distress, and no response after twelve weeks."""
