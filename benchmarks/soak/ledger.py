"""What was said to the bot, and what the bot said to it."""

import itertools
import json
import re
import threading
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

TITLE = re.compile(r"([HF]-\d+) · (P-[0-9A-Z]+) · (?:[A-Z][a-z]+ · )?([a-z ]+)")
"""How the card of a handoff or a flag begins; an answer that has it says that the step was done."""
BESIDE = re.compile(r"Done: ([HF]-\d+) is up to date above")
"""What is answered where that card stands in the same room."""


UNDECIDED = "NOT confirmed yet"
"""What somebody hears whose request takes so long that it is not known yet whether it will be done."""


class Told(StrEnum):
    """What a person was told: that it was done, that it was not, or nothing (an error, or silence)."""

    DONE = "done"
    REFUSED = "refused"
    NOTHING = "nothing"


@dataclass
class Said:
    """One request. `marker` stands in its words and nowhere else; `event` is its Matrix event.

    `reaction` says that it was made by reacting to a card, so that its answer has no thread of its own.
    """

    marker: str
    who: str
    platform: str
    step: str
    ref: str
    told: Told = Told.NOTHING
    answer: str = field(default="", repr=False)
    event: str = ""
    reaction: bool = False

    def heard(self, answer: str) -> None:
        """Takes the bot's answer ("" for none) for what it says."""
        self.answer = answer
        if UNDECIDED in answer:
            return
        found = TITLE.search(answer) or BESIDE.search(answer)
        if found and (self.ref in ("", found[1])):
            self.told, self.ref = Told.DONE, found[1]
        elif answer:
            self.told = Told.REFUSED


class Ledger:
    """All requests of a run; used from several threads."""

    def __init__(self) -> None:
        self.all: list[Said] = []
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def open(self, who: str, platform: str, step: str, ref: str = "") -> Said:
        """A new request, with a marker of its own."""
        with self._lock:
            said = Said(f"mark{next(self._numbers):06d}x", who, platform, step, ref)
            self.all.append(said)
        return said

    def forget(self, said: Said) -> None:
        """Takes back a request that was not made after all."""
        with self._lock:
            self.all.remove(said)

    def write(self, file: Path) -> None:
        """Writes all of it, a line of JSON for each request, for who has to find out what went wrong."""
        file.write_text("".join(json.dumps(asdict(said)) + "\n" for said in self.all), "utf-8")
