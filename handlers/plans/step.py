"""What the changes of an entry share: whether this person may change it, and the answer."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Text
from cards.form import Kind, ask
from handlers.patients import access
from handlers.plans.card import entry_card
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.plan import Entry
from storage.clinic import Clinic


@dataclass(frozen=True)
class Named:
    """An entry by its reference."""

    entry: str = ask("Entry of the plan", Kind.ENTRY, example="E-12")


def may_change(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Entry, Caller]:
    """The entry, if this caller may change it, and the caller in its team; else raises Refused."""
    entry, by = access.entry(ref, by, clinic, now)
    if not by.may("plan"):
        raise Refused(f"{ref} belongs to {by.roster.team.name}, where your role can't change care plans.")
    return entry, by


def shown_after(entry: Entry, by: Caller, now: datetime, note: str = "") -> Card:
    """The entry as it stands now, below a word about what was just done."""
    card = entry_card(entry, by.roster, by.zone, now)
    return Card(card.title, (*((Text(note),) if note else ()), *card.parts), card.choices)
