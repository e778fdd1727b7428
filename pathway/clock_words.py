"""Other words for a time of day: "at 9", "0900", "tomorrow 9.30", "friday evening at 7" become 9:00 and such.

Where two readings differ by half a day or by months, nothing is guessed.
"""

import re

HALVES = "Say which half of the day: {0}am, or {1}:00."
DOT = "“{0}” may be a time or a day: type {1}, or the month as a word, like 3 Dec."
_PARTS = {"morning": "9:00", "afternoon": "14:00", "evening": "18:00", "tonight": "20:00"}
"""The parts of a day, and when each is where no time is said."""
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_NAMED_DAY = rf"(?:day after tomorrow|today|tomorrow|tmrw|yesterday|(?:this|next|last) {_WEEKDAY})"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NUMBER = r"(\d{1,2})(?:[:.]([0-5]\d))?"
_ALONE = r"(?![\w:/.-]| ?[ap]m\b)"
_PART_OF_DAY = r"(?:\b(?:(in the|this) )?(morning|afternoon|evening)\b|\b(tonight)\b)"
_PART = re.compile(_PART_OF_DAY)
_CLEAR = r"\d{1,2}[:.][0-5]\d|\d{1,2}(?= (?:in the|this)\b)"
_HOUR_BEFORE = re.compile(rf"(?<!\S)(?<!\bat )(?:{_CLEAR}) {_PART_OF_DAY}")
_HOUR_AFTER = re.compile(rf"({_PART_OF_DAY}),? (?:at )?(?={_NUMBER}{_ALONE}(?! {_MONTH}))")
_AT = re.compile(rf"\bat {_NUMBER}{_ALONE}(?! {_MONTH})")
_AFTER_DAY = re.compile(rf"({_NAMED_DAY}),? (\d{{1,2}})(?:\.?([0-5]\d))?")
_FOUR_DIGITS = re.compile(rf"((?:{_NAMED_DAY}|{_WEEKDAY}),? )?(?:at )?([01]\d|2[0-3])([0-5]\d)")
_DOTTED = re.compile(rf"(?<![\w:/.-])(\d{{1,2}})\.([0-5]\d){_ALONE}")
_SAYS_A_TIME = re.compile(r"\d:\d\d|\d ?[ap]m\b|\b(?:noon|midday|midnight|eod|end of day)\b")
_MORNING_ALONE = range(7, 13)
"""A bare hour of these is in the morning or at noon; one before them may be in the afternoon as well."""


class Ambiguous(ValueError):
    """Words that mean two times. Its str is one sentence that says what to type."""


def as_clock(words: str, *, day: bool = False) -> str:
    """Words in lower case, with times of day as 14:30 wherever they are said otherwise. Raises Ambiguous.

    Where a `day` is asked for, "15.11" is one.
    """
    words = re.sub(r"^(?:(?:until|till|by|from|on) )+", "", words)
    words = re.sub(r"^(?:at )?midnight$", "0:00", words)
    words, half = _part_of_day(words)
    words = _AT.sub(lambda said: _hour(said[1], said[2], half), words)
    if after := _AFTER_DAY.fullmatch(words):
        words = f"{after[1]} {_hour(after[2], after[3], half)}"
    elif digits := _FOUR_DIGITS.fullmatch(words):
        words = f"{digits[1] or ''}{digits[2]}:{digits[3]}"
    elif not day:
        words = _DOTTED.sub(lambda said: _dotted(said, words), words)
    return f"{words} {_PARTS[half]}".strip() if half and not _SAYS_A_TIME.search(words) else words


def _part_of_day(words: str) -> tuple[str, str]:
    """The words without the part of the day that they name, and that; an hour beside it is "at" it."""
    if len(_PART.findall(words)) != 1:
        return words, ""
    words = _HOUR_BEFORE.sub(lambda said: said[0] if _is_day(said) else f"at {said[0]}", words)
    words = _HOUR_AFTER.sub(r"\1 at ", words)
    (found,) = _PART.finditer(words)
    today = "today" if found[1] == "this" or found[3] else ""
    rest = f"{words[: found.start()]} {today} {words[found.end() :]}"
    return " ".join(rest.split()), found[2] or found[3]


def _is_day(said: re.Match[str]) -> bool:
    """Whether the number in front is that of a day: "dec 3 in the morning"."""
    return re.search(rf"{_MONTH} $", said.string[: said.start()]) is not None


def _hour(hour: str, minute: str | None, half: str) -> str:
    """A time that is known to be one. With minutes people write all 24 hours; a bare small hour is either."""
    number = int(hour)
    if half:
        return f"{number + 12 if half != 'morning' and number in range(1, 12) else number}:{minute or '00'}"
    if minute is None and number in range(1, _MORNING_ALONE.start):
        raise Ambiguous(HALVES.format(number, number + 12))
    return f"{hour}:{minute or '00'}"


def _dotted(said: re.Match[str], words: str) -> str:
    """Behind a dot over 12 are minutes, before it over 23 is a day; in between it may be either."""
    first, second = int(said[1]), int(said[2])
    if second not in range(1, 13):
        return said[0] if first > 23 else f"{first}:{said[2]}"
    if first > 23 or (first > 12 and said[0] != words):
        return said[0]
    raise Ambiguous(DOT.format(said[0], f"{first}:{said[2]}"))
