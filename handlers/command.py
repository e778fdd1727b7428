"""What a command is: a name, an argument class, a plain function, and who may use it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cards.card import Card
from cards.form import Field, fields_of
from handlers.request import Caller
from storage.clinic import Clinic

ANYONE = "anyone"
"""May be used by people whom the bot does not know yet."""
TEAM = "team"
"""May be used by everybody in the team."""

Run = Callable[[Any, Caller, Clinic, datetime], Card]


@dataclass(frozen=True)
class Nothing:
    """The arguments of a command that has none."""


def nothing_holds(by: Caller) -> Mapping[str, str]:
    """Of a command that makes something new: what is not said is what its form says it is."""
    return {}


@dataclass(frozen=True)
class Command:
    """One line of the menu.

    `may` is a word of the pathway definition's permissions, `TEAM` or `ANYONE`. `also` are other
    names for it. What is `private` asks for what identifies a patient: never in a room by talking. What
    `asks_privately` is answered where it was said, but its form is filled in by talking in private only.
    `holds` is what holds now, as it is typed, by the names of the fields: what is not said stays so.
    """

    name: str
    ask: type
    run: Run
    may: str
    says: str
    also: tuple[str, ...] = ()
    private: bool = False
    asks_privately: bool = False
    holds: Callable[[Caller], Mapping[str, str]] = nothing_holds

    @property
    def fields(self) -> tuple[Field, ...]:
        """The questions of its form."""
        return fields_of(self.ask)

    def fields_for(self, by: Caller) -> tuple[Field, ...]:
        """The questions as this person is asked them: what is left out stays as it is."""
        holds = self.holds(by)
        return tuple(
            replace(each, default=holds[each.name], required=False) if each.name in holds else each
            for each in self.fields
        )

    @property
    def usage(self) -> str:
        """How it is typed: `handoff accept <handoff>`."""
        shown = [
            f"{field.name} " * field.word
            + (f"<{field.label.lower()}>" if field.required else f"[{field.label.lower()}]")
            for field in self.fields
        ]
        return " ".join([self.name, *shown])

    @property
    def example(self) -> str:
        """One line that a person could type."""
        said = [
            f"{field.name} " * field.word
            + (f'"{field.example}"' if " " in field.example and not field.word else field.example)
            for field in self.fields
            if field.example
        ]
        return " ".join([self.name, *said])

    def allows(self, by: Caller | None) -> bool:
        """Whether this person may use it here."""
        if self.may == ANYONE:
            return True
        return by is not None and any(self._allowed_in(by.within(roster)) for roster in by.rosters)

    def _allowed_in(self, by: Caller) -> bool:
        return by.role is not None and (self.may == TEAM or by.may(self.may))
