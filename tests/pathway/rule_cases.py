"""For every shipped rule: entries that just meet it, and entries that stay just short of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from pathway.instruments import instrument
from pathway.measure import History, How, Measure, history

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=7 * 40)

Told: TypeAlias = tuple[tuple[str, float, float | Mapping[str, float]], ...]
"""Entries as (instrument, how many days ago, score or answers by item)."""


def measure(code: str, days_ago: float, told: float | Mapping[str, float], nth: int = 0) -> Measure:
    """One entry; of answers only those given are known, and their sum is the score."""
    at = NOW - timedelta(days=days_ago)
    made = Measure(f"{code}-{days_ago:g}-{nth}", "P-7K3K", code, 0, at, at, "ana", How.IN_PERSON)
    if isinstance(told, Mapping):
        answers = tuple(told.get(item.id) for item in instrument(code).items)
        return replace(made, score=sum(told.values()), answers=answers)
    return replace(made, score=told)


def patient(told: Told) -> History:
    """The history of somebody in the pathway for 40 weeks."""
    return history("P-7K3K", SINCE, (measure(*each, nth) for nth, each in enumerate(told)))


def _ticked(code: str, item: str) -> tuple[Told, Told]:
    return ((code, 0, {item: 1}),), ((code, 0, {item: 0}),)


def _score(code: str, limit: float, step: float = 1) -> tuple[Told, Told]:
    return ((code, 0, limit),), ((code, 0, limit - step),)


RED_FLAGS = {f"red-flag-{item.id}": _ticked("RED-FLAGS", item.id) for item in instrument("RED-FLAGS").items}
CASES: dict[str, tuple[Told, Told]] = {
    **RED_FLAGS,
    "self-harm-thoughts": ((("PHQ-9", 0, {"9": 1}),), (("PHQ-9", 0, {"8": 3, "9": 0}),)),
    "depression-severe": _score("PHQ-9", 20),
    "anxiety-severe": _score("GAD-7", 15),
    "depression-moderate": _score("PHQ-9", 10),
    "anxiety-moderate": _score("GAD-7", 10),
    "catastrophizing": _score("PCS", 30),
    "insomnia": _score("ISI", 15),
    "stratified-high": (
        (("STARTBACK", 0, {"psychosocial": 4}),),
        (("STARTBACK", 0, {"1": 1, "psychosocial": 3}),),
    ),
    "stratified-medium": (
        (("STARTBACK", 0, {"1": 1, "psychosocial": 3}),),
        (("STARTBACK", 0, {"psychosocial": 3}),),
    ),
    "opioid-dose": _score("MME", 50),
    "opioid-dose-high": _score("MME", 90),
    "opioid-with-sedative": (
        (("MME", 0, 1), ("CO-RX", 0, {"benzodiazepine": 1})),
        (("MME", 0, 0), ("CO-RX", 0, {"benzodiazepine": 1})),
    ),
    "opioid-unmeasured": ((("MME", 0, 20), ("PEG", 91, 5)), (("MME", 0, 20), ("PEG", 90, 5))),
    "opioid-risk": _score("ORT-OUD", 3),
    "safeguarding": _ticked("SAFEGUARDING", "concern"),
    "unsafe-at-home": _score("HRSN-SAFETY", 11),
    "non-response": ((("PEG", 84, 10), ("PEG", 0, 7.01)), (("PEG", 84, 10), ("PEG", 0, 7))),
    "worse-pain": ((("NRS", 30, 4), ("NRS", 0, 6)), (("NRS", 30, 4), ("NRS", 0, 5))),
    "worse-function": ((("ODI", 30, 40), ("ODI", 0, 50)), (("ODI", 30, 40), ("ODI", 0, 49))),
    "missed-appointments": ((("MISSED", 20, 1), ("MISSED", 0, 1)), (("MISSED", 91, 1), ("MISSED", 0, 1))),
    **{
        f"barrier-{item.id}": _ticked("BARRIERS", item.id)
        for item in instrument("BARRIERS").items
    },
}  # fmt: skip
"""By rule: entries that raise it, and entries one step short."""

ALSO: dict[str, tuple[Told, Told]] = {
    "stratified-high": ((("STARTMSK", 0, 3),), (("STARTMSK", 0, 2),)),
    "stratified-medium": ((("STARTMSK", 0, 2),), (("STARTMSK", 0, 1),)),
    "opioid-with-sedative": (
        (("MME", 0, 1), ("CO-RX", 0, {"other-depressant": 1})),
        (("MME", 0, 1), ("CO-RX", 0, {"other-depressant": 0, "benzodiazepine": 0})),
    ),
    "opioid-unmeasured": ((("MME", 0, 1),), (("MME", 0, 0),)),
    "non-response": ((("PEG", 84, 5), ("PEG", 0, 5)), (("PEG", 83, 5), ("PEG", 0, 5))),
    "worse-pain": ((("PEG", 30, 5), ("PEG", 0, 6.5)), (("PEG", 30, 5), ("PEG", 0, 6.4))),
    "worse-function": ((("RMDQ", 30, 8), ("RMDQ", 0, 13)), (("RMDQ", 30, 8), ("RMDQ", 0, 12))),
    "missed-appointments": _score("MISSED", 2),
    "depression-moderate": _score("PHQ-9", 19, 10),
    "opioid-dose": ((("MME", 0, 89),), (("MME", 0, 90),)),
    "opioid-dose-high": (
        (("MME", 0, 90), ("PROBLEMS", 9, {"cancer-pain": 0, "sickle-cell": 0, "palliative": 0})),
        (("MME", 0, 90), ("PROBLEMS", 9, {"palliative": 1})),
    ),
}
"""The other ways of rules that hold in more than one way."""
