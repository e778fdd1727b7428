import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.card import Card, Choice, Facts, Image, Items, Table, Text, Tone
from cards.letters import on_one_line, shown
from cards.slack import SlackMessage, home, messages
from tests.cards.written import cards, squeezed, strings_of
from tests.workspace.limits import block_errors, too_long, view_errors


def texts(found: Any) -> list[str]:
    """Every text that blocks show, in order."""
    if isinstance(found, list):
        return [text for each in found for text in texts(each)]
    if not isinstance(found, dict):
        return []
    own = [found["text"]] if isinstance(found.get("text"), str) else []
    return own + [text for each in found.values() for text in texts(each)]


def buttons(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


def test_a_short_card_is_one_message() -> None:
    card = Card(
        title="Handoff H-12 is offered",
        parts=(Text("Sleeps badly", Tone.QUOTE), Facts((("Patient", "P-7K3Q"), ("Goal", "")))),
        choices=(Choice("Accept", "handoff accept H-12", urgent=True, reaction="👍"),),
        notice="A handoff <waits>",
    )
    plain = {"type": "plain_text", "emoji": False}
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Sleeps badly"}]}
    pairs = [
        {"type": "text", "text": "Patient: ", "style": {"bold": True}},
        {"type": "text", "text": "P-7K3Q"},
        {"type": "text", "text": "\nGoal: ", "style": {"bold": True}},
        {"type": "text", "text": "–"},
    ]
    accept = {
        "type": "button",
        "text": plain | {"text": "Accept 👍"},
        "value": "handoff accept H-12",
        "action_id": "choice-1",
        "style": "primary",
    }
    assert messages(card, called=["U1"], everyone=True) == (
        SlackMessage(
            text="<@U1> <!channel> A handoff &lt;waits&gt;",
            blocks=[
                {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [
                                {"type": "user", "user_id": "U1"},
                                {"type": "text", "text": " "},
                                {"type": "broadcast", "range": "channel"},
                                {"type": "text", "text": " "},
                            ],
                        }
                    ],
                },
                {"type": "header", "text": plain | {"text": "Handoff H-12 is offered"}},
                {"type": "rich_text", "elements": [quote]},
                {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": pairs}]},
                {"type": "actions", "elements": [accept]},
            ],
        ),
    )


def test_a_choice_too_long_for_a_button_is_a_line_to_type() -> None:
    wide, deep = Choice("L" * 76, "help"), Choice("Note", "note " + "x" * 2_000)
    (message,) = messages(Card("Choose", choices=(wide, deep, Choice("Help", "help"))))
    assert [button["value"] for button in buttons(message.blocks)] == ["help"]
    assert texts(message.blocks)[2:] == [f"{'L' * 76} — /care help", f"Note — /care note {'x' * 2_000}"]


def test_many_choices_are_several_rows_of_buttons_with_ids_of_their_own() -> None:
    (message,) = messages(Card("Choose", choices=tuple(Choice(f"No {n}", f"pick {n}") for n in range(60))))
    rows = [len(block["elements"]) for block in message.blocks if block["type"] == "actions"]
    assert rows == [25, 25, 10]
    assert len({button["action_id"] for button in buttons(message.blocks)}) == 60


def test_long_content_is_split_over_messages_and_the_call_is_made_once() -> None:
    lines = tuple(f"Line {n}: {'w' * 90}" for n in range(400))
    sent = messages(Card("Long", (Items(lines),), (Choice("Go", "go"),)), called=["U1"])
    assert len(sent) > 2
    assert [each.text for each in sent][:2] == [f"<@U1> Long (1 of {len(sent)})", f"Long (2 of {len(sent)})"]
    assert [text for each in sent for text in texts(each.blocks)][2:-1] == list(lines)
    assert [len(buttons(each.blocks)) for each in sent] == [0] * (len(sent) - 1) + [1]


def test_a_narrow_table_keeps_its_columns_and_repeats_its_head() -> None:
    rows = tuple((f"{n}:00", "waited") for n in range(400))
    shown_rows = [
        text for each in messages(Card("T", (Table(("When", "What"), rows),))) for text in texts(each.blocks)
    ]
    assert all(text.startswith("When    What  \n") for text in shown_rows[1:])
    assert sum(text.count("waited") for text in shown_rows) == 400


def test_a_long_line_for_the_lock_screen_is_whole_in_the_message() -> None:
    notice = "word " * 2_000
    (message,) = messages(Card("Title", notice=notice))
    assert len(message.text) < 3_010
    assert squeezed(notice) in squeezed("".join(texts(message.blocks)))


def test_only_user_ids_are_mentioned() -> None:
    with pytest.raises(ValueError, match="1 of those to be mentioned"):
        messages(Card("x"), called=["U1", "!channel"])


def test_pictures_are_given_apart_and_their_words_stand_in_the_message() -> None:
    chart = Image(b"png", "PHQ-9 from 12 to 22")
    card = Card("Chart", (Text("a"), chart))
    assert card.files == (chart,)
    assert "[Picture: PHQ-9 from 12 to 22]" in texts(messages(card)[0].blocks)


@settings(max_examples=50)
@given(cards)
def test_any_card_fits_slack_and_nothing_of_it_is_lost(card: Card) -> None:
    sent = messages(card, called=["U1"], everyone=True)
    for message in sent:
        assert block_errors(message.blocks, "message") == []
        assert not too_long(message.blocks)
        assert 0 < len(message.text) < 4_000
        message.text.encode("utf-8")
        json.dumps(message.blocks, ensure_ascii=False).encode("utf-8")
    everything = squeezed("".join(text for message in sent for text in texts(message.blocks)))
    for each in strings_of(card):
        assert squeezed(on_one_line(each)) in everything
    values = [button["value"] for message in sent for button in buttons(message.blocks)]
    for choice in card.choices:
        assert choice.says in values or squeezed(shown(choice.says)) in everything


@settings(max_examples=50)
@given(cards)
def test_what_people_write_is_never_read_as_markup(card: Card) -> None:
    sent = messages(card)
    assert "mrkdwn" not in [found for message in sent for found in kinds(message.blocks)]
    assert {"user", "broadcast", "link", "channel", "usergroup", "emoji"}.isdisjoint(
        found for message in sent for found in kinds(message.blocks)
    )
    assert all("<" not in message.text and ">" not in message.text for message in sent)


def kinds(found: Any) -> list[str]:
    if isinstance(found, list):
        return [kind for each in found for kind in kinds(each)]
    if not isinstance(found, dict):
        return []
    return [found.get("type", ""), *(kind for each in found.values() for kind in kinds(each))]


@settings(max_examples=50)
@given(st.lists(cards, max_size=4))
def test_any_home_tab_fits_slack(sections: list[Card]) -> None:
    assert view_errors(home(sections)) == []


def test_a_full_home_tab_says_how_much_it_does_not_show() -> None:
    sections = [
        Card(f"Handoff H-{n}", (Text("waits"),), (Choice("Show", f"handoff show H-{n}"),)) for n in range(40)
    ]
    view = home(sections, more=Choice("Show all", "handoff list"))
    whole = sum(text.startswith("Handoff") for text in texts(view["blocks"]))
    assert 20 < whole < 40
    assert texts(view["blocks"])[-2:] == [f"{40 - whole} more are not shown here.", "Show all"]
    assert buttons(view["blocks"])[-1]["value"] == "handoff list"
    ids = [button["action_id"] for button in buttons(view["blocks"])]
    assert len(set(ids)) == len(ids) == whole + 1


def test_an_empty_home_tab_says_so() -> None:
    assert texts(home([])["blocks"]) == ["Nothing is waiting for you."]
