"""What the lead wants of an agenda: each wish is kept with its time, and the latest of its sort holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Ask(StrEnum):
    """What can be asked for a patient's item."""

    PIN = "pin"
    """On, whatever the ranking says."""
    MOVE = "move"
    """On, at this place."""
    RETIME = "retime"
    """So many minutes."""
    DEFER = "defer"
    """Off until a day."""
    BRING = "bring in"
    """On, with a question of the lead's own."""
    RELEASE = "release"
    """All of it taken back: the ranking decides again."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One wish of the member `by` at `at` (aware UTC).

    `place` counts from 1 (MOVE), `minutes` is for RETIME, `until` for DEFER (aware UTC); `text` is the
    question (BRING) or the reason. Of two at one moment the one with the higher `number` is the later one.
    Raises ValueError for a wish that lacks what it needs.
    """

    at: datetime
    ask: Ask
    patient: str
    by: str = ""
    place: int = 0
    minutes: int = 0
    until: datetime | None = None
    text: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        if self.at.tzinfo is None or (self.until is not None and self.until.tzinfo is None):
            raise ValueError("a wish needs aware datetimes")
        lacks = {
            Ask.MOVE: self.place < 1,
            Ask.RETIME: self.minutes < 1,
            Ask.DEFER: self.until is None,
            Ask.BRING: not self.text.strip(),
        }
        if lacks.get(self.ask):
            raise ValueError(f"a wish to {self.ask} lacks what it needs")


@dataclass(frozen=True)
class Standing:
    """What holds for one patient: whether the item is kept on or deferred (never both), where, how long."""

    kept: Wish | None = None
    deferred: Wish | None = None
    moved: Wish | None = None
    retimed: Wish | None = None

    @property
    def holds(self) -> Wish | None:
        """The wish that keeps the item on: a pin, a bringing in, or else a move."""
        return self.kept or self.moved

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """All that hold."""
        return tuple(each for each in (self.kept, self.deferred, self.moved, self.retimed) if each)


NOTHING = Standing()


def standing(wishes: Iterable[Wish]) -> dict[str, Standing]:
    """By patient what holds, whatever the order in which the wishes come."""
    found: dict[str, Standing] = {}
    for wish in sorted(wishes, key=_in_time):
        was = found.get(wish.patient, NOTHING)
        match wish.ask:
            case Ask.PIN if was.kept and was.kept.ask is Ask.BRING:
                pass  # it is on already, and keeps its question
            case Ask.PIN | Ask.BRING:
                was = Standing(kept=wish, moved=was.moved, retimed=was.retimed)
            case Ask.MOVE:
                was = Standing(kept=was.kept, moved=wish, retimed=was.retimed)
            case Ask.RETIME:
                was = Standing(was.kept, was.deferred, was.moved, wish)
            case Ask.DEFER:
                was = Standing(deferred=wish, retimed=was.retimed)
            case Ask.RELEASE:
                was = NOTHING
        found[wish.patient] = was
    return {patient: each for patient, each in sorted(found.items()) if each != NOTHING}


def _in_time(wish: Wish) -> tuple[datetime, int, str, str, str, int, int, str]:
    return (
        wish.at,
        wish.number,
        wish.ask,
        wish.patient,
        wish.by,
        wish.place,
        wish.minutes,
        f"{wish.until}{wish.text}",
    )
