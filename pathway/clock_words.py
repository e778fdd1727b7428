"""Other words for a time of day: "at 9", "0900", "tomorrow 9.30", "tonight" become 9:00 and the like.

Where two readings differ by half a day or by months, nothing is guessed.
"""

import re

HALVES = "Say which half of the day: {0}am, or {1}:00."
DOT = "“{0}” may be a time or a day: type {1}, or the month as a word, like 3 Dec."
_SPOKEN = {"morning": "9:00", "afternoon": "14:00", "evening": "18:00"}
_NAMED_DAY = (
    r"(?:day after tomorrow|today|tomorrow|tmrw|yesterday|"
    r"(?:this|next|last) (?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_ALONE = r"(?![\w:/.-]| ?[ap]m\b)"
_AT = re.compile(rf"\bat (\d{{1,2}})(?:\.([0-5]\d))?{_ALONE}(?! {_MONTH})")
_AFTER_DAY = re.compile(rf"({_NAMED_DAY}),? (\d{{1,2}})(?:\.?([0-5]\d))?")
_FOUR_DIGITS = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
_DOTTED = re.compile(rf"(?<![\w:/.-])(\d{{1,2}})\.([0-5]\d){_ALONE}")
_COULD_BE_YEARS = range(1900, 2200)
_MORNING_ALONE = range(7, 13)
"""A bare hour of these is in the morning or at noon; one before them may be in the afternoon as well."""


class Ambiguous(ValueError):
    """Words that mean two times. Its str is one sentence that says what to type."""


def as_clock(words: str) -> str:
    """Words in lower case, with times of day as 14:30 wherever they are said otherwise. Raises Ambiguous."""
    words = re.sub(r"\btonight\b", "today 20:00", words)
    words = re.sub(rf"\bthis (?={'|'.join(_SPOKEN)})", "today ", words)
    words = re.sub(rf"\b({'|'.join(_SPOKEN)})\b", lambda said: _SPOKEN[said[1]], words)
    words = re.sub(r"^((?:at|until|till|by) )?midnight$", "0:00", words)
    words = _AT.sub(lambda said: _hour(said[1], said[2]), words)
    if after := _AFTER_DAY.fullmatch(words):
        return f"{after[1]} {_hour(after[2], after[3])}"
    digits = _FOUR_DIGITS.fullmatch(words)
    if digits and int(words) not in _COULD_BE_YEARS:
        return f"{digits[1]}:{digits[2]}"
    return _DOTTED.sub(lambda said: _dotted(said, words), words)


def _hour(hour: str, minute: str | None) -> str:
    """A time that is known to be one. With minutes people write all 24 hours; a bare small hour is either."""
    if minute is None and int(hour) in range(1, _MORNING_ALONE.start):
        raise Ambiguous(HALVES.format(int(hour), int(hour) + 12))
    return f"{hour}:{minute or '00'}"


def _dotted(said: re.Match[str], words: str) -> str:
    """Behind a dot over 12 are minutes, before it over 23 is a day; in between it may be either."""
    first, second = int(said[1]), int(said[2])
    if first > 23 or (second <= 12 and (first <= 12 or said[0] != words)):
        return said[0]
    if second <= 12:
        raise Ambiguous(DOT.format(said[0], f"{first}:{said[2]}"))
    return f"{said[1]}:{said[2]}"
