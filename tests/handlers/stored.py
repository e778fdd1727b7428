"""What a conversation has left in the database, as it is stored now."""

from datetime import datetime

from pathway.action import Action
from pathway.flag import Flag
from pathway.handoff import Handoff
from pathway.plan import Entry
from storage.clinic import Store


def account(who: str) -> str:
    """Somebody's account."""
    return f"U-{who}"


class Stored:
    """A store and the time by which it is read."""

    store: Store
    now: datetime

    def handoff(self, ref: str = "H-1") -> Handoff:
        """A handoff as it is stored."""
        with self.store.clinic(self.now) as clinic:
            found = clinic.handoffs.find(ref)
        assert found is not None
        return found

    def flag(self, ref: str = "F-1") -> Flag:
        """A flag as it is stored."""
        with self.store.clinic(self.now) as clinic:
            found = clinic.flags.find(ref)
        assert found is not None
        return found

    def action(self, ref: str = "A-1") -> Action:
        """An action as it is stored."""
        with self.store.clinic(self.now) as clinic:
            found = clinic.actions.find(ref)
        assert found is not None
        return found

    def entry(self, ref: str = "E-1") -> Entry:
        """An entry of a care plan as it is stored."""
        with self.store.clinic(self.now) as clinic:
            found = clinic.plans.find(ref)
        assert found is not None
        return found

    def id(self, who: str) -> str:
        """Somebody's member id."""
        with self.store.clinic(self.now) as clinic:
            member = clinic.people.by_account("slack", account(who))
        assert member is not None
        return member.id

    def journal(self, subject: str) -> list[str]:
        """What the journal says was done with a subject, oldest first."""
        with self.store.clinic(self.now) as clinic:
            return [each.action for each in clinic.journal.of(subject=subject)]

    def may_see(self, who: str, code: str) -> bool:
        """Whether somebody may see a patient now."""
        member = self.id(who)
        with self.store.clinic(self.now) as clinic:
            return clinic.patients.may_see(code, member, self.now)
