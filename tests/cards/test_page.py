from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.card import Card, Choice, Facts, Image, Table, Text, Tone
from cards.form import Form, Option
from cards.letters import on_one_line, shown
from cards.page import card_html, form_html, values_of
from tests.cards.read_html import Reader
from tests.cards.test_slack_modal import FORM
from tests.cards.written import cards, squeezed, strings_of, written

CARD_TAGS = """
a article h3 h4 p blockquote br span dl div dt dd ul li table thead tbody tr th td figure img form input
button
"""
FORM_TAGS = "form h3 p br div ul li a input label span select option textarea fieldset legend button"
ATTRIBUTES = """
class dir role aria-label aria-hidden aria-labelledby aria-describedby aria-invalid tabindex scope src alt
method action type name value id for href rows checked selected required formnovalidate autocomplete download
target rel
"""


def test_a_card_is_an_article_with_its_choices_as_one_form() -> None:
    card = Card(
        "Handoff <H-12>",
        (
            Text("Late\nby 2 h", Tone.WARNING),
            Facts((("Goal", ""),)),
            Table(("When",), (("9:00",),)),
            Image(b"p", 'up "2"'),
        ),
        (Choice("Accept", 'handoff accept H-12 "yes"', urgent=True, reaction="👍"), Choice("Show", "show")),
    )
    assert card_html(card, "/practice/say", {"as": "ana"}) == (
        '<article class="card">\n'
        '<h3 class="card-title" dir="auto">Handoff &lt;H-12&gt;</h3>\n'
        '<p class="part part-text tone-warning" dir="auto">'
        '<span class="tone-sign" role="img" aria-label="Warning">⚠️</span> Late<br>by 2 h</p>\n'
        '<dl class="part part-facts">\n'
        '<div class="fact"><dt dir="auto">Goal</dt><dd dir="auto">–</dd></div>\n'
        "</dl>\n"
        '<div class="part part-table" role="region" tabindex="0" aria-label="Table: When">\n'
        "<table>\n"
        '<thead><tr><th scope="col" dir="auto">When</th></tr></thead>\n'
        '<tbody>\n<tr><td dir="auto">9:00</td></tr>\n</tbody>\n'
        "</table>\n</div>\n"
        '<figure class="part part-image"><img src="data:image/png;base64,cA==" alt="up &#34;2&#34;">'
        "</figure>\n"
        '<form class="choices" method="post" action="/practice/say">\n'
        '<input type="hidden" name="as" value="ana">\n'
        '<button class="choice urgent" type="submit" name="line" value="handoff accept H-12 &#34;yes&#34;">'
        'Accept <span class="reaction" aria-hidden="true">👍</span></button>\n'
        '<button class="choice" type="submit" name="line" value="show">Show</button>\n'
        "</form>\n"
        "</article>"
    )


def test_each_control_has_its_label_its_hint_and_its_error() -> None:
    read = Reader(form_html(replace(FORM, errors={"patient": "No such patient."}), "/say", form_id="f1"))
    ids = {attributes["id"] for _, attributes in read.elements if "id" in attributes}
    controls = [
        (tag, each) for tag, each in read.elements if tag in {"input", "select", "textarea"} and "id" in each
    ]
    assert [each["id"] for _, each in controls] == [
        "f1-patient",
        "f1-to",
        "f1-summary",
        "f1-urgency",
        "f1-when",
    ]
    assert [each["for"] for tag, each in read.elements if tag == "label" and "for" in each] == [
        each["id"] for _, each in controls
    ]
    patient = controls[0][1]
    assert patient["aria-describedby"] == "f1-patient-hint f1-patient-error"
    assert patient["aria-invalid"] == "true"
    described = chain.from_iterable((each.get("aria-describedby") or "").split() for _, each in read.elements)
    assert set(described) <= ids
    assert [each["name"] for _, each in controls if "required" not in each] == [
        "answer.urgency",
        "answer.when",
    ]
    assert "a" in read.tags
    assert {"href": "#f1-patient"} in [each for tag, each in read.elements if tag == "a"]


def test_what_was_typed_is_kept() -> None:
    read = Reader(form_html(replace(FORM, values={"patient": 'P-1 "x"', "to": "Zoe", "told": "YES"}), "/say"))
    given_values = {each.get("id"): each.get("value") for tag, each in read.elements if tag == "input"}
    assert given_values["form-patient"] == 'P-1 "x"'
    assert [each["value"] for _, each in read.elements if "checked" in each] == ["yes"]
    assert [each["value"] for _, each in read.elements if "selected" in each] == ["", "routine"]
    assert "You typed: Zoe" in "".join(read.texts)


def test_an_address_that_stands_alone_can_be_followed() -> None:
    address = 'https://baton.example.org/screen/a.b?x=1&y="2"'
    html = card_html(Card("", (Text(address), Text(f"See {address}"), Text("javascript:alert(1)"))), "/say")
    links = [each for tag, each in Reader(html).elements if tag == "a"]
    assert links == [{"href": address, "target": "_blank", "rel": "noopener noreferrer"}]


def test_answers_are_read_back_and_nothing_else_of_the_page() -> None:
    posted = {"as": "ana", "command": "note", "answer.text": "one\r\ntwo", "answer.line": "x", "line": "y"}
    assert values_of(posted) == {"text": "one\ntwo", "line": "x"}


@settings(max_examples=50)
@given(cards)
def test_what_people_write_stays_text_in_a_card(card: Card) -> None:
    html = card_html(card, "/say")
    assert shown(html) == html
    html.encode("utf-8")
    read = Reader(html)
    assert read.open == []
    assert set(read.tags) <= set(CARD_TAGS.split())
    assert {name for name, _ in read.attributes} <= set(ATTRIBUTES.split())
    links = [each["href"] or "" for tag, each in read.elements if tag == "a"]
    assert all(each.startswith("data:text/html;base64,") for each in links)
    pictures = "".join(each["alt"] or "" for tag, each in read.elements if tag == "img")
    everything = squeezed("".join([*read.texts, pictures]))
    for each in strings_of(card):
        assert squeezed(on_one_line(each)) in everything
    assert [each["value"] for tag, each in read.elements if tag == "button"] == [
        shown(c.says) for c in card.choices
    ]


@settings(max_examples=50)
@given(st.lists(written, min_size=6, max_size=6), st.tuples(written, written))
def test_what_people_write_stays_text_in_a_form(typed: list[str], offered: tuple[str, str]) -> None:
    names = [field.name for field in FORM.fields]
    fields = tuple(
        replace(field, options=(Option(*offered),)) if field.options else field for field in FORM.fields
    )
    form = Form(
        "x", "X", fields, dict(zip(names, typed, strict=True)), {"to": typed[0], "": typed[1]}, typed[2]
    )
    html = form_html(form, "/say", {"as": typed[3]})
    assert shown(html) == html
    read = Reader(html)
    assert read.open == []
    assert set(read.tags) <= set(FORM_TAGS.split())
    assert {name for name, _ in read.attributes} <= set(ATTRIBUTES.split())
    kept = "".join(each["value"] or "" for tag, each in read.elements if tag in {"input", "option"})
    everything = squeezed("".join([*read.texts, kept]))
    for text in [*typed[:4], offered[1]]:
        assert squeezed(on_one_line(text)) in everything


@pytest.mark.parametrize("markup", ["style", "script", "onerror", "onclick", "javascript:"])
def test_the_pages_need_no_script_and_no_style(markup: str) -> None:
    card = Card("t", (Text("a"), Facts((("b", "c"),))), (Choice("d", "e"),))
    assert markup not in card_html(card, "/say") + form_html(FORM, "/say")
