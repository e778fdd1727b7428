"""What is looked at for each team again and again: when next, and what was told about it already."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import update

from storage.database import insert_or_leave
from storage.rows import Rows
from storage.tables import RoundRow


class Kind(StrEnum):
    """What is looked at: who is on duty, routine flags to gather, rules that cry wolf, agendas."""

    DUTY = "duty"
    DIGEST = "digest"
    RULES = "rules"
    AGENDA = "agenda"


@dataclass(frozen=True)
class Round:
    """One kind of look at one team, and the keys of what was told at earlier ones."""

    kind: Kind
    team: str
    next_at: datetime
    told: tuple[str, ...]


class Rounds(Rows):
    """The rounds of one organisation."""

    def begin(self, team: str, now: datetime) -> None:
        """Has a team looked at for everything from now on; nothing if that has begun."""
        for kind in Kind:
            first: dict[str, object] = {"org": self.org, "kind": kind.value, "team": team}
            first |= {"next_at": now, "told": [], "version": 1}
            self.session.execute(insert_or_leave(self.session, RoundRow, first))

    def due(self, kind: Kind, now: datetime, without: Collection[str] = ()) -> Round | None:
        """The round of this kind that has been due longest, locked against other processes that look."""
        row = self.longest_due(
            RoundRow, RoundRow.next_at, now, RoundRow.kind == kind.value, RoundRow.team.not_in(list(without))
        )
        return Round(kind, row.team, row.next_at, tuple(row.told)) if row else None

    def put(self, kind: Kind, team: str, next_at: datetime, told: Iterable[str] = ()) -> None:
        """Sets when a team is looked at next, and what has been told; makes the round if there is none.

        At flush raises StaleDataError if somebody else changed it since it was read.
        """
        self.put_row(RoundRow, kind.value, team, next_at=next_at, told=list(told))

    def soon(self, kind: Kind, teams: Sequence[str], now: datetime, *, afresh: bool = False) -> None:
        """Has these teams looked at now; `afresh` forgets what was told, so that it may be told again."""
        for team in teams:
            row = self.row_of(RoundRow, kind.value, team)
            told = [] if row is None or afresh else row.told
            self.put_over(row, RoundRow, kind.value, team, next_at=now, told=told)

    def wake(self, kind: Kind, team: str, now: datetime) -> None:
        """Has a team looked at no later than now, whoever else wants that at this moment."""
        # Without the row's version: many changes at once want the same look, and none of them minds another.
        first: dict[str, object] = {"org": self.org, "kind": kind.value, "team": team}
        first |= {"next_at": now, "told": [], "version": 1}
        self.session.execute(insert_or_leave(self.session, RoundRow, first))
        its = (RoundRow.org == self.org, RoundRow.kind == kind.value, RoundRow.team == team)
        sooner = update(RoundRow).where(*its, RoundRow.next_at > now).values(next_at=now)
        self.session.execute(sooner)
