from hypothesis import given

from cards.card import Card, Choice, Facts, Image, Items, Table, Text, Tone
from cards.letters import on_one_line, shown
from cards.plain import plain
from tests.cards.written import cards, squeezed, strings_of


def test_a_whole_card_in_words() -> None:
    card = Card(
        title="Handoff H-12 waits for you",
        parts=(
            Text("Please answer by 10:15."),
            Text("Not answered for 2 h", Tone.WARNING),
            Text("Sleeps badly.\nAfraid to move.", Tone.QUOTE),
            Facts((("Patient", "P-7K3Q"), ("Urgency", "urgent"))),
            Items(("call her", "book a room"), "Next"),
            Table(("When", "What"), (("9:00", "offered"), ("10:00", "asked"))),
            Image(b"", "PHQ-9 from 12 to 22"),
        ),
        choices=(
            Choice("Accept", "handoff accept H-12", reaction="👍"),
            Choice("Decline", "handoff decline H-12"),
        ),
    )
    assert plain(card, "!care ") == (
        "Handoff H-12 waits for you\n\n"
        "Please answer by 10:15.\n\n"
        "⚠️ Not answered for 2 h\n\n"
        "> Sleeps badly.\n> Afraid to move.\n\n"
        "Patient: P-7K3Q\nUrgency: urgent\n\n"
        "Next:\n- call her\n- book a room\n\n"
        "When   What   \n9:00   offered\n10:00  asked  \n\n"
        "[Picture: PHQ-9 from 12 to 22]\n\n"
        "1. Accept 👍 — !care handoff accept H-12\n2. Decline — !care handoff decline H-12"
    )


def test_a_wide_table_is_told_row_by_row() -> None:
    table = Table(("Item", "Answer"), (("Sleep", "x" * 80), ("Mood", "low")))
    assert plain(Card("", (table,))) == f"Item: Sleep\nAnswer: {'x' * 80}\n\nItem: Mood\nAnswer: low"


@given(cards)
def test_nothing_of_a_card_is_missing(card: Card) -> None:
    text = squeezed(plain(card, "!care ").replace("\n> ", "\n"))
    for each in [*strings_of(card), *(choice.says for choice in card.choices)]:
        assert squeezed(on_one_line(each)) in text


@given(cards)
def test_no_character_is_left_that_a_screen_cannot_show(card: Card) -> None:
    text = plain(card)
    assert shown(text) == text
    text.encode("utf-8")
