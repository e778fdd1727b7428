"""What a Matrix message says to the bot."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.said import Said, line_for, reaction_key, said, thread_of, without_prefix, without_quote

ME = "@baton:example.org"
NAMES = {"Baton (care)", "baton"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def text(body: str, *mentions: str) -> Said:
    """A plain message."""
    return said({"body": body, "m.mentions": {"user_ids": list(mentions)}})


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("!care mine", "mine"),
        ("  !Care: handoff accept H-1 ", "handoff accept H-1"),
        ("!care", ""),
        ("!care\\nhandoff list", "handoff list"),
        ("!careful with that", None),
        ("!care-team meets at noon", None),
        ("I type !care mine", None),
        ("Baton: mine", "mine"),
        ("@baton, mine", "mine"),
        ("baton (care): mine", "mine"),
        ("@baton:example.org: mine", "mine"),
        ("baton mine", None),
        ("batons: are for running", None),
        ("", None),
    ],
)
def test_a_line_begins_with_the_prefix_or_with_a_name_and_a_colon(body: str, line: str | None) -> None:
    assert line_for(text(body.replace("\\n", "\n")), ME, NAMES) == line


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("Baton (care) mine", "mine"),
        ("mine @baton", "mine"),
        ("baton", ""),
        ("mine", "mine"),
        ("@baton:example.org mine", "mine"),
    ],
)
def test_a_mention_needs_no_colon(body: str, line: str) -> None:
    assert line_for(text(body, ME), ME, NAMES) == line


def test_a_pill_of_an_older_client_is_a_mention_unless_the_client_says_whom_it_mentions() -> None:
    pill = f'<a href="https://matrix.to/#/{ME}">Baton</a> mine'
    old: dict[str, Any] = {"body": "Baton mine", "formatted_body": pill}
    assert said(old).mentions == {ME}
    assert said(old | {"m.mentions": {}}).mentions == frozenset()


def test_threads_replies_and_edits_are_told_apart() -> None:
    answered = {"m.in_reply_to": {"event_id": "$a"}}
    in_thread = {"rel_type": "m.thread", "event_id": "$t", **answered}
    edit = {"body": "* x", "m.relates_to": {"rel_type": "m.replace", "event_id": "$e"}}
    assert said({"body": "x", "m.relates_to": answered}) == Said("x", "", "$a", "", frozenset())
    assert said({"body": "x", "m.relates_to": in_thread}) == Said("x", "$t", "$a", "", frozenset())
    shown_as_reply = in_thread | {"is_falling_back": True}
    assert said({"body": "x", "m.relates_to": shown_as_reply}) == Said("x", "$t", "", "", frozenset())
    assert said(edit) == Said("* x", "", "", "$e", frozenset())
    assert thread_of({"m.relates_to": in_thread}) == "$t"


def test_the_quote_before_a_reply_is_not_part_of_it() -> None:
    assert without_quote("> <@ana:example.org> who?\n> and when?\n\nI do") == "I do"
    assert without_quote("I do\n> not quite") == "I do\n> not quite"
    assert said({"body": "> quoted\n\nmine"}).body == "> quoted\n\nmine", "it answers nothing"


def test_direct_messages_may_leave_the_prefix_out() -> None:
    assert without_prefix("!care mine") == without_prefix(" mine ") == "mine"


def test_emoji_of_every_keyboard_are_the_same() -> None:
    assert {reaction_key(each) for each in ("👍", "👍🏽", "👍🏿", "👍\ufe0f")} == {"👍"}
    assert reaction_key("👎") != reaction_key("👍")


@given(st.dictionaries(st.sampled_from(["body", "m.relates_to", "m.mentions", "formatted_body"]), JSON))
def test_whatever_a_client_sends_is_read_without_a_fault(content: dict[str, Any]) -> None:
    message = said(content)
    line = line_for(message, ME, NAMES)
    assert line is None or line == line.strip()
