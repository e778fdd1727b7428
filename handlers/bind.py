"""Which words of a typed line belong to which argument: by `name=`, by a word that announces it, by order."""

from collections.abc import Sequence

from cards.form import Field, Kind
from handlers.kinds import read_value
from handlers.line import Word
from handlers.options import options_of
from handlers.reading import Reading, Wrong

_LONGEST_RUN = 6
_TEXTS = frozenset({Kind.LINE, Kind.LONG, Kind.COMMAND, Kind.PLANNED})
_ONE_WORD = frozenset(
    {
        Kind.WORD, Kind.PATIENT, Kind.HANDOFF, Kind.FLAG, Kind.MEASURE, Kind.CONFERENCE, Kind.SERIES,
        Kind.CONFERENCE_OR_SERIES, Kind.POLL, Kind.ENTRY, Kind.ACTION,
    }
)  # fmt: skip
_LISTED = frozenset({Kind.CHOICE, Kind.YES_NO})


def bind(
    fields: Sequence[Field], said: Sequence[Word], line: str, reading: Reading
) -> tuple[dict[str, str], str]:
    """What was typed for each field, and what was typed besides, which no field takes."""
    typed, rest = named(fields, said, line, reading)
    _in_order([field for field in fields if field.name not in typed], rest, line, reading, typed)
    return typed, _raw(rest, line)


def named(
    fields: Sequence[Field], said: Sequence[Word], line: str, reading: Reading
) -> tuple[dict[str, str], list[Word]]:
    """What was typed for the fields that were named, and the words that are for none of those."""
    typed: dict[str, str] = {}
    names = {field.name: field for field in fields}
    rest: list[Word] = []
    queue = list(said)
    while queue:
        word = queue.pop(0)
        if label(word) in names:
            typed[label(word)] = word.text
        elif _announces(word, names, typed):
            field = names[word.text.casefold()]
            until = next((at for at, each in enumerate(queue) if _announces(each, names, typed)), len(queue))
            said_again = any(each.text.casefold() == field.name for each in queue)
            if said_again and not _reads(field, _raw(queue[:until], line), reading):
                rest.append(word)  # "walk by the river by friday": the first is a word like any other
                continue
            typed[field.name] = _raw(queue[:until], line)
            queue = queue[until:]
        else:
            rest.append(_unlabelled(word, line))
    return typed, rest


def label(word: Word) -> str:
    """The name of the field that a word is for, if it says one: `consent-team=yes` is for `consent_team`."""
    return word.label.replace("-", "_")


def _unlabelled(word: Word, line: str) -> Word:
    """A word as it stood, where what is before its `=` is no field: "BP=120/80" is text."""
    return Word(line[word.start : word.end], "", word.start, word.end) if word.label else word


def _announces(word: Word, names: dict[str, Field], typed: dict[str, str]) -> bool:
    field = names.get(word.text.casefold())
    return field is not None and field.word and not word.label and field.name not in typed


def _in_order(
    fields: list[Field], rest: list[Word], line: str, reading: Reading, typed: dict[str, str]
) -> None:
    """Gives the fields, in turn, the words that are theirs, and takes those out of `rest`."""
    for at, field in enumerate(fields):
        if not rest:
            return
        last = at == len(fields) - 1
        more_texts = any(each.kind in _TEXTS and each.required for each in fields[at + 1 :])
        if last:
            count = len(rest)
        elif field.kind in _TEXTS:
            count = _text_length(field, rest, line, more_texts)
        else:
            count = _taken(field, rest, line, reading) or (1 if field.required else 0)
        if count:
            typed[field.name] = _raw(rest[:count], line)
            del rest[:count]


def _text_length(field: Field, rest: Sequence[Word], line: str, more_texts: bool) -> int:
    """How many words a text takes: what is quoted, else all, or all up to the next that is quoted."""
    if _is_quoted(rest[0], line) or not (field.required or field.kind is Kind.LONG):
        return 1
    if more_texts:
        return next((at for at, word in enumerate(rest) if _is_quoted(word, line)), len(rest))
    return len(rest)


def _taken(field: Field, rest: Sequence[Word], line: str, reading: Reading) -> int:
    """How many words a field takes: the longest run that can be read; where it may be left out, is meant.

    A word that merely begins like an option is no answer to a question that need not be answered: the R
    of "R knee pain" is not "routine".
    """
    if field.kind in _ONE_WORD:
        return 1
    for count in range(min(len(rest), _LONGEST_RUN), 0, -1):
        text = _raw(rest[:count], line)
        if not field.required and field.kind in _LISTED and not _names_option(field, text, reading):
            continue
        if _reads(field, text, reading):
            return count
    return 0


def _reads(field: Field, text: str, reading: Reading) -> bool:
    try:
        read_value(field, text, reading)
    except Wrong:
        return False
    return True


def _names_option(field: Field, text: str, reading: Reading) -> bool:
    named = text.casefold().replace("-", " ")
    heads = (option.label.split(":")[0] for option in options_of(field, reading.by))
    values = (option.value for option in options_of(field, reading.by))
    return any(named == each.casefold().replace("-", " ") for each in (*values, *heads))


def _raw(run: Sequence[Word], line: str) -> str:
    """What was typed for these words: one quoted word without its quotes, several as they stood."""
    if len(run) == 1:
        return run[0].text
    return line[run[0].start : run[-1].end] if run else ""


def _is_quoted(word: Word, line: str) -> bool:
    return len(word.text) < word.end - word.start
