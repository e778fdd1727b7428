"""The story of one conference of an hour: what is said, and what comes of it (the texts in `story/`).

Nine people, forty patients, called `<0>` to `<39>` whatever their codes are. Somebody who gets an action is
not there, a flag is raised while they talk, and one matter is settled just before its turn.
"""

import re
from pathlib import Path
from typing import Protocol

ROLES = {
    "ana": "physio", "bo": "psychologist", "cy": "psychologist", "dee": "coordinator",
    "fay": "pain-specialist", "gus": "pharmacist", "hal": "ot", "ivy": "social-worker",
}  # fmt: skip
"""Who plays which part beside Lea, the lead."""
CARERS = ("ana", "bo", "fay", "ivy")
PATIENTS = 40


class Hall(Protocol):
    """Where the story is told: a team at work on a Monday at ten, on whatever platforms."""

    codes: list[str]

    def say(self, who: str, line: str) -> str:
        """Says a line where the team talks; what comes back, if that can be told."""

    def direct(self, who: str, line: str) -> str:
        """Says a line in private; what comes back."""

    def here(self, who: str) -> None:
        """Lets somebody answer the roll call, in a way that there is where they are."""

    def forward(self, minutes: float) -> None:
        """Lets time pass, and does what has fallen due."""


def with_codes(line: str, codes: list[str]) -> str:
    """The line with the codes of the patients it calls `<n>`."""
    return re.sub(r"<(\d+)>", lambda found: codes[int(found[1])], line)


def without_codes(text: str, codes: list[str]) -> str:
    """The text with `<n>` in place of codes."""
    for number, code in enumerate(codes):
        text = text.replace(code, f"<{number}>")
    return text


def told(name: str) -> str:
    """A text that comes of it, whole: the minutes, a plan, the next agenda."""
    return (Path(__file__).parent / "story" / f"{name}.txt").read_text("utf-8").removesuffix("\n")


def patients(hall: Hall) -> None:
    """Forty of them, of four people; nothing is outstanding for any."""
    for number in range(PATIENTS):
        given = f"name='Tess Number{number}' goal='Walk to place {number}' consent_team=yes"
        found = re.search(r"P-[2-9A-Z]{4,}", hall.direct(CARERS[number % 4], f"patient add {given}"))
        assert found
        hall.codes.append(found[0])


def agenda(hall: Hall) -> None:
    """A conference at eleven, a flag, and eight questions, a minute apart; it is eleven."""
    hall.say("dee", "conference schedule MSK conference today 11:00-12:00")
    hall.direct("ana", "flag raise <0> 'sleeps badly since the fall' soon psychologist")
    for number in range(1, 9):
        hall.forward(1)
        hall.direct(CARERS[number % 4], f"agenda add <{number}> 'What next for {number}?'")
    hall.forward(52)


def beginning(hall: Hall) -> None:
    """Dee begins; all but Lea and Cy are there by and by; the first item comes."""
    hall.say("dee", "conference start")
    for who in ("bo", "ivy", "ana", "fay", "gus", "hal"):
        hall.here(who)
    hall.say("dee", "scribe")
    hall.say("dee", "next")


def decision(hall: Hall) -> None:
    """The first item is decided, and somebody who is not there gets an action."""
    hall.say("ana", "decide Sleep first because nothing else helps")
    hall.say("ana", "act @cy call the GP by friday")


def middle(hall: Hall) -> None:
    """The first item has taken 12 minutes; what Bo writes down of the second."""
    hall.forward(12)
    hall.say("dee", "next <0>")
    hall.say("bo", "barrier Lives far from the clinic")
    hall.say("bo", "goal Walk to the shop by spring")
    hall.forward(9)


def flag(hall: Hall) -> None:
    """A flag comes, is taken at once, and the interrupted item comes back."""
    hall.direct("ana", "flag raise <12> 'saddle numbness' urgent psychologist")
    hall.say("dee", "bring <12>")
    hall.say("ana", "decide Emergency department now because a cauda equina is possible")
    hall.say("ana", "act @ana ring the emergency department by today 12:00")
    hall.forward(6)
    hall.say("dee", "next <12>")
    hall.forward(2)


def settled(hall: Hall) -> None:
    """One is settled before its turn."""
    hall.direct("fay", "agenda withdraw Q-2")
    hall.forward(0)


def end(hall: Hall) -> None:
    """One is parked, time runs out; Cy says yes, and Dee signs."""
    hall.say("dee", "next <1>")
    hall.say("dee", "park waits for the letter of the surgeon")
    hall.forward(31)
    hall.say("dee", "conference end")
    hall.direct("cy", "action confirm A-1")
    hall.direct("dee", "minutes sign C-1")
