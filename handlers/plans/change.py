"""Entries of a care plan, said anew: changed, marked, how it goes noted.

Who changes other words of an entry than somebody else did meanwhile has what they wanted, and hears of it.
Who changes the same words is shown both, and chooses with the other (`handlers.plans.clash`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cards.card import Card
from cards.form import Kind, ask
from handlers.actions.step import seen_at
from handlers.plans.clash import both_shown
from handlers.plans.step import Named, may_change, shown_after
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.plan import Entry, Status, mark, note_progress
from pathway.plan_change import UNDO_WITHIN, amend, clashing
from pathway.when import say_when
from storage.clinic import Clinic


@dataclass(frozen=True)
class Change(Named):
    """What an entry says from now on; what is left empty stays as it is."""

    text: str = ask("What does it say now?", Kind.LONG, default="", example="Walk to the shop and back")
    because: str = ask("Why?", Kind.LONG, default="", hint="For a decision.", word=True)
    discipline: str = ask("By or to whom", default="", word=True)
    by: datetime | None = ask("Until when", Kind.DUE, default="", word=True)


@dataclass(frozen=True)
class Mark(Named):
    """How an entry stands from now on."""

    status: str = ask(
        "How does it stand?", Kind.CHOICE, example="achieved",
        options=tuple((each.value, each.capitalize()) for each in Status),
    )  # fmt: skip
    why: str = ask("Why?", Kind.LONG, default="")


@dataclass(frozen=True)
class Progress(Named):
    """How it goes with an entry."""

    text: str = ask("How does it go?", Kind.LONG, example="Walks ten minutes without a rest")


def change(asked: Change, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Changes what an entry says; the version before stays in the plan's history."""
    ref, version = seen_at(asked.entry)
    entry, by = may_change(ref, by, clinic, now)
    named = {"text": asked.text, "rationale": asked.because, "discipline": asked.discipline}
    wanted: dict[str, Any] = {name: value for name, value in named.items() if value}
    wanted |= {"due_at": asked.by} if asked.by else {}
    if not wanted:
        raise Refused(f"Say what {ref} says from now on, as in `plan change {ref} <text>`.")
    if clinic.plans.clash(entry.number) is not None:
        raise Refused(f"Two versions of {ref} wait for a choice already: `plan settle {ref}`.")
    seen = clinic.plan_changes.seen(ref, by.id, now - UNDO_WITHIN, version)
    before = seen.after if seen and isinstance(seen.after, Entry) else entry
    clash = clashing(before, entry, wanted)
    calm = {name: value for name, value in wanted.items() if name not in clash}
    changed = entry
    if calm:
        changed = clinic.plans.put(
            amend(entry, calm, by.id, now), "changed", now, by=by.id, note="\n".join(map(str, calm.values()))
        )
    if clash:
        return both_shown(changed, {name: wanted[name] for name in clash}, by, clinic, now)
    merged = before.edition < entry.edition and entry.changed_by not in ("", by.id)
    note = f"{by.roster.name(entry.changed_by)} changed other things of it meanwhile; both hold."
    return shown_after(changed, by, now, note if merged else "")


def mark_it(asked: Mark, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says how an entry stands: achieved, gone, seen … as the table of `pathway.plan` allows."""
    entry, by = may_change(seen_at(asked.entry)[0], by, clinic, now)
    status = Status(asked.status)
    if entry.status is status and entry.changed_by:
        who, at = by.roster.name(entry.changed_by), say_when(entry.changed_at or entry.at, by.zone, now)
        raise Refused(f"{entry.ref} is called {status} already, by {who}, {at}.")
    marked = mark(entry, status, asked.why, by.id, now)
    written = clinic.plans.put(marked, f"called {status}", now, by=by.id, note=asked.why)
    return shown_after(written, by, now)


def progress(asked: Progress, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Notes how it goes with a goal or whatever else still holds."""
    entry, by = may_change(seen_at(asked.entry)[0], by, clinic, now)
    noted = note_progress(entry, asked.text, by.id, now)
    written = clinic.plans.put(noted, "progress noted", now, by=by.id, note=asked.text)
    return shown_after(written, by, now)
