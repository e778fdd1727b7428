"""Actions: made, confirmed, declined, done, not done, blocked, dropped, and opened again.

The rules are in `pathway.action`; who has it and until when is changed in `handlers.actions.give`.
"""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Detail, Text
from cards.form import Kind, ask
from handlers.actions.give import leave
from handlers.actions.post import remind, save
from handlers.actions.step import Named, ready_for, seen_at, shown_after
from handlers.actions.write import absence_of_owner, act
from handlers.patients import access
from handlers.people.tell import in_private
from handlers.request import Caller
from pathway.action import Action, State, Step, move
from pathway.when import say_when
from storage.clinic import Clinic


@dataclass(frozen=True, kw_only=True)
class Add:
    """Who does what for a patient, until when."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K", hint="The code on the patient's card.")
    owner: str = ask("Who does it", Kind.MEMBER, example="@bo", options_from="everybody")
    text: str = ask("What is to be done?", Kind.LONG, example="Call the GP")
    by: datetime | None = ask(
        "Until when", Kind.DUE, default="", example="friday", word=True,
        hint="A day, or like 3 working days; as the pathway proposes if empty.",
    )  # fmt: skip
    decision: str = ask("Decision that it belongs to", Kind.ENTRY, default="", hint="Like E-12.", word=True)


@dataclass(frozen=True)
class Done(Named):
    """An action, and what came of it."""

    outcome: str = ask("What came of it?", Kind.LONG, example="GP agrees, starts on Monday")


@dataclass(frozen=True)
class Why(Named):
    """An action, and why."""

    why: str = ask("Why?", Kind.LONG, example="The person would rather wait")


@dataclass(frozen=True)
class WaitsFor(Named):
    """An action, and what it waits for."""

    what: str = ask("What does it wait for?", Kind.LONG, example="The report of the scan")


def add(asked: Add, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """A new action; its owner is asked to confirm it, in private."""
    entry = int(asked.decision.partition("@")[0].removeprefix("E-")) if asked.decision else 0
    action = act(asked.patient, asked.owner, asked.text, asked.by or None, "", by, clinic, now, entry=entry)
    by = access.in_team(action.team, by, clinic)
    until = say_when(action.due_at, by.zone, now)
    note = f"Due {until}{'' if asked.by else ', as the pathway proposes'}."
    away = absence_of_owner(action, by.roster, by.zone, now) if action.owner != by.id else ""
    return shown_after(action, by, clinic, now, " ".join(filter(None, (note, away))))


def confirm(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The owner says that they do it."""
    action, by = ready_for(Step.CONFIRM, asked.action, by, clinic, now)
    confirmed = save(move(action, Step.CONFIRM, by.id, now), "confirmed", by.roster, clinic, now, by=by.id)
    return shown_after(confirmed, by, clinic, now, "It is yours. Say what came of it when it is done.")


def decline(asked: Why, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The owner says that they can't; whoever made it and the lead hear why, and give it to another."""
    action, by = ready_for(Step.DECLINE, asked.action, by, clinic, now)
    declined = move(action, Step.DECLINE, by.id, now, asked.why)
    saved = save(declined, "declined", by.roster, clinic, now, by=by.id, note=asked.why)
    says = f"{saved.ref} is nobody's: {by.member.name} can't do it"
    remind(saved, _others((saved.made_by, *by.roster.leads()), by), says, by.roster, clinic, now)
    return shown_after(saved, by, clinic, now, "It is nobody's now; whoever made it and the lead are told.")


def done(asked: Done, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Closes an action with what came of it."""
    return _close(Step.DONE, asked.action, asked.outcome, "done", by, clinic, now)


def not_done(asked: Why, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Closes an action that was not done, with why."""
    return _close(Step.NOT_DONE, asked.action, asked.why, "not done", by, clinic, now)


def drop(asked: Why, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Closes an action that is not wanted any more, with why."""
    return _close(Step.DROP, asked.action, asked.why, "dropped", by, clinic, now)


def _close(step: Step, named: str, words: str, said: str, by: Caller, clinic: Clinic, now: datetime) -> Card:
    action, by = ready_for(step, named, by, clinic, now)
    closed = save(move(action, step, by.id, now, words), said, by.roster, clinic, now, by=by.id, note=words)
    concerned = (action.owner, *((action.made_by,) if step is not Step.DONE else ()))
    _tell(closed, concerned, f"{closed.ref} ({closed.patient}): {said}", words, by, clinic, now)
    return shown_after(closed, by, clinic, now)


def block(asked: WaitsFor, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that an action can't go on, and what it waits for; it comes on the agenda.

    Its owner confirms it by that.
    """
    action, by = access.action(seen_at(asked.action)[0], by, clinic, now)
    if action.state is State.PROPOSED and by.id == action.owner:
        action = move(action, Step.CONFIRM, by.id, now)
    else:
        action, by = ready_for(Step.BLOCK, asked.action, by, clinic, now)
    blocked = move(action, Step.BLOCK, by.id, now, asked.what)
    saved = save(blocked, "blocked", by.roster, clinic, now, by=by.id, note=asked.what)
    says = f"{saved.ref} ({saved.patient}) is blocked"
    _tell(saved, (action.owner, action.made_by), says, asked.what, by, clinic, now)
    return shown_after(saved, by, clinic, now, "It comes on the agenda until it goes on.")


def unblock(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that a blocked action goes on."""
    action, by = ready_for(Step.UNBLOCK, asked.action, by, clinic, now)
    going = save(move(action, Step.UNBLOCK, by.id, now), "unblocked", by.roster, clinic, now, by=by.id)
    return shown_after(going, by, clinic, now)


def reopen(asked: Why, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Opens an action that was closed wrongly; both stay in the plan's history."""
    action, by = ready_for(Step.REOPEN, asked.action, by, clinic, now)
    opened = move(action, Step.REOPEN, by.id, now, asked.why)
    if by.roster.member(opened.owner) is None:
        opened = leave(opened, by.id, now)
    saved = save(opened, "opened again", by.roster, clinic, now, by=by.id, note=asked.why)
    says = f"{saved.ref} ({saved.patient}) is open again"
    _tell(saved, (saved.owner,), says, asked.why, by, clinic, now)
    return shown_after(saved, by, clinic, now)


def _others(members: tuple[str, ...], by: Caller) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in members if each not in ("", by.id)))


def _tell(
    action: Action, members: tuple[str, ...], says: str, words: str, by: Caller, clinic: Clinic, now: datetime
) -> None:
    """Tells others in private what was done with an action, after quiet hours."""
    told = Card(f"{says}, says {by.member.name}", (Text(words, detail=Detail.CLINICAL),))
    at = by.roster.team.hours.quiet_until(now)
    in_private(action.patient, _others(members, by), told, by.roster, clinic, now, at)
