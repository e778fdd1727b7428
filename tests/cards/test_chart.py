"""Charts in words and in store."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from cards.card import Card, Image
from cards.chart import Band, Chart, Mark, Point, Series, chart_of, number, record_of
from cards.wire import dumps, loads
from tests.cards.drawn import MARKS, PAIN, START, WHOLE, charts, points


def test_the_words_say_entries_first_last_change_and_what_happened() -> None:
    assert WHOLE.alt == (
        "P-7K3K. NRS: Pain intensity, 0 to 10 (0 to 10, more is worse): 4 entries, first 8 on 3 Mar 2031, "
        "last 5 on 1 Jun 2031; improved by 37 % (8 to 5), at least moderate by IMMPACT. "
        "The line of 30 % better is at 5.6. "
        "PHQ-9: depression (0 to 27, more is worse): 4 entries, first 19 on 3 Mar 2031, last 8 on 1 Jun 2031"
        "; improved by 57 % (19 to 8). The line of 20 % better is at 15.2. "
        "PROMIS-PF: PROMIS physical function (10 to 90, more is better): 3 entries, first 38 on 3 Mar 2031, "
        "last 46 on 1 Jun 2031; improved by 8 (38 to 46). "
        "A: Psychologist took over (H-1), 13 Mar 2031. B: Physiotherapist took over (H-4), 17 May 2031."
    )


def test_one_entry_has_no_last_and_a_later_baseline_is_named() -> None:
    one = Chart("P-7K3K", (Series("PEG", 0, 10, points((0, 7.333))),))
    assert one.alt == "P-7K3K. PEG (0 to 10, more is worse): one entry, 7.33 on 3 Mar 2031."
    entries = points((0, 7), (7, 8), (14, 4))
    later = Chart("P-7K3K", (Series("PEG", 0, 10, entries, baseline=entries[1]),))
    assert later.alt == (
        "P-7K3K. PEG (0 to 10, more is worse): 3 entries, first 7 on 3 Mar 2031, last 4 on 17 Mar 2031; "
        "the baseline is 8 on 10 Mar 2031."
    )


def test_days_are_those_of_the_readers_zone() -> None:
    late = datetime(2031, 3, 3, 23, 30, tzinfo=UTC)
    series = (Series("PEG", 0, 10, (Point(late, 7),)),)
    said = [Chart("P-7K3K", series, zone=zone).alt[-11:] for zone in ("UTC", "Asia/Tokyo")]
    assert said == ["3 Mar 2031.", "4 Mar 2031."]


def test_scores_have_no_more_digits_than_they_need() -> None:
    assert [number(value) for value in (7, 7.333, 0.5, -2, -0.001, 10)] == [
        "7",
        "7.33",
        "0.5",
        "−2",
        "0",
        "10",
    ]


def test_what_is_no_chart_is_refused() -> None:
    for wrong in (
        lambda: Series("PEG", 0, 10, ()),
        lambda: Series("PEG", 0, 10, points((2, 1), (1, 1))),
        lambda: Point(datetime(2031, 3, 3), 7),  # noqa: DTZ001
        lambda: Point(START, float("nan")),
        lambda: Chart("P-7K3K", ()),
        lambda: Chart("P-7K3K", (PAIN,) * 5),
        lambda: Chart("P-7K3K", (PAIN,), (MARKS[0],) * 9),
    ):
        with pytest.raises(ValueError):
            wrong()


@given(charts)
def test_a_stored_chart_comes_back_the_same(chart: Chart) -> None:
    assert chart_of(json.loads(json.dumps(record_of(chart)))) == chart
    assert "\n" not in chart.alt


def test_a_card_waits_with_the_chart_and_not_with_its_picture() -> None:
    card = Card("Chart of P-7K3K", (Image(b"", WHOLE.alt, chart=WHOLE),))
    assert loads(dumps(card)) == card
    assert len(dumps(card)) < 4_000


def test_what_an_earlier_version_put_in_line_is_still_read() -> None:
    card = Card("A picture", (Image(b"png", "up"),))
    record = json.loads(dumps(card))
    del record["parts"][0]["chart"]
    assert loads(json.dumps(record)) == card


@pytest.mark.parametrize("spoilt", ["not a chart", {"title": "Ana Bell"}, {**record_of(WHOLE), "series": []}])
def test_a_spoilt_chart_is_refused_without_quoting_it(spoilt: object) -> None:
    record = json.loads(dumps(Card("", (Image(b"", "", chart=WHOLE),))))
    record["parts"][0]["chart"] = spoilt
    with pytest.raises(ValueError, match="this is not a stored card") as refused:
        loads(json.dumps(record))
    assert "Ana Bell" not in str(refused.value)


def test_letters_follow_time() -> None:
    marks = tuple(Mark(START.replace(day=day), f"day {day}") for day in (9, 4, 7))
    chart = Chart("P-7K3K", (Series("PEG", 0, 10, points((0, 1)), bands=(Band(0, 1, "x"),)),), marks)
    assert [(letter, mark.label) for letter, mark in chart.lettered] == [
        ("A", "day 4"), ("B", "day 7"), ("C", "day 9"),
    ]  # fmt: skip
