"""How each person wants to be reminded of conferences."""

from collections.abc import Iterable

from pathway.reminder import AS_A_RULE, Span
from storage.journal import Journal
from storage.rows import Rows
from storage.tables import RemindersRow


class Reminders(Rows):
    """The wishes of the members of one organisation."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal

    def of(self, member: str) -> tuple[Span, ...]:
        """How long before a conference a member is reminded; as a rule, if they said nothing."""
        row = self.row_of(RemindersRow, member)
        return tuple(map(Span, row.spans)) if row else AS_A_RULE

    def put(self, member: str, spans: Iterable[Span]) -> None:
        """Writes how a member wants to be reminded; of nothing, if there are none."""
        self.put_row(RemindersRow, member, spans=[each.value for each in spans])
