"""What a line that can't be read probably meant: cards whose choices are whole lines, ready to be said."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from cards.card import Card, Choice, Text, Tone
from handlers.command import Command
from handlers.line import Word, say
from handlers.reading import NEAR, Reading, Wrong

UNREAD = "Baton could not read that"
"""On a locked phone in place of a sentence that repeats what was typed."""

_MOST = 3
_LONGEST_NAME = 3


def no_command(line: str, said: Sequence[Word], menu: Sequence[Command], reading: Reading) -> Card:
    """For a line that begins with no command: those that sound like it, with the rest of the line kept."""
    usable = [each for each in menu if each.allows(reading.by)]
    return _offered(line, said, usable, _alike(line, said, usable))


def _offered(line: str, said: Sequence[Word], usable: Sequence[Command], meant: Sequence[str]) -> Card:
    first = said[0].text.casefold() if said else ""
    group = [each for each in usable if each.name.split()[0] == first]
    if group and not meant:
        choices = tuple(Choice(each.name, each.name) for each in group)
        return Card(f"{first.capitalize()}: what should be done?", (_typed(line),), choices)
    lead = "Did you mean one of these?" if meant else "Type `help` to see what you can ask."
    choices = (*(Choice(says, says) for says in meant), Choice("Help", "help"))
    return Card("I don't know that command.", (Text(lead, Tone.QUIET),), choices)


def subcommand(line: str, said: Sequence[Word], menu: Sequence[Command], reading: Reading) -> Card | None:
    """For a line whose first word is a command and the head of others ("handoff acept"): those that sound
    like it, if any do.
    """
    usable = [each for each in menu if each.allows(reading.by)]
    meant = _alike(line, said, usable, under=said[0].text.casefold())
    return _offered(line, said, usable, meant) if meant else None


def _alike(line: str, said: Sequence[Word], usable: Sequence[Command], under: str = "") -> list[str]:
    """The likeliest lines, best first: a command's name is compared word by word with what was typed.

    Where a name of several words is alike, names of fewer are not looked at. With `under`, only names of
    several words count that begin with this one.
    """
    spoken = [word.text.casefold() for word in said]
    names = {name for each in usable for name in (each.name, *each.also)}
    if under:
        names = {name for name in names if name.startswith(f"{under} ")}
    for count in range(min(len(said), _LONGEST_NAME), 0, -1):
        scored: dict[str, float] = {}
        for name in names:
            parts = name.split()
            score = min(map(fuzz.ratio, parts, spoken)) if len(parts) == count else 0
            if score >= NEAR:
                scored[f"{name}{line[said[count - 1].end :]}"] = score
        if scored:
            return sorted(scored, key=lambda says: (-scored[says], says))[:_MOST]
    return []


def left_over(command: Command, typed: dict[str, str], over: str, line: str) -> Card:
    """For words that no argument of the command takes."""
    says = say(command.name, typed)
    if not command.fields:
        choices = (Choice(command.name, command.name), Choice("Help", "help"))
        return Card(f"`{command.name}` is said alone: nothing comes after it.", (_typed(line),), choices)
    about = Choice("Show an example", f"help {command.name}")
    says_what = f"`{command.name}` has no place for “{over}”."
    return Card(says_what, (_typed(line),), (Choice(says, says), about), notice=UNREAD)


def wrong_value(command: Command, typed: dict[str, str], wrong: dict[str, Wrong], line: str) -> Card:
    """For a value that can't be used: the whole line with what was probably meant instead."""
    name, error = next(iter(wrong.items()))
    values = [meant.strip("“”") for meant in error.meant]
    choices = [Choice(value, say(command.name, {**typed, name: value})) for value in values]
    if len(command.fields) > 1 and next(each.required for each in command.fields if each.name == name):
        others = {key: value for key, value in typed.items() if key != name}
        choices.append(Choice("Something else", say(command.name, others)))
    return Card(error.sentence, (_typed(line),), tuple(choices), notice=UNREAD)


def _typed(line: str) -> Text:
    return Text(f"You typed: {line}", Tone.QUIET)
