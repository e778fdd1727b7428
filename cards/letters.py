"""Characters: which of them a screen can show, and where a long text may be taken apart.

Only renderers use this. What people wrote is stored as they wrote it.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

_NEW_LINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WITHOUT_SHAPE = re.compile("[\x80-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f"}


def shown(text: str) -> str:
    """The text with only characters that every platform takes and every screen shows.

    Control characters become their pictures (a null is ␀), what has no shape becomes �, and every
    kind of line end becomes a newline. Marks that force a direction are left out: they could turn
    round the words and doses beside them, and letters know their own direction without them.
    """
    text = _DIRECTIONS.sub("", _NEW_LINES.sub("\n", text))
    text = _CONTROLS.sub(lambda found: _picture(found[0]), text)
    return _WITHOUT_SHAPE.sub("\N{REPLACEMENT CHARACTER}", text)


def on_one_line(text: str) -> str:
    """`shown`, for titles, labels and cells, where a line break would fall apart."""
    return shown(text).replace("\n", " ").replace("\t", " ")


def is_blank(text: str) -> bool:
    """Whether nothing of the text would be seen. (`str.strip` takes some control characters for space.)"""
    return not shown(text).strip()


def pieces(text: str, limit: int, cost: Callable[[str], int] = len) -> list[str]:
    """The text in pieces that cost at most `limit` each; joined they are the text again.

    `cost` is what one character counts. Cuts are made at the end of a paragraph, a line or a word
    where there is one in the second half of a piece, and otherwise not inside an emoji or before an accent.
    """
    price = cache(cost)
    found, start = [], 0
    while start < len(text):
        end, spent = start, 0
        while end < len(text) and (spent := spent + price(text[end])) <= limit:
            end += 1
        end = max(end, start + 1)
        if end < len(text):
            end = _good_end(text, start, end)
        found.append(text[start:end])
        start = end
    return found


def _picture(control: str) -> str:
    return "\N{SYMBOL FOR DELETE}" if control == "\x7f" else chr(0x2400 + ord(control))


def _good_end(text: str, start: int, end: int) -> int:
    for separator in ("\n\n", "\n", " "):
        at = text.rfind(separator, start + (end - start) // 2, end)
        if at >= 0:
            return at + len(separator)
    for earlier in range(end, max(start, end - 30), -1):
        if not (_clings(text[earlier]) or text[earlier - 1] == "\u200d"):
            return earlier
    return end


def _clings(character: str) -> bool:
    return character in _JOINERS or unicodedata.combining(character) != 0
