"""Lines as people type them are understood, and nothing that was typed is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.form import Form
from handlers.line import say, words
from tests.handlers.talk import Talk
from tests.handlers.typed import reads, typed

OFFERED = {"patient": "P-7K3K", "summary": "PHQ-9 22"}


@pytest.mark.parametrize(
    "line",
    [
        "handoff offer P-7K3K bo 'PHQ-9 22'",
        'HANDOFF Offer p-7k3k @bo "PHQ-9 22"',
        "hand over p7k3k bo lindqvist PHQ-9 22",
        "handoff offer P–7K3K “Bo Lindqvist” “PHQ-9 22”",
        "handoff offer «P-7K3K» @Bo ‘PHQ-9 22’",
        "handoff p-7k3k U-bo PHQ-9 22",
        "handoff offer to=bo patient=p-7k3k summary='PHQ-9 22'",
        "offer 'P-7K3K' 'bo' `PHQ-9 22`",
        "handoff offer P-7K3K bo „PHQ-9 22“",
    ],
)
def test_an_offer_is_read_however_it_is_typed(handed: Talk, line: str) -> None:
    assert typed(handed, line) == {**OFFERED, "to": f"member:{handed.id('bo')}"}


@pytest.mark.parametrize(
    ("words", "role"),
    [("psychologist", "psychologist"), ("any psychologist", "psychologist"), ("Psychs", "psychologist"),
     ("nurse care manager", "nurse-care-manager"), ("nurse-care-manager", "nurse-care-manager"),
     ("@pain specialist", "pain-specialist"), ("gp", "primary-care")],
)  # fmt: skip
def test_roles_are_known_by_all_their_names(handed: Talk, words: str, role: str) -> None:
    assert typed(handed, f"handoff offer P-7K3K {words} PHQ-9 22") == {**OFFERED, "to": f"role:{role}"}


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("R knee pain", {"summary": "R knee pain"}),
        ("so tired of it", {"summary": "so tired of it"}),
        ("watch her sleep", {"summary": "watch her sleep"}),
        ("urgent R knee pain", {"urgency": "urgent", "summary": "R knee pain"}),
        ("soon watcher R knee pain", {"urgency": "soon", "severity": "watcher", "summary": "R knee pain"}),
        ("BP=120/80 and HbA1c=48", {"summary": "BP=120/80 and HbA1c=48"}),
        ("PHQ=14", {"summary": "PHQ=14"}),
        ("didn't sleep, can't work", {"summary": "didn't sleep, can't work"}),
        ("'low mood' 'call her' 'if worse: A&E'",
         {"summary": "low mood", "actions": "call her", "contingency": "if worse: A&E"}),
        ("'low mood' told=yes", {"summary": "low mood", "told": True}),
    ],
)  # fmt: skip
def test_free_text_is_kept_to_the_letter(handed: Talk, line: str, more: dict[str, object]) -> None:
    expected = {"patient": "P-7K3K", "to": f"member:{handed.id('bo')}", **more}
    assert typed(handed, f"handoff offer P-7K3K bo {line}") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("accept h-1", {"handoff": "H-1"}),
        ("accept 1", {"handoff": "H-1"}),
        ("handoff accept H 1", {"handoff": "H-1"}),
        ("handoff introduce H-1 in person", {"handoff": "H-1", "how": "in-person"}),
        ("introduce H-1 VIDEO 9:30 cy, her son", {"handoff": "H-1", "how": "video", "who": "cy, her son"}),
        ("decline H-1 I am full until May", {"handoff": "H-1", "reason": "I am full until May"}),
        ("give back H-1 ill", {"handoff": "H-1", "reason": "ill"}),
        ("handoff list overdue", {"which": "overdue"}), ("handoffs team", {"which": "team"}),
        ("patient add 'Tess Testcase' 'walk again' MRN-1 3 Dec 1961",
         {"name": "Tess Testcase", "goal": "walk again", "record": "MRN-1", "born": "1961-12-03"}),
        ("team setup N phone=1 working='mon-thu 9-17'", {"name": "N", "working": "mon-thu 9-17"}),
        ("help handoff offer", {"command": "handoff offer"}),
    ],
)  # fmt: skip
def test_other_commands_as_people_type_them(handed: Talk, line: str, expected: dict[str, object]) -> None:
    result = typed(handed, line)
    assert {name: result.get(name) for name in expected} == expected


def test_times_are_read_in_the_persons_own_zone(handed: Talk) -> None:
    for line in (
        "away until tomorrow 9am cover @bo",
        "away tomorrow 9am bo",
        "away until=‘tomorrow 9am’ cover=bo",
    ):
        away = typed(handed, line)
        assert away == {
            "until": handed.now.replace(day=4, hour=9, minute=0), "cover": handed.id("bo")
        }  # fmt: skip
    assert typed(handed, "away until in 2 h") == {"until": handed.now.replace(hour=12)}


def test_two_texts_without_quotes_are_not_guessed_apart(handed: Talk) -> None:
    result = reads(handed, "ana", "patient add Tess Testcase")
    assert isinstance(result, Form)
    assert result.values == {"name": "Tess Testcase"}


def test_what_came_from_a_form_goes_back_to_it_with_its_errors(handed: Talk) -> None:
    result = reads(handed, "ana", say("away", {"until": "sometime", "cover": "bo"}))
    assert isinstance(result, Form)
    assert (result.values, list(result.errors)) == ({"until": "sometime", "cover": "bo"}, ["until"])


@given(st.dictionaries(st.sampled_from(["patient", "summary", "consent-team"]), st.text(), max_size=3))
def test_a_line_that_is_said_is_read_back_to_the_same(values: dict[str, str]) -> None:
    said = words(say("handoff offer", values))
    assert {word.label: word.text for word in said[2:]} == values


@given(st.text(max_size=60))
def test_no_line_breaks_the_reading_of_words(line: str) -> None:
    found = words(line)
    assert [word.start for word in found] == sorted({word.start for word in found})
    assert all(not line[before.end : after.start].strip() for before, after in pairwise(found))
