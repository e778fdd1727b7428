"""Measures as conversations: entered, refused with the range, corrected, taken back, and seen by few."""

import re
from datetime import timedelta

import pytest

from cards.card import Detail
from handlers.request import Outcome
from pathway.measure import History
from tests.handlers.talk import ROOM, Talk, own


@pytest.fixture
def code(talk: Talk) -> str:
    """A patient of ana's."""
    return talk.patient()


def later(talk: Talk, weeks: int) -> None:
    """Some weeks go by of which nothing is told here."""
    talk.now += timedelta(weeks=weeks)
    talk.hear()


def history(talk: Talk, code: str) -> History:
    with talk.store.clinic(talk.now) as clinic:
        return clinic.measures.history(code)


def kept(talk: Talk, code: str) -> list[tuple[str, str, float]]:
    return [(each.id, each.instrument, each.score) for each in history(talk, code).measures]


def test_one_line_enters_one_measure_and_says_what_changed(talk: Talk, code: str) -> None:
    assert talk.direct("ana", f"assess {code} PEG 7 8 6") == (
        f"{code}: 1 measure noted\n\nPEG, M-1:\n- 7 (0 to 10, more is worse)\n\n"
        f"1. All measures — assess show {code}\n2. Correct M-1 — assess correct M-1"
    )
    later(talk, 6)
    assert talk.direct("ana", f"assess {code} peg 6 6 6 how phone taken yesterday") == (
        f"{code}: 1 measure noted\n\nPEG, M-2:\n- 6 (0 to 10, more is worse)\n"
        "- Since the baseline (Mon 3 Mar): improved by 14 % (7 to 6), at least the 1 point that usually "
        "matter to people\n- Response by the definition: partial responder\n\n"
        f"1. All measures — assess show {code}\n2. Correct M-2 — assess correct M-2"
    )
    later(talk, 6)
    said = talk.direct("ana", f"assess {code} peg 5 5 4")
    assert "- Since the baseline (Mon 3 Mar): improved by 33 % (7 to 4.67), at least the 30 %" in said
    assert "- Since the last (Sun 13 Apr): improved by 22 % (6 to 4.67), at least the 1 point" in said
    assert "- Response by the definition: responder" in said
    first, second, _ = history(talk, code).measures
    assert (first.how, second.how) == ("in person", "phone")
    assert second.taken_at < second.entered_at
    assert first.by == talk.id("ana")
    assert first.answers == (7, 8, 6)


def test_several_at_once_and_what_they_set_off(talk: Talk, code: str) -> None:
    said = talk.direct("ana", f"assess {code} NRS 6, PHQ-9 total 14, RED-FLAGS cauda-equina")
    assert said.startswith(f"{code}: 3 measures noted\n\nNRS, M-1:\n- 6 (0 to 10, more is worse)\n\n")
    assert "PHQ-9, M-2:\n- 14 (0 to 27, more is worse): moderate\n- Item 9 is not known from a total." in said
    assert "RED-FLAGS, M-3:\n- cauda-equina\n\n⚠️ Triage flags raised or changed by this: F-1" in said
    assert kept(talk, code) == [("M-1", "NRS", 6), ("M-2", "PHQ-9", 14), ("M-3", "RED-FLAGS", 1)]
    assert talk.journal("M-2") == ["measure add"]


def test_nothing_of_several_is_noted_if_one_is_impossible_and_nothing_typed_is_lost(
    talk: Talk, code: str
) -> None:
    asked = talk.ask("ana", f"assess {code} PEG 7 8 6, GAD-7 total 22 how phone", lane=own("ana"))
    assert asked.outcome is Outcome.FORM
    assert asked.card is not None
    assert "GAD-7 goes from 0 to 21: 22 can't be." in str(asked.card)
    for answer in ("7 8 6, GAD-7 total 23", "skip"):
        talk.direct("ana", answer)
    said = talk.direct("ana", "skip")
    assert "GAD-7 goes from 0 to 21: 23 can't be." in said
    assert "So far: 7 8 6, GAD-7 total 23" in said
    assert kept(talk, code) == []
    assert talk.direct("ana", "7 8 6, GAD-7 total 20").startswith(f"{code}: 2 measures noted")
    assert [each.how for each in history(talk, code).measures] == ["phone", "phone"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("PHQ-9 1 2 5 0 0 0 0 0 0", "PHQ-9 item 3 is a whole number from 0 to 3, not 5."),
        ("PEG 7 8", "Type PEG and its 3 answers, each 0 to 10, or total and a number, 0 to 10."),
    ],
)
def test_a_form_gets_back_what_is_wrong_with_the_range(quick: Talk, typed: str, sentence: str) -> None:
    code = quick.patient()
    form = quick.form("ana", f"assess {code} {typed}")
    assert sentence in " ".join(form.errors.values())
    assert form.values["patient"] == code
    assert " ".join((form.values["instrument"], form.values["values"])) == typed
    assert kept(quick, code) == []


def test_a_day_to_come_is_refused_and_today_is_now(quick: Talk) -> None:
    code = quick.patient()
    assert quick.direct("ana", f"assess {code} NRS 5 taken tomorrow") == (
        "That day is still to come: say when it was taken, as in `taken yesterday`."
    )
    quick.direct("ana", f"assess {code} NRS 5 taken 'today 11pm'")
    assert history(quick, code).measures[0].taken_at == quick.now


def test_an_instrument_that_is_not_known_is_offered_by_its_near_names(quick: Talk) -> None:
    code = quick.patient()
    said = quick.direct("ana", f"assess {code} PHQ 7")
    assert said.startswith("There is no instrument “PHQ”: type its code, like PEG or PHQ-9.")
    assert f'PHQ-9 — assess patient="{code}" instrument="PHQ-9" values="7"' in said


def test_a_correction_keeps_the_old_entry_and_its_day(talk: Talk, code: str) -> None:
    talk.direct("ana", f"assess {code} PEG 7 8 6 taken yesterday")
    said = talk.direct("ana", "assess correct M-1 7 8 9")
    assert said.startswith(
        f"{code}: M-1 is corrected by M-2; it is kept as it was\n\nPEG, M-2:\n- 8 (0 to 10"
    )
    assert kept(talk, code) == [("M-2", "PEG", 8)]
    with talk.store.clinic(talk.now) as clinic:
        old, new = clinic.measures.find("M-1"), clinic.measures.find("m-2")
        assert old is not None
        assert new is not None
    assert (old.score, old.answers, new.replaces, new.taken_at) == (7, (7, 8, 6), "M-1", old.taken_at)
    assert talk.journal("M-2") == ["measure correct"]
    again = f"M-1 was corrected or taken back before: `assess show {code}`."
    assert talk.direct("ana", "assess correct M-1 1 1 1") == again
    assert talk.direct("ana", "assess remove M-1 again") == again
    assert talk.direct("ana", "assess correct M-2 peg total 11") == (
        "M-2 stays as it was. PEG goes from 0 to 10: 11 can't be."
    )
    assert kept(talk, code) == [("M-2", "PEG", 8)]


def test_what_is_taken_back_counts_no_more_and_does_not_bring_the_older_back(talk: Talk, code: str) -> None:
    talk.direct("ana", f"assess {code} RED-FLAGS infection")
    said = talk.direct("ana", "assess remove M-1 'wrong patient'")
    assert said.startswith(f"M-1 of {code} counts no more; changed by that: F-1.")
    assert kept(talk, code) == []
    assert talk.journal("M-1") == ["measure add", "measure remove"]
    assert "measure remove: wrong patient" in talk.direct("ana", f"patient timeline {code}")


def test_a_baseline_that_is_named_is_where_changes_count_from(quick: Talk) -> None:
    code = quick.patient()
    quick.direct("ana", f"assess {code} PEG 9 9 9")
    later(quick, 1)
    quick.direct("ana", f"assess {code} PEG 6 6 6 baseline yes")
    later(quick, 6)
    said = quick.direct("ana", f"assess {code} PEG 3 3 3")
    assert "Since the baseline (Mon 10 Mar): improved by 50 % (6 to 3)" in said
    assert "Since the last" not in said


def test_who_is_not_on_the_care_team_or_does_not_measure_can_neither_enter_nor_see(
    talk: Talk, code: str
) -> None:
    talk.direct("ana", f"assess {code} PEG 7 8 6")
    no = f"You are not on the care team of {code}, or there is no such patient. "
    assert talk.direct("bo", f"assess {code} PEG 1 1 1").startswith(no)
    assert talk.direct("bo", f"assess show {code}").startswith(no)
    for line in ("assess correct M-1 1 1 1", "assess remove M-1 x", "assess correct M-9 1 1 1"):
        ref = line.split()[2]
        none = f"There is no entry {ref} that you may see: `assess show` lists a patient's."
        assert talk.direct("bo", line) == none
    talk.direct("ana", f"patient let in {code} dee")
    assert talk.direct("dee", f"assess {code} PEG 1 1 1").startswith("As coordinator you can't use `assess`")
    assert "PEG" in talk.direct("dee", f"assess show {code}")
    assert kept(talk, code) == [("M-1", "PEG", 7)]


def test_a_list_shows_the_newest_first_and_one_instrument_alone(quick: Talk) -> None:
    code = quick.patient()
    assert quick.direct("ana", f"assess show {code}").startswith(f"{code}: no measures yet")
    quick.direct("ana", f"assess {code} PEG 7 8 6, WORK off-pain")
    later(quick, 1)
    quick.direct("ana", f"assess {code} PEG 6 6 6")
    shown = quick.direct("ana", f"assess show {code}")
    assert re.findall(r"M-\d", shown) == ["M-3", "M-2", "M-1"]
    assert "off sick due to pain" in shown
    assert "in person, Ana Ruiz" in shown
    assert "WORK" not in quick.direct("ana", f"assess show {code} peg")


def test_a_room_at_code_level_hears_that_something_was_noted_and_no_more(quick: Talk) -> None:
    code = quick.patient()
    quick.hear()
    quick.ask("ana", f"assess {code} PHQ-9 total 14", posts=True)
    (posted,) = [each.card for each in quick.news(ROOM) if each.card.title.startswith(f"{code}: ")]
    assert posted.title == f"{code}: 1 measure noted"
    assert {part.detail for part in posted.parts} == {Detail.CODE}
    assert "PHQ" not in str(posted)
    assert "14" not in str(posted).replace(code, "")


def test_a_form_begun_in_a_room_is_filled_in_in_private(quick: Talk) -> None:
    code = quick.patient()
    quick.hear()
    quick.ask("ana", f"assess {code}", posts=True)
    assert quick.heard() == ["I ask you for `assess` in private."]
    assert quick.told("ana")[0].startswith("Enter measures: scores, answers, checklists (2 of 6): Instrument")
    assert quick.direct("ana", "peg").startswith("Enter measures")
    for answer in ("7 8 6", "skip", "skip"):
        quick.direct("ana", answer)
    assert quick.direct("ana", "skip").startswith(f"{code}: 1 measure noted")
    assert kept(quick, code) == [("M-1", "PEG", 7)]


def test_what_is_private_is_told_to_no_room_and_safeguarding_to_nobody_but_who_entered_it(
    quick: Talk,
) -> None:
    code = quick.patient()
    quick.direct("ana", f"patient let in {code} bo")
    quick.hear()
    quick.ask("ana", f"assess {code} safeguarding yes, ort 9", posts=True)
    said = " ".join(str(each.card) for each in quick.news(ROOM))
    assert "1 measure" not in said
    assert "2 measures noted" in said
    assert "please delete what you typed here" in said
    assert "SAFEGUARDING" not in said
    assert "ORT" not in said
    assert "F-1" not in said
    assert "SAFEGUARDING" in quick.direct("ana", f"assess show {code}")
    shown = quick.direct("bo", f"assess show {code}")
    assert "ORT" in shown
    assert "SAFEGUARDING" not in shown
    assert quick.direct("bo", "assess remove M-1 x").startswith("There is no entry M-1 that you may see")
    assert "SAFEGUARDING" not in quick.direct("bo", f"patient timeline {code}")


def test_why_a_private_entry_was_taken_back_is_in_no_timeline(quick: Talk) -> None:
    code = quick.patient()
    quick.direct("ana", f"assess {code} safeguarding yes, ort 9, PEG 7 8 6")
    for number in (1, 2, 3):
        said = quick.direct("ana", f"assess remove M-{number} 'the partner was there, number {number}'")
        assert said.startswith(f"M-{number} of {code} counts no more")
    told = quick.direct("ana", f"patient timeline {code}")
    assert "measure remove: the partner was there, number 3" in told
    assert [each for each in ("number 1", "number 2") if each in told] == []


def test_no_open_column_says_what_was_measured(quick: Talk) -> None:
    code = quick.patient()
    quick.direct("ana", f"assess {code} PCS total 41, WORK off-pain")
    with quick.store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        dump = "\n".join(raw.iterdump())
    assert "sealed_entry" in dump
    for word in ("PCS", "off-pain", "off sick", "41.0"):
        assert word not in dump, word
