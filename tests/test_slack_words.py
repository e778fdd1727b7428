"""What people type and how they react in Slack, in plain words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.words import chosen, line_of, mentions
from cards.slack import escaped
from handlers.handoffs.card import choices
from pathway.handoff import Handoff, Ipass, State

OFFERED = Handoff(
    1, "north", "P-7K3K", "m1", "routine", Ipass("stable", "", "", "", False, "", "", False),
    datetime(2026, 11, 23, 10, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<@U0BOT> handoff list", "handoff list"),
        ("<@U0BOT>, handoff list", "handoff list"),
        ("hi <@U0BOT|baton>: mine", "hi   mine"),
        ("handoff offer P-7K3K <@U1|bo> now", "handoff offer P-7K3K @U1 now"),
        ("handoff offer P-7K3K <@U1> <@U0BOT>", "handoff offer P-7K3K @U1"),
        ("see <#C1|msk-pain> and <#C2>", "see #msk-pain and #C2"),
        ("<!channel> <!subteam^S1|@physios> <!here|here>", "@channel @physios here"),
        (
            "ring <tel:01632960001|01632 960001> or <mailto:a@example.org>",
            "ring 01632 960001 or a@example.org",
        ),
        ("<https://example.org/a?b=1&amp;c|the page>", "the page"),
        ("<https://example.org/a?b=1&amp;c=2>", "https://example.org/a?b=1&c=2"),
        ("PHQ-9 &gt; 14 &amp;amp; rising", "PHQ-9 > 14 &amp; rising"),
        ("a\u00a0b", "a b"),
    ],
)
def test_a_line_is_what_the_person_typed(text: str, line: str) -> None:
    assert line_of(text, "U0BOT") == line


@given(st.text(st.characters(exclude_characters="\u00a0")))
def test_any_text_comes_back_from_its_escapes(text: str) -> None:
    assert line_of(escaped(text)) == text.strip()


def test_a_mention_is_of_the_whole_account() -> None:
    assert mentions("hello <@U1|bo>", "U1")
    assert mentions("hello <@U1>", "U1")
    assert not mentions("hello <@U12>", "U1")
    assert not mentions("hello @U1", "U1")


def test_every_reaction_that_a_card_shows_has_its_name_in_slack() -> None:
    names = {"👍": "+1", "👎": "-1", "❓": "question", "🤝": "handshake", "✅": "white_check_mark"}
    for state in State:
        shown = choices(replace(OFFERED, state=state))
        for choice in shown:
            if choice.reaction:
                assert chosen(shown, names[choice.reaction]) == choice
                assert chosen(shown, f"{names[choice.reaction]}::skin-tone-3") == choice


def test_other_reactions_choose_nothing() -> None:
    shown = choices(OFFERED)
    assert chosen(shown, "tada") is None
    assert chosen(shown, "") is None
    assert chosen([], "+1") is None
