"""What everybody in a team can see: its handoffs and flags, and where their cards stand."""

import random
import threading
from dataclasses import dataclass

from benchmarks.soak.things import sort_of

NEWEST = 16
SETTLED = ("completed", "cancelled", "resolved", "not needed")


@dataclass
class Sight:
    """A handoff or flag as the crowd knows it; `slack` and `matrix` name the messages of its cards.

    `sender` is who offered or raised it, `receiver` who holds it.
    """

    ref: str
    state: str
    sender: str = ""
    receiver: str = ""
    read_back: bool = False
    left_alone: bool = False
    slack: str = ""
    matrix: str = ""


class Board:
    """The handoffs and flags of one team; used from several threads."""

    def __init__(self) -> None:
        self._all: dict[str, Sight] = {}
        self._lock = threading.Lock()

    def see(self, ref: str, **known: object) -> Sight:
        """Notes what has become known of one."""
        with self._lock:
            sight = self._all.setdefault(ref, Sight(ref, sort_of(ref).first))
            for name, value in known.items():
                setattr(sight, name, value)
        return sight

    def open_now(self) -> list[Sight]:
        """The newest that are not settled."""
        with self._lock:
            return [each for each in self._all.values() if each.state not in SETTLED][-NEWEST:]

    def pick(self, dice: random.Random) -> Sight | None:
        """One of these that nobody means to leave to its deadlines."""
        there = [each for each in self.open_now() if not each.left_alone]
        return dice.choice(there) if there else None
