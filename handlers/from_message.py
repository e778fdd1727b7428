"""From a message to a command: what somebody wrote fills the command's field, and a link keeps where it was.

By a shortcut, by a reaction, or by a reply that says the command. All of it becomes a line that a person
could have typed, so a platform knows nothing of the commands, and a command nothing of messages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.agenda import ask as agenda_ask
from handlers.bind import label
from handlers.line import Word, say, words
from handlers.menu import MENU
from handlers.plans import amended
from handlers.read import find_command
from pathway.code import BadCode, read_code
from storage.clinic import Clinic

_CODE = re.compile(r"\b[Pp][-‐‑‒–—−]?[2-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{4,8}\b")


@dataclass(frozen=True)
class Wrote:
    """A message of a person: what it says, and where it is ("" if nobody else can look there)."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Taking:
    """A command that a message can become: which of its fields take what it says, its link, and a code in it.

    `shortcut` is what the shortcut is called, `reaction` the emoji that says the same; "" for none.
    """

    command: str
    says: str
    link: str = ""
    patient: str = "patient"
    shortcut: str = ""
    reaction: str = ""


TAKINGS: tuple[Taking, ...] = (
    Taking("handoff offer", "summary", shortcut="handoff_from_message"),
    Taking("flag raise", "text", shortcut="flag_from_message", reaction="🚩"),
    Taking("agenda add", "question", "message", shortcut="agenda_from_message", reaction="🗓"),
    Taking("conference decide", "text", "message", shortcut="decision_from_message", reaction="⚖"),
    Taking("conference act", "text", "message", shortcut="action_from_message", reaction="📌"),
)
"""Everything that a message can become. Another is one line here, and its shortcut in slack/manifest.yaml."""

SHORTCUTS = {each.shortcut: each for each in TAKINGS if each.shortcut}


def reacted(emoji: str) -> Taking | None:
    """What a reaction to a message makes of it. The emoji is without its skin and variation."""
    return next((each for each in TAKINGS if emoji and each.reaction == emoji), None)


def line_from(taking: Taking, wrote: Wrote) -> str:
    """The line that a shortcut or a reaction says."""
    return say(taking.command, _filled(taking, wrote))


def replied(line: str, wrote: Wrote) -> str:
    """The line of a reply to a message: what it leaves out is taken from the message, if it takes anything.

    Who types words of their own asks in those.
    """
    said = words(line)
    found = find_command(MENU, said)
    taking = next((each for each in TAKINGS if found and each.command == found[0].name), None)
    if found is None or taking is None:
        return line
    rest = said[found[1] :]
    given = {label(each) for each in rest if each.label}
    if any(not each.label and not _names(each) for each in rest):
        given.add(taking.says)
    if _codes(line):
        given.add(taking.patient)
    more = {name: value for name, value in _filled(taking, wrote).items() if name not in given}
    return say(line, more)


def _filled(taking: Taking, wrote: Wrote) -> dict[str, str]:
    codes = _codes(wrote.text)
    values = {
        taking.patient: codes[0] if len(codes) == 1 else "",  # of several, a person says which
        taking.says: wrote.text.strip(),
        taking.link: wrote.link,
    }
    return {name: value for name, value in values.items() if name and value}


def _names(word: Word) -> bool:
    """Whether a word only names somebody: a patient, or a colleague."""
    return word.text.startswith("@") or bool(_codes(word.text))


def _codes(text: str) -> Sequence[str]:
    """The patients' codes in a text, each once."""
    found: dict[str, None] = {}
    for typed in _CODE.findall(text):
        try:
            found[read_code(typed)] = None
        except BadCode:  # looks like one, and is a word
            continue
    return tuple(found)


def changed(link: str, says: str | None, clinic: Clinic, now: datetime) -> None:
    """A message was edited and `says` something else, or was deleted (None): what came of it follows."""
    own = None if says is None else _own_words(says)
    agenda_ask.message_changed(link, own, clinic, now)
    amended.message_changed(link, own, clinic, now)


def _own_words(text: str) -> str:
    """What a message says, without the command and the code that it may begin with."""
    said = words(text)
    found = find_command(MENU, said)
    if found is None or not any(each.command == found[0].name for each in TAKINGS):
        return text.strip()
    rest = said[found[1] :]
    while rest and _codes(rest[0].text):
        rest = rest[1:]
    return rest[0].text if len(rest) == 1 else text[rest[0].start :].strip() if rest else ""


def concerns(link: str, clinic: Clinic) -> bool:
    """Whether anything came of this message."""
    return bool(clinic.questions.open_of_message(link)) or amended.concerns(link, clinic)
