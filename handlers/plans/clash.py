"""One entry of a care plan that two people want to say different things: both shown to both, and chosen.

Until somebody on the care team has chosen, and if nobody does in time, it stays as it stands; whoever wanted
it otherwise then has their words back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cards.card import Card, Choice, Detail, Facts, Part, Text
from cards.form import Kind, ask
from handlers.actions.step import seen_at
from handlers.fallen_due import FallenDue, of_kind
from handlers.patients import access
from handlers.plans.card import LABELS
from handlers.plans.step import Named, may_change, shown_after
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.people import Roster
from pathway.plan import Entry
from pathway.plan_change import Clash, amend, both
from pathway.when import say_when
from storage.clinic import Clinic
from storage.outbox import Kind as Post


@dataclass(frozen=True)
class Chosen(Named):
    """Which of two versions holds."""

    which: str = ask(
        "Which version", Kind.CHOICE, example="both",
        options=(("keep", "Keep it as it stands"), ("take", "Take the other"), ("both", "Keep both")),
    )  # fmt: skip


def both_shown(entry: Entry, wanted: Mapping[str, Any], by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Keeps what the caller wants, and shows both versions to both."""
    spans, hours = clinic.definition.plan, by.roster.team.hours
    due = hours.deadline(now, spans.answer_minutes, working=True)
    clash = Clash(entry.number, by.id, now, "", due, wanted)
    clinic.plans.put_clash(clash)
    clinic.journal.write(
        "plan clash",
        entry.ref,
        now,
        by=by.id,
        patient=entry.patient,
        note="\n".join(map(str, wanted.values())),
    )
    newest = clinic.plan_changes.last_of(entry.ref)
    other = entry.changed_by or entry.by if newest is None or newest.by == by.id else newest.by
    card = _clash_card(entry, clash, other, by.roster, by.zone, now)
    _tell([other], entry, card, by.roster, clinic, now)
    return card


def _clash_card(entry: Entry, clash: Clash, other: str, roster: Roster, zone: str, now: datetime) -> Card:
    """Both versions, and how to choose."""
    ref = entry.ref
    parts: list[Part] = [
        Text(f"{roster.name(other)} and {roster.name(clash.by)} want {ref} to say different things."),
        Text(f"It stays as it stands until somebody chooses, or {say_when(clash.due_at, zone, now)}."),
    ]
    for title, version in (
        (f"As it stands ({roster.name(other)})", vars(entry)),
        ("The other", clash.wanted),
    ):
        says = tuple((f"{title}: {LABELS[each]}", _said(version[each], zone, now)) for each in clash.wanted)
        parts.append(Facts(says, Detail.CLINICAL))
    return Card(f"{ref} ({entry.patient}) has two versions", tuple(parts), (
        Choice("Keep it as it stands", f"plan settle {ref} keep"),
        Choice("Take the other", f"plan settle {ref} take"),
        Choice("Keep both", f"plan settle {ref} both"),
    ))  # fmt: skip


def _said(value: Any, zone: str, now: datetime) -> str:
    return say_when(value, zone, now) if isinstance(value, datetime) else str(value or "nothing")


def settle(asked: Chosen, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Chooses between two versions of an entry; both people hear which."""
    ref, _ = seen_at(asked.entry)
    entry, by = may_change(ref, by, clinic, now)
    clash = clinic.plans.clash(entry.number)
    if clash is None:
        raise Refused(f"Nothing is to be chosen about {ref}: it stands as `plan show {entry.patient}` says.")
    clinic.plans.end_clash(entry.number)
    clinic.outbox.hush(ref)
    said = {"keep": "kept as it stands", "take": "changed to the other version", "both": "both are kept"}
    wanted = {name: _chosen(asked.which, getattr(entry, name), each) for name, each in clash.wanted.items()}
    chosen = clinic.plans.put(
        amend(entry, wanted, by.id, now), "settled", now, by=by.id, note=str(wanted.get("text", ""))
    )
    told = Card(f"{ref} ({entry.patient}): {said[asked.which]}, says {by.member.name}")
    _tell({clash.by, entry.changed_by or entry.by} - {by.id}, chosen, told, by.roster, clinic, now)
    return shown_after(chosen, by, now)


def _chosen(which: str, present: Any, other: Any) -> Any:
    if which == "keep":
        return present
    return both(present, other) if which == "both" and isinstance(other, str) else other


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next choice between two versions that nobody made in time and is not `left`, locked."""
    clash = clinic.plans.clash_due(now, [int(each) for each in of_kind(left, "clash:")])
    if clash is None:
        return None
    return FallenDue(f"clash:{clash.entry}", clash.due_at, lambda: _not_chosen(clash, clinic, now))


def _not_chosen(clash: Clash, clinic: Clinic, now: datetime) -> None:
    """Nobody chose: the entry stays as it stands, and whoever wanted it otherwise has their words back."""
    entry = clinic.plans.of_number(clash.entry)
    clinic.plans.end_clash(clash.entry)
    if entry is None:
        return
    roster = clinic.people.roster(entry.team)
    clinic.outbox.hush(entry.ref)
    clinic.journal.write("plan clash over", entry.ref, now, patient=entry.patient)
    zone = roster.team.hours.zone
    theirs = tuple((LABELS[name], _said(each, zone, now)) for name, each in clash.wanted.items())
    again = Choice("Change", f"plan change {entry.ref}@{entry.edition}")
    parts = (Text("Nobody chose between two versions in time. Yours was:"), Facts(theirs, Detail.CLINICAL))
    card = Card(f"{entry.ref} ({entry.patient}) stays as it stands", parts, (again,))
    _tell([clash.by], entry, card, roster, clinic, now)


def _tell(
    members: Collection[str], entry: Entry, card: Card, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Tells these members, or their covers, in private and after quiet hours, unless it is settled before."""
    at = roster.team.hours.quiet_until(now)
    for each in roster.standing_in(members, now):
        told = access.shown_to(each, entry.patient, card, clinic, now)
        clinic.outbox.tell([each], told, now, subject=entry.ref, send_after=at, kind=Post.ASK)
