"""A patient's code is read however it is typed, and a mistyped one is refused."""

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_2

from pathway.code import ALPHABET, LENGTHS, BadCode, new_code, read_code

codes = st.builds(new_code, st.randoms(use_true_random=False), st.sampled_from(LENGTHS))
positions = st.integers(min_value=0, max_value=LENGTHS[-1] - 1)

SHAPE = "Type the patient's code as on the card: P, a dash and its characters, like P-7K3K."
LETTERS = "No patient's code has a vowel, a 0 or a 1: read it again and type it like P-7K3K."
MISTYPED = "No patient has that code, so something in it is mistyped: read it again, like P-7K3K."


def refused(text: str) -> str:
    with pytest.raises(BadCode) as error:
        read_code(text)
    return str(error.value)


@pytest.mark.parametrize(
    "typed",
    [
        "P-7K3K",
        "p-7k3k",
        "P7K3K",
        "p 7k3k",
        " P - 7K 3K\n",
        "P–7K3K",
        "P—7K3K",
        "‘P-7K3K’",
        '"P-7K3K"',
        "`P-7K3K`",
        "(P-7K3K)",
        "<P-7K3K>",
        "*P-7K3K*,",
        "P-7K3K.",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "P-7K3K"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", SHAPE),
        ("P-", SHAPE),
        ("7K3K", SHAPE),
        ("P-7K3", SHAPE),
        ("P-7K3K7K3K7", SHAPE),
        ("H-7K3K", SHAPE),
        ("P-7K3\u212a", SHAPE),  # the Kelvin sign, which looks like K
        ("P-٧K3K", SHAPE),
        ("Jane Miller", SHAPE),
        ("P-7K30", LETTERS),
        ("P-7KO3", LETTERS),
        ("P-I7K3", LETTERS),
        ("P-7K3Q", MISTYPED),
        ("P-K73K", MISTYPED),
    ],
)
def test_a_refusal_is_one_sentence_that_does_not_repeat_what_was_typed(typed: str, sentence: str) -> None:
    assert refused(typed) == sentence


@given(codes)
def test_a_new_code_is_read(code: str) -> None:
    assert read_code(code) == code
    assert read_code(code.lower().replace("-", "")) == code


@given(st.randoms(use_true_random=False), st.sampled_from(LENGTHS))
def test_a_new_code_is_as_long_as_asked(random: Random, length: int) -> None:
    assert len(new_code(random, length)) == len("P-") + length


@pytest.mark.parametrize("length", [3, 9])
def test_other_lengths_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match=f"^A patient's code has 4 to 8 characters, not {length}.$"):
        new_code(Random(1), length)


def test_every_code_of_four_has_its_neighbours_refused() -> None:
    """All single substitutions and adjacent transpositions of some codes; the properties sample the rest."""
    for seed in range(50):
        code = new_code(Random(seed)).removeprefix("P-")
        slips = {code[:at] + other + code[at + 1 :] for at in range(4) for other in ALPHABET}
        slips |= {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(3)}
        assert {refused(f"P-{slip}") for slip in slips - {code}} == {MISTYPED}


@given(codes, positions, st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_one_wrong_character_is_refused(code: str, at: int, wrong: str) -> None:
    data = list(code.removeprefix("P-"))
    assume(at < len(data) and data[at] != wrong)
    data[at] = wrong
    assert refused("P-" + "".join(data)) == (MISTYPED if wrong in ALPHABET else LETTERS)


@given(codes, positions, st.sampled_from([1, 2]))
def test_two_swapped_characters_are_refused(code: str, at: int, apart: int) -> None:
    data = list(code.removeprefix("P-"))
    assume(at + apart < len(data) and data[at] != data[at + apart])
    data[at], data[at + apart] = data[at + apart], data[at]
    assert refused("P-" + "".join(data)) == MISTYPED


@given(st.sampled_from(ALPHABET), st.sampled_from(ALPHABET), st.text(ALPHABET, min_size=1, max_size=5))
def test_a_double_mistyped_as_another_double_is_refused(double: str, other: str, rest: str) -> None:
    assume(double != other)
    code = double + double + rest + mod_37_2.calc_check_digit(double + double + rest, ALPHABET)
    assert read_code(f"P-{code}") == f"P-{code}"
    assert refused(f"P-{other}{other}{code[2:]}") == MISTYPED


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        code = read_code(text)
    except BadCode as refusal:
        assert str(refusal) in {SHAPE, LETTERS, MISTYPED}
    else:
        assert read_code(code) == code
