"""`help`: made from the menu, so that it can't say anything that the menu doesn't do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cards.card import Card, Choice, Facts, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.command import Command
from handlers.request import Caller
from pathway.handoff import Refused

BUTTONS = 12
"""More than these fill a phone: a longer list is read, and what is wanted of it is typed."""


@dataclass(frozen=True)
class About:
    """What to be helped with; nothing for everything."""

    command: str = ask("Command", Kind.COMMAND, default="", example="handoff offer")


def help_from(menu: Sequence[Command], asked: About, by: Caller) -> Card:
    """One command explained, or all that this person may do here."""
    wanted = " ".join(asked.command.casefold().split())
    if not wanted:
        return _everything(menu, by)
    head = [each for each in menu if each.name.split()[0] == wanted]
    named = [each for each in menu if each.name == wanted or wanted in each.also]
    if named and named[0] in head and len(head) > 1:
        return _with_more(named[0], head, by)
    group = head if len(head) > 1 else named or head
    if not group:
        raise Refused(f"There is no command “{asked.command}”: `help` lists them all.")
    return _one(group[0], by) if len(group) == 1 else _list(f"Help: {wanted}", group, by)


def _with_more(command: Command, head: Sequence[Command], by: Caller) -> Card:
    """One command explained, whose name also begins those of others."""
    card = _one(command, by)
    more = tuple(f"{each.name}: {each.says}" for each in head if each is not command and each.allows(by))
    return replace(card, parts=(*card.parts, Items(more, "More"))) if more else card


def _one(command: Command, by: Caller) -> Card:
    rows = tuple(
        (field.label, f"{field.hint or 'needed' if field.required else field.hint or 'may be left out'}")
        for field in command.fields
    )
    parts: list[Part] = [
        Text(command.says),
        Facts((("Type", command.usage), ("For example", command.example))),
    ]
    if rows:
        parts.append(Facts(rows))
    if command.also:
        parts.append(Text(f"Also: {', '.join(command.also)}", Tone.QUIET))
    if not command.allows(by):
        parts.append(Text("Your role can't use this here.", Tone.WARNING))
    return Card(
        f"Help: {command.name}",
        tuple(parts),
        (Choice("Do it now", command.name),) if command.allows(by) else (),
    )


def _list(title: str, commands: Sequence[Command], by: Caller) -> Card:
    theirs = [each for each in commands if each.allows(by)]
    if not theirs:
        return Card(title, (Text("Your role can't use any of these here.", Tone.WARNING),))
    lines = tuple(f"{each.name}: {each.says}" for each in theirs)
    few = len(theirs) <= BUTTONS
    choices = tuple(Choice(each.name, f"help {each.name}") for each in theirs) if few else ()
    return Card(title, (Items(lines),), choices)


def _everything(menu: Sequence[Command], by: Caller) -> Card:
    """A line for each first word, with what may follow it: short enough for a phone."""
    groups: dict[str, list[Command]] = {}
    for command in menu:
        if command.allows(by):
            groups.setdefault(command.name.split()[0], []).append(command)
    single = tuple(f"{one.name}: {one.says}" for one, *others in groups.values() if not others)
    several = tuple(_follows(word, group) for word, group in groups.items() if len(group) > 1)
    role = f" as {by.role.label.lower()}" if by.role else ""
    parts = [Items(lines, heading) for lines, heading in ((several, ""), (single, "Also")) if lines]
    return Card(
        f"What you can do here{role}",
        (*parts, Text(_HOW, Tone.QUIET)),
        (Choice("What waits for me", "mine"),) if by.role else (),
    )


_HOW = (
    "Type what you know; Baton asks for the rest. `help handoff` says what each of its commands does, "
    "`help handoff offer` shows an example."
)


def _follows(word: str, group: Sequence[Command]) -> str:
    """A first word, and what may follow it; it stands alone first where that is a command too."""
    rest = [command.name.removeprefix(word).strip() for command in group]
    return f"{word}: {', '.join(each or 'alone' for each in rest)}"
