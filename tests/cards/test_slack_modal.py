import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError

from cards.form import Form, Kind, Option, ask, fields_of
from cards.letters import on_one_line, shown
from cards.slack_modal import field_errors, modal, values_of
from tests.cards.test_slack import kinds, texts
from tests.cards.written import squeezed, written
from tests.workspace.limits import view_errors


@dataclass(frozen=True)
class Offer:
    patient: str = ask("Patient", Kind.PATIENT, hint="The patient's code.", example="P-7K3Q")
    to: str = ask("To", Kind.MEMBER_OR_ROLE, options=(("M-1", "Bo"), ("psychologist", "Psychologist")))
    summary: str = ask("Summary", Kind.LONG)
    told: str = ask("Does the patient know", Kind.YES_NO)
    urgency: str = ask(
        "How urgent", Kind.CHOICE, default="routine", options=(("routine", "Routine"), ("soon", "Soon"))
    )
    when: str = ask("When", Kind.WHEN, default="")


FORM = Form(
    "handoff offer", "Offer a handoff", fields_of(Offer), {"to": "bo", "told": "yes", "summary": "PHQ-9 22"}
)


def inputs(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def test_each_question_has_its_control_and_keeps_what_was_typed() -> None:
    view = modal(FORM, "meta")
    assert view_errors(view) == []
    found = inputs(view)
    assert {name: block["element"]["type"] for name, block in found.items()} == {
        "patient": "plain_text_input",
        "to": "static_select",
        "summary": "plain_text_input",
        "told": "radio_buttons",
        "urgency": "static_select",
        "when": "plain_text_input",
    }
    assert found["summary"]["element"]["multiline"] is True
    assert found["summary"]["element"]["initial_value"] == "PHQ-9 22"
    assert found["to"]["element"]["initial_option"]["value"] == "M-1"
    assert found["urgency"]["element"]["initial_option"]["value"] == "routine"
    assert found["told"]["element"]["initial_option"]["value"] == "yes"
    assert [name for name, block in found.items() if block["optional"]] == ["urgency", "when"]
    assert found["patient"]["hint"]["text"] == "The patient's code. For example: P-7K3Q"
    assert (view["callback_id"], view["private_metadata"], view["title"]["text"]) == (
        "form",
        "meta",
        "Offer a handoff",
    )


def test_errors_stand_on_their_fields_and_none_is_lost() -> None:
    wrong = replace(FORM, errors={"when": "There is no 31 June.", "": "Two things were missing."})
    assert field_errors(wrong) == {"when": "There is no 31 June.", "patient": "Two things were missing."}
    assert field_errors(FORM) == {}
    view = modal(wrong, "")
    said = [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]
    assert said == ["⚠️ Two things were missing.", "⚠️ There is no 31 June."]
    assert view["blocks"][-1]["block_id"] == "when"


def test_a_submitted_view_is_read_back() -> None:
    values = {
        "patient": {"patient": {"type": "plain_text_input", "value": "P-7K3Q"}},
        "to": {"to": {"type": "static_select", "selected_option": {"text": {}, "value": "M-1"}}},
        "told": {"told": {"type": "radio_buttons", "selected_option": None}},
        "when": {"when": {"type": "plain_text_input", "value": None}},
    }
    assert values_of({"state": {"values": values}}) == {
        "patient": "P-7K3Q",
        "to": "M-1",
        "told": "",
        "when": "",
    }


def test_more_options_than_a_list_takes_are_typed() -> None:
    (to,) = (field for field in FORM.fields if field.name == "to")
    many = tuple(Option(f"M-{n}", f"Member {n}") for n in range(101))
    view = modal(replace(FORM, fields=(replace(to, options=many),)), "")
    assert view_errors(view) == []
    assert inputs(view)["to"]["element"]["initial_value"] == "bo"
    assert all(f"M-{n} – Member {n}" in "".join(texts(view)) for n in range(101))


def test_a_long_label_and_an_unknown_value_are_said_below() -> None:
    (to,) = (field for field in FORM.fields if field.name == "to")
    field = replace(to, options=(Option("M-1", "Bo " + "o" * 80),))
    view = modal(Form("x", "X", (field,), {"to": "Mia"}), "")
    shortened = "Bo " + "o" * 71 + "…"
    assert inputs(view)["to"]["hint"]["text"] == f"You typed: Mia\n{shortened} is: Bo {'o' * 80}"
    assert inputs(view)["to"]["element"]["options"][0]["text"]["text"] == shortened


def test_a_long_title_is_whole_in_the_modal() -> None:
    view = modal(replace(FORM, title="Offer this patient to somebody else"), "")
    assert view["title"]["text"] == "Offer this patient to …"
    assert view["blocks"][0]["text"]["text"] == "Offer this patient to somebody else"


def test_a_form_of_too_many_questions_is_refused() -> None:
    fields = tuple(replace(FORM.fields[0], name=f"q{n}") for n in range(101))
    with pytest.raises(SlackObjectFormationError):
        modal(Form("x", "X", fields), "")


@settings(max_examples=50)
@given(
    st.lists(written, min_size=4, max_size=4),
    st.lists(st.tuples(written, written), min_size=1, max_size=3, unique_by=lambda pair: pair[0]),
)
def test_any_form_fits_slack_and_keeps_every_word(typed: list[str], offered: list[tuple[str, str]]) -> None:
    names = ["patient", "to", "summary", "told"]
    fields = tuple(
        replace(field, options=tuple(Option(*pair) for pair in offered)) if field.name == "to" else field
        for field in FORM.fields
    )
    form = replace(FORM, fields=fields, values=dict(zip(names, typed, strict=True)), errors={"to": typed[0]})
    view = modal(form, "meta")
    assert view_errors(view) == []
    assert "mrkdwn" not in kinds(view)
    json.dumps(view, ensure_ascii=False).encode("utf-8")
    everything = squeezed("".join(texts(view)))
    for text in [typed[0], *(label for _, label in offered)]:
        assert squeezed(on_one_line(text)) in everything
    summary = squeezed(shown(typed[2]))
    kept = squeezed(inputs(view)["summary"]["element"].get("initial_value", ""))
    assert summary.startswith(kept)
    assert summary.removeprefix(kept) in everything
