import json

import pytest
from hypothesis import given, settings

from cards.card import Card, Choice, Facts, Image, Items, Table, Text, Tone
from cards.letters import on_one_line, shown
from cards.matrix import contents, edit_of, in_thread
from tests.cards.read_html import Reader
from tests.cards.written import cards, squeezed, strings_of

TAGS = {"h3", "p", "strong", "em", "code", "br", "a", "ul", "li", "blockquote"} | {
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def test_a_card_that_calls_nobody_is_a_notice_complete_in_both_forms() -> None:
    card = Card(
        title="Handoff H-12 <offered>",
        parts=(
            Text("Sleeps badly.\nIs afraid.", Tone.QUOTE),
            Text("Late", Tone.WARNING),
            Text("as of 9:00", Tone.QUIET),
            Facts((("Patient", "P-7K3Q"), ("Goal", ""))),
            Items(("call her",), "Next"),
            Table(("When", "What"), (("9:00", "offered"),)),
            Image(b"", "PHQ-9 up"),
        ),
        choices=(
            Choice("Accept", "handoff accept H-12", urgent=True, reaction="👍"),
            Choice("Show", "handoff show H-12"),
        ),
    )
    assert contents(card) == (
        {
            "msgtype": "m.notice",
            "body": (
                "Handoff H-12 <offered>\n\n> Sleeps badly.\n> Is afraid.\n\n⚠️ Late\n\nas of 9:00\n\n"
                "Patient: P-7K3Q\nGoal: –\n\nNext\n\n- call her\n\nWhen  What   \n9:00  offered\n\n"
                '[Picture: PHQ-9 up]\n\n- Accept 👍 — reply "!care handoff accept H-12", or react with 👍\n'
                '- Show — reply "!care handoff show H-12"'
            ),
            "format": "org.matrix.custom.html",
            "formatted_body": (
                "<h3>Handoff H-12 &lt;offered&gt;</h3>"
                "<blockquote>Sleeps badly.<br>Is afraid.</blockquote>"
                "<p><strong>⚠️ Late</strong></p><p><em>as of 9:00</em></p>"
                "<p><strong>Patient:</strong> P-7K3Q<br><strong>Goal:</strong> –</p>"
                "<p><strong>Next</strong></p><ul><li>call her</li></ul>"
                "<table><thead><tr><th>When</th><th>What</th></tr></thead>"
                "<tbody><tr><td>9:00</td><td>offered</td></tr></tbody></table>"
                "<p><em>[Picture: PHQ-9 up]</em></p>"
                "<ul><li><strong>Accept 👍</strong> — reply <code>!care handoff accept H-12</code>, "
                "or react with 👍</li>"
                "<li><strong>Show</strong> — reply <code>!care handoff show H-12</code></li></ul>"
            ),
            "m.mentions": {},
        },
    )


def test_a_card_that_calls_rings_and_begins_with_the_line_for_the_lock_screen() -> None:
    card = Card("Handoff H-12", notice="A handoff waits for you")
    assert contents(card, called=[("@ana:example.org", "Ana <b>")], everyone=True) == (
        {
            "msgtype": "m.text",
            "body": "Ana <b>, @room\n\nA handoff waits for you\n\nHandoff H-12",
            "format": "org.matrix.custom.html",
            "formatted_body": (
                '<p><a href="https://matrix.to/#/@ana:example.org">Ana &lt;b&gt;</a>, @room</p>'
                "<p>A handoff waits for you</p><h3>Handoff H-12</h3>"
            ),
            "m.mentions": {"user_ids": ["@ana:example.org"], "room": True},
        },
    )


@pytest.mark.parametrize("rows", [(), (("", " "),), ((" " * 60, "\t"),)])
def test_of_a_card_in_which_nothing_would_be_seen_the_line_for_the_lock_screen_is_shown(
    rows: tuple[tuple[str, ...], ...],
) -> None:
    (content,) = contents(Card(" ", (Table(("   ", ""), rows),), notice="A handoff waits for you"))
    assert content["body"] == "A handoff waits for you"
    assert content["formatted_body"] == "<p>A handoff waits for you</p>"


def test_only_user_ids_are_mentioned() -> None:
    with pytest.raises(ValueError, match="1 of those to be mentioned"):
        contents(Card("x"), called=[("ana", "Ana")])


def test_an_edit_is_complete_for_clients_that_know_none_and_rings_nobody() -> None:
    (content,) = contents(Card("Accepted"), called=[("@ana:example.org", "Ana")])
    threaded = in_thread(content, "$root")
    assert edit_of(threaded, "$card") == {
        "msgtype": "m.text",
        "body": "* Ana\n\nAccepted",
        "m.mentions": {},
        "m.new_content": content,
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$card"},
    }
    assert threaded["m.relates_to"] == {
        "rel_type": "m.thread",
        "event_id": "$root",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$root"},
    }


@settings(max_examples=50)
@given(cards)
def test_any_card_fits_an_event_and_nothing_of_it_is_lost(card: Card) -> None:
    sent = contents(card)
    for content in sent:
        assert len(json.dumps(edit_of(content, "$" + "e" * 43))) < 45_000
        assert content["body"].strip()
        assert "".join(Reader(content["formatted_body"]).texts).strip()
    bodies = squeezed(
        "".join(content["body"] for content in sent).replace("\n> ", "\n").replace("\n- ", "\n")
    )
    htmls = squeezed("".join("".join(Reader(content["formatted_body"]).texts) for content in sent))
    for each in [*strings_of(card), *(choice.says for choice in card.choices)]:
        assert squeezed(on_one_line(each)) in htmls
        if len(each) < 1_000:
            assert squeezed(on_one_line(each)) in bodies


@settings(max_examples=50)
@given(cards)
def test_what_people_write_is_never_html_and_never_a_mention(card: Card) -> None:
    for content in contents(card):
        assert content["m.mentions"] == {}
        reader = Reader(content["formatted_body"])
        assert set(reader.tags) <= TAGS - {"a"}
        assert reader.attributes == []
        assert shown(content["body"]) == content["body"]
        json.dumps(content, ensure_ascii=False).encode("utf-8")
