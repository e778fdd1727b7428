"""Who is on duty, kept as shifts of a weekly rota and changes of it, each change a row in the journal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select, update

from pathway.duty import Change, Rota, Shift
from pathway.hours import Hours, read_hours, say_working
from pathway.people import Team
from storage.journal import Journal
from storage.numbers import next_number
from storage.rows import Rows
from storage.tables import DutyChangeRow, DutyRow, InterruptionRow


@dataclass(frozen=True)
class Swap:
    """A change of duty that waits for the one who would take it over, or did."""

    number: int
    team: str
    role: str
    change: Change

    @property
    def ref(self) -> str:
        """How people name it: `D-4`."""
        return f"D-{self.number}"


class Duty(Rows):
    """The rotas of one organisation's teams."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def rotas(self, team: Team, now: datetime) -> dict[str, Rota]:
        """A team's rotas by role, with the changes that are not over."""
        shifts: dict[str, list[Shift]] = defaultdict(list)
        changes: dict[str, list[Change]] = defaultdict(list)
        mine = select(DutyRow).where(DutyRow.org == self.org, DutyRow.team == team.id)
        for row in sorted(self.session.scalars(mine), key=lambda each: each.number):
            shifts[row.role].append(_shift(row, team.hours.zone))
        for each in self._changes(team.id, now):
            changes[each.role].append(_change(each))
        return {
            role: Rota(team.hours.zone, tuple(shifts[role]), tuple(changes[role]))
            for role in dict.fromkeys((*shifts, *changes))
        }

    def _changes(self, team: str, now: datetime) -> Iterable[DutyChangeRow]:
        query = select(DutyChangeRow).where(
            DutyChangeRow.org == self.org, DutyChangeRow.team == team, DutyChangeRow.ends > now
        )
        # Sorted here: asked for in this order, a database may walk through all teams' by number.
        return sorted(self.session.scalars(query), key=lambda each: each.number)

    def add_shift(self, team: str, role: str, shift: Shift, hours: Hours, now: datetime, by: str) -> None:
        """Adds a shift to the rota of a role; `hours` are the team's."""
        said = say_working(replace(hours, days=shift.days, work=shift.span))
        self.put_row(
            DutyRow, next_number(self, "duties"), team=team, role=role, member=shift.member, hours=said,
            first=shift.first.isoformat(), last=shift.last.isoformat() if shift.last else "",
            every=shift.every,
        )  # fmt: skip
        self.journal.write(
            "duty set", f"team:{team}", now, by=by, was=f"role:{role}", became=f"member:{shift.member} {said}"
        )

    def end_shifts(self, team: str, role: str, member: str, now: datetime, by: str) -> int:
        """Takes a member's shifts of a role out of the rota; how many there were."""
        gone = self.session.execute(
            delete(DutyRow)
            .where(
                DutyRow.org == self.org, DutyRow.team == team, DutyRow.role == role, DutyRow.member == member
            )
            .returning(DutyRow.number)
        ).all()
        if gone:
            self.journal.write("duty off", f"team:{team}", now, by=by, was=f"role:{role} member:{member}")
        return len(gone)

    def change(self, team: str, role: str, change: Change, now: datetime, by: str) -> Swap:
        """Changes the rota of a role for a while."""
        swap = Swap(next_number(self, "duty changes"), team, role, change)
        self.put_row(
            DutyChangeRow, swap.number, team=team, role=role, of=change.of, member=change.member,
            starts=change.starts, ends=change.ends, agreed=change.agreed,
        )  # fmt: skip
        became = f"member:{change.member}" if change.member else "nobody"
        self.journal.write(
            "duty changed" if change.agreed else "duty swap asked", f"duty:{swap.ref}", now, by=by,
            was=f"role:{role} member:{change.of}", became=became,
        )  # fmt: skip
        return swap

    def swap(self, ref: str) -> Swap | None:
        """The change of duty that people call by this reference (`D-4`)."""
        number = ref.upper().removeprefix("D-")
        row = self.row_of(DutyChangeRow, int(number)) if number.isdecimal() and len(number) < 16 else None
        return Swap(row.number, row.team, row.role, _change(row)) if row else None

    def agree(self, swap: Swap, now: datetime, by: str) -> None:
        """Makes a swap count. At flush raises StaleDataError if it was changed since it was read."""
        self.put_row(DutyChangeRow, swap.number, agreed=True)
        self.journal.write(
            "duty swapped", f"duty:{swap.ref}", now, by=by, was=f"member:{swap.change.of}",
            became=f"member:{swap.change.member}",
        )  # fmt: skip

    def refuse(self, swap: Swap, now: datetime, by: str) -> None:
        """Ends a swap that was asked for."""
        row = self.row_of(DutyChangeRow, swap.number)
        if row is not None:
            self.remove_row(row)
        self.journal.write("duty swap refused", f"duty:{swap.ref}", now, by=by)

    def rename(self, other: str, member: str) -> None:
        """Makes the duty of `other` that of `member`, who is the same person."""
        for table, column in ((DutyRow, "member"), (DutyChangeRow, "member"), (DutyChangeRow, "of")):
            theirs = update(table).where(table.org == self.org, getattr(table, column) == other)
            self.session.execute(theirs.values({column: member}).execution_options(synchronize_session=False))

    def interruptions(self, members: Iterable[str], now: datetime, days: int) -> Mapping[str, int]:
        """How many messages called each member in private in the last so many days (UTC), with today."""
        first = (now.astimezone(UTC).date() - timedelta(days=days - 1)).isoformat()
        query = select(InterruptionRow.member, InterruptionRow.count).where(
            InterruptionRow.org == self.org, InterruptionRow.member.in_(list(members)),
            InterruptionRow.day >= first,
        )  # fmt: skip
        counted: dict[str, int] = defaultdict(int)
        for member, count in self.session.execute(query):
            counted[member] += count
        return counted


def _shift(row: DutyRow, zone: str) -> Shift:
    read = read_hours(zone, row.hours, "")
    last = date.fromisoformat(row.last) if row.last else None
    return Shift(row.member, read.days, read.work, date.fromisoformat(row.first), last, row.every)


def _change(row: DutyChangeRow) -> Change:
    return Change(row.of, row.member, row.starts, row.ends, row.agreed)
