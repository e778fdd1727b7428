"""What people type and how they react in Slack, in the words that `handlers.read` knows."""

import re
from collections.abc import Sequence

from cards.card import Choice

MARK = re.compile(r"<([^<>]*)>")
SELECTORS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")

# Slack names emoji; a choice shows the character.
EMOJI = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "question": "❓", "grey_question": "❓",
    "handshake": "🤝", "white_check_mark": "✅", "heavy_check_mark": "✔", "ballot_box_with_check": "☑",
    "x": "❌", "negative_squared_cross_mark": "❎", "eyes": "👀", "raised_hand": "✋", "hand": "✋",
    "raised_hands": "🙌", "wave": "👋", "pray": "🙏", "ok_hand": "👌", "ok": "🆗", "clock3": "🕒",
    "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "warning": "⚠", "bell": "🔔", "no_entry": "⛔",
    "no_entry_sign": "🚫", "arrow_right": "➡", "leftwards_arrow_with_hook": "↩", "repeat": "🔁",
    "heavy_plus_sign": "➕", "pushpin": "📌", "spiral_calendar_pad": "🗓",
    "triangular_flag_on_post": "🚩", "calendar": "📆", "date": "📅", "telephone_receiver": "📞",
    "phone": "☎", "speech_balloon": "💬", "memo": "📝", "pencil": "📝", "one": "1⃣", "two": "2⃣",
    "three": "3⃣", "four": "4⃣", "five": "5⃣",
}  # fmt: skip


def line_of(text: str, addressed: str = "") -> str:
    """A message's text as its writer typed it: mentions as `@` and the account, no links, no escapes.

    `addressed` is the account whose first mention is left out: the bot's own.
    """
    if addressed:
        text = re.sub(rf"<@{re.escape(addressed)}(\|[^<>]*)?>[,:]?", " ", text, count=1)
    said = MARK.sub(_unmarked, text.replace("\u00a0", " "))
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def mentions(text: str, account: str) -> bool:
    """Whether a message mentions this account."""
    return re.search(rf"<@{re.escape(account)}[|>]", text) is not None


def _unmarked(found: re.Match[str]) -> str:
    target, _, label = found[1].partition("|")
    match target[:1]:
        case "@":
            return target
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return label or f"@{target[1:].split('^')[0]}"
    return label or target.removeprefix("mailto:").removeprefix("tel:")


def emoji_of(reaction: str) -> str:
    """The character of a reaction, without its skin; "" for one that says nothing here."""
    return EMOJI.get(reaction.split("::")[0], "")


def chosen(choices: Sequence[Choice], reaction: str) -> Choice | None:
    """The choice that a reaction of this Slack name stands for, whatever the skin."""
    emoji = emoji_of(reaction)
    return next((each for each in choices if emoji and SELECTORS.sub("", each.reaction) == emoji), None)
