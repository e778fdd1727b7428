"""Near misses are answered with what was probably meant, as whole lines that can be said."""

import pytest

from cards.form import Form
from handlers.read import Unclear, Understood
from tests.handlers.talk import Talk
from tests.handlers.typed import reads, typed

OFFERED = {"patient": "P-7K3K", "summary": "PHQ-9 22"}


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("acept H-1", "accept H-1"),
        ("handof accept H-1", "handoff accept H-1"),
        ("handoff acept H-1 please", "handoff accept H-1 please"),
        ("handoff declin H-1 'I am full'", "handoff decline H-1 'I am full'"),
        ("pateint let in P-7K3K bo", "patient let in P-7K3K bo"),
        ("hlep", "help"),
    ],
)
def test_a_near_miss_is_answered_with_the_corrected_line(handed: Talk, line: str, meant: str) -> None:
    result = reads(handed, "ana", line)
    assert isinstance(result, Unclear)
    assert result.card.choices[0].says == meant


def test_a_name_nearly_right_is_answered_with_the_whole_line(handed: Talk) -> None:
    result = reads(handed, "ana", "handoff offer P-7K3K lindkvist soon summary='PHQ-9 22' told=yes")
    assert isinstance(result, Unclear)
    says = result.card.choices[0].says
    assert typed(handed, says) == {
        **OFFERED, "to": f"member:{handed.id('bo')}", "urgency": "soon", "told": True
    }  # fmt: skip
    something_else = reads(handed, "ana", result.card.choices[-1].says)
    assert isinstance(something_else, Form)
    assert something_else.values == {**OFFERED, "urgency": "soon", "told": "yes"}


def test_a_name_that_two_have_is_asked_back_and_a_stranger_is_not_guessed(handed: Talk) -> None:
    handed.say("eli", "team join pharmacist")
    with handed.store.clinic(handed.now) as clinic:
        eli = clinic.people.by_account("slack", "U-eli")
        assert eli is not None
        clinic.people.save(type(eli)(eli.id, "Bo Novak"))
    result = reads(handed, "ana", "away until friday cover bo")
    assert isinstance(result, Unclear)
    assert {choice.label for choice in result.card.choices} == {"Bo Lindqvist", "Bo Novak", }  # fmt: skip
    assert not isinstance(reads(handed, "ana", "away until friday cover Xanthippe"), Understood)


def test_a_half_typed_command_shows_the_group_with_what_may_be_used(handed: Talk) -> None:
    result = reads(handed, "ana", "team")
    assert isinstance(result, Understood), "`team` is a name of `team show`"
    result = reads(handed, "ana", "patient")
    assert isinstance(result, Unclear)
    assert {choice.says for choice in result.card.choices} >= {"patient add", "patient show"}


def test_what_no_argument_takes_is_not_dropped(handed: Talk) -> None:
    for line in ("back pain for two years", "mine and yours", "team leave now"):
        result = reads(handed, "ana", line)
        assert isinstance(result, Unclear)
        assert f"You typed: {line}" in str(result.card)
