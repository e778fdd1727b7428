import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from cards.card import Call, Card, Choice, Detail, Facts, File, Image, Items, Table, Text, Tone
from cards.paper import Paper
from cards.wire import dumps, loads
from tests.cards.written import cards

WHOLE = Card(
    title="Handoff H-12",
    parts=(
        Text("as written", Tone.QUOTE, Detail.CLINICAL),
        Facts((("Patient", "P-7K3Q"),)),
        Items(("one", "two"), "Next"),
        Table(("When", "What"), (("9:00", "offered"),)),
        Image(b"\x89PNG\x00", "PHQ-9 over time"),
        File(
            "C-12-agenda.pdf",
            "The agenda",
            paper=Paper("C-12", "<p>x</p>", datetime(2026, 12, 1, tzinfo=UTC)),
        ),
    ),
    choices=(Choice("Accept", "handoff accept H-12", urgent=True, reaction="👍"),),
    notice="H-12 waits",
    call=Call(("M-1",), everyone=True),
)


@given(cards)
def test_a_stored_card_comes_back_the_same(card: Card) -> None:
    assert loads(dumps(card)) == card


def test_the_stored_form_is_ascii_json_with_the_kind_of_each_part() -> None:
    record = json.loads(dumps(WHOLE).encode("ascii"))
    assert [part["kind"] for part in record["parts"]] == ["text", "facts", "items", "table", "image", "file"]
    assert base64.b64decode(record["parts"][4]["png"]) == b"\x89PNG\x00"
    assert record["choices"] == [
        {"label": "Accept", "says": "handoff accept H-12", "urgent": True, "reaction": "👍"}
    ]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"title": "Ana Bell"}', dumps(WHOLE).replace('"kind":"facts"', '"kind":"Ana Bell"')],
)
def test_what_is_not_a_stored_card_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(ValueError, match="this is not a stored card") as refused:
        loads(text)
    assert "Ana Bell" not in str(refused.value)
    assert refused.value.__cause__ is None
