"""What every way in is to a conversation: somewhere to say, press and fill in, and to see what is shown."""

from collections.abc import Callable, Mapping
from typing import Protocol

from tests.patience import PATIENCE

PEOPLE = {
    "ana": "Ana Ruiz",
    "bo": "Bo Lindqvist",
    "cy": "Cy Osei",
    "lea": "Lea Brandt",
}
"""The synthetic people of the conversations."""


class Stage(Protocol):
    """One running bot and the people who talk with it, on one platform."""

    def say(self, who: str, line: str) -> None:
        """Says a line to the bot in the team's room."""

    def direct(self, who: str, line: str) -> None:
        """Says a line to the bot in private."""

    def press(self, who: str, label: str, private: bool = False) -> None:
        """Presses a button of the newest card that has it, in the room or in private."""

    def fill(self, who: str, values: Mapping[str, str]) -> None:
        """Fills in and sends the form that is open, by the labels of its fields."""

    def room(self) -> list[str]:
        """What stands in the team's room now, message by message, edits applied."""

    def private(self, who: str) -> list[str]:
        """What only this person sees from the bot."""

    def pictures(self, who: str = "") -> list[bytes]:
        """The PNG files that stand in the team's room, or in this person's private messages."""

    def forward(self, minutes: int) -> None:
        """Lets time pass and waits for what it brings."""

    def wait_for(self, what: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Waits until something is so; fails if it does not come to be."""

    def close(self) -> None:
        """Ends it all."""
