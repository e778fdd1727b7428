"""Help is made from the menu; every command has an example that works, and every choice can be said."""

import re

import pytest

from cards.form import Form
from handlers.command import ANYONE, TEAM, Command, nothing_holds
from handlers.line import words
from handlers.menu import MENU
from handlers.read import Understood, find_command
from pathway.definition import shipped
from tests.handlers.talk import Talk, own
from tests.handlers.typed import reads

IDS = [command.name for command in MENU]


@pytest.mark.parametrize("command", MENU, ids=IDS)
def test_the_example_of_every_command_is_read_as_that_command(command: Command, handed: Talk) -> None:
    example = command.example.replace("H-12", "H-1")
    changes_what_holds = command.holds is not nothing_holds  # for the lead, to whom all of that is known
    result = reads(handed, "ana" if changes_what_holds else "lea", example)
    assert isinstance(result, Understood | Form), result
    assert (result.command if isinstance(result, Form) else result.command.name) == command.name
    if isinstance(result, Form):
        assert not result.errors, result.errors
        assert any(field.required for field in result.fields), "an example that only lacks what it must"
    assert example in handed.direct("lea", f"help {command.name}").replace("H-12", "H-1")


def test_names_of_commands_call_one_command_each() -> None:
    names = [name for command in MENU for name in (command.name, *command.also)]
    assert len(names) == len(set(names))
    for command in MENU:
        for name in (command.name, *command.also):
            found = find_command(MENU, words(name))
            assert found is not None
            assert found[0] is command


ROLE_OF = {"ana": "physiotherapist", "dee": "coordinator", "lea": "lead", "eli": ""}


@pytest.mark.parametrize("who", ROLE_OF)
def test_help_shows_what_one_may_do_here_and_nothing_else(who: str, quick: Talk) -> None:
    shown = quick.say(who, "help")
    role = shipped().role(ROLE_OF[who]) if ROLE_OF[who] else None
    may = {ANYONE, *(({TEAM} | role.may) if role else set())}
    listed: list[str] = []
    for line in shown.splitlines():
        if re.match("(• |- )?[a-z-]+: ", line):
            word, _, rest = line.lstrip("•- ").partition(": ")
            listed += [f"{word} {each}".removesuffix(" alone") for each in rest.split(", ")]
    for command in MENU:
        told = command.name in listed or f"- {command.name}: {command.says}" in shown
        assert told == (command.may in may), command.name


def test_help_for_one_command_shows_usage_example_and_arguments(quick: Talk) -> None:
    assert quick.direct("ana", "help handoff decline") == (
        "Help: handoff decline\n\nSay no, with a reason; the next person is asked\n\n"
        "Type: handoff decline <handoff> <reason>\n"
        'For example: handoff decline H-12 "I am full until January"\n\n'
        "Handoff: needed\nReason: needed\n\nAlso: decline\n\n1. Do it now — handoff decline"
    )


def test_help_for_a_group_lists_what_may_be_used_of_it(quick: Talk) -> None:
    shown = quick.direct("dee", "help handoff")
    assert "handoff list: " in shown
    assert "handoff accept" not in shown
    assert "Your role can't use this here." in quick.direct("dee", "help handoff accept")
    assert quick.direct("ana", "help nonsense") == "There is no command “nonsense”: `help` lists them all."


def test_every_choice_that_is_ever_offered_can_be_said(handed: Talk) -> None:
    code = handed.handoff().patient
    for line in (
        "help", "help handoff", "mine", "handoff list team", "handoff show H-1", "team show",
        "away until friday",
        f"patient show {code}", "patient find Tess", "handof list", "handoff acept H-1", "patient", "back",
        f"handoff offer {code} lindkvist summary=x", "handoff offer", "cancel", "handoff", "x",
    ):  # fmt: skip
        handed.ask("ana", line, lane=own("ana"), posts=True)
    handed.ask("ana", f"handoff offer {code}", lane=own("ana"), posts=True)
    handed.ask("ana", "handoff reply", lane=own("ana"), posts=True)
    for line in ("accept H-1", "handoff readback H-1 'mood'", "introduce H-1 phone", "complete H-1"):
        handed.ask("bo", line, lane=own("bo"), posts=True)
    said = {
        choice.says
        for stand in handed.messages.values()
        for message in stand.values()
        for choice in message.card.choices
    }
    assert len(said) > 12
    for says in said:
        assert find_command(MENU, words(says)) is not None, says
        assert isinstance(reads(handed, "lea", says), Understood | Form), says


def test_what_help_promises_in_backticks_can_be_said(handed: Talk) -> None:
    shown = [handed.direct("lea", f"help {command.name}") for command in MENU] + handed.private("bo")
    for promised in re.findall(r"`([a-z][^`<@]*)`", " ".join(shown)):
        assert find_command(MENU, words(promised)) is not None, promised
