"""A typed line, cut into words: quotes of any kind, `name=value`, and back again.

Only what a person types on a phone is expected of them: a quote opens at the start of a word alone, so
"didn't" is one word, and a quote that is never closed is text like any other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_CLOSING = {'"': '"', "“": "”", "„": "“”", "”": "”", "‘": "’", "'": "'", "«": "»", "‹": "›", "`": "`"}
_LABEL = re.compile(r"([A-Za-z][A-Za-z_-]*)=")


@dataclass(frozen=True)
class Word:
    """A word of a line: its text, the name before `=` if it had one, and where it began and ended."""

    text: str
    label: str
    start: int
    end: int


def words(line: str) -> list[Word]:
    """The words of a line. What stood in quotes is one word, without them."""
    found: list[Word] = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        named = _LABEL.match(line, at)
        label, begin = (named[1].lower(), named.end()) if named else ("", at)
        text, end = _quoted(line, begin) or _bare(line, begin)
        found.append(Word(text, label, at, end))
        at = end
    return found


def _quoted(line: str, at: int) -> tuple[str, int] | None:
    closing = _CLOSING.get(line[at : at + 1])
    if closing is None:
        return None
    text: list[str] = []
    position = at + 1
    while position < len(line):
        char = line[position]
        after = line[position + 1 : position + 2]
        if char == "\\" and line[at] == '"' and after in ('"', "\\") and after:
            text.append(after)
            position += 2
            continue
        if char in closing and (not after or after.isspace()):
            return "".join(text), position + 1
        text.append(char)
        position += 1
    return None


def _bare(line: str, at: int) -> tuple[str, int]:
    end = at
    while end < len(line) and not line[end].isspace():
        end += 1
    return line[at:end], end


def say(command: str, values: Mapping[str, str]) -> str:
    """The line that says a command with these values: `words` reads it back to the same."""
    said = [
        f'{name}="{value.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'
        for name, value in values.items()
    ]
    return " ".join([command, *said])
