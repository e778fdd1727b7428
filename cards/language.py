"""The languages of the patient's own page and of mail: one TOML file each, read from top to bottom.

Not gettext: its keys would be English sentences scattered over templates, compiled to a binary file. Here a
whole page stands together with its questions, and a file that lacks a word or a {place} is refused at once.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pathway.instruments import Item, instrument, say

ENGLISH = "en"
_PLACES = {
    "count": {"count"}, "until": {"date"}, "progress": {"at", "count"}, "thanks": {"date"},
    "change_what": {"at"}, "help_emergency": {"number"}, "help_team": {"number"},
}  # fmt: skip
"""What some sentences leave room for; every other leaves none."""
_MAIL_PLACES = {
    "conference": {"ref"}, "say_day_changed": {"was", "when"}, "say_day_off": {"was"},
    "say_day_without": {"was"}, "answered": {"answer"}, "until": {"date"},
    "date": {"day", "number", "month", "year"}, "span": {"date", "from", "to", "place"},
}  # fmt: skip
_MAIL_LISTS = {"days": 7, "months": 12}


class BadLanguage(ValueError):
    """A language's file can't be used; the text says which word is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ItemWords(_Part):
    """The words of one item: its text, what its ends mean on a scale, or a word for each value."""

    text: str = ""
    low: str = ""
    high: str = ""
    options: tuple[str, ...] = ()


class Asked(_Part):
    """How an instrument is put to people. `source` names the published translation that `items` are from."""

    title: str
    stem: str = ""
    items: dict[str, ItemWords] = {}
    source: str = ""


class Language(_Part):
    """One language: its BCP 47 tag, its own name, its direction, the sentences of the page and of mail, the
    instruments.
    """

    tag: str
    own: str
    dir: Literal["ltr", "rtl"]
    page: dict[str, str]
    mail: dict[str, str]
    instruments: dict[str, Asked]


@dataclass(frozen=True)
class Question:
    """One question as it is shown. `options` are values and their words; without words it is a scale, whose
    ends `low` and `high` explain. `tag` is the language it is really in.
    """

    title: str
    stem: str
    text: str
    options: tuple[tuple[float, str], ...]
    scale: bool
    low: str
    high: str
    tag: str
    notice: str

    def word(self, value: float) -> str:
        """The words of an answer."""
        return dict(self.options)[value]


@cache
def languages() -> dict[str, Language]:
    """All languages by their tags, English first. Raises BadLanguage."""
    folder = files("cards").joinpath("languages")
    texts = {each.name: each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".toml")}
    english = f"{ENGLISH}.toml"
    made = [read(texts[name], name) for name in sorted(texts, key=lambda name: (name != english, name))]
    return {each.tag: each for each in made}


@cache
def _english() -> Language:
    text = files("cards").joinpath("languages", f"{ENGLISH}.toml").read_text("utf-8")
    return Language.model_validate(tomllib.loads(text))


def read(text: str, name: str) -> Language:
    """The language in this TOML text. `name` is its file, for the error; raises BadLanguage."""
    try:
        told = Language.model_validate(tomllib.loads(text))
        wrong = _wrong(told, _english())
    except ValueError as error:
        raise BadLanguage(f"{name}: {error}") from error
    if wrong:
        raise BadLanguage(f"{name}: missing, unknown or wrong: {', '.join(wrong)}")
    return told


def _wrong(other: Language, english: Language) -> list[str]:
    """What of the page, and of what is asked, can't be said in it. Raises ValueError for a lone brace."""
    wrong = sorted(other.page.keys() ^ english.page.keys())
    wrong += [
        f"{key}: places" for key, text in other.page.items() if _places(text) != _PLACES.get(key, set())
    ]
    wrong += [f"mail.{key}" for key in sorted(other.mail.keys() ^ english.mail.keys())]
    wrong += [
        f"mail.{key}: places"
        for key, text in other.mail.items()
        if _places(text) != _MAIL_PLACES.get(key, set())
    ]
    wrong += [
        f"mail.{key}: {count} words"
        for key, count in _MAIL_LISTS.items()
        if len(listed(other.mail.get(key, ""))) != count
    ]
    wrong += sorted(other.instruments.keys() ^ english.instruments.keys())
    for code in other.instruments.keys() & english.instruments.keys():
        of, words = instrument(code), other.instruments[code]
        own = of.licence == "OWN" or any(each.text for each in words.items.values())
        for item in of.questions if own else ():
            said = words.items.get(item.id, ItemWords())
            if not said.text or (item.options and len(said.options) != len(item.options)):
                wrong.append(f"{code}.{item.id}")
        if of.licence != "OWN" and own and not words.source:
            wrong.append(f"{code}: source")
    return wrong


def listed(text: str) -> list[str]:
    """The words of a list with commas between them."""
    return [each.strip() for each in text.split(",") if each.strip()]


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def nearest(tag: str) -> Language:
    """The language for this tag, or English if its file is not there."""
    known = languages()
    return known.get(tag) or known.get(tag.partition("-")[0].lower()) or known[ENGLISH]


def can_be_asked(code: str) -> bool:
    """Whether people can be asked this on the page: its words may be shown, and are there."""
    return code in languages()[ENGLISH].instruments


def question(language: Language, code: str, item: Item) -> Question:
    """One item of an instrument in this language; in English where there is no published translation."""
    of = instrument(code)
    words = language.instruments[code].items.get(item.id, ItemWords())
    said_in = language if words.text else languages()[ENGLISH]
    asked = said_in.instruments[code]
    words = asked.items.get(item.id, ItemWords())
    options = words.options or item.options
    return Question(
        title=language.instruments[code].title, stem=asked.stem or of.stem, text=words.text or item.text,
        options=_options(language, item, options), scale=not options and not item.yes_no,
        low=words.low, high=words.high, tag=said_in.tag, notice=of.notice,
    )  # fmt: skip


def _options(language: Language, item: Item, words: tuple[str, ...]) -> tuple[tuple[float, str], ...]:
    values = [item.low + step for step in range(int(item.high - item.low) + 1)]
    if item.yes_no and not words:
        return ((1, language.page["yes"]), (0, language.page["no"]))
    return tuple(zip(values, words or [say(each) for each in values], strict=True))
