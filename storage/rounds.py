"""What is looked at for each team again and again: when next, and what was told about it already."""

from collections.abc import Collection, Iterable
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
            self._begin(kind, team, now)

    def _begin(self, kind: Kind, team: str, now: datetime) -> None:
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

    def wake(self, kind: Kind, team: str, now: datetime, *, afresh: bool = False) -> None:
        """Has a team looked at no later than now, whoever else wants that at this moment.

        `afresh` forgets what was told, so that it may be told again.
        """
        self._begin(kind, team, now)
        # Without the row's version: many changes at once want the same look, and none of them minds another.
        its = (RoundRow.org == self.org, RoundRow.kind == kind.value, RoundRow.team == team)
        if afresh:
            self.session.execute(update(RoundRow).where(*its).values(next_at=now, told=[]))
        else:
            self.session.execute(update(RoundRow).where(*its, RoundRow.next_at > now).values(next_at=now))
