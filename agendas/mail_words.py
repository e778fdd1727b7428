"""What a person wrote in a mail, as plain text, without the mail that they answered."""

import re
from collections.abc import Iterable
from email.message import Message
from html.parser import HTMLParser

MOST_WORDS = 2000
"""So many characters are shown in chat; whoever wrote more is read in the mailbox."""
_MOST_READ = 20 * MOST_WORDS
"""A page may hold much that isn't words; reading one that is made to be slow must end soon."""

_QUOTED = re.compile(
    r"^(?:>.*|-{2,}\s*original message.*|_{10,}|-- ?|on .{5,120} wrote:|.{5,120} schrieb:|from:\s.*@.*)$",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SILENT = frozenset({"script", "style", "head", "title"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})


def plain_of(leaves: Iterable[Message]) -> str:
    """The first text among these parts, else the first page of HTML without its marks; attachments never."""
    shown = [part for part in leaves if part.get_content_disposition() != "attachment"]
    for kind, read in (("text/plain", str), ("text/html", _without_marks)):
        for part in shown:
            content = part.get_payload(decode=True) if part.get_content_type() == kind else None
            if isinstance(content, bytes):
                return read(decoded(content[:_MOST_READ], str(part.get_content_charset("utf-8"))))
    return ""


def without_quotes(text: str) -> str:
    """What stands before the first line that quotes, cleared of characters that nobody can see."""
    kept: list[str] = []
    for line in text.splitlines():
        line = _CONTROL.sub(" ", line).rstrip()
        if _QUOTED.match(line.strip()):
            break
        kept.append(line)
    said = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return said if len(said) <= MOST_WORDS else f"{said[: MOST_WORDS - 1]}…"


def decoded(content: bytes, charset: str) -> str:
    """Text by what is said of its characters; where that is wrong, only what isn't ASCII gets lost."""
    try:
        return content.decode(charset)
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _without_marks(page: str) -> str:
    reader = _Words()
    reader.feed(page)
    reader.close()
    return "".join(reader.words)


class _Words(HTMLParser):
    """Collects the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A block begins on a line of its own."""
        self.silent += tag in _SILENT
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """After a script, words are words again."""
        self.silent -= tag in _SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        """Words that a reader would see."""
        if not self.silent:
            self.words.append(data)
