"""Changes in words that carry how sure they are; responders by the definition; nothing dismissed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.change import Response, change, response, say_change
from pathway.definition import shipped
from pathway.instruments import instruments
from pathway.measure import History, How, Measure

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)


def taken(code: str, score: float, weeks: int = 0, *, baseline: bool = False) -> Measure:
    at = NOW + timedelta(weeks=weeks)
    return Measure(f"{code} {weeks}", "P-7K3K", code, score, at, at, "ana", How.PHONE, baseline=baseline)


SAID = [
    ("NRS", 8, 5, "improved by 37 % (8 to 5), at least moderate by IMMPACT"),
    ("NRS", 10, 7, "improved by 30 % (10 to 7), at least moderate by IMMPACT"),
    ("NRS", 10, 5, "improved by 50 % (10 to 5), substantial by IMMPACT"),
    ("NRS", 7, 6, "improved by 14 % (7 to 6), minimal by IMMPACT"),
    ("NRS", 5, 6, "got worse by 20 % (5 to 6), less than the 2 points or 30 % that usually matter; "
                  "what it means to them counts"),
    ("NRS", 5, 7,
     "got worse by 40 % (5 to 7), at least the 2 points and the 30 % that usually matter to people"),
    ("NRS", 0, 3, "got worse by 3 (0 to 3), at least the 2 points that usually matter to people"),
    ("PEG", 7, 14 / 3, "improved by 33 % (7 to 4.67), at least the 30 % that counts as a response"),
    ("PEG", 7, 6, "improved by 14 % (7 to 6), at least the 1 point that usually matter to people"),
    ("PEG", 7, 20 / 3, "improved by 4 % (7 to 6.67), less than the 1 point or 30 % that usually matter; "
                       "what it means to them counts"),
    ("PEG", 7, 7, "unchanged at 7"),
    ("PSEQ", 20, 27,
     "improved by 35 % (20 to 27), a possible change: one person's score can vary by 11.5 by chance"),
    ("PSEQ", 20, 32, "improved by 60 % (20 to 32), at least the 5.5 points that usually matter to people"),
    ("PSEQ", 20, 24, "improved by 20 % (20 to 24), less than the 5.5 points that usually matter; "
                     "what it means to them counts"),
    ("PHQ-9", 20, 10, "improved by 50 % (20 to 10), at least the 50 % that counts as a response"),
    ("PHQ-9", 20, 15, "improved by 25 % (20 to 15), at least the 20 % that usually matter to people "
                      "(published anchors disagree)"),
    ("PROMIS-PF", 35, 40, "improved by 5 (35 to 40)"), ("PROMIS-PI", 60, 62, "got worse by 2 (60 to 62)"),
    ("WORK", 2, 0, "changed"), ("WORK", 2, 2, "the same as before"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "before", "after", "said"), SAID)
def test_a_change_is_said_with_what_is_known_of_its_size(
    code: str, before: float, after: float, said: str
) -> None:
    assert say_change(change(taken(code, before), taken(code, after, 6))) == said


def test_a_change_is_between_entries_of_one_instrument() -> None:
    with pytest.raises(ValueError, match="same instrument"):
        change(taken("PEG", 1), taken("NRS", 1))


@given(st.data())
def test_every_change_can_be_said_and_its_direction_is_right(data: st.DataObject) -> None:
    each = data.draw(st.sampled_from(instruments()))
    scores = st.floats(each.low, each.high).map(lambda value: round(value, 1))
    before, after = data.draw(scores), data.draw(scores)
    found = change(taken(each.code, before), taken(each.code, after, 6))
    said = say_change(found)
    assert ("improved" in said) == (each.ordered and found.better > 0)
    assert ("got worse" in said) == (each.ordered and found.better < 0)


PAIN, FUNCTION, MOOD = shipped().responses
RESPONSES = [
    (10, 7, 12, Response.RESPONDER), (10, 7.1, 12, Response.PARTIAL), (10, 9, 12, Response.PARTIAL),
    (10, 9.1, 12, Response.NON_RESPONDER), (10, 10, 12, Response.NON_RESPONDER), (10, 10, 6, Response.EARLY),
    (10, 7, 6, Response.RESPONDER), (5, 6.4, 12, Response.NON_RESPONDER), (5, 6.5, 6, Response.WORSE),
    (0, 3, 12, None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "weeks", "expected"), RESPONSES)
def test_responders_are_told_by_the_definition(
    before: float, after: float, weeks: int, expected: Response | None
) -> None:
    history = History("P-7K3K", NOW, (taken("PEG", before), taken("PEG", after, weeks)))
    assert response(PAIN, history, "PEG", NOW + timedelta(weeks=weeks)) == expected


def test_one_entry_alone_is_no_response_and_a_later_baseline_counts() -> None:
    first, second, third = taken("PEG", 8), taken("PEG", 4, 6, baseline=True), taken("PEG", 4, 20)
    assert response(PAIN, History("P-7K3K", NOW, (first,)), "PEG", NOW) is None
    found = response(PAIN, History("P-7K3K", NOW, (first, second, third)), "PEG", NOW + timedelta(weeks=20))
    assert found is Response.NON_RESPONDER
