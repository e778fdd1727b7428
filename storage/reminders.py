"""How each person wants to be reminded of conferences: a member by their id, another by an invitee's key."""

from collections.abc import Collection
from datetime import datetime

from pathway.reminder import AS_A_RULE, Span
from storage.journal import Journal
from storage.rows import Rows
from storage.tables import RemindersRow


def called(ref: str, invitee: str) -> str:
    """What the reminders of a conference to somebody, by their key, are called in the outbox."""
    return f"remind:{ref}:{invitee}"


class Reminders(Rows):
    """The wishes of the people of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def of(self, person: str) -> tuple[Span, ...]:
        """How long before a conference somebody is reminded; as a rule, if they said nothing."""
        row = self.row_of(RemindersRow, person)
        return tuple(map(Span, row.spans)) if row else AS_A_RULE

    def put(self, person: str, spans: Collection[Span], now: datetime) -> None:
        """Writes how somebody wants to be reminded; of nothing, if there are none."""
        self.put_row(RemindersRow, person, spans=[each.value for each in spans])
        member = "" if person.startswith("I-") else person
        subject = f"member:{member}" if member else person
        self.journal.write("reminders set", subject, now, by=member, became=" ".join(spans) or "none")

    def rename(self, other: str, member: str) -> None:
        """Makes the wish of `other` that of `member`, who is the same person and may have one."""
        self.hand_over(RemindersRow, other, member)
