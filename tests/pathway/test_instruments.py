"""Every instrument scores by its published rule over its whole range, and refuses what can't be."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.instruments import (
    Instrument,
    Item,
    Scoring,
    band,
    check_total,
    completed,
    instrument,
    instruments,
    say,
    score,
)
from pathway.measure import How, Measure

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
CONTRACT = {
    "NRS", "PEG", "BPI-I", "PDI", "RMDQ", "ODI", "PHQ-2", "PHQ-9", "GAD-2", "GAD-7", "PHQ-4", "ISI",
    "FATIGUE", "PROMIS-PI", "PROMIS-PF", "PROMIS-SD", "PROMIS-F", "PROMIS-D", "PROMIS-A", "PROMIS-SR",
    "PCS", "TSK-11", "PSEQ", "PSEQ-2", "STARTBACK", "STARTMSK", "OMPSQ-SF", "ORT", "ORT-OUD", "EQ-5D",
    "EQ-VAS", "HRSN-SAFETY", "WORK", "PGIC", "GAS", "SATISFACTION", "RED-FLAGS", "SAFEGUARDING", "MME",
    "CO-RX", "BARRIERS", "MISSED", "PROMIS29-PI", "PROMIS29-PF", "PROMIS29-SD", "PROMIS29-F", "PROMIS29-D",
    "PROMIS29-A", "PROMIS29-SAT", "PROMIS10-GPH", "PROMIS10-GMH", "WPAI", "WPAI-ACTIVITY",
    "PROBLEMS",
}  # fmt: skip
DOMAINS = {
    "pain intensity", "function", "mood", "fatigue", "sleep", "work", "social needs", "opioid risk",
    "activity and participation", "satisfaction", "goals", "safety",
}  # fmt: skip
SCORED = [each for each in instruments() if each.scoring is not Scoring.TOTAL]


def taken(code: str, value: float, *answers: float | None) -> Measure:
    return Measure("M-1", "P-7K3K", code, value, NOW, NOW, "ana", How.IN_PERSON, answers)


def test_every_instrument_that_was_agreed_is_there_and_every_domain_has_a_place() -> None:
    assert {each.code for each in instruments()} >= CONTRACT
    assert {each.domain for each in instruments()} >= DOMAINS
    assert instrument("phq-9") is instrument("PHQ-9")
    with pytest.raises(KeyError):
        instrument("PHQ-15")


LOINC = {
    "NRS": "72514-3", "PEG": "91147-9", "BPI-I": "77565-0", "PHQ-2": "55758-7", "PHQ-9": "44261-6",
    "GAD-7": "70274-6", "PHQ-4": "70272-0", "PROMIS-PI": "77865-4", "PROMIS-PF": "91721-1",
    "PROMIS-SD": "77860-5", "PROMIS-F": "77864-7", "PROMIS-D": "77861-3", "PROMIS-A": "77862-1",
    "PROMIS-SR": "77854-8", "STARTBACK": "91351-7", "ORT": "91392-1", "PROMIS29-PI": "71961-7",
    "PROMIS29-PF": "71959-1", "PROMIS29-SD": "71955-9", "PROMIS29-F": "71963-3", "PROMIS29-D": "71965-8",
    "PROMIS29-A": "71967-4", "PROMIS29-SAT": "71957-5", "PROMIS10-GPH": "71971-6", "PROMIS10-GMH": "71969-0",
}  # fmt: skip


def test_only_verified_loinc_codes_stand_for_totals_and_only_texts_that_may_be_shown_are() -> None:
    assert {each.code: each.loinc for each in instruments() if each.loinc} == LOINC
    for each in instruments():
        if each.licence == "SCORE":
            assert [item.text for item in each.items if item.text] == [], each.code
    texts = {each.code: len(each.questions) for each in instruments() if each.licence == "TEXT"}
    assert texts == {"NRS": 1, "PEG": 3, "PHQ-2": 2, "PHQ-9": 9, "GAD-2": 2, "GAD-7": 7, "PHQ-4": 4}
    assert all(item.text for code in texts for item in instrument(code).questions)


# The range and count of every instrument that is scored from items, as the fact sheet has them.
RANGES = [
    ("NRS", 1, 0, 10), ("PEG", 3, 0, 10), ("PDI", 7, 0, 70), ("RMDQ", 24, 0, 24), ("ODI", 10, 0, 100),
    ("PHQ-2", 2, 0, 6), ("PHQ-9", 9, 0, 27), ("GAD-2", 2, 0, 6), ("GAD-7", 7, 0, 21), ("PHQ-4", 4, 0, 12),
    ("ISI", 7, 0, 28), ("FATIGUE", 1, 0, 10), ("PCS", 13, 0, 52), ("TSK-11", 11, 11, 44),
    ("PSEQ", 10, 0, 60), ("PSEQ-2", 2, 0, 12), ("STARTBACK", 9, 0, 9), ("ORT-OUD", 9, 0, 9),
    ("HRSN-SAFETY", 4, 4, 20), ("GAS", 5, -2, 2), ("SATISFACTION", 1, 0, 10), ("RED-FLAGS", 11, 0, 11),
    ("SAFEGUARDING", 1, 0, 1), ("CO-RX", 2, 0, 2), ("PROBLEMS", 3, 0, 3), ("BARRIERS", 4, 0, 4),
    ("WORK", 1, 0, 4), ("PGIC", 1, 1, 7), ("STARTMSK", 1, 1, 3), ("SELF-HARM", 1, 0, 1),
]  # fmt: skip


@pytest.mark.parametrize(("code", "count", "low", "high"), RANGES, ids=[each[0] for each in RANGES])
def test_all_lowest_answers_make_the_lowest_score_and_all_highest_the_highest(
    code: str, count: int, low: float, high: float
) -> None:
    known = instrument(code)
    assert len(known.questions) == count
    assert (known.low, known.high) == (low, high)
    assert score(known, [item.low for item in known.questions]) == low
    assert score(known, [item.high for item in known.questions]) == high


def test_every_instrument_that_is_scored_from_items_is_in_that_table() -> None:
    assert {each.code for each in SCORED} == {each[0] for each in RANGES}


WORKED = [
    ("PEG", (7, 8, 6), 7), ("PEG", (5, 5, 4), 14 / 3), ("PEG", (0, 0, 1), 1 / 3),
    ("PHQ-9", (1, 2, 1, 2, 0, 1, 1, 0, 1), 9),
    ("PHQ-9", (2, 2, None, 2, None, 2, 2, 2, 2), 18),  # both left out count 2, the mean of seven twos
    ("PHQ-9", (3, 0, 0, 0, 0, 0, 0, None, 1), 4.5),  # 4 and a mean of 4/8
    ("ODI", (1, 2, 3, 4, 5, 0, 1, 2, 3, 4), 50), ("ODI", (1, 2, 3, 4, 5, 0, 1, 2, 3, None), 100 * 21 / 45),
    ("RMDQ", (1,) * 11 + (0,) * 13, 11), ("TSK-11", (1, 2, 3, 4) * 2 + (1, 2, 3), 26),
    ("PCS", (0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2), 23), ("GAS", (-1, 0, None, 2, None), 1 / 3),
    ("STARTBACK", (1, 1, 0, 0, 1, 0, 1, 1, 1), 6), ("GAD-7", (0, 1, 2, 3, 2, 1, 0), 9),
]  # fmt: skip


@pytest.mark.parametrize(("code", "answers", "expected"), WORKED)
def test_cases_computed_by_hand(code: str, answers: tuple[float | None, ...], expected: float) -> None:
    assert score(instrument(code), answers) == pytest.approx(expected)


RUMINATION = {"rumination": 16, "magnification": 0, "helplessness": 0}
MAGNIFICATION = {"rumination": 0, "magnification": 12, "helplessness": 0}
HELPLESSNESS = {"rumination": 0, "magnification": 0, "helplessness": 24}
SUBSCALES = [
    ("PCS", (0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 0, 0), RUMINATION, 16),
    ("PCS", (0, 0, 0, 0, 0, 4, 4, 0, 0, 0, 0, 0, 4), MAGNIFICATION, 12),
    ("PCS", (4, 4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 4, 0), HELPLESSNESS, 24),
    ("STARTBACK", (0, 0, 0, 0, 1, 1, 1, 1, 1), {"psychosocial": 5}, 5),
    ("STARTBACK", (1, 1, 1, 1, 0, 0, 0, 0, 0), {"psychosocial": 0}, 4),
    ("PHQ-4", (1, 2, 3, 0), {"anxiety": 3, "depression": 3}, 6),
]  # fmt: skip


@pytest.mark.parametrize(("code", "answers", "parts", "total"), SUBSCALES)
def test_subscales_are_added_up_from_their_items(
    code: str, answers: tuple[float, ...], parts: dict[str, float], total: float
) -> None:
    known = instrument(code)
    full = completed(known, answers)
    measure = taken(code, score(known, full), *full)
    assert {each: known.answer(measure, each) for each in parts} == parts
    assert measure.score == total


REFUSED = [
    ("PHQ-9", (1, 2, 5, 0, 0, 0, 0, 0, 0), "PHQ-9 item 3 is a whole number from 0 to 3, not 5."),
    ("PHQ-9", (1, 1, 1, 1, 1, 1, 1, 1, None), "PHQ-9 item 9 can't be left out."),
    ("PHQ-9", (None,) * 3 + (1,) * 6, "PHQ-9: 3 of 9 answers are not there; only 2 may be left out."),
    ("PEG", (7, 8, None), "PEG: 1 of 3 answers are not there; none may be left out."),
    ("PEG", (7, 8, 6, 5), "PEG has 3 answers; you gave 4."),
    ("PEG", (7, 8, 6.5), "PEG item 3 is a whole number from 0 to 10, not 6.5."),
    ("GAS", (3,), "GAS item 1 is a whole number from −2 to 2, not 3."),
    ("ODI", (None,) * 2 + (1,) * 8, "ODI: 2 of 10 answers are not there; only 1 may be left out."),
    ("GAD-7", (), "GAD-7: 7 of 7 answers are not there; none may be left out."),
    ("PROMIS-PI", (), "PROMIS-PI is entered as its total."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "answers", "sentence"), REFUSED)
def test_what_cannot_be_is_refused_with_the_range(
    code: str, answers: tuple[float | None, ...], sentence: str
) -> None:
    with pytest.raises(ValueError) as refused:
        score(instrument(code), answers)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("known", instruments(), ids=lambda each: each.code)
def test_totals_are_taken_within_the_range_and_not_beyond(known: Instrument) -> None:
    check_total(known, known.low)
    check_total(known, known.high)
    for beyond in (known.low - 1, known.high + 1):
        with pytest.raises(ValueError, match=f"^{known.code} goes from "):
            check_total(known, beyond)


# (code, score, band) on both sides of every border.
BANDS = [
    *[("PHQ-9", at, "minimal") for at in (0, 4)], *[("PHQ-9", at, "mild") for at in (5, 9)],
    *[("PHQ-9", at, "moderate") for at in (10, 14)], *[("PHQ-9", at, "moderately severe") for at in (15, 19)],
    *[("PHQ-9", at, "severe") for at in (20, 27)],
    ("GAD-7", 4, "minimal"), ("GAD-7", 5, "mild"), ("GAD-7", 9, "mild"), ("GAD-7", 10, "moderate"),
    ("GAD-7", 14, "moderate"), ("GAD-7", 15, "severe"),
    ("PHQ-2", 2, "negative screen"), ("PHQ-2", 3, "positive screen"),
    ("GAD-2", 2, "negative screen"), ("GAD-2", 3, "positive screen"),
    ("PHQ-4", 2, "normal"), ("PHQ-4", 3, "mild"), ("PHQ-4", 6, "moderate"), ("PHQ-4", 9, "severe"),
    ("ISI", 7, "no clinical insomnia"), ("ISI", 8, "subthreshold"), ("ISI", 14, "subthreshold"),
    ("ISI", 15, "moderate"), ("ISI", 21, "moderate"), ("ISI", 22, "severe"),
    ("ODI", 20, "band 1 of 5"), ("ODI", 22.2, "band 2 of 5"), ("ODI", 40, "band 2 of 5"),
    ("ODI", 42, "band 3 of 5"), ("ODI", 62, "band 4 of 5"), ("ODI", 82, "band 5 of 5"),
    ("PROMIS-PI", 54.9, "within normal limits"), ("PROMIS-PI", 55, "mild"), ("PROMIS-PI", 59.9, "mild"),
    ("PROMIS-PI", 60, "moderate"), ("PROMIS-PI", 70, "severe"),
    ("PROMIS-PF", 45.1, "within normal limits"), ("PROMIS-PF", 45, "mild"), ("PROMIS-PF", 40, "moderate"),
    ("PROMIS-PF", 30.1, "moderate"), ("PROMIS-PF", 30, "severe"),
    ("PROMIS29-PI", 54.9, "within normal limits"), ("PROMIS29-PI", 55, "mild"),
    ("PROMIS29-PF", 45, "mild"), ("PROMIS29-PF", 45.1, "within normal limits"), ("PROMIS10-GPH", 40, ""),
    ("PROMIS29-SAT", 40, "moderate"),
    ("PROMIS10-GMH", 29, "up to 29"), ("PROMIS10-GMH", 29.1, "29 to 40"), ("PROMIS10-GMH", 48, "40 to 48"),
    ("PROMIS10-GMH", 56, "48 to 56"), ("PROMIS10-GMH", 56.1, "above 56"), ("WPAI", 40, ""),
    ("ORT", 3, "low"), ("ORT", 4, "moderate"), ("ORT", 7, "moderate"), ("ORT", 8, "high"),
    ("ORT-OUD", 2, "low"), ("ORT-OUD", 3, "high"), ("OMPSQ-SF", 49, "below 50"),
    ("OMPSQ-SF", 50, "50 or more"),
    ("HRSN-SAFETY", 10, "below 11"), ("HRSN-SAFETY", 11, "may not be safe"), ("STARTMSK", 3, "high"),
    ("WORK", 2, "off sick due to pain"), ("PGIC", 2, "much improved"), ("PEG", 7, ""), ("NRS", 7, ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "name"), BANDS)
def test_bands_begin_where_they_should(code: str, value: float, name: str) -> None:
    assert band(instrument(code), taken(code, value)) == name


KEELE = [(3, 3, "low"), (3, None, "low"), (4, 3, "medium"), (9, 4, "high"), (4, 4, "high"),
         (4, None, "medium or high: the psychosocial subscale says which")]  # fmt: skip


@pytest.mark.parametrize(("total", "psychosocial", "name"), KEELE)
def test_start_back_goes_by_keeles_rule(total: float, psychosocial: float | None, name: str) -> None:
    answers = (*[None] * 9, psychosocial)
    assert band(instrument("STARTBACK"), taken("STARTBACK", total, *answers)) == name


@given(st.sampled_from(SCORED), st.data())
def test_scores_stay_within_bounds_and_rise_with_every_answer(known: Instrument, data: st.DataObject) -> None:
    answers = [data.draw(_values(item)) for item in known.questions]
    before = score(known, answers)
    assert known.low <= before <= known.high
    at = data.draw(st.integers(0, len(answers) - 1))
    item = known.questions[at]
    if answers[at] < item.high:
        after = score(known, [*answers[:at], answers[at] + 1, *answers[at + 1 :]])
        assert (after < before) if item.reversed else (after > before)


@given(st.sampled_from([each for each in SCORED if each.missing]), st.data())
def test_what_may_be_left_out_keeps_the_score_within_bounds_and_one_more_is_refused(
    known: Instrument, data: st.DataObject
) -> None:
    answers: list[float | None] = [data.draw(_values(item)) for item in known.questions]
    free = [at for at, item in enumerate(known.questions) if item.id not in known.needed]
    gone = data.draw(st.lists(st.sampled_from(free), unique=True, min_size=1, max_size=known.missing))
    for at in gone:
        answers[at] = None
    assert known.low <= score(known, answers) <= known.high
    more = [at for at in free if at not in gone][: known.missing + 1 - len(gone)]
    for at in more:
        answers[at] = None
    with pytest.raises(ValueError, match="may be left out"):
        score(known, answers)


def _values(item: Item) -> st.SearchStrategy[int]:
    return st.integers(int(item.low), int(item.high))


def test_values_are_said_with_no_more_digits_than_they_need() -> None:
    assert [say(each) for each in (7.0, 14 / 3, -1, 0, -0.001, 100, 62.5)] == [
        "7", "4.67", "−1", "0", "0", "100", "62.5"
    ]  # fmt: skip


def test_reversed_items_are_turned() -> None:
    item = Item(id="1", low=0, high=10)
    turned = Instrument(
        code="X", name="X", domain="x", scoring=Scoring.SUM, low=0, high=20, licence="OWN", source="test",
        items=(item, Item(id="2", low=0, high=10, reversed=True)),
    )  # fmt: skip
    assert score(turned, [3, 4]) == 9
