import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.letters import on_one_line, pieces, shown
from tests.cards.written import NASTY


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("5 mg\x00 \x1b[31m\x7f", "5 mg␀ ␛[31m␡"),
        ("a\r\nb\rc\u2028d\x85e\tf", "a\nb\nc\nd\ne\tf"),
        ("\x9b\ud800\uffff", "\N{REPLACEMENT CHARACTER}" * 3),
        ("\u202egm 01\u202c \u2066x\u2069", "gm 01 x"),
        ("أُحيلت\u200f 👩🏽‍⚕️ <b>&amp;", "أُحيلت\u200f 👩🏽‍⚕️ <b>&amp;"),
    ],
)
def test_characters_are_made_showable(written: str, seen: str) -> None:
    assert shown(written) == seen


def test_one_line_has_no_line_break() -> None:
    assert on_one_line("a\nb\tc\r\nd") == "a b c d"


@given(st.one_of(st.text(), st.sampled_from(NASTY)), st.integers(1, 50))
def test_pieces_joined_are_the_text_and_none_is_too_long(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert "".join(found) == text
    assert all(0 < len(piece) <= limit for piece in found)


def test_pieces_end_at_a_paragraph_a_line_or_a_word() -> None:
    assert pieces("one two\n\nthree four", 12) == ["one two\n\n", "three four"]
    assert pieces("one two\nthree four", 12) == ["one two\n", "three four"]
    assert pieces("one two three four", 12) == ["one two ", "three four"]
    assert pieces("abcdefgh", 3) == ["abc", "def", "gh"]


def test_pieces_do_not_take_an_accent_or_an_emoji_apart() -> None:
    assert pieces("abe\u0301d", 3) == ["ab", "e\u0301d"]
    assert pieces("ab👩\u200d⚕\ufe0f", 4) == ["ab", "👩\u200d⚕\ufe0f"]


def test_pieces_count_as_the_platform_counts() -> None:
    assert pieces("ab👍cd", 3, lambda character: 2 if character > "\uffff" else 1) == ["ab", "👍c", "d"]
