"""The languages of the patients' page: whole, or refused with the word that is missing; and QR codes."""

import re
from importlib.resources import files

import pytest

from cards.language import BadLanguage, can_be_asked, languages, nearest, question, read
from cards.qr import qr
from pathway.instruments import instrument, instruments

ENGLISH = files("cards").joinpath("languages", "en.toml").read_text("utf-8")


def other(text: str) -> str:
    """English under another tag, changed."""
    return text.replace('tag = "en"', 'tag = "xx"')


@pytest.mark.parametrize("tag", languages())
def test_all_that_can_be_asked_can_be_said(tag: str) -> None:
    for code in languages()["en"].instruments:
        for item in instrument(code).questions:
            asked = question(languages()[tag], code, item)
            assert asked.text
            assert asked.title
            values = [value for value, word in asked.options if word]
            assert sorted(values) == [item.low + at for at in range(int(item.high - item.low) + 1)]
            assert asked.scale is False or asked.low, f"{code}: what its ends mean"


def test_what_may_not_be_shown_or_is_private_is_not_asked() -> None:
    for each in instruments():
        if each.licence == "SCORE" or each.private:
            assert not can_be_asked(each.code)


def test_published_questions_are_in_english_until_somebody_names_a_translation() -> None:
    spanish = languages()["es"]
    tags = {code: question(spanish, code, instrument(code).questions[0]).tag for code in spanish.instruments}
    assert {code for code, tag in tags.items() if tag == "en"} == {
        "NRS", "PEG", "PHQ-2", "PHQ-9", "GAD-2", "GAD-7", "PHQ-4",
    }  # fmt: skip
    translated = '[instruments.NRS.items.1]\ntext = "?"\n'
    text = other(re.sub(r"\[instruments\.NRS\.items\.1\]\n", translated, ENGLISH))
    with pytest.raises(BadLanguage, match="NRS: source"):
        read(text, "xx.toml")
    named = text.replace("[instruments.NRS]\n", '[instruments.NRS]\nsource = "Somebody 2031"\n')
    assert question(read(named, "xx.toml"), "NRS", instrument("NRS").items[0]).tag == "xx"


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('next = "Next"\n', "", "next"),
        ('next = "Next"\n', 'next = "Next"\nnewer = "x"\n', "newer"),
        ("Question {at} of {count}", "Question {at}", "progress: places"),
        ("call {number}", "call {0.__class__}", "help_emergency: places"),
        ("Question {at}", "Question {at", "xx.toml"),
        ('"As usual", ', "", "WORK.status"),
        ('text = "What it costs"', 'text = ""', "BARRIERS.cost"),
        ('dir = "ltr"', 'dir = "up"', "dir"),
        ('dir = "ltr"', 'dir = "ltr', "xx.toml"),
    ],
)
def test_a_file_that_lacks_a_word_is_refused_with_it(was: str, becomes: str, says: str) -> None:
    assert was in ENGLISH
    with pytest.raises(BadLanguage, match=re.escape(says)):
        read(other(ENGLISH).replace(was, becomes, 1), "xx.toml")


def test_the_nearest_language() -> None:
    tags = {asked: nearest(asked).tag for asked in ("es", "es-MX", "ES-mx", "ar", "", "en-GB")}
    assert tags == {"es": "es", "es-MX": "es", "ES-mx": "es", "ar": "en", "": "en", "en-GB": "en"}


def test_a_qr_code_is_a_picture_of_its_text() -> None:
    made = qr("https://baton.example.org/e/token")
    assert made.startswith(b"\x89PNG")
    assert made == qr("https://baton.example.org/e/token") != qr("https://baton.example.org/e/other")
